"""Accounts of the people who work in the units."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; signing in is by e-mail or phone."""

    def create_user(self, email: str, full_name: str, password: str | None = None) -> "Account":
        account = self.model(email=self.normalize_email(email), full_name=full_name)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person who can sign in. Rights come only from roles held in units, never from the account."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = AccountManager()

    def __str__(self) -> str:
        return self.full_name
