"""Writes about keys."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from caunoi.api import queries, rules
from caunoi.api.models import ApiKey, KeptAnswer, KeyUse
from caunoi.api.rules import KeyViewer
from caunoi.api.terms import (
    BeyondTheAccount,
    EndsTooSoon,
    NothingChosen,
    NotYourKey,
    OnlyForOneself,
    Scope,
)
from caunoi.kit import audit
from caunoi.kit.clock import local_date
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

ANSWERS_KEPT = timedelta(days=7)
USES_KEPT = timedelta(days=400)
PREFIX_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
COUNT_USE = """
INSERT INTO api_keyuse AS u (key_id, day, operation, times) VALUES (%s, %s, %s, 1)
ON CONFLICT (key_id, day, operation) DO UPDATE SET times = u.times + 1 RETURNING times
"""


@transaction.atomic
def make_key(
    *,
    account: Account,
    unit_id: UUID,
    name: str,
    scopes: Iterable[str],
    ends_on: date,
    by: Viewer,
    at: datetime,
) -> tuple[ApiKey, str]:
    """Make a key for an account in a unit. -> the key, and its words to be shown once.

    Raises NotYourKey (somebody else's, and not an administrator there), OnlyForOneself (approving, sealed cases), BeyondTheAccount, NothingChosen,
    EndsTooSoon
    """
    on = local_date(at)
    wanted = [s for s in Scope if s.value in set(scopes)]
    if not wanted:
        raise NothingChosen("Choose what the key is for.")
    if not rules.ends_in_time(ends_on=ends_on, on=on):
        raise EndsTooSoon("A key lasts a year at most; choose a day from today on.")
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id, "")
    own = account.pk == by.account_id
    if not own and not (path and by.may(Permission.KEYS_MANAGE, path)):
        raise NotYourKey("A key is made for oneself, or by an administrator of its unit.")
    if not own and not rules.ONLY_FOR_ONESELF.isdisjoint(wanted):
        raise OnlyForOneself(
            "Nobody makes a key for approving or for sealed cases for somebody else."
        )
    person = queries.person_of(account=account, on=on)
    may = all(person.may(rules.TELLING[s], path) for s in wanted if s in rules.TELLING)
    if Scope.AGENCY_ANSWER in wanted:
        may = may and bool(queries.bodies_of(account=account, unit_path=path, on=on))
    if not path or not may:
        raise BeyondTheAccount("The account itself may not do all of this in that unit.")
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        prefix=prefix,
        hashed=rules.hash_of(secret),
        name=clean(name)[:80],
        unit_id=unit_id,
        account=account,
        made_by_id=by.account_id,
        scopes=[s.value for s in wanted],
        made_at=at,
        ends_on=ends_on,
    )
    told = {"key": prefix, "account": account.pk, "scopes": key.scopes, "ends_on": ends_on}
    audit.record("api.key.made", on=key, by=by, at=at, unit_id=unit_id, after=told)
    return key, rules.written(prefix=prefix, secret=secret)


@transaction.atomic
def revoke_key(*, key: ApiKey, by: Viewer, at: datetime) -> ApiKey:
    """Take a key back, at once and for good. Idempotent. Raises NotYourKey."""
    key = ApiKey.objects.select_for_update(of=("self",), no_key=True).get(pk=key.pk)
    path = units.paths_of(unit_ids=[key.unit_id], on=local_date(at)).get(key.unit_id, "")
    own = key.account_id == by.account_id
    if not own and not by.may(Permission.KEYS_MANAGE, path or "-"):
        raise NotYourKey("A key is taken back by its account, or by an administrator of its unit.")
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by_id = at, by.account_id
        key.save(update_fields=["revoked_at", "revoked_by"])
        told = {"key": key.prefix}
        audit.record("api.key.revoked", on=key, by=by, at=at, unit_id=key.unit_id, after=told)
    return key


def note_use(
    *, key: ApiKey, operation: str, wrote: bool, by: KeyViewer, at: datetime, answer: int
) -> None:
    """Count what the key did; each write is on record, and of reads the first of a kind each day.

    operation  method and route, without what stood in the address
    """
    on = local_date(at)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_USE, [key.pk, on, operation[:120]])
        first = cursor.fetchone()[0] == 1
    if first:
        ApiKey.objects.filter(pk=key.pk).exclude(used_on=on).update(used_on=on)
    if wrote or first:
        told = {"key": key.prefix, "operation": operation, "answer": answer}
        audit.record("api.key.used", on=key, by=by, at=at, unit_id=key.unit_id, after=told)


def keep_answer(
    *,
    key: ApiKey,
    given: str,
    request_print: bytes,
    status: int,
    headers: dict[str, str],
    body: str,
    at: datetime,
) -> None:
    """Keep what a request was answered, in the transaction of what it did."""
    KeptAnswer.objects.create(
        key=key,
        given=given,
        request_print=request_print,
        status=status,
        headers=headers,
        body=body,
        at=at,
    )


def forget_old(*, at: datetime) -> int:
    """Forget answers kept for repeated requests after a week, and counts of uses after a year. -> how many answers."""
    forgotten, _ = KeptAnswer.objects.filter(at__lt=at - ANSWERS_KEPT).delete()
    KeyUse.objects.filter(day__lt=local_date(at - USES_KEPT)).delete()
    return forgotten
