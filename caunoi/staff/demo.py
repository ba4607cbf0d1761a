"""Sample accounts, in demo mode only."""

import time
from datetime import date, datetime
from uuid import UUID

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import audit
from caunoi.kit.terms import Foreseen
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Role

DOMAIN = "@mau.caunoi.example"
PASSWORD = "cau-noi-du-lieu-mau"  # noqa: S105


class NotInDemo(Foreseen):
    """Sample accounts exist in demo mode only."""


@transaction.atomic
def make_demo_account(
    *, word: str, full_name: str, unit_id: UUID, role: Role, totp_secret: str = "", at: datetime
) -> Account:
    """Make one sample account, with an authenticator when its role needs one. Raises NotInDemo."""
    if not settings.DEMO:
        raise NotInDemo("Sample accounts exist in demo mode only.")
    account = Account.objects.create_user(word + DOMAIN, full_name, PASSWORD)
    RoleGrant.objects.create(
        account=account, unit_id=unit_id, role=role.value, valid=DateRange(date(2020, 1, 1), None)
    )
    if totp_secret:
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data={"secret": encrypt(totp_secret)}
        )
    audit.record(
        "staff.sample.made", on=account, at=at, unit_id=unit_id, after={"role": role.value}
    )
    return account


def demo_accounts() -> list[dict[str, str]]:
    """Return the sample accounts with the code their authenticator shows now; nothing outside demo mode."""
    if not settings.DEMO:
        return []
    shown = []
    for account in (
        Account.objects.filter(email__endswith=DOMAIN).order_by("pk").prefetch_related("grants")
    ):
        authenticator = Authenticator.objects.filter(
            user=account, type=Authenticator.Type.TOTP
        ).first()
        code = ""
        if authenticator is not None:
            period = int(time.time()) // mfa_settings.TOTP_PERIOD
            code = totp.format_hotp_value(
                totp.hotp_value(decrypt(authenticator.data["secret"]), period)
            )
        shown.append(
            {
                "email": account.email,
                "name": account.full_name,
                "role": account.grants.all()[0].role,
                "code": code,
            }
        )
    return shown
