"""Official papers: the register, one paper, its files, and cancelling one."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import READS, WRITES, as_file, case_for, foreseen, gives, units_out
from caunoi.documents import actions, queries
from caunoi.documents.models import Paper
from caunoi.documents.terms import Format, PaperType

router = Router(tags=["papers"])
of_cases = Router(tags=["papers"])
SIZE = 50
KINDS = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class PaperOut(s.Schema):
    """One numbered paper."""

    id: UUID
    symbol: str
    type: str
    subject: str
    addressee: str
    unit: s.UnitOut
    state: str
    issued_at: datetime
    cancelled_because: str


class PaperPageOut(s.Schema):
    """One page of the register."""

    items: list[PaperOut]
    page: int
    size: int
    next: int | None


class PaperFilters(s.Schema):
    """Words, year, type; everything may be left out."""

    q: s.Words = ""
    year: Annotated[int, s.Field(ge=1990, le=2200)] | None = None
    type: PaperType | None = None
    page: s.Page = 1


def paper_out(request: KeyRequest, found: Collection[Paper]) -> list[dict[str, Any]]:
    """Return these papers, in two queries however many there are."""
    named = units_out(request, {p.unit_id for p in found})
    same = ("symbol", "subject", "addressee", "state", "issued_at", "cancelled_because")
    return [
        {
            **{name: getattr(p, name) for name in same},
            "id": p.pk,
            "type": p.paper_type,
            "unit": named[p.unit_id],
        }
        for p in found
    ]


@router.get("", response=PaperPageOut, summary=gettext_noop("List the register of papers"), **READS)
def list_papers(request: KeyRequest, chosen: Query[PaperFilters]) -> Any:
    """Newest first."""
    found = queries.papers(
        request.viewer,
        on=request.on,
        text=chosen.q,
        year=chosen.year,
        paper_type=chosen.type.value if chosen.type else "",
    ).defer("sheet")
    start = (chosen.page - 1) * SIZE
    rows = list(found[start : start + SIZE + 1])
    more = len(rows) > SIZE and chosen.page < 200
    return {
        "items": paper_out(request, rows[:SIZE]),
        "page": chosen.page,
        "size": SIZE,
        "next": chosen.page + 1 if more else None,
    }


def _paper(request: KeyRequest, pk: UUID) -> Paper:
    found = queries.visible_papers(request.viewer, on=request.on).filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("No such paper that this key may see."))
    return found


@router.get("/{uuid:pk}", response=PaperOut, summary=gettext_noop("Read one paper"), **READS)
def read_paper(request: KeyRequest, pk: UUID) -> Any:
    """Its place in the register."""
    return paper_out(request, [_paper(request, pk)])[0]


@router.get(
    "/{uuid:pk}/file",
    summary=gettext_noop("The paper as PDF or DOCX"),
    **gives(Scope.CASES_READ, *KINDS.values()),
)
def paper_file(request: KeyRequest, pk: UUID, format: Format = Format.PDF) -> HttpResponse:
    """The same bytes each time."""
    found = _paper(request, pk)
    content = actions.file_for(paper=found, file_format=format, at=request.at)
    name = found.symbol.replace("/", "-")
    return as_file(content, kind=KINDS[format], name=f"{name}.{format.value}")


@router.post(
    "/{uuid:pk}/cancellation",
    response=PaperOut,
    summary=gettext_noop("Cancel a paper"),
    **WRITES,
)
def cancel_paper(request: KeyRequest, pk: UUID, given: s.ReasonIn) -> Any:
    """The register keeps its number, with the reason."""
    found = _paper(request, pk)
    with foreseen():
        done = actions.cancel_paper(
            paper=found, because=given.reason, by=request.viewer, at=request.at
        )
    return paper_out(request, [done])[0]


@of_cases.get(
    "/{number}/papers",
    response=list[PaperOut],
    summary=gettext_noop("Papers issued about a case"),
    **READS,
)
def papers_of_case(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Oldest first."""
    case = case_for(request, number)
    found = queries.papers_of(request.viewer, reference=f"case:{case.pk}", on=request.on)
    return paper_out(request, found)
