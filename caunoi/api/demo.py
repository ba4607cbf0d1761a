"""The sample key of the sample province, in demo mode only: its words are known to everybody, so it opens nothing anywhere else."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from caunoi.api import rules
from caunoi.api.models import ApiKey
from caunoi.api.terms import Scope
from caunoi.kit import audit
from caunoi.kit.clock import local_date
from caunoi.staff.demo import NotInDemo
from caunoi.staff.models import Account

PREFIX = "mauthu23"
SECRET = "chi-de-thu-tren-ban-mau-khong-dung-cho-that"  # noqa: S105
SCOPES = (Scope.CASES_READ, Scope.CASES_WRITE, Scope.ANSWERS_READ)


@transaction.atomic
def make_demo_key(*, account: Account, unit_id: UUID, at: datetime) -> ApiKey:
    """Make the sample key of a sample account. Raises NotInDemo."""
    if not settings.DEMO:
        raise NotInDemo("Sample accounts exist in demo mode only.")
    key = ApiKey.objects.create(
        prefix=PREFIX,
        hashed=rules.hash_of(SECRET),
        name="Chương trình mẫu",
        unit_id=unit_id,
        account=account,
        made_by=account,
        scopes=[s.value for s in SCOPES],
        made_at=at,
        ends_on=local_date(at) + timedelta(days=rules.LONGEST_DAYS),
    )
    audit.record("api.sample.made", on=key, at=at, unit_id=unit_id, after={"key": PREFIX})
    return key


def demo_key() -> str:
    """Return the words of the sample key while it is in use; nothing outside demo mode."""
    if not settings.DEMO:
        return ""
    found = ApiKey.objects.filter(prefix=PREFIX, revoked_at=None).exists()
    return rules.written(prefix=PREFIX, secret=SECRET) if found else ""
