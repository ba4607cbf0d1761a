"""Reads for working together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from caunoi.cases import queries as cases
from caunoi.cases.models import Case, Draft, Step
from caunoi.cases.queries import UNFINISHED, Filters
from caunoi.cases.terms import DraftState, StepKind
from caunoi.handling import rules
from caunoi.handling.models import BulkRun, CannedAnswer, Reading, SavedView
from caunoi.handling.rules import CaseFacts
from caunoi.handling.terms import Do, ItemState, RunState
from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.rules import Staff
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

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


def heads_of(
    viewer: Viewer, *, filters: Sequence[Filters], at: datetime, on: date, within: Q, show: int
) -> list[tuple[int, list[Case]]]:
    """Return of each of these views how many cases it shows, counted up to COUNT_UP_TO, and the first of them; in two queries."""
    parts: list[str] = []
    values: list[Any] = []
    for n, chosen in enumerate(filters):
        found = cases.inbox(viewer, filters=chosen, at=at, on=on, within=within)
        try:
            sql, given = found.values("pk")[:COUNT_UP_TO].query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT NULL::uuid LIMIT 0", ()
        parts.append(f"v{n} (pk) AS MATERIALIZED ({sql})")
        values += given
    asked = [
        f"(SELECT count(*) FROM v{n}), ARRAY(SELECT pk FROM v{n} LIMIT {show:d})"  # noqa: S608
        for n in range(len(parts))
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(asked)}", values)
        row = cursor.fetchone()
    heads = list(zip(row[::2], row[1::2], strict=True))
    known = Case.objects.select_related("assignee").defer("words", "text")
    by_id = known.in_bulk([pk for _n, ids in heads for pk in ids])
    return [(n, [by_id[pk] for pk in ids if pk in by_id]) for n, ids in heads]


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


def facts_of(
    viewer: Viewer, *, run: BulkRun, params: Mapping[str, Any], at: datetime
) -> dict[UUID, CaseFacts]:
    """Return what a run must know of each of its cases, in a handful of queries however many there are."""
    on = clock.local_date(at)
    found = list(
        Case.objects.filter(pk__in=run.items.values("case_id")).only(
            "state", "owner_id", "topic", "assignee_id", "snoozed_until"
        )
    )
    paths = units.paths_of(unit_ids={c.owner_id for c in found}, on=on)
    drafts = set(
        Draft.objects.filter(case__in=found)
        .exclude(state=DraftState.APPROVED)
        .exclude(text="")
        .values_list("case_id", flat=True)
    )
    needed = RIGHT_FOR[Do(run.do)]
    colleague = colleague_of(params.get("account"), on=on)
    facts = {}
    for c in found:
        path = paths.get(c.owner_id)
        facts[c.pk] = CaseFacts(
            state=c.state,
            owner_id=str(c.owner_id),
            topic=c.topic,
            assignee_id=c.assignee_id,
            snoozed_until=c.snoozed_until,
            has_draft=c.pk in drafts,
            allowed=path is not None and viewer.may(needed, path),
            theirs=colleague is None or colleague.may(Permission.CASES_DRAFT, path),
        )
    return facts


RIGHT_FOR = {
    Do.ASSIGN: Permission.CASES_DRAFT,
    Do.TOPIC: Permission.CASES_DRAFT,
    Do.SNOOZE: Permission.CASES_DRAFT,
    Do.ANSWER: Permission.CASES_DRAFT,
    Do.REFER: Permission.CASES_REFER,
    Do.CLOSE: Permission.CASES_REFER,
}


@system("a case may be given only to somebody who may work on it")
def colleague_of(account_id: int | None, *, on: date) -> Staff | None:
    """Return the colleague with the roles held that day, or None."""
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    return staff.viewer_for(account=account, on=on, has_second_factor=True) if account else None


def run_of(viewer: Viewer, *, pk: UUID) -> BulkRun | None:
    """Return a run of the viewer's own."""
    return BulkRun.objects.filter(pk=pk, account_id=viewer.account_id).first()


@system("shown on the page of a run that was loaded for its maker")
def progress_of(*, run: BulkRun) -> dict[str, int]:
    """Return how many cases of the run are in each state."""
    rows = run.items.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


@system("shown on the page of a run that was loaded for its maker")
def reasons_of(*, run: BulkRun, state: ItemState, show: int = 5) -> list[tuple[str, int, list]]:
    """Return why cases were left out, failed or kept: the reason, how many, and the first of them."""
    found = run.items.filter(state=state.value)
    counted = found.order_by("why").values_list("why").annotate(n=Count("pk"))
    return [
        (why, n, [i.case for i in found.filter(why=why).select_related("case")[:show]])
        for why, n in counted
    ]


@system("shown on the page of a run that was loaded for its maker")
def first_of(*, run: BulkRun, state: ItemState, show: int = 8) -> list[Case]:
    """Return the first cases of the run in that state."""
    found = run.items.filter(state=state.value).select_related("case").order_by("pk")
    return [i.case for i in found[:show]]


def canned_for(
    viewer: Viewer,
    *,
    unit_ids: Iterable[UUID],
    on: date,
    text: str = "",
    paths: Collection[str] | None = None,
) -> list[CannedAnswer]:
    """Return the canned answers of these units and of those above them, nearest first, that fit the typed words.

    viewer  somebody who may draft below one of these units; others get nothing
    paths   of the units on that day, when they were asked for already
    """
    if not viewer.may(Permission.CASES_DRAFT):
        return []
    if paths is None:
        paths = units.paths_of(unit_ids=unit_ids, on=on).values()
    near = {UUID(label): n for p in paths for n, label in enumerate(reversed(p.split(".")))}
    found = CannedAnswer.objects.filter(unit_id__in=near, is_active=True)
    for word in fold(text).split()[:5]:
        found = found.filter(folded__contains=word)
    best: dict[str, CannedAnswer] = {}
    for canned in sorted(found, key=lambda c: (near[c.unit_id], c.title.lower())):
        best.setdefault(canned.shortcut, canned)
    return list(best.values())


def canned_above(viewer: Viewer, *, unit_ids: Iterable[UUID], on: date) -> list[CannedAnswer]:
    """Return the canned answers that these units take over from those above them."""
    if not viewer.may(Permission.CANNED_MANAGE):
        return []
    own = set(unit_ids)
    paths = units.paths_of(unit_ids=own, on=on).values()
    above = {UUID(label) for p in paths for label in p.split(".")} - own
    return list(CannedAnswer.objects.filter(unit_id__in=above, is_active=True).order_by("title"))


def canned_of(viewer: Viewer, *, on: date) -> QuerySet[CannedAnswer]:
    """Return the canned answers of the units the viewer looks after, those in use first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CANNED_MANAGE), on=on)
    found = CannedAnswer.objects.filter(unit_id__in=reach).select_related("changed_by")
    return found.order_by("-is_active", "title", "pk")


@system("an officer who may draft the case puts the words in")
def filled(*, text: str, case: Case, at: datetime) -> str:
    """Return the canned answer's words for this case."""
    due = timezone.localtime(case.due_at)
    values = {
        "number": case.number,
        "name": case.asker_name or BA_CON,
        "unit": units.name_of(unit_id=case.owner_id, on=clock.local_date(at)),
        "deadline": due.strftime("%H:%M ngày %d/%m/%Y"),
    }
    return rules.fill(text, values)


BA_CON = "bà con"
"""How an unnamed asker is addressed: content of an answer, so always Vietnamese."""


@system("a run goes on in the background for whoever started it")
def run_and_maker(*, run_id: UUID, on: date) -> tuple[BulkRun, Staff] | None:
    """Return a running run and the colleague who started it, with the rights held that day."""
    run = BulkRun.objects.filter(pk=run_id, state=RunState.RUNNING).first()
    if run is None:
        return None
    account = Account.objects.get(pk=run.account_id)
    return run, staff.viewer_for(account=account, on=on, has_second_factor=account.is_active)
