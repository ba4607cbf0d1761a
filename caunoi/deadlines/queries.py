"""Reads of the table. Deadlines and days off are no secret: nothing here depends on who looks."""

from collections.abc import Sequence
from datetime import date, datetime

from caunoi.deadlines import calendar, rules
from caunoi.deadlines.models import DayException, Deadline, DeadlineVersion
from caunoi.deadlines.terms import Span, Standstill, Term, UnknownDeadline
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.kit.viewing import system

PUBLIC = "deadlines are public"


def _term(version: DeadlineVersion) -> Term:
    return Term(
        code=version.deadline_id,
        label=version.deadline.label_vi,
        amount=version.amount,
        span=Span(version.unit),
        counted_from=version.deadline.counted_from,
        source=version.source,
        extensions=version.extensions,
        extension_amount=version.extension_amount,
        soon_days=version.soon_days,
    )


@system(PUBLIC)
def term(*, code: str, on: date) -> Term:
    """Return the deadline as it holds for what begins on that day. Raises UnknownDeadline."""
    versions = DeadlineVersion.objects.filter(deadline_id=code, valid_from__lte=on)
    version = versions.select_related("deadline").order_by("-valid_from").first()
    if version is None:
        raise UnknownDeadline("The table of deadlines has no such row.")
    return _term(version)


@system(PUBLIC)
def due_at(
    *,
    code: str,
    start_at: datetime,
    stood_still: Sequence[Standstill] = (),
    extensions: Sequence[int] = (),
) -> datetime:
    """Return when something that begins at ``start_at`` is due under that row of the table. Raises UnknownDeadline."""
    return rules.due_at(
        start_at=start_at,
        term=term(code=code, on=clock.local_date(start_at)),
        is_working=calendar.current(),
        stood_still=stood_still,
        extensions=extensions,
    )


@system(PUBLIC)
def table(*, on: date) -> list[DeadlineVersion]:
    """Return each deadline in the version that holds on that day, by code."""
    versions = DeadlineVersion.objects.filter(valid_from__lte=on).select_related("deadline")
    return list(versions.order_by("deadline_id", "-valid_from").distinct("deadline_id"))


@system(PUBLIC)
def versions_of(*, code: str) -> list[DeadlineVersion]:
    """Return every version of one deadline, newest first."""
    found = DeadlineVersion.objects.filter(deadline_id=code).select_related("deadline")
    return list(found.order_by("-valid_from"))


@system(PUBLIC)
def deadline(*, code: str) -> Deadline | None:
    """Return the row, or None."""
    return Deadline.objects.filter(pk=code).first()


@system("shown to administrators, on the page of a public table")
def history_of(*, code: str) -> list[AuditEntry]:
    """Return who changed this deadline, newest first."""
    found = AuditEntry.objects.filter(object_type="deadlines.deadline", object_id=code)
    return list(found.order_by("-pk")[:100])


@system(PUBLIC)
def exceptions_of(*, year: int) -> list[DayException]:
    """Return the days of a year that differ by decision."""
    return list(DayException.objects.filter(day__year=year).order_by("day"))
