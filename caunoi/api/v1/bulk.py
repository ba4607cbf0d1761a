"""One thing done to many cases: chosen, looked at, started, taken back; and the unit's canned answers."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.cases import CaseFilters, filters_of
from caunoi.api.v1.ground import (
    READS,
    WRITES,
    case_for,
    checked,
    foreseen,
    refused,
    unit_for,
    units_out,
)
from caunoi.cases import queries as case_queries
from caunoi.handling import (
    actions_bulk,
    actions_canned,
    forms_bulk,
    labels,
    queries,
    rules,
)
from caunoi.handling.models import BulkRun, CannedAnswer
from caunoi.handling.terms import Do, ItemState, RunState
from caunoi.staff.terms import Permission as P
from caunoi.units import queries as units

router = Router(tags=["inbox"])
canned_router = Router(tags=["canned"])
of_cases = Router(tags=["canned"])
CANNED_SIZE, CANNED_SHOWN = 50, 8
Number = Annotated[str, StringConstraints(pattern=s.NUMBER, max_length=20)]
Shortcut = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,30}$", max_length=30)]


class RunIn(s.Schema):
    """What is done, and to which cases: these numbers, or all that the filters show (5,000 at most)."""

    do: Do
    cases: Annotated[list[Number], s.Field(max_length=5000)] = []
    filters: CaseFilters | None = None


class PlanIn(s.Schema):
    """With what it is done. Which words it needs depends on ``do``: account · unit, reason · topic · until · reason · canned."""

    account: s.AccountId | None = None
    unit: Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=140)] = ""
    reason: Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=1000)] = ""
    topic: s.Topic = ""
    until: date | None = None
    canned: s.AccountId | None = None


class WhyOut(s.Schema):
    """Why some cases are left out, failed or were kept as they are."""

    why: str
    says: str
    count: int
    first: list[str]


class RunOut(s.Schema):
    """A run: what it will do or has done. ``said`` is its choice in words."""

    id: UUID
    do: Do
    state: str
    said: str
    total: int
    todo: int
    done: int
    undone: int
    first: list[str]
    left_out: list[WhyOut]
    failed: list[WhyOut]
    kept: list[WhyOut]
    may_undo: bool
    made_at: datetime
    finished_at: datetime | None


class CannedOut(s.Schema):
    """One canned answer of a unit, with its placeholders."""

    id: int
    title: str
    shortcut: str
    text: str
    topic: str
    unit: s.UnitOut
    is_active: bool


class CannedPageOut(s.Schema):
    """One page of them."""

    items: list[CannedOut]
    page: int
    size: int
    total: int
    next: int | None


class CannedIn(s.Schema):
    """The words a unit says often. In braces only {số} {tên} {đơn vị} {hạn}."""

    unit: s.UnitSlug
    title: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=80)]
    shortcut: Shortcut
    text: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=5000)]
    topic: s.Topic = ""
    is_active: bool = True


class FilledOut(s.Schema):
    """A canned answer, filled in for one case."""

    id: int
    title: str
    shortcut: str
    text: str


class PageOf(s.Schema):
    """Which page."""

    page: s.Page = 1


class Typed(s.Schema):
    """The words after the slash."""

    q: Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=60)] = ""


@router.post(
    "/bulk",
    response={201: RunOut},
    summary=gettext_noop("Choose cases for one thing to be done to all"),
    **WRITES,
)
def choose(request: KeyRequest, given: RunIn) -> Any:
    """Nothing is changed yet. Next: its plan, then its start."""
    viewer = request.viewer
    if bool(given.cases) == (given.filters is not None):
        raise refused("cases", _("Choose cases first."))
    if given.filters is not None:
        filters = filters_of(request, given.filters)
        found = case_queries.inbox(viewer, filters=filters, at=request.at, on=request.on)
    else:
        visible = case_queries.visible_cases(viewer, on=request.on)
        found = visible.filter(number__in=given.cases).order_by("due_at", "pk")
    ids = list(found.values_list("pk", flat=True)[: rules.AT_MOST])
    with foreseen():
        run = actions_bulk.choose_cases(
            do=given.do, case_ids=ids, query="", by=viewer, at=request.at
        )
    return 201, _run_out(request, run)


def _run(request: KeyRequest, pk: UUID) -> BulkRun:
    found = queries.run_of(request.viewer, pk=pk)
    if found is None:
        raise Problem(404, _("No such run of yours."))
    return found


def _run_out(request: KeyRequest, run: BulkRun) -> dict[str, Any]:
    counted = queries.progress_of(run=run)
    done = run.state == RunState.DONE
    form = forms_bulk.params_form(run, request.viewer, request.at)
    return {
        "id": run.pk,
        "do": run.do,
        "state": run.state,
        "said": str(form.said(run.params)) if run.params else "",
        "total": sum(counted.values()),
        "todo": counted.get(ItemState.TODO, 0),
        "done": counted.get(ItemState.DONE, 0),
        "undone": counted.get(ItemState.UNDONE, 0),
        "first": [c.number for c in queries.first_of(run=run, state=ItemState.TODO)],
        "left_out": _whys(run, ItemState.LEFT_OUT),
        "failed": _whys(run, ItemState.FAILED),
        "kept": _whys(run, ItemState.KEPT),
        "may_undo": done
        and rules.may_undo(do=Do(run.do), finished_at=run.finished_at, at=request.at),
        "made_at": run.made_at,
        "finished_at": run.finished_at,
    }


def _whys(run: BulkRun, state: ItemState) -> list[dict[str, Any]]:
    return [
        {
            "why": why,
            "says": str(labels.WHY.get(why) or _(why)),
            "count": n,
            "first": [c.number for c in first],
        }
        for why, n, first in queries.reasons_of(run=run, state=state)
    ]


@router.get("/bulk/{uuid:pk}", response=RunOut, summary=gettext_noop("How far a run is"), **READS)
def read_run(request: KeyRequest, pk: UUID) -> Any:
    """And why it left cases out."""
    return _run_out(request, _run(request, pk))


@router.put(
    "/bulk/{uuid:pk}/plan",
    response=RunOut,
    summary=gettext_noop("Say with what, and see what a run will do"),
    **WRITES,
)
def plan_run(request: KeyRequest, pk: UUID, given: PlanIn) -> Any:
    """Nothing is changed yet; it may be planned anew until it starts."""
    run = _run(request, pk)
    form = forms_bulk.params_form(run, request.viewer, request.at, _typed(given))
    checked(form)
    with foreseen():
        run = actions_bulk.plan_run(run=run, params=form.params(), by=request.viewer, at=request.at)
    return _run_out(request, run)


def _typed(given: PlanIn) -> dict[str, Any]:
    """Return the plan as it would be typed into the page's form."""
    return {
        "account": str(given.account or ""),
        "unit": given.unit,
        "reason": given.reason,
        "topic": given.topic,
        "when": "day" if given.until else "now",
        "day": given.until.isoformat() if given.until else "",
        "canned": str(given.canned or ""),
    }


@router.post(
    "/bulk/{uuid:pk}/start", response=RunOut, summary=gettext_noop("Let a run begin"), **WRITES
)
def start_run(request: KeyRequest, pk: UUID) -> Any:
    """A hundred cases are done now, more by the worker. Each is checked again."""
    run = _run(request, pk)
    with foreseen():
        actions_bulk.start_and_work(run=run, by=request.viewer, at=request.at)
    return _run_out(request, _run(request, pk))


@router.post(
    "/bulk/{uuid:pk}/undo", response=RunOut, summary=gettext_noop("Take a run back"), **WRITES
)
def undo_run(request: KeyRequest, pk: UUID) -> Any:
    """Within ten minutes; what somebody changed meanwhile stays."""
    run = _run(request, pk)
    with foreseen():
        actions_bulk.undo_run(run=run, by=request.viewer, at=request.at)
    return _run_out(request, _run(request, pk))


@canned_router.get(
    "", response=CannedPageOut, summary=gettext_noop("List the canned answers one looks after"), **READS
)  # fmt: skip
def list_canned(request: KeyRequest, chosen: Query[PageOf]) -> Any:
    """Those in use first. Of an account that looks after none: an empty list."""
    pages = Paginator(queries.canned_of(request.viewer, on=request.on), CANNED_SIZE)
    page = pages.get_page(chosen.page)
    return {
        "items": _canned_out(request, list(page)),
        "page": page.number,
        "size": CANNED_SIZE,
        "total": pages.count,
        "next": page.number + 1 if page.has_next() else None,
    }


def _canned_out(request: KeyRequest, found: list[CannedAnswer]) -> list[dict[str, Any]]:
    named = units_out(request, {c.unit_id for c in found})
    same = ("title", "shortcut", "text", "topic", "is_active")
    return [
        {"id": c.pk, "unit": named[c.unit_id], **{n: getattr(c, n) for n in same}} for c in found
    ]


@canned_router.post(
    "", response={201: CannedOut}, summary=gettext_noop("Add a canned answer"), **WRITES
)
def add_canned(request: KeyRequest, given: CannedIn) -> Any:
    """The units below may use it too."""
    return 201, _save_canned(request, given, None)


@canned_router.put(
    "/{pk}", response=CannedOut, summary=gettext_noop("Change a canned answer"), **WRITES
)
def change_canned(request: KeyRequest, pk: s.Id, given: CannedIn) -> Any:
    """Or take it out of use."""
    found = queries.canned_of(request.viewer, on=request.on).filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("No such canned answer of your units."))
    return _save_canned(request, given, found)


def _save_canned(
    request: KeyRequest, given: CannedIn, found: CannedAnswer | None
) -> dict[str, Any]:
    unit = unit_for(request, given.unit)
    offered = set(request.viewer.unit_ids(P.CANNED_MANAGE)) | ({found.unit_id} if found else set())
    own = units.names_of(unit_ids=offered, on=request.on)
    form = forms_bulk.CannedForm(given.dict() | {"unit": str(unit.id)}, own=own.items())
    fields = checked(form)
    unit_id = fields.pop("unit")
    with foreseen():
        saved = actions_canned.save_canned(
            canned=found, unit_id=unit_id, by=request.viewer, at=request.at, **fields
        )
    return _canned_out(request, [saved])[0]


@of_cases.get(
    "/{number}/canned",
    response=list[FilledOut],
    summary=gettext_noop("Canned answers that fit, filled in for the case"),
    **READS,
)
def canned_for_case(request: KeyRequest, number: s.CaseNumber, typed: Query[Typed]) -> Any:
    """Of its unit and of those above, nearest first; eight at most. Writing scope is needed to see any."""
    case = case_for(request, number)
    found = queries.canned_for(
        request.viewer, unit_ids=[case.owner_id], on=request.on, text=typed.q
    )
    return [
        {
            "id": c.pk,
            "title": c.title,
            "shortcut": c.shortcut,
            "text": queries.filled(text=c.text, case=case, at=request.at),
        }
        for c in found[:CANNED_SHOWN]
    ]
