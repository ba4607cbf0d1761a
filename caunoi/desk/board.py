"""Workload and deadlines by unit and by colleague: one grouped statement a table, however many cases there are.

What waits is read at the moment, from the index of the unfinished cases alone; what was answered was counted in the night (room
figures), for all kinds and topics together. Colleagues are shown by what lies on their desk only, in the order of their names:
nobody is scored or ranked.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Min, Q, QuerySet

from caunoi.cases import filtering, finding, rules
from caunoi.cases import queries as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import State
from caunoi.figures import queries as counted
from caunoi.figures.terms import Period
from caunoi.kit.viewing import Viewer
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.rules import label
from caunoi.units.terms import UnitNow

LOOKED_BACK = timedelta(days=Period.QUARTER.days)
SEALED = sorted(k.value for k in rules.SEALED_KINDS)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the table is narrowed to; empty = everything."""

    kind: str = ""
    topic: str = ""

    @property
    def words(self) -> dict[str, str]:
        """Return what was chosen, by the name of the field."""
        return {n: w for n, w in (("kind", self.kind), ("topic", self.topic)) if w}

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits and how long answers took.

    waiting       unfinished and not laid aside
    today, week   due before midnight, due within seven days (today's among them)
    oldest        when the oldest unfinished case was asked
    reopened      asked again within the last quarter
    answered      within the quarter that ended last night; median_short and median_long are the working days half of the answers of
                  the last 30 days and of the quarter took at most; None: none answered, or not counted
    """

    waiting: int = 0
    today: int = 0
    week: int = 0
    overdue: int = 0
    approval: int = 0
    oldest: datetime | None = None
    reopened: int = 0
    answered: int = 0
    median_short: float | None = None
    median_long: float | None = None

    @property
    def nothing(self) -> bool:
        return not (self.waiting or self.overdue or self.answered or self.reopened)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the table; ``own`` when only its very own cases are meant, not those below it."""

    unit: UnitNow
    figures: Figures
    own: bool = False


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One colleague (None: nobody has it) and what lies on the desk; never how fast or how well."""

    account: Account | None
    figures: Figures


def home_of(viewer: Viewer, *, on: date) -> UnitNow | None:
    """Return the highest unit in which the viewer reads cases."""
    found = units.many_as_of(unit_ids=viewer.unit_ids(Permission.CASES_VIEW), on=on)
    return min(found.values(), key=lambda u: (u.path.count("."), u.full_name), default=None)


_UNITS = """
WITH below AS MATERIALIZED (SELECT unit_id, split_part(path::text, '.', %(part)s) AS child FROM ({below}) b),
counted AS MATERIALIZED (SELECT w.*, b.child FROM ({work}) w JOIN below b ON b.unit_id = w.owner_id),
summed AS (
    SELECT child, sum(waiting) AS waiting, sum(today) AS today, sum(week) AS week,
        sum(overdue) AS overdue, sum(approval) AS approval, min(oldest) AS oldest
    FROM counted GROUP BY child
    UNION ALL
    SELECT NULL, sum(waiting), sum(today), sum(week), sum(overdue), sum(approval), min(oldest)
    FROM counted WHERE free HAVING count(*) > 0),
again AS (
    SELECT b.child, count(*) AS reopened FROM ({again}) a JOIN below b ON b.unit_id = a.owner_id GROUP BY b.child)
SELECT coalesce(w.child, a.child), coalesce(waiting, 0)::int, coalesce(today, 0)::int, coalesce(week, 0)::int,
    coalesce(overdue, 0)::int, coalesce(approval, 0)::int, oldest, coalesce(reopened, 0)
FROM summed w FULL JOIN again a ON a.child = w.child
"""
"""Each unit of the tree counted once, what nobody has apart: so both tables come from one look at what waits."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The units right below in Vietnamese order and, last, the very unit; its colleagues by given name and, last, nobody."""

    units: list[UnitRow]
    officers: list[OfficerRow]


def tables(
    viewer: Viewer, *, root: UnitNow, at: datetime, on: date, narrowed: Narrowed | None = None
) -> Tables:
    """Return who has how much to do, in at most seven queries.

    root  a unit the viewer may read; units of which nothing is known have a row of zeros
    Colleagues are those who hold a role in that very unit; none for a viewer who does not hand out work there.
    """
    narrowed = narrowed or Narrowed()
    within = finding.owned_below(paths=[root.path], on=on)
    waits = _waiting(root, within, at, on, narrowed)
    below = units.children(unit_id=root.id, on=on)
    done = {} if narrowed else _answered(viewer, root, below, on)
    rows = [UnitRow(u, _both(waits.get(label(u.id)), done.get(u.id))) for u in below]
    own = _both(waits.get(""), done.get(root.id))
    if not own.nothing or not below:
        rows.append(UnitRow(root, own, own=True))
    if not viewer.may(Permission.CASES_REFER, root.path):
        return Tables(rows, [])
    officers = _officers(root, within, at, on, narrowed)
    if None in waits:
        officers.append(OfficerRow(None, waits[None]))
    return Tables(rows, officers)


def _both(waits: Figures | None, done: dict[str, Any] | None) -> Figures:
    return replace(waits or Figures(), **(done or {}))


def _answered(
    viewer: Viewer, root: UnitNow, below: list[UnitNow], on: date
) -> dict[UUID, dict[str, Any]]:
    """Return what was counted last night: of the units below with all below them, of the root its very own."""
    ids, periods = [u.id for u in below], (Period.MONTH, Period.QUARTER)
    done = counted.done_by_units(viewer, unit_ids=ids, periods=periods)
    done |= counted.done_by_itself(viewer, unit_id=root.id, periods=periods, on=on)
    return {
        unit_id: {
            "answered": long.answered,
            "median_short": done[unit_id, Period.MONTH].median_working_days,
            "median_long": long.median_working_days,
        }
        for (unit_id, period), long in done.items()
        if period == Period.QUARTER
    }


def _below(root: UnitNow, on: date) -> tuple[str, dict[str, Any]]:
    """Return the statement that gives ``unit_id`` and ``path`` of the root and all below it, and its values by name."""
    below = units.subtree_filter(paths=[root.path], on=on).values_list("unit_id", "path")
    return _named(below, "b")


def _named(found: QuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """Return the statement of a query with its values by name, so that it can stand in another."""
    text, values = found.query.sql_with_params()
    named: dict[str, Any] = {f"{prefix}{n}": value for n, value in enumerate(values)}
    return text % tuple(f"%({name})s" for name in named), named


def _load(at: datetime) -> dict[str, Any]:
    """Return what is counted of everything that waits; all of it stands in the index of the unfinished."""
    tonight = filtering.end_of_day(at)
    return {
        "waiting": Count("pk", filter=filtering.awake(at)),
        "today": Count("pk", filter=Q(due_at__gte=at, due_at__lt=tonight)),
        "week": Count("pk", filter=Q(due_at__gte=at, due_at__lt=tonight + timedelta(days=6))),
        "overdue": Count("pk", filter=Q(due_at__lt=at)),
        "approval": Count("pk", filter=Q(state=State.SUBMITTED)),
        "oldest": Min("opened_at"),
    }


def _waiting(
    root: UnitNow, within: Q, at: datetime, on: date, narrowed: Narrowed
) -> dict[str | None, Figures]:
    """Return what waits by the label of the unit right below; "" = the root's very own, None = what nobody has."""
    found = Case.objects.filter(within, **narrowed.words).exclude(kind__in=SEALED).order_by()
    unfinished = found.filter(state__in=cases.UNFINISHED).values("owner_id")
    free = ExpressionWrapper(Q(assignee=None), output_field=BooleanField())
    lately = found.filter(reopened_at__gte=at - LOOKED_BACK).values("owner_id")
    below, named = _below(root, on)
    try:
        work, work_values = _named(unfinished.annotate(free=free).annotate(**_load(at)), "w")
        again, again_values = _named(lately, "a")
    except EmptyResultSet:  # no unit of the tree has any case
        return {}
    given = named | work_values | again_values | {"part": root.path.count(".") + 2}
    with connection.cursor() as cursor:
        cursor.execute(_UNITS.format(below=below, work=work, again=again), given)
        return {row[0]: Figures(*row[1:]) for row in cursor.fetchall()}


_BEHIND = """
WITH below AS MATERIALIZED (SELECT unit_id, split_part(path::text, '.', %(part)s) AS child FROM ({below}) b)
SELECT b.child, count(*) FROM cases_case c JOIN below b ON b.unit_id = c.owner_id
WHERE c.state IN ('open', 'referred', 'drafted', 'submitted') AND c.due_at < %(at)s AND c.kind <> ALL(%(sealed)s)
    AND b.child <> ''
GROUP BY b.child ORDER BY 2 DESC, 1 LIMIT %(limit)s
"""


def behind(viewer: Viewer, *, root: UnitNow, at: datetime, on: date, limit: int) -> list[UnitRow]:
    """Return the units right below with most overdue cases, those first; only ``overdue`` is counted. In two queries.

    root  a unit the viewer may read
    """
    del viewer
    below, named = _below(root, on)
    given = named | {
        "part": root.path.count(".") + 2,
        "at": at,
        "sealed": SEALED,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND.format(below=below), given)
        late = {UUID(child): n for child, n in cursor.fetchall()}
    found = units.many_as_of(unit_ids=late, on=on)
    return [UnitRow(found[i], Figures(overdue=n)) for i, n in late.items() if i in found]


def _officers(
    root: UnitNow, within: Q, at: datetime, on: date, narrowed: Narrowed
) -> list[OfficerRow]:
    """Return the colleagues of the very unit, each with what lies on the desk."""
    people = staff.people_of_unit(unit_id=root.id, on=on, permission=Permission.CASES_DRAFT)
    hers = Case.objects.filter(
        within, assignee__in=people, state__in=cases.UNFINISHED, **narrowed.words
    )
    rows = hers.exclude(kind__in=SEALED).order_by().values("assignee_id").annotate(**_load(at))
    held: dict[int, Figures] = {
        row["assignee_id"]: Figures(**{name: row[name] for name in _load(at)})  # type: ignore[literal-required]
        for row in rows
    }
    return [OfficerRow(a, held.get(a.pk, Figures())) for a in people]


def may_read(viewer: Viewer, *, unit: UnitNow) -> bool:
    """True when the viewer reads the cases of that unit."""
    return viewer.may(Permission.CASES_VIEW, unit.path)
