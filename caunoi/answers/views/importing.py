"""Bringing in old questions and answers: the empty sheet, a look at what is wrong, the run with its progress, taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers import actions_import, forms, queries
from caunoi.answers import importing as sheet
from caunoi.answers.import_models import AnswerImport
from caunoi.answers.terms import AnswerError, ImportState, RowState
from caunoi.kit import clock, sheets, swap
from caunoi.kit.access import access
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PARTS = ("import",)
SHOWN = 20


@access("answers.manage")
def imports(request: HttpRequest) -> HttpResponse:
    """List the sheets brought in; look at another one."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    own = list(viewer.unit_ids(Permission.ANSWERS_MANAGE))
    names = units.names_of(unit_ids=own, on=on)
    choices = [(str(u), names.get(u, "")) for u in own]
    form = forms.ImportForm(request.POST or None, request.FILES or None, units=choices)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        unit_id = UUID(form.cleaned_data["unit"] or choices[0][0])
        try:
            made = actions_import.check_sheet(
                unit_id=unit_id, file_name=file.name or "", body=file.read(), by=viewer, at=at
            )
            return redirect("answers:import", pk=made.pk)
        except AnswerError as error:
            form.add_error("file", _(str(error)))
    rows = list(queries.imports(viewer, on=on)[:50])
    shown = {
        "form": form,
        "rows": rows,
        "names": units.names_of(unit_ids={r.unit_id for r in rows}, on=on),
    }
    return render(request, "answers/imports.html", shown, status=422 if form.errors else 200)


@access("answers.manage")
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    """Give the empty sheet."""
    del request
    response = HttpResponse(sheet.pattern(), content_type=sheets.KIND)
    response["Content-Disposition"] = 'attachment; filename="mau-hoi-dap-cu.xlsx"'
    return response


def _load(request: HttpRequest, pk: UUID) -> AnswerImport:
    on = clock.local_date(clock.now())
    found = queries.imports(request.staff, on=on).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("answers.manage")
@require_safe
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what will be published and what is wrong; while it runs, how far it is; afterwards what came of it."""
    made, at = _load(request, pk), clock.now()
    counted = actions_import.progress(made)
    shown = {
        "made": made,
        "counted": counted,
        "total": sum(counted.values()) - counted[RowState.BAD],
        "handled": counted[RowState.DONE] + counted[RowState.KNOWN] + counted[RowState.UNDONE],
        "first": made.rows.filter(state=RowState.TODO).order_by("line")[:SHOWN]
        if made.state == ImportState.CHECKED
        else [],
        "bad": made.rows.filter(state=RowState.BAD).order_by("line")[:SHOWN],
        "may_undo": actions_import.may_undo(made, at),
        "unit_name": units.name_of(unit_id=made.unit_id, on=clock.local_date(at)),
    }
    return swap.render(request, "answers/import.html", shown, parts=PARTS)


@access("answers.manage")
@require_safe
def errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the lines that were left out, each with what is wrong, to be corrected and brought in again."""
    made = _load(request, pk)
    head, rows = actions_import.bad_table(made)
    return sheets.answer("dong-can-sua", head, rows)


@access("answers.manage")
@require_POST
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the worker publish the good lines."""
    made = _load(request, pk)
    actions_import.start_import(made=made, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    return redirect("answers:import", pk=pk)


@access("answers.manage")
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take everything of this sheet back, within a day."""
    made = _load(request, pk)
    try:
        actions_import.undo_import(made=made, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        n = actions_import.progress(made)[RowState.DONE]
        said = ngettext("%(n)d answer is taken back.", "%(n)d answers are taken back.", n)
        messages.success(request, said % {"n": n})
    except AnswerError as error:
        messages.error(request, _(str(error)))
    return redirect("answers:import", pk=pk)
