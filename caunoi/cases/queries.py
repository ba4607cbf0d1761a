"""Reads about cases; every list starts from what the viewer's roles reach."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from caunoi.cases import filtering, finding, listing, rules
from caunoi.cases.filtering import UNFINISHED, VIEWS, Filters
from caunoi.cases.models import Case, Draft, Opening, Step
from caunoi.cases.terms import PUBLIC_STEPS, DraftState, Kind, State
from caunoi.kit.paging import Slice
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

OTHERS = ("joined_into__into", "merged_into__into", "split_off__source")
"""The cases a case may have to do with."""
SEALED = sorted(k.value for k in rules.SEALED_KINDS)
__all__ = ["UNFINISHED", "VIEWS", "Filters"]


def visible_cases(
    viewer: Viewer, *, on: date, permission: str = Permission.CASES_VIEW
) -> QuerySet[Case]:
    """Return the cases of the units below the viewer, and those her own units handed on (reading only); never a sealed one."""
    reach = units.subtree_filter(paths=viewer.scope(permission), on=on)
    mine = Q(owner_id__in=reach)
    if permission == Permission.CASES_VIEW:
        mine |= filtering.handed_on(viewer)
    return Case.objects.filter(mine).exclude(kind__in=SEALED)


def sealed_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the sealed cases of the very units in which the viewer holds the permission; not of those below."""
    own = list(viewer.unit_ids(Permission.CASES_SEALED))
    return Case.objects.filter(owner_id__in=own, kind__in=SEALED)


def sealed_queue(viewer: Viewer, *, kind: str = "", finished: bool = False) -> QuerySet[Case]:
    """Return the sealed queue by urgency, or what is finished, newest first."""
    found = sealed_cases(viewer).select_related("assignee").annotate(opened=Count("openings"))
    if kind:
        found = found.filter(kind=kind)
    if finished:
        return found.exclude(state__in=UNFINISHED).order_by("-opened_at")
    return found.filter(state__in=UNFINISHED).order_by("due_at", "pk")


def sealed_case(viewer: Viewer, *, number: str) -> Case | None:
    """Return the sealed case when the viewer may open it, else None. Not done here: recording that it was opened."""
    return sealed_cases(viewer).filter(number=number).select_related("assignee").first()


@system("shown on a page whose sealed case was loaded for the viewer")
def openings_of(*, case: Case) -> list[Opening]:
    """Return who read the sealed case, newest first."""
    return list(Opening.objects.filter(case=case).select_related("by").order_by("-at", "-pk")[:200])


def sealed_counts(viewer: Viewer, *, on: date) -> dict[UUID, int]:
    """Return how many unfinished sealed cases each unit below the viewer has; counts are all an ancestor sees."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_SEALED), on=on)
    found = Case.objects.filter(owner_id__in=reach, kind__in=SEALED, state__in=UNFINISHED)
    return dict(found.order_by().values_list("owner_id").annotate(n=Count("pk")))


def reach(viewer: Viewer, *, on: date) -> Q:
    """Return the condition that a case belongs to the viewer's units; whoever asks for several lists asks for it once."""
    return finding.owned_below(paths=viewer.scope(Permission.CASES_VIEW), on=on)


def inbox(
    viewer: Viewer, *, filters: Filters, at: datetime, on: date, within: Q | None = None
) -> QuerySet[Case]:
    """Return the cases of one view, narrowed and ordered as asked; never a sealed one.

    within  what ``reach`` gave, when it was asked for already
    """
    found = _frame(viewer, filters, on, within)
    found = found.filter(_narrowing(viewer, filters, at))
    return found.order_by(*filtering.ordering(filters)).defer("words")


def inbox_page(
    viewer: Viewer,
    *,
    filters: Filters,
    at: datetime,
    on: date,
    page: str | None,
    within: Q | None = None,
) -> Slice:
    """Return one page of the same list, in two queries that stay quick whatever was chosen (see listing.py)."""
    frame = _frame(viewer, filters, on, within)
    if filtering.is_unfinished(filters):
        frame = frame.filter(state__in=UNFINISHED)
    return listing.cut(
        frame.order_by(*filtering.ordering(filters)),
        narrowing=_narrowing(viewer, filters, at),
        page=page,
    )


def _frame(viewer: Viewer, filters: Filters, on: date, within: Q | None) -> QuerySet[Case]:
    away = filters.view == filtering.AWAY
    found = _handed_on(viewer, on) if away else _own(viewer, on, within)
    return found.filter(filtering.in_unit(filters, on=on))


def _narrowing(viewer: Viewer, filters: Filters, at: datetime) -> Q:
    in_view = filtering.in_view(filters.view, viewer=viewer, at=at)
    return in_view & filtering.narrowing(filters, viewer=viewer, at=at)


def _own(viewer: Viewer, on: date, within: Q | None = None) -> QuerySet[Case]:
    return Case.objects.filter(within or reach(viewer, on=on)).exclude(kind__in=SEALED)


def _handed_on(viewer: Viewer, on: date) -> QuerySet[Case]:
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_VIEW), on=on)
    elsewhere = Case.objects.filter(filtering.handed_on(viewer)).exclude(owner_id__in=reach)
    return elsewhere.exclude(kind__in=SEALED)


def counts(viewer: Viewer, *, at: datetime, on: date, within: Q | None = None) -> Mapping[str, int]:
    """Return how many cases stand in each view, in five queries and what ``reach`` costs."""
    cases = _own(viewer, on, within)
    awake = filtering.awake(at)
    unfinished = cases.filter(state__in=UNFINISHED).aggregate(
        todo=Count("pk", filter=awake),
        mine=Count("pk", filter=awake & Q(assignee_id=viewer.account_id)),
        unassigned=Count("pk", filter=awake & Q(assignee=None)),
        overdue=Count("pk", filter=Q(due_at__lt=at)),
        approval=Count("pk", filter=Q(state=State.SUBMITTED)),
        referred=Count("pk", filter=awake & Q(state=State.REFERRED)),
        snoozed=Count("pk", filter=Q(snoozed_until__gt=at)),
    )
    answered = cases.filter(filtering.in_view("answered", viewer=viewer, at=at))
    away = _handed_on(viewer, on).filter(filtering.in_view("away", viewer=viewer, at=at))
    asked = cases.filter(filtering.in_view("agency", viewer=viewer, at=at))
    starred = cases.filter(filtering.in_view("starred", viewer=viewer, at=at))
    return unfinished | {
        "answered": answered.count(),
        "away": away.count(),
        "agency": asked.count(),
        "starred": starred.count(),
    }


def case_by_number(
    viewer: Viewer, *, number: str, on: date, permission: str = Permission.CASES_VIEW
) -> Case | None:
    """Return the case when the viewer may see it (or do ``permission`` in it), else None."""
    found = visible_cases(viewer, on=on, permission=permission).filter(number=number)
    return found.select_related("assignee", "on_behalf").defer("words").first()


def case_with_story(viewer: Viewer, *, number: str, on: date) -> Case | None:
    """Return the case like ``case_by_number``, with what it was joined, merged or split off from and its proposal, in one query."""
    found = visible_cases(viewer, on=on).filter(number=number)
    found = found.select_related("assignee", "on_behalf", "proposal__decided_by", *OTHERS)
    return found.defer("words", *(f"{other}__words" for other in OTHERS)).first()


def find(viewer: Viewer, *, text: str, on: date, limit: int) -> list[Case]:
    """Return the newest cases the viewer may see with all these words, or with this number.

    When no case has the last word it may still be being typed: then it counts as the beginning of one.
    """
    frames = [_own(viewer, on), _handed_on(viewer, on)]
    found = _first(frames, finding.matching(text), limit, window=2_000)
    if found or not finding.may_be_open(text):
        return found
    return _first(frames, finding.matching(text, open_end=True), limit, window=500)


def _first(frames: list[QuerySet[Case]], match: Q, limit: int, *, window: int) -> list[Case]:
    """Of rare words nothing lies near, so that looking there is kept short; their index finds them."""
    ordered = [frame.order_by("-opened_at", "pk") for frame in frames]
    found = [
        c for f in ordered for c in listing.first(f, narrowing=match, limit=limit, window=window)
    ]
    return sorted(found, key=lambda case: case.opened_at, reverse=True)[:limit]


def most_urgent(viewer: Viewer, *, on: date, limit: int = 8) -> list[Case]:
    """Return what to do first: unfinished cases of the viewer's units by deadline."""
    found = _own(viewer, on).filter(state__in=UNFINISHED).order_by("due_at", "pk")
    return list(found.select_related("assignee").defer("words")[:limit])


@system("the asker follows with number and code; an answered public case is public")
def public_case(*, number: str) -> Case | None:
    """Return the case with that number; the page decides what of it may be shown."""
    return Case.objects.filter(number=number).first()


@system("shown on a page whose case was loaded for the viewer or the asker")
def steps_of(*, case: Case, public_only: bool) -> list[Step]:
    """Return what happened, oldest first."""
    steps = Step.objects.filter(case=case).select_related("by").order_by("at", "pk")
    return list(steps.filter(kind__in=PUBLIC_STEPS) if public_only else steps)


@system("shown on a page whose case was loaded for the viewer")
def open_draft(*, case: Case) -> Draft | None:
    """Return the answer being written, submitted or returned."""
    return (
        Draft.objects.filter(case=case)
        .exclude(state=DraftState.APPROVED)
        .select_related("author")
        .first()
    )


@system("messages arrive in conversations")
def running_cases(*, thread_ids: Iterable[UUID]) -> dict[UUID | None, list[Case]]:
    """Return the unfinished cases of each conversation, newest first; see rules.running_for."""
    waits = Q(state__in=UNFINISHED) | Q(joined_into__isnull=False, answered_at=None)
    found = Case.objects.filter(waits, thread_id__in=set(thread_ids)).defer("words")
    running: dict[UUID | None, list[Case]] = {}
    for case in found.order_by("-opened_at"):
        running.setdefault(case.thread_id, []).append(case)
    return running


@system("a message arrives in a conversation")
def running_case(*, thread_id: UUID, kind: Kind) -> Case | None:
    """Return the unfinished case of one conversation to which words of that kind belong, or None when they begin one."""
    running = running_cases(thread_ids=[thread_id])
    return rules.running_for(kind, running.get(thread_id, []))


@system("the asker changes or takes back a message")
def case_of_message(*, channel_id: UUID, external_id: str, thread_id: UUID | None) -> Case | None:
    """Return the case that message opened; else, when a thread is named, the unfinished case it was added to."""
    opened = Case.objects.filter(origin_ref=f"message:{channel_id}:{external_id}").first()
    if opened is not None or thread_id is None:
        return opened
    running = Case.objects.filter(thread_id=thread_id, state__in=UNFINISHED)
    return running.order_by("-opened_at").first()
