"""Staff for tests: a name, a unit, a role; second factor done."""

from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from caunoi.kit.text import slug
from caunoi.staff import queries
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.rules import Staff
from caunoi.staff.terms import Role


def make_account(*, name: str, second_factor: bool = True) -> Account:
    account = Account.objects.create_user(
        email=f"{slug(name)}-{Account.objects.count()}@caunoi.example",
        full_name=name,
        password="mật khẩu dài để thử",
    )
    if second_factor:
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data={"secret": "x"}
        )
    return account


def make_staff(*, name: str, unit_id: UUID, role: Role, on: date = date(2026, 11, 23)) -> Staff:
    """Return a viewer who holds the role since 2020."""
    account = make_account(name=name)
    RoleGrant.objects.create(
        account=account, unit_id=unit_id, role=role, valid=DateRange(date(2020, 1, 1), None)
    )
    return queries.viewer_for(account=account, on=on, has_second_factor=True)


def client_for(staff: Staff) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(pk=staff.account_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client
