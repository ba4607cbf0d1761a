"""Keeping the library: what one keeps and how it stands, every text an answer had, old answers brought in from a sheet."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Query, Router, UploadedFile
from pydantic import StringConstraints

from caunoi.answers import actions_import, importing, queries
from caunoi.answers.import_models import AnswerImport
from caunoi.answers.terms import RowState
from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.answers import READS, WRITES, answers_out
from caunoi.api.v1.ground import as_file, foreseen, gives, unit_for, units_out
from caunoi.kit import sheets

router = Router(tags=["library"])
SIZE, SHOWN, SOON_DAYS = 50, 20, 30


class KeptFilters(s.Schema):
    """Words, and how they stand."""

    q: s.Words = ""
    show: Literal[queries.SHOWS] = "all"  # type: ignore[valid-type]
    page: s.Page = 1


class KeptOut(s.AnswerOut):
    """One answer one keeps, and how often it settled somebody's question or did not."""

    helped: int
    not_helped: int


class KeptPageOut(s.Schema):
    """One page of them."""

    items: list[KeptOut]
    page: int
    size: int
    next: int | None


class VersionOut(s.Schema):
    """One text an answer had."""

    number: int
    text: str
    from_at: datetime
    why: str
    by: str


class LineOut(s.Schema):
    """One line of a sheet; ``problem`` says why it is left out."""

    line: int
    question: str
    answer: str
    agency: str
    topic: str
    answered_on: date | None
    problem: str


class ImportOut(s.Schema):
    """A sheet of old answers: how many lines stand how."""

    id: UUID
    unit: s.UnitOut
    file_name: str
    state: str
    made_at: datetime
    finished_at: datetime | None
    lines: dict[str, int]
    may_undo: bool


class ImportFullOut(ImportOut):
    """The same with the first good lines and the first that are left out."""

    first: list[LineOut]
    bad: list[LineOut]


class UnitOfSheet(s.Schema):
    """Whose answers they are."""

    unit: Annotated[str, StringConstraints(pattern=s.SLUG, max_length=140)]


@router.get("", response=KeptPageOut, summary=gettext_noop("List the answers one keeps"), **WRITES)
def list_kept(request: KeyRequest, chosen: Query[KeptFilters]) -> Any:
    """Newest first; ``ending`` within 30 days, ``not_helping`` refused more often than accepted."""
    soon = request.on + timedelta(days=SOON_DAYS)
    found = queries.kept(request.viewer, show=chosen.show, text=chosen.q, on=request.on, soon=soon)
    start = (chosen.page - 1) * SIZE
    rows = list(found[start : start + SIZE + 1])
    more = len(rows) > SIZE and chosen.page < 200
    rows = rows[:SIZE]
    return {
        "items": [
            said | {"helped": a.helped, "not_helped": a.not_helped}  # type: ignore[attr-defined]
            for said, a in zip(answers_out(request, rows), rows, strict=True)
        ],
        "page": chosen.page,
        "size": SIZE,
        "next": chosen.page + 1 if more else None,
    }


@router.get(
    "/history/{number}",
    response=list[VersionOut],
    summary=gettext_noop("Every text an answer had"),
    **READS,
)
def answer_history(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Newest first; empty while it was never corrected."""
    found = queries.by_number(number=number)
    if found is None:
        raise Problem(404, _("No published answer of this number."))
    return [
        {
            "number": v.number,
            "text": v.text,
            "from_at": v.from_at,
            "why": v.why,
            "by": v.by_name,
        }
        for v in (shown.version for shown in queries.history(answer=found))
    ]


@router.get(
    "/imports", response=list[ImportOut], summary=gettext_noop("List the sheets brought in"), **WRITES
)  # fmt: skip
def list_imports(request: KeyRequest) -> Any:
    """The last 50."""
    found = list(queries.imports(request.viewer, on=request.on)[:50])
    return _imports_out(request, found)


def _imports_out(request: KeyRequest, found: Collection[AnswerImport]) -> list[dict[str, Any]]:
    named = units_out(request, {m.unit_id for m in found})
    counted = actions_import.progress_of(made=found)
    same = ("file_name", "state", "made_at", "finished_at")
    return [
        {
            **{n: getattr(m, n) for n in same},
            "id": m.pk,
            "unit": named[m.unit_id],
            "lines": counted[m.pk],
            "may_undo": actions_import.may_undo(m, request.at),
        }
        for m in found
    ]


@router.post(
    "/imports",
    response={201: ImportFullOut},
    summary=gettext_noop("Look at a sheet of old answers"),
    **WRITES,
)
def check_sheet(request: KeyRequest, file: File[UploadedFile], given: Form[UnitOfSheet]) -> Any:
    """XLSX as the pattern. Nothing is published yet: look at it, then start it."""
    unit = unit_for(request, given.unit)
    with foreseen():
        made = actions_import.check_sheet(
            unit_id=unit.id,
            file_name=file.name or "",
            body=file.read(),
            by=request.viewer,
            at=request.at,
        )
    return 201, _full(request, made)


@router.get(
    "/imports/pattern",
    summary=gettext_noop("The empty sheet"),
    **gives(Scope.ANSWERS_WRITE, sheets.KIND),
)
def import_pattern(request: KeyRequest) -> HttpResponse:
    """With the names of its columns."""
    del request
    return as_file(importing.pattern(), kind=sheets.KIND, name="mau-hoi-dap-cu.xlsx")


def _import(request: KeyRequest, pk: UUID) -> AnswerImport:
    found = queries.imports(request.viewer, on=request.on).filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("No such sheet of your units."))
    return found


def _full(request: KeyRequest, made: AnswerImport) -> dict[str, Any]:
    lines = made.rows.order_by("line")
    return _imports_out(request, [made])[0] | {
        "first": [_line(r) for r in lines.filter(state=RowState.TODO)[:SHOWN]],
        "bad": [_line(r) for r in lines.filter(state=RowState.BAD)[:SHOWN]],
    }


def _line(row: Any) -> dict[str, Any]:
    same = ("line", "question", "answer", "agency", "topic", "answered_on")
    return {n: getattr(row, n) for n in same} | {"problem": _(row.problem) if row.problem else ""}


@router.get(
    "/imports/{uuid:pk}",
    response=ImportFullOut,
    summary=gettext_noop("How far a sheet is"),
    **WRITES,
)
def read_import(request: KeyRequest, pk: UUID) -> Any:
    """And what is wrong with which line."""
    return _full(request, _import(request, pk))


@router.get(
    "/imports/{uuid:pk}/bad",
    summary=gettext_noop("The lines that were left out, as a sheet"),
    **gives(Scope.ANSWERS_WRITE, sheets.KIND),
)
def import_bad(request: KeyRequest, pk: UUID) -> HttpResponse:
    """Each with what is wrong, to be corrected and brought in again."""
    header, rows = actions_import.bad_table(_import(request, pk))
    return sheets.answer("dong-can-sua", header, rows)


@router.post(
    "/imports/{uuid:pk}/start",
    response=ImportOut,
    summary=gettext_noop("Publish the good lines of a sheet"),
    **WRITES,
)
def start_import(request: KeyRequest, pk: UUID) -> Any:
    """The worker does it."""
    made = _import(request, pk)
    with foreseen():
        made = actions_import.start_import(made=made, by=request.viewer, at=request.at)
    return _imports_out(request, [made])[0]


@router.post(
    "/imports/{uuid:pk}/undo",
    response=ImportOut,
    summary=gettext_noop("Take a sheet back"),
    **WRITES,
)
def undo_import(request: KeyRequest, pk: UUID) -> Any:
    """Within a day; answers corrected since stay."""
    made = _import(request, pk)
    with foreseen():
        made = actions_import.undo_import(made=made, by=request.viewer, at=request.at)
    return _imports_out(request, [made])[0]
