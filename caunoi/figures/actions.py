"""The one write: count everything anew."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from caunoi.deadlines import calendar
from caunoi.figures import counting, rules
from caunoi.figures.models import FiguresPeriod
from caunoi.figures.terms import ACKNOWLEDGED_WORKING_DAYS, Period
from caunoi.kit import clock
from caunoi.units import queries as units

KEPT_DAYS = 400
BEFORE_DAYS = 400
"""A question answered in the period may have been asked long before it."""
ZONE = "Asia/Ho_Chi_Minh"


@transaction.atomic
def count(*, at: datetime) -> int:
    """Count every unit's figures up to yesterday, and what waits at this moment, in the units of today. Idempotent.

    A unit that was merged is counted with who took it over; one that was divided only with what stands above all its parts.
    -> for how many units there are figures. Not audited: nothing is decided, and it can be counted again.
    Readers see the old figures until it is done.
    """
    on = clock.local_date(at)
    first, last = on - timedelta(days=KEPT_DAYS), on - timedelta(days=1)
    days, numbers = _working_days(first - timedelta(days=BEFORE_DAYS), on)
    given: dict[str, Any] = {
        "days": days, "numbers": numbers, "zone": ZONE, "guarded": counting.GUARDED, "waiting": counting.WAITING,
        "not_a_deed": counting.NOT_A_DEED, "by_nobody": counting.BY_NOBODY, "soon": ACKNOWLEDGED_WORKING_DAYS,
        "last_n": numbers[-2], "first": first, "last": last, "since": clock.start_of(first), "on": on, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(counting.DAYS, given)
        cursor.execute(counting.OWNERS, given)
        pairs = _lineage({row[0] for row in cursor.fetchall()}, on)
        owners, above = [p[0] for p in pairs], [p[1] for p in pairs]
        cursor.execute(counting.LINEAGE, {"owners": owners, "units": above})
        for period in Period:
            begins = on - timedelta(days=period.days)
            cursor.execute(counting.PERIOD, given | {"period": period.value, "begins": begins})
    return FiguresPeriod.objects.values("unit_id").distinct().count()


def _working_days(first: date, last: date) -> tuple[list[date], list[int]]:
    """Return every day, and how many working days there were up to and with it."""
    is_working, days, numbers, number = calendar.current(), [], [], 0
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        number += is_working(day)
        days.append(day)
        numbers.append(number)
    return days, numbers


def _lineage(owners: Iterable[UUID], on: date) -> list[tuple[UUID, UUID]]:
    """Return (owner, unit in whose figures it counts) for each unit that is, or once was, in the tree."""
    ids = list(owners)
    paths = {unit_id: [path] for unit_id, path in units.paths_of(unit_ids=ids, on=on).items()}
    gone = [unit_id for unit_id in ids if unit_id not in paths]
    for unit_id, heirs in units.successors_of_many(unit_ids=gone, on=on).items():
        paths[unit_id] = [heir.unit.path for heir in heirs if heir.unit]
    return [
        (owner, UUID(label))
        for owner, found in paths.items()
        for label in rules.counted_with(found)
    ]
