"""Workload and deadlines by unit and by colleague: one grouped statement a table, however many cases there are.

What waits is read from the index of the unfinished cases, what was answered from the index by day of answer. Colleagues are shown by
what lies on their desk only, in the order of their names: nobody is scored or ranked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q

from caunoi.cases import filtering, rules
from caunoi.cases import queries as cases
from caunoi.cases.models import Case
from caunoi.kit.viewing import Viewer
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.rules import label
from caunoi.units.terms import UnitNow

SHORT, LONG = timedelta(days=30), timedelta(days=90)
SEALED = sorted(k.value for k in rules.SEALED_KINDS)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the table is narrowed to; empty = everything."""

    kind: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits and how long answers took.

    waiting       unfinished and not laid aside
    today, week   due before midnight, due within seven days (today's among them)
    oldest        when the oldest unfinished case was asked
    median_short  days from the question to the answer, half of them took less: answered in the last 30 days; None: none answered
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
work AS (
    SELECT b.child,
        count(*) FILTER (WHERE c.snoozed_until IS NULL OR c.snoozed_until <= %(at)s) AS waiting,
        count(*) FILTER (WHERE c.due_at >= %(at)s AND c.due_at < %(tonight)s) AS today,
        count(*) FILTER (WHERE c.due_at >= %(at)s AND c.due_at < %(week)s) AS week,
        count(*) FILTER (WHERE c.due_at < %(at)s) AS overdue,
        count(*) FILTER (WHERE c.state = 'submitted') AS approval,
        count(*) FILTER (WHERE c.reopened_at >= %(long)s) AS reopened,
        min(c.opened_at) AS oldest
    FROM cases_case c JOIN below b ON b.unit_id = c.owner_id
    WHERE c.state IN ('open', 'referred', 'drafted', 'submitted') AND c.kind <> ALL(%(sealed)s) {narrow}
    GROUP BY b.child),
done AS (
    SELECT b.child, count(*) AS answered, count(*) FILTER (WHERE c.reopened_at >= %(long)s) AS reopened,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY {took}) FILTER (WHERE c.answered_at >= %(short)s) AS median_short,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY {took}) AS median_long
    FROM cases_case c JOIN below b ON b.unit_id = c.owner_id
    WHERE c.state IN ('answered', 'closed') AND c.answered_at >= %(long)s AND c.kind <> ALL(%(sealed)s) {narrow}
    GROUP BY b.child)
SELECT coalesce(w.child, d.child), coalesce(waiting, 0), coalesce(today, 0), coalesce(week, 0), coalesce(overdue, 0),
    coalesce(approval, 0), oldest, coalesce(w.reopened, 0) + coalesce(d.reopened, 0), coalesce(answered, 0),
    median_short, median_long
FROM work w FULL JOIN done d ON d.child = w.child
"""
_TOOK = "extract(epoch FROM c.answered_at - greatest(c.opened_at, c.reopened_at)) / 86400"


def units_table(
    viewer: Viewer, *, root: UnitNow, at: datetime, on: date, narrowed: Narrowed | None = None
) -> list[UnitRow]:
    """Return the units right below ``root`` in Vietnamese order and, last, the root's very own cases; in two queries.

    root  a unit the viewer may read; units of which nothing is known have a row of zeros
    """
    del viewer
    narrowed = narrowed or Narrowed()
    by_label = _figures(root, at, on, narrowed)
    below = units.children(unit_id=root.id, on=on)
    rows = [UnitRow(u, by_label.get(label(u.id), Figures())) for u in below]
    own = by_label.get("", Figures())
    if not own.nothing or not below:
        rows.append(UnitRow(root, own, own=True))
    return rows


def _below(root: UnitNow, on: date) -> tuple[str, dict[str, Any]]:
    """Return the statement that gives ``unit_id`` and ``path`` of the root and all below it, and its values by name."""
    below, values = (
        units.subtree_filter(paths=[root.path], on=on)
        .values_list("unit_id", "path")
        .query.sql_with_params()
    )
    named: dict[str, Any] = {f"b{n}": value for n, value in enumerate(values)}
    return below % tuple(f"%({name})s" for name in named), named


def _figures(root: UnitNow, at: datetime, on: date, narrowed: Narrowed) -> dict[str, Figures]:
    below, named = _below(root, on)
    tonight = filtering.end_of_day(at)
    given = named | {
        "part": root.path.count(".") + 2,
        "at": at,
        "tonight": tonight,
        "week": tonight + timedelta(days=6),
        "short": at - SHORT,
        "long": at - LONG,
        "sealed": SEALED,
        "kind": narrowed.kind,
        "topic": narrowed.topic,
    }
    narrow = "".join(f" AND c.{n} = %({n})s" for n in ("kind", "topic") if getattr(narrowed, n))
    statement = _UNITS.format(below=below, narrow=narrow, took=_TOOK)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
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


def officers_table(
    viewer: Viewer, *, root: UnitNow, at: datetime, on: date, narrowed: Narrowed | None = None
) -> list[OfficerRow]:
    """Return the colleagues who hold a role in that very unit, by given name, each with what lies on the desk; in two queries.

    Nothing for a viewer who does not hand out work there.
    """
    if not viewer.may(Permission.CASES_REFER, root.path):
        return []
    narrowed = narrowed or Narrowed()
    people = staff.people_of_unit(unit_id=root.id, on=on, permission=Permission.CASES_DRAFT)
    tonight = filtering.end_of_day(at)
    unfinished = Case.objects.filter(
        owner_id__in=units.subtree_filter(paths=[root.path], on=on), state__in=cases.UNFINISHED
    )
    chosen = {n: getattr(narrowed, n) for n in ("kind", "topic") if getattr(narrowed, n)}
    mine = Q(assignee=None) | Q(assignee__in=[a.pk for a in people])
    rows = (
        unfinished.exclude(kind__in=SEALED)
        .filter(mine, **chosen)
        .order_by()
        .values("assignee_id")
        .annotate(
            waiting=Count("pk", filter=filtering.awake(at)),
            today=Count("pk", filter=Q(due_at__gte=at, due_at__lt=tonight)),
            week=Count("pk", filter=Q(due_at__gte=at, due_at__lt=tonight + timedelta(days=6))),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            approval=Count("pk", filter=Q(state="submitted")),
            oldest=Min("opened_at"),
        )
    )
    held: dict[int | None, Figures] = {
        row["assignee_id"]: Figures(**{k: v for k, v in row.items() if k != "assignee_id"})  # type: ignore[arg-type]
        for row in rows
    }
    table = [OfficerRow(a, held.get(a.pk, Figures())) for a in people]
    return [*table, OfficerRow(None, held[None])] if None in held else table


def may_read(viewer: Viewer, *, unit: UnitNow) -> bool:
    """True when the viewer reads the cases of that unit."""
    return viewer.may(Permission.CASES_VIEW, unit.path)
