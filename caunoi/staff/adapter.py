"""How the sign-in library behaves in our house."""

import base64
import logging
import time
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from caunoi.kit import clock, keyring, limits
from caunoi.staff.models import Account, RoleGrant

SEAL = "second-factor"
log = logging.getLogger("caunoi.staff")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come by invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail address or password is wrong.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **words: Any) -> bool:
        """Ask once more who is there, unless she has just signed in: nobody types a password twice in a row."""
        if not super().is_reauthentication_required(app=app, **words):
            return False
        said = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in said), default=0.0)
        return time.time() - newest >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request) or "127.0.0.1"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one mail; a mail server that is away stops nobody from changing a password."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.warning("mail %s could not be sent", template_prefix)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the person at the address she signs in with that something about her account changed."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead whoever holds no role, a member of an agency, to what the agency is asked."""
        today = clock.local_date(clock.now())
        account = request.user
        held = RoleGrant.objects.filter(valid__contains=today)
        if account.is_authenticated and not held.filter(account_id=account.pk).exists():
            return reverse("journeys:agency_mine")
        return super().get_login_redirect_url(request)


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
