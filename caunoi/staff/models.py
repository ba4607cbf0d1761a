"""Accounts, roles held in units, invitations."""

import uuid
from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from caunoi.staff.terms import Role
from caunoi.units.models import Unit


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; signing in is by e-mail address."""

    def create_user(self, email: str, full_name: str, password: str | None = None) -> "Account":
        account = self.model(email=self.normalize_email(email).lower(), full_name=full_name)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """One person who can sign in. Rights come only from roles held in units, never from the account."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    session_round = models.PositiveIntegerField(default=0, db_default=0)
    """Every session carries it; one more, and all sessions of the person end with their next request."""

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = AccountManager()

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.session_round}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.session_round}"


class RoleGrant(models.Model):
    """One role of one person in one unit, from one day (included) to another (excluded)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(max_length=16)
    valid = DateRangeField()
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="staff_role_once_a_day",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="staff_role_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="staff_grants_of_unit")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.unit_id}"


class Invitation(models.Model):
    """A one-time door for one person; the link is signed and good for seven days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    full_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(max_length=16)
    invited_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="staff_invited_role_known"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="staff_invitation_one_end",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-invited_at"], name="staff_invitations_of_unit")]

    def __str__(self) -> str:
        return f"{self.full_name} <{self.email}>"
