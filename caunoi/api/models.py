"""Keys for machines, when they were used, and answers kept so that a repeated request changes nothing twice."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caunoi.staff.models import Account
from caunoi.units.models import Unit


class ApiKey(models.Model):
    """One key: it opens for its account, in its unit, what its scopes say. The secret itself is stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prefix = models.CharField(max_length=8, unique=True)
    hashed = models.BinaryField()
    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=20))
    made_at = models.DateTimeField()
    ends_on = models.DateField()
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_key_revoked_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["account", "-made_at"], name="api_keys_of_account"),
            models.Index(fields=["unit", "-made_at"], name="api_keys_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class KeyUse(models.Model):
    """How often a key did the same thing on one day."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses")
    day = models.DateField()
    operation = models.CharField(max_length=120)
    times = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "day", "operation"], name="api_use_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.day} {self.operation}"


class KeptAnswer(models.Model):
    """What a request with an idempotency key was answered; the same request again gets the same words."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    given = models.CharField(max_length=100)
    request_print = models.BinaryField()
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "given"], name="api_answer_kept_once")
        ]
        indexes = [models.Index(fields=["at"], name="api_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.given}"
