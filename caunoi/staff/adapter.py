"""How the sign-in library behaves in our house."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from caunoi.kit import keyring
from caunoi.staff.models import Account

SEAL = "second-factor"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come by invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail address or password is wrong.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """Another system may vouch for somebody who has an account; it cannot make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are sealed like all others."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring.load().seal(text, context=SEAL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.load().open(base64.b64decode(encrypted_text), context=SEAL)


def username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return whom a failed sign-in was for, as the lock-out counts it."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(given).strip().lower()[:254]


def display(account: Account) -> str:
    """Return how a person is called on screen."""
    return account.full_name
