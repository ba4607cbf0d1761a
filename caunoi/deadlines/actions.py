"""Writes of the table of deadlines and the list of days off."""

from datetime import date, datetime

from django.db import transaction

from caunoi.deadlines.models import DayException, Deadline, DeadlineVersion
from caunoi.deadlines.terms import DayKind, DayKnown, NothingChanged, NotTheProvince, Span
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

FIELDS = ("amount", "unit", "extensions", "extension_amount", "soon_days", "source")


@transaction.atomic
def change_deadline(
    *,
    deadline: Deadline,
    valid_from: date,
    amount: int,
    span: Span,
    source: str,
    why: str,
    by: Viewer,
    at: datetime,
    extensions: int = 0,
    extension_amount: int = 0,
    soon_days: int = 2,
) -> DeadlineVersion:
    """Let other values hold from that day on; what began earlier keeps the old ones. The same day again is a correction.

    Raises NotTheProvince, NothingChanged
    """
    _check_province(by)
    Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    values = {
        "amount": amount,
        "unit": span.value,
        "extensions": extensions,
        "extension_amount": extension_amount,
        "soon_days": soon_days,
        "source": clean(source).strip()[:200],
    }
    held = DeadlineVersion.objects.filter(deadline=deadline, valid_from__lte=valid_from)
    before = held.order_by("-valid_from").first()
    old = {f: getattr(before, f) for f in FIELDS} if before else {}
    changed = {f: v for f, v in values.items() if old.get(f) != v}
    if not changed:
        raise NothingChanged("These are the values that hold already.")
    version, _ = DeadlineVersion.objects.update_or_create(
        deadline=deadline,
        valid_from=valid_from,
        defaults=values | {"status": "verified", "entered_at": at, "entered_by": by.name[:120]},
    )
    audit.record(
        "deadlines.deadline.changed",
        on=deadline,
        by=by,
        at=at,
        before={f: old.get(f) for f in changed},
        after=changed | {"valid_from": valid_from, "why": clean(why)[:300]},
    )
    return version


@transaction.atomic
def add_day(
    *, day: date, kind: DayKind, name: str, source: str, by: Viewer, at: datetime
) -> DayException:
    """Make a day off, or a weekend day a working day; deadlines counted from now on know it.

    Raises NotTheProvince, DayKnown
    """
    _check_province(by)
    exception, new = DayException.objects.get_or_create(
        day=day,
        defaults={
            "kind": kind.value,
            "name": clean(name).strip()[:120],
            "source": clean(source).strip()[:200],
        },
    )
    if not new:
        raise DayKnown("This day is in the list already; remove it first.")
    audit.record(
        "deadlines.day.added", on=exception, by=by, at=at, after={"kind": kind.value, "name": name}
    )
    return exception


@transaction.atomic
def remove_day(*, exception: DayException, by: Viewer, at: datetime) -> None:
    """Let the day be again what the ordinary calendar says. Raises NotTheProvince."""
    _check_province(by)
    audit.record(
        "deadlines.day.removed", on=exception, by=by, at=at, before={"kind": exception.kind}
    )
    exception.delete()


def may_change(by: Viewer) -> bool:
    """True for an administrator of a whole province: one table holds for everybody below."""
    return any("." not in path for path in by.scope(Permission.DEADLINES_MANAGE))


def _check_province(by: Viewer) -> None:
    if not may_change(by):
        raise NotTheProvince(
            "The table holds for everybody; an administrator of the province changes it."
        )
