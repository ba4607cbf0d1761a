"""The shared inbox beside its list: counts, the list as a file, saved views, where one was named, what can be taken back, cases without a unit."""

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.cases import CaseFilters, filters_of
from caunoi.api.v1.ground import (
    READS,
    WRITES,
    case_for,
    case_out,
    foreseen,
    gives,
    needs,
    sealed_for,
    unit_for,
    units_out,
)
from caunoi.cases import queries as case_queries
from caunoi.cases import rules as case_rules
from caunoi.cases import successions
from caunoi.handling import (
    actions,
    actions_recall,
    queries,
    queries_recall,
    queries_writing,
    tables,
)
from caunoi.handling.models import SavedView
from caunoi.handling.terms import Deed
from caunoi.kit import sheets
from caunoi.staff.terms import Permission as P

router = Router(tags=["inbox"])
ANY = needs(None)
CSV = "text/csv"
Name = Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=60)]
MENTIONS = 50


class ExportFilters(CaseFilters):
    """The filters of the list, and which kind of file."""

    format: Literal["xlsx", "csv"] = "xlsx"


class ViewFilters(s.Schema):
    """The filters of the list, as a saved view keeps them."""

    view: str = "todo"
    q: str = ""
    due: str = ""
    assignee: str = ""
    topic: str = ""
    kind: str = ""
    state: str = ""
    origin: str = ""
    channel: str = ""
    unit: str = ""
    sort: str = ""


class ViewOut(s.Schema):
    """One saved view; ``unit`` where colleagues see it too, ``count`` up to 1,000."""

    id: int
    name: str
    mine: bool
    unit: s.UnitOut | None
    filters: ViewFilters
    count: int


class ViewIn(s.Schema):
    """Which filters are kept under which name; with a unit colleagues see the view too."""

    name: Name
    filters: CaseFilters
    unit: s.UnitSlug | None = None


class NameIn(s.Schema):
    """Another name."""

    name: Name


class MentionOut(s.Schema):
    """A note that names the key's account."""

    number: str
    title: str
    by: str
    note: str
    at: datetime
    seen_at: datetime | None


class MentionPageOut(s.Schema):
    """One page of them."""

    items: list[MentionOut]
    page: int
    size: int
    total: int
    next: int | None


class PageOf(s.Schema):
    """Which page."""

    page: s.Page = 1


class OrphanOut(s.Schema):
    """A case whose unit has ended, and who may take over. A sealed one shows its number only."""

    number: str
    title: str
    old_unit: str
    heirs: list[s.UnitOut]
    due_at: datetime


class HeirIn(s.Schema):
    """Who takes the case over."""

    unit: s.UnitSlug


@router.get(
    "/counts",
    response=dict[str, int],
    summary=gettext_noop("How many cases each view of the inbox has"),
    **READS,
)
def counts(request: KeyRequest) -> Any:
    """Up to 1,000 each."""
    return case_queries.counts(request.viewer, at=request.at, on=request.on)


@router.get(
    "/export",
    summary=gettext_noop("The list as XLSX or CSV"),
    **gives(Scope.CASES_READ, sheets.KIND, CSV),
)
def export(request: KeyRequest, chosen: Query[ExportFilters]) -> HttpResponseBase:
    """20,000 rows at most, in the words of the desk; what looks like a formula stays text."""
    found = case_queries.inbox(
        request.viewer, filters=filters_of(request, chosen), at=request.at, on=request.on
    )
    rows = list(found.select_related("assignee")[: tables.ROWS])
    header, lines = tables.of_cases(rows, on=request.on)
    if chosen.format == "csv":
        return sheets.answer_csv("hop-thu", header, lines)
    return sheets.answer("hop-thu", header, lines, heading="Hộp thư")


@router.get("/views", response=list[ViewOut], summary=gettext_noop("List saved views"), **READS)
def list_views(request: KeyRequest) -> Any:
    """One's own, and those colleagues share."""
    return _views_out(request, queries.saved_views(request.viewer))


def _views_out(request: KeyRequest, kept: list[SavedView]) -> list[dict[str, Any]]:
    words = [dict(parse_qsl(v.query)) for v in kept]
    filters = [filters_of(request, _filters(w), strict=False) for w in words]
    counted = queries.counts_of(request.viewer, filters=filters, at=request.at, on=request.on)
    named = units_out(request, {v.unit_id for v in kept if v.unit_id})
    return [
        {
            "id": v.pk,
            "name": v.name,
            "mine": v.account_id == request.viewer.account_id,
            "unit": named[v.unit_id] if v.unit_id else None,
            "filters": w,
            "count": n,
        }
        for v, w, n in zip(kept, words, counted, strict=True)
    ]


def _filters(words: dict[str, str]) -> CaseFilters:
    """Return what the words of an address choose; those that mean nothing any more choose nothing, as on the page."""
    known = {n: w for n, w in words.items() if n in CaseFilters.model_fields and n != "page"}
    while True:
        try:
            return CaseFilters(**known)  # type: ignore[arg-type]
        except ValueError as error:
            wrong = {str(e["loc"][0]) for e in error.errors()}  # type: ignore[attr-defined]
            known = {n: w for n, w in known.items() if n not in wrong}


@router.post("/views", response={201: ViewOut}, summary=gettext_noop("Keep a view"), **WRITES)
def save_view(request: KeyRequest, given: ViewIn) -> Any:
    """Twenty at most."""
    filters_of(request, given.filters)
    unit_id = unit_for(request, given.unit).id if given.unit else None
    with foreseen():
        made = actions.save_view(
            name=given.name,
            query=_address(given.filters),
            unit_id=unit_id,
            by=request.viewer,
            at=request.at,
        )
    return 201, _views_out(request, [made])[0]


def _address(chosen: CaseFilters) -> str:
    """Return the filters as the inbox writes them into its address."""
    said = chosen.model_dump(mode="json", exclude={"page"})
    words = {n: said[n] for n in ViewFilters.model_fields if said.get(n)}
    return urlencode({n: w for n, w in words.items() if (n, w) != ("view", "todo")})


def _view(request: KeyRequest, pk: int) -> SavedView:
    found = next((v for v in queries.saved_views(request.viewer) if v.pk == pk), None)
    if found is None:
        raise Problem(404, _("No such view."))
    return found


@router.put(
    "/views/{pk}", response=ViewOut, summary=gettext_noop("Give a view another name"), **WRITES
)
def rename_view(request: KeyRequest, pk: s.Id, given: NameIn) -> Any:
    """One's own, or one of a unit in which one handles cases."""
    view = _view(request, pk)
    with foreseen():
        view = actions.rename_view(view=view, name=given.name, by=request.viewer, at=request.at)
    return _views_out(request, [view])[0]


@router.delete("/views/{pk}", response={204: None}, summary=gettext_noop("Forget a view"), **WRITES)
def remove_view(request: KeyRequest, pk: s.Id) -> Any:
    """Its cases stay where they are."""
    view = _view(request, pk)
    with foreseen():
        actions.remove_view(view=view, by=request.viewer, at=request.at)
    return 204, None


@router.get(
    "/mentions",
    response=MentionPageOut,
    summary=gettext_noop("Notes that name the key's account"),
    **READS,
)
def mentions(request: KeyRequest, chosen: Query[PageOf]) -> Any:
    """Those not seen yet first."""
    found = queries_writing.mentions(request.viewer, on=request.on)
    pages = Paginator(found, MENTIONS)
    page = pages.get_page(chosen.page)
    items = [
        {
            "number": m.case.number,
            "title": m.case.title,
            "by": m.step.by.full_name if m.step.by else "",
            "note": m.step.note,
            "at": m.at,
            "seen_at": m.seen_at,
        }
        for m in page
    ]
    return {
        "items": items,
        "page": page.number,
        "size": MENTIONS,
        "total": pages.count,
        "next": page.number + 1 if page.has_next() else None,
    }


@router.post(
    "/recalls/{uuid:pk}/take-back",
    response=s.CaseOut,
    summary=gettext_noop("Take back an approval or a closing"),
    **ANY,
)
def take_back(request: KeyRequest, pk: UUID) -> Any:
    """One's own: an approval before it is sent, a closing within ten minutes."""
    recall = queries_recall.recall_of(request.viewer, pk=pk)
    if recall is None:
        raise Problem(404, _("There is nothing to take back."))
    needed = P.CASES_APPROVE if recall.deed == Deed.APPROVE else P.CASES_REFER
    sealed = case_rules.is_sealed(recall.case.kind)
    case = (sealed_for if sealed else case_for)(request, recall.case.number, needed)
    with foreseen():
        actions_recall.take_back(recall=recall, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.get(
    "/orphans",
    response=list[OrphanOut],
    summary=gettext_noop("Cases whose unit has ended"),
    **READS,
)
def orphans(request: KeyRequest) -> Any:
    """Of which nobody can tell who took over."""
    return [
        {
            "number": o.case.number,
            "title": "" if case_rules.is_sealed(o.case.kind) else o.case.title,
            "old_unit": o.old_name,
            "heirs": [{"slug": h.slug, "name": h.full_name} for h in o.heirs],
            "due_at": o.case.due_at,
        }
        for o in successions.orphans(request.viewer, at=request.at)
    ]


@router.post(
    "/orphans/{number}/heir",
    response=s.MovedOut,
    summary=gettext_noop("Say who takes such a case over"),
    **WRITES,
)
def settle(request: KeyRequest, number: s.CaseNumber, given: HeirIn) -> Any:
    """Its clock goes on."""
    unit = unit_for(request, given.unit)
    with foreseen():
        successions.settle(number=number, to_unit_id=unit.id, by=request.viewer, at=request.at)
    return {"number": number, "unit": {"slug": unit.slug, "name": unit.full_name}}
