"""Reads for working together."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from caunoi.cases import queries as cases
from caunoi.cases.models import Case, Step
from caunoi.cases.queries import UNFINISHED, Filters
from caunoi.cases.terms import StepKind
from caunoi.handling.models import Reading, SavedView
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

ARRIVALS = [s.value for s in (StepKind.OPENED, StepKind.MORE, StepKind.REFERRED, StepKind.REOPENED)]
"""What makes a case new to somebody: it came, its asker wrote more, another unit handed it over, it was taken up again."""
COUNT_UP_TO = 1000
ARRIVALS_AT_MOST = 300


def saved_views(viewer: Viewer) -> list[SavedView]:
    """Return the viewer's own views and those shared in her units, own first, by name."""
    shared = Q(unit_id__in=list(viewer.unit_ids(Permission.CASES_VIEW)))
    found = SavedView.objects.filter(Q(account_id=viewer.account_id) | shared)
    return sorted(
        found.select_related("account"), key=lambda v: (v.unit_id is not None, v.name.lower())
    )


def counts_of(
    viewer: Viewer,
    *,
    filters: Sequence[Filters],
    at: datetime,
    on: date,
    within: Q | None = None,
) -> list[int]:
    """Return how many cases each of these views shows, in one query; from COUNT_UP_TO on the rest is not counted.

    within  what cases.reach gave, when it was asked for already
    """
    within = within or cases.reach(viewer, on=on)
    parts: list[str] = []
    values: list[Any] = []
    for chosen in filters:
        found = cases.inbox(viewer, filters=chosen, at=at, on=on, within=within)
        try:
            sql, given = found.order_by().values("pk")[:COUNT_UP_TO].query.sql_with_params()
        except EmptyResultSet:
            parts.append("SELECT 0")
            continue
        parts.append(f"SELECT count(*) FROM ({sql}) v")  # noqa: S608
        values += given
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'({p})' for p in parts)}", values)
        return list(cursor.fetchone())


def unread(viewer: Viewer, *, cases: Iterable[Case]) -> set[UUID]:
    """Return which of these unfinished cases hold something the viewer has not read yet."""
    open_ids = [c.pk for c in cases if c.state in UNFINISHED]
    read = Reading.objects.filter(
        case_id=OuterRef("case_id"), account_id=viewer.account_id, read_at__gte=OuterRef("at")
    )
    news = Step.objects.filter(case_id__in=open_ids, kind__in=ARRIVALS)
    news = news.exclude(by_id=viewer.account_id).exclude(Exists(read))
    return set(news.values_list("case_id", flat=True))


def arrived(viewer: Viewer, *, filters: Filters, since: datetime, at: datetime, on: date) -> int:
    """Return how many cases of the view have news from others since then."""
    news = Step.objects.filter(at__gt=since, at__lte=at, kind__in=ARRIVALS)
    ids = news.exclude(by_id=viewer.account_id).values_list("case_id", flat=True)
    recent = set(ids.order_by("-at")[:ARRIVALS_AT_MOST])
    if not recent:
        return 0
    return cases.inbox(viewer, filters=filters, at=at, on=on).filter(pk__in=recent).count()
