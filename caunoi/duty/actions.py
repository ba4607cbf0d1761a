"""Writes about duty: ringing, calling, taking, and keeping the roster."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from caunoi.duty import queries, rules
from caunoi.duty.models import Alarm, CallList, Page, Shift
from caunoi.duty.terms import (
    EndsBeforeItBegins,
    NobodyThere,
    NotYourDuty,
    PageState,
    TakenAlready,
)
from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

CLAIM = """
UPDATE duty_page SET lease_until = %(until)s, tries = tries + 1
WHERE id IN (
    SELECT id FROM duty_page
    WHERE state = 'queued' AND not_before <= %(at)s AND (lease_until IS NULL OR lease_until < %(at)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@transaction.atomic
def raise_alarm(
    *, case_id: UUID, number: str, kind: str, is_sealed: bool, unit_id: UUID, at: datetime
) -> Alarm:
    """Ring for a case until somebody takes it, and call the first person. Idempotent while it rings."""
    alarm, new = Alarm.objects.get_or_create(
        case_id=case_id,
        taken_at=None,
        defaults={
            "number": number,
            "kind": kind,
            "is_sealed": is_sealed,
            "unit_id": unit_id,
            "raised_at": at,
            "look_again_at": at,
        },
    )
    if new:
        audit.record("duty.alarm.raised", on=alarm, at=at, unit_id=unit_id, after={"kind": kind})
        call_who_is_due(alarm=alarm, at=at)
    return alarm


@transaction.atomic
def call_who_is_due(*, alarm: Alarm, at: datetime) -> int:
    """Queue a call to everybody who must have been called by now. Idempotent by alarm, person and turn.

    -> how many calls are new
    """
    posts = queries.posts_for(unit_id=alarm.unit_id, at=at)
    due = rules.calls_due(posts=posts, waited=at - alarm.raised_at)
    known = set(alarm.pages.values_list("account_id", "turn"))
    rows = [
        Page(
            alarm=alarm,
            unit_id=call.unit_id,
            account_id=call.account_id,
            turn=call.turn,
            made_at=at,
            not_before=at,
        )
        for call in due
        if (call.account_id, call.turn) not in known
    ]
    Page.objects.bulk_create(rows, ignore_conflicts=True)
    Alarm.objects.filter(pk=alarm.pk).update(look_again_at=at + rules.LOOK_EVERY)
    return len(rows)


@transaction.atomic
def pass_alarms(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Cases have another unit now: what rings for them rings there, and its people are called at once. -> how many rang.

    heirs  by case, the unit that holds it now
    """
    held = Alarm.objects.select_for_update().filter(case_id__in=list(heirs), taken_at=None)
    ringing = list(held.order_by("pk"))
    for alarm in ringing:
        before, alarm.unit_id = alarm.unit_id, heirs[alarm.case_id]
        alarm.save(update_fields=["unit"])
        call_who_is_due(alarm=alarm, at=at)
        audit.record(
            "duty.alarm.passed",
            on=alarm,
            at=at,
            unit_id=alarm.unit_id,
            before={"unit": before},
            after={"unit": alarm.unit_id},
        )
    return len(ringing)


def claim_pages(*, limit: int, at: datetime) -> list[Page]:
    """Lease the calls that must leave now; a lease that ran out is taken over."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"until": at + rules.LEASE, "at": at, "limit": limit})
        claimed = [row[0] for row in cursor.fetchall()]
    found = Page.objects.filter(pk__in=claimed).select_related(
        "account", "alarm", "alarm__taken_by"
    )
    return list(found.order_by("pk"))


def record_page(*, page: Page, trouble: str, at: datetime) -> None:
    """The call left, or did not: then again soon, and at last it has failed (the next person is called anyway)."""
    if not trouble:
        changes = {"state": PageState.SENT.value, "sent_at": at}
    elif page.tries >= rules.MOST_TRIES:
        changes = {"state": PageState.FAILED.value}
    else:
        changes = {"not_before": at + rules.RETRY}
    Page.objects.filter(pk=page.pk, state=PageState.QUEUED).update(
        lease_until=None, trouble=trouble[:200], **changes
    )


@transaction.atomic
def take_alarm(*, alarm: Alarm, account: Account, at: datetime) -> Alarm:
    """Say "I see to it": the ringing stops for everybody. Raises TakenAlready, NotYourDuty (never called, no right)."""
    alarm = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if alarm.taken_at is not None:
        raise TakenAlready("Somebody else took the alarm meanwhile.")
    alarm.taken_at, alarm.taken_by = at, account
    alarm.save(update_fields=["taken_at", "taken_by"])
    alarm.pages.filter(state=PageState.QUEUED).delete()
    audit.record(
        "duty.alarm.taken",
        on=alarm,
        by=_Person(account),
        at=at,
        unit_id=alarm.unit_id,
        after={"seconds": int((at - alarm.raised_at).total_seconds())},
    )
    return alarm


class _Person:
    """An account as the audit trail names it."""

    def __init__(self, account: Account) -> None:
        self.account_id, self.name = account.pk, account.full_name


@transaction.atomic
def list_person(*, unit_id: UUID, account: Account, by: Viewer, at: datetime) -> CallList:
    """Put somebody at the end of the unit's call list. Raises NotYourDuty, NobodyThere. Idempotent."""
    _check_keeper(by, unit_id, at)
    _check_person(unit_id, account, at)
    last = CallList.objects.filter(unit_id=unit_id).order_by("-place").first()
    entry, new = CallList.objects.get_or_create(
        unit_id=unit_id,
        account=account,
        defaults={"place": (last.place if last else 0) + 1},
    )
    if new:
        _record("duty.person.listed", entry, by, at, account)
    return entry


@transaction.atomic
def move_up(*, entry: CallList, by: Viewer, at: datetime) -> None:
    """Call this person before the one who stands above in the list. Raises NotYourDuty."""
    _check_keeper(by, entry.unit_id, at)
    rows = list(
        CallList.objects.select_for_update(of=("self",))
        .filter(unit_id=entry.unit_id)
        .order_by("place", "pk")
    )
    at_place = next(n for n, row in enumerate(rows) if row.pk == entry.pk)
    if at_place:
        rows[at_place - 1], rows[at_place] = rows[at_place], rows[at_place - 1]
    for place, row in enumerate(rows, start=1):
        row.place = place
    CallList.objects.bulk_update(rows, ["place"])
    _record("duty.list.ordered", entry, by, at, entry.account)


@transaction.atomic
def unlist_person(*, entry: CallList, by: Viewer, at: datetime) -> None:
    """Take somebody off the call list. Raises NotYourDuty."""
    _check_keeper(by, entry.unit_id, at)
    _record("duty.person.unlisted", entry, by, at, entry.account)
    entry.delete()


@transaction.atomic
def add_shifts(
    *,
    unit_id: UUID,
    account: Account,
    begins_at: datetime,
    ends_at: datetime,
    weeks: int,
    by: Viewer,
    at: datetime,
) -> list[Shift]:
    """Let somebody be called first in that time, and in the same hours of the following weeks (``weeks`` in all).

    Raises NotYourDuty, NobodyThere, EndsBeforeItBegins
    """
    _check_keeper(by, unit_id, at)
    _check_person(unit_id, account, at)
    if not timedelta(0) < ends_at - begins_at <= rules.LONGEST_SHIFT:
        raise EndsBeforeItBegins("A shift must end after it begins, within a week.")
    shifts = []
    for week in range(weeks):
        later = timedelta(weeks=week)
        shift, _ = Shift.objects.update_or_create(
            unit_id=unit_id,
            account=account,
            begins_at=begins_at + later,
            defaults={"ends_at": ends_at + later},
        )
        shifts.append(shift)
    _record("duty.shift.added", shifts[0], by, at, account)
    return shifts


@transaction.atomic
def remove_shift(*, shift: Shift, by: Viewer, at: datetime) -> None:
    """Take one shift back. Raises NotYourDuty."""
    _check_keeper(by, shift.unit_id, at)
    _record("duty.shift.removed", shift, by, at, shift.account)
    shift.delete()


def _check_keeper(by: Viewer, unit_id: UUID, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.DUTY_MANAGE, path):
        raise NotYourDuty("You do not keep the roster of this unit.")


def _check_person(unit_id: UUID, account: Account, at: datetime) -> None:
    there = queries.candidates(unit_id=unit_id, on=clock.local_date(at))
    if account.pk not in {a.pk for a in there}:
        raise NobodyThere("This person holds no role in the unit today.")


def _record(event: str, on: CallList | Shift, by: Viewer, at: datetime, account: Account) -> None:
    audit.record(event, on=on, by=by, at=at, unit_id=on.unit_id, after={"account": account.pk})
