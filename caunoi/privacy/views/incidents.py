"""Incidents with personal data: for administrators, and auditors who read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.documents import actions as documents
from caunoi.documents.terms import Format
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.privacy import actions_incidents, forms, queries
from caunoi.privacy.models import Incident
from caunoi.privacy.terms import IncidentState
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE, SHEET_ROWS = 50, 20_000
HEAD = ("Phát hiện lúc", "Hạn báo", "Đơn vị", "Sự việc", "Loại dữ liệu", "Số người", "Biện pháp", "Trạng thái", "Báo lúc", "Báo cho", "Đóng lúc")  # fmt: skip
STATES = {"open": "chưa báo", "notified": "đã báo", "closed": "đã đóng"}
TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@access("incidents.view")
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents of the viewer's units, the open ones first; ``?xlsx`` gives them as a file."""
    at = clock.now()
    on = clock.local_date(at)
    found = queries.incidents(request.staff, on=on)  # type: ignore[attr-defined]
    if "xlsx" in request.GET:
        rows = list(found[:SHEET_ROWS])
        names = units.names_of(unit_ids={i.unit_id for i in rows}, on=on)
        return sheets.answer("su-co-du-lieu", HEAD, (_row(i, names) for i in rows))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": units.names_of(unit_ids={i.unit_id for i in page}, on=on),
        "may": request.staff.may(Permission.INCIDENTS_MANAGE),  # type: ignore[attr-defined]
        "now": at,
    }
    return render(request, "privacy/incidents.html", shown)


def _row(i: Incident, names: dict[UUID, str]) -> list[Any]:
    told = [i.notified_at, i.notified_to, i.closed_at]
    known = [i.what, i.data_kinds, i.people, i.measures, STATES[i.state]]
    return [i.found_at, i.due_at, names.get(i.unit_id, ""), *known, *told]


@access("incidents.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Write down an incident."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    own = list(viewer.unit_ids(Permission.INCIDENTS_MANAGE))
    names = units.names_of(unit_ids=own, on=on)
    form = forms.IncidentForm(
        request.POST or None,
        units=[(str(u), names.get(u, "")) for u in own],
        initial={"found_at": at},
    )
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        unit_id = UUID(fields.pop("unit") or str(own[0]))
        try:
            made = actions_incidents.report_incident(unit_id=unit_id, by=viewer, at=at, **fields)
            messages.success(request, _("Written down. The clock of 72 hours runs."))
            return redirect("privacy:incident", pk=made.pk)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    status = 422 if form.errors else 200
    return render(request, "privacy/incident_new.html", {"form": form}, status=status)


def _load(request: HttpRequest, pk: UUID) -> Incident:
    on = clock.local_date(clock.now())
    found = queries.incidents(request.staff, on=on).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("incidents.view")
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one incident; who may brings it up to date here."""
    found, at = _load(request, pk), clock.now()
    viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(at)
    path = units.paths_of(unit_ids=[found.unit_id], on=on).get(found.unit_id, "none")
    may = viewer.may(Permission.INCIDENTS_MANAGE, path) and found.state != IncidentState.CLOSED
    names = ("what", "data_kinds", "people", "measures")
    form = forms.UpdateForm(request.POST or None, initial={n: getattr(found, n) for n in names})
    if request.method == "POST" and may and form.is_valid():
        actions_incidents.update_incident(incident=found, by=viewer, at=at, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("privacy:incident", pk=pk)
    shown = {
        "incident": found,
        "form": form,
        "may": may,
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "now": at,
    }
    return render(request, "privacy/incident.html", shown, status=422 if form.errors else 200)


def _do(
    request: HttpRequest, pk: UUID, deed: Callable[[Incident], object], said: str
) -> HttpResponse:
    found = _load(request, pk)
    try:
        deed(found)
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("privacy:incident", pk=pk)


@access("incidents.manage")
@require_POST
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue the notice with the unit's next number."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    return _do(
        request,
        pk,
        lambda found: actions_incidents.issue_notice(incident=found, by=by, at=at),
        _("The notice has its number. Print it, sign it, send it."),
    )


@access("incidents.manage")
@require_POST
def notified(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the authority was told."""
    by, at, to = request.staff, clock.now(), request.POST.get("words", "")  # type: ignore[attr-defined]
    return _do(
        request,
        pk,
        lambda found: actions_incidents.mark_notified(incident=found, to=to, by=by, at=at),
        _("Noted. The clock has stopped."),
    )


@access("incidents.manage")
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End it with its outcome."""
    by, at, said = request.staff, clock.now(), request.POST.get("words", "")  # type: ignore[attr-defined]
    return _do(
        request,
        pk,
        lambda found: actions_incidents.close_incident(incident=found, outcome=said, by=by, at=at),
        _("The incident is closed."),
    )


@access("incidents.view")
@require_safe
def file(request: HttpRequest, pk: UUID, file_format: str) -> HttpResponse:
    """Give the notice as PDF or DOCX."""
    found = _load(request, pk)
    if found.paper is None or file_format not in list(Format):
        raise Http404
    wanted = Format(file_format)
    content = documents.file_for(paper=found.paper, file_format=wanted, at=clock.now())
    response = HttpResponse(content, content_type=TYPES[wanted])
    name = found.paper.symbol.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
