"""Reminding: before a case is due, on the day, after it, and when the unit above asks. Once a case, day and reason."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from caunoi.cases import rules
from caunoi.cases.ground import add_step
from caunoi.cases.models import Case, Referral, Reminder
from caunoi.cases.terms import (
    NotNow,
    NotYourCase,
    Part,
    RemindedToday,
    ReminderKind,
    State,
    StepKind,
)
from caunoi.deadlines import calendar
from caunoi.deadlines import rules as deadline_rules
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

MAIL_TASK = "cases.mail_reminders"
BATCH = 500
HORIZON = timedelta(days=12)
"""How far ahead a deadline can lie and still be one working day away: Tết."""


def remind_round(*, at: datetime) -> int:
    """Write today's reminders for every unfinished case that is due soon, due today or late; returns how many were new.

    Only on working days. A case whose clock stands still is left alone. Idempotent by case, day and kind; each batch is
    its own transaction.
    """
    day, is_working = clock.local_date(at), calendar.current()
    if not is_working(day):
        return 0
    written = 0
    for cases in _batches(at):
        wanted = []
        for case, hop in _with_hops(cases):
            kind = rules.reminder_kind(_days_left(case, hop, day, is_working))
            if kind is not None:
                wanted.append(
                    Reminder(case=case, kind=kind.value, day=day, at=at, unit_id=case.owner_id, referral=hop)
                )  # fmt: skip
        written += _write(wanted, at)
    return written


def _write(wanted: list[Reminder], at: datetime) -> int:
    """Store what is new of these reminders, with a step each for the late ones, and one job for the letters."""
    if not wanted:
        return 0
    with transaction.atomic():
        day = wanted[0].day
        known = set(
            Reminder.objects.filter(case__in=[r.case for r in wanted], day=day, by_unit=None)
            .values_list("case_id", "kind")
        )  # fmt: skip
        fresh = [r for r in wanted if (r.case_id, r.kind) not in known]
        made = Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
        for reminder in fresh:
            if reminder.kind == ReminderKind.LATE:
                _say(reminder.case, reminder.referral, at=at, by=None)
        if made:
            app.configure_task(MAIL_TASK, lock=MAIL_TASK).defer()
    return len(fresh)


def _batches(at: datetime) -> Iterator[list[Case]]:
    """Yield unfinished cases whose own or whose holder's deadline is near or past, a batch at a time, by key."""
    near = at + HORIZON
    holder_due = Q(referrals__part=Part.LEAD, referrals__done_at=None, referrals__due_at__lt=near)
    last: UUID | None = None
    while True:
        found = Case.objects.filter(
            Q(due_at__lt=near) | holder_due, state__in=[s.value for s in rules.UNFINISHED]
        )
        found = found.filter(pk__gt=last) if last else found
        page = list(found.order_by("pk").distinct()[:BATCH])
        if not page:
            return
        last = page[-1].pk
        yield [c for c in page if not (c.waits_until and c.waits_until > at)]


def _with_hops(cases: Sequence[Case]) -> list[tuple[Case, Referral | None]]:
    found = Referral.objects.filter(case__in=cases, part=Part.LEAD, done_at=None)
    hops = {h.case_id: h for h in found.select_related("to_body")}
    return [(c, hops.get(c.pk)) for c in cases]


def _days_left(
    case: Case, hop: Referral | None, day: date, is_working: deadline_rules.IsWorking
) -> int:
    """Return how many working days are left until the holder (or the case itself) is due; negative when late."""
    due_at = min(case.due_at, hop.due_at) if hop and hop.due_at else case.due_at
    due_day = clock.local_date(due_at)
    if due_day >= day:
        return deadline_rules.working_days_between(first=day, last=due_day, is_working=is_working)
    return -deadline_rules.working_days_between(first=due_day, last=day, is_working=is_working)


@transaction.atomic
def urge(*, case: Case, by: Viewer, at: datetime, note: str = "") -> Reminder:
    """Remind whoever holds the case, in one tap: the unit above reminds the unit, the unit reminds the agency it asked.

    Raises NotYourCase (neither above the unit nor the one that handed it on), NotNow (finished), RemindedToday
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if State(case.state) not in rules.UNFINISHED:
        raise NotNow("The case is finished.")
    hop = Referral.objects.filter(case=case, part=Part.LEAD, done_at=None).first()
    from_unit = unit_that_may_urge(case, hop, by=by, at=at)
    if from_unit is None:
        raise NotYourCase("Only the unit above, or the one that handed the case on, reminds.")
    reminder, new = Reminder.objects.get_or_create(
        case=case,
        kind=ReminderKind.URGED.value,
        day=clock.local_date(at),
        by_unit_id=from_unit,
        defaults={
            "at": at,
            "unit_id": case.owner_id,
            "referral": hop,
            "by_id": by.account_id,
            "note": clean(note)[:500],
        },
    )
    if not new:
        raise RemindedToday("You reminded of this case today already.")
    _say(case, hop, at=at, by=by, unit_id=from_unit, note=clean(note)[:500])
    app.configure_task(MAIL_TASK, lock=MAIL_TASK).defer()
    audit.record("cases.case.urged", on=case, by=by, at=at, unit_id=from_unit)
    return reminder


def unit_that_may_urge(
    case: Case, hop: Referral | None, *, by: Viewer, at: datetime, path: str | None = None
) -> UUID | None:
    """Return the viewer's unit that may remind: one above the case's, the one that handed it on, or its own when an agency holds it.

    path  of the case's unit, when it was asked for already
    """
    if path is None:
        today = units.paths_of(unit_ids=[case.owner_id], on=clock.local_date(at))
        path = today.get(case.owner_id, "")
    own = set(by.unit_ids(Permission.CASES_REFER))
    if rules.is_sealed(case.kind):
        own = set(by.unit_ids(Permission.CASES_SEALED)) & {case.owner_id}
    above = [UUID(label) for label in path.split(".")[:-1] if label]
    for unit_id in reversed(above):
        if unit_id in own:
            return unit_id
    if hop is not None and hop.to_body_id is not None and by.may(Permission.CASES_REFER, path):
        return case.owner_id
    if hop is not None and hop.from_unit_id in own and hop.from_unit_id != case.owner_id:
        return hop.from_unit_id
    return None


def tell_owner(*, case: Case, kind: ReminderKind, referral: Referral | None, at: datetime) -> None:
    """Something came in for the unit that owns the case: on its desk, and by e-mail. Called in the caller's transaction."""
    Reminder.objects.update_or_create(
        case=case,
        kind=kind.value,
        day=clock.local_date(at),
        by_unit=None,
        defaults={"at": at, "unit_id": case.owner_id, "referral": referral, "mailed_at": None},
    )
    app.configure_task(MAIL_TASK, lock=MAIL_TASK).defer()


def _say(
    case: Case,
    hop: Referral | None,
    *,
    at: datetime,
    by: Viewer | None,
    unit_id: UUID | None = None,
    note: str = "",
) -> None:
    """Put the reminder on the case's way, where everybody sees it."""
    step = add_step(
        case, StepKind.REMINDED, at=at, by=by, unit_id=unit_id, to_unit_id=case.owner_id, note=note
    )
    if hop is not None and hop.to_body_id is not None:
        step.to_name = hop.to_name
        step.save(update_fields=["to_name"])
