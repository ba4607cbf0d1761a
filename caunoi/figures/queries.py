"""Reads of the public service figures."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from caunoi.cases.passport import shown_cells
from caunoi.figures import rules
from caunoi.figures.models import FiguresDay, FiguresPeriod
from caunoi.figures.terms import FEWEST, Done, Face, Figures, Period
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission

PUBLIC = "public figures; small numbers are guarded"


@system(PUBLIC)
def of_unit(*, unit_id: UUID, period: Period) -> Figures | None:
    """Return the unit's figures with everything below it, or None when nothing was ever asked there."""
    return of_units(unit_ids=[unit_id], period=period).get(unit_id)


@system(PUBLIC)
def of_units(*, unit_ids: Iterable[UUID], period: Period) -> dict[UUID, Figures]:
    """Return the figures of those units that have any, in one query."""
    rows = FiguresPeriod.objects.filter(unit_id__in=list(unit_ids), period=period.value)
    return {row.unit_id: _shown(row) for row in rows}


def done_by_units(
    viewer: Viewer, *, unit_ids: Iterable[UUID], periods: Collection[Period]
) -> dict[tuple[UUID, Period], Done]:
    """Return what each of these units and everything below it answered in each period, as counted last night, in one query.

    Not guarded: for colleagues who read the cases themselves. Units of which nothing was counted are left out.
    """
    if not viewer.may(Permission.CASES_VIEW):
        return {}
    rows = FiguresPeriod.objects.filter(unit_id__in=list(unit_ids), period__in=list(periods))
    found = rows.values_list("unit_id", "period", "answered", "median_working_days")
    return {(unit_id, Period(period)): Done(n, days) for unit_id, period, n, days in found}


def done_by_itself(
    viewer: Viewer, *, unit_id: UUID, periods: Collection[Period], on: date
) -> dict[tuple[UUID, Period], Done]:
    """Return the same of the very unit, without those below it, in one query."""
    if not viewer.may(Permission.CASES_VIEW):
        return {}
    since = {p: on - timedelta(days=p.days) for p in periods}
    days = FiguresDay.objects.filter(unit_id=unit_id, day__gte=min(since.values()))
    took = list(days.values_list("day", "answer_days"))
    return {
        (unit_id, p): _done([n for day, each in took if day >= first for n in each])
        for p, first in since.items()
    }


def _done(took: list[int]) -> Done:
    return Done(len(took), float(median(took)) if took else None)


@system(PUBLIC)
def counted_on() -> date | None:
    """Return the day on which was counted last."""
    return FiguresPeriod.objects.values_list("counted_on", flat=True).first()


def _shown(row: FiguresPeriod) -> Figures:
    faces = [row.good, row.soso, row.bad]
    total = sum(faces)
    good, soso, bad = shown_cells(faces)
    return Figures(
        asked=row.asked,
        acknowledged_pct=rules.share_pct(row.acknowledged, row.looked_at_due),
        in_time_pct=rules.share_pct(row.in_time, row.due),
        answered=row.answered,
        median_working_days=row.median_working_days if row.answered >= FEWEST else None,
        waiting=row.waiting,
        overdue=row.overdue,
        reopened=row.reopened,
        faces=Face(good, soso, bad, total if total >= FEWEST else 0),
    )
