"""Voter meetings: entered by officers, read by everybody."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers.rules import redact
from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.voters import actions, forms, queries, rules, sheet
from caunoi.voters.models import VoterMeeting
from caunoi.voters.terms import MAX_ROWS, Delegates, Row, VoterError

PUBLIC = "what voters asked and where it is, names hidden"
PAGE = 30


@access("cases.take_in")
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings of the viewer's units."""
    on = clock.local_date(clock.now())
    found = queries.visible_meetings(request.staff, on=on)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[m.unit_id for m in page], on=on)
    return render(request, "voters/meetings.html", {"page": page, "names": names})


@access("cases.take_in")
def add(request: HttpRequest) -> HttpResponse:
    """Enter a meeting."""
    at = clock.now()
    on = clock.local_date(at)
    held = [
        units.as_of(unit_id=i, on=on)
        for i in request.staff.unit_ids(Permission.CASES_TAKE_IN)  # type: ignore[attr-defined]
    ]
    choices = [(str(u.id), u.full_name) for u in held if u]
    form = forms.MeetingForm(request.POST or None, units=choices, initial={"held_on": on})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        fields["unit_id"], fields["level"] = UUID(fields.pop("unit")), Delegates(fields["level"])
        meeting = actions.hold_meeting(by=request.staff, at=at, **fields)  # type: ignore[attr-defined]
        messages.success(request, _("The meeting is entered. Now its petitions."))
        return redirect("voters:meeting", pk=meeting.pk)
    return render(request, "voters/add.html", {"form": form}, status=422 if form.errors else 200)


def _load(request: HttpRequest, pk: UUID) -> VoterMeeting:
    on = clock.local_date(clock.now())
    found = queries.meeting(request.staff, pk=pk, on=on)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("cases.take_in")
@require_safe
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one meeting with its petitions; ``?xlsx`` gives them as a file."""
    found = _load(request, pk)
    if "xlsx" in request.GET:
        return _as_sheet(found)
    return _page(request, found)


def _page(
    request: HttpRequest, found: VoterMeeting, *, status: int = 200, **more: Any
) -> HttpResponse:
    on = clock.local_date(clock.now())
    shown = {
        "meeting": found,
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "petitions": queries.petitions_of(meeting=found),
        "sealed": queries.sealed_count(meeting=found),
        "now": clock.now(),
        "lines_form": forms.PetitionsForm(),
        "sheet_form": forms.SheetForm(),
    } | more
    return render(request, "voters/meeting.html", shown, status=status)


def _as_sheet(found: VoterMeeting) -> HttpResponse:
    header = ["STT", "Số vụ việc", "Kiến nghị", "Nơi ở", "Trạng thái", "Hạn", "Trả lời lúc"]
    rows = (
        [p.place_in_list, p.case.number, p.case.text, p.case.place, p.case.state, p.case.due_at, p.case.answered_at]
        for p in queries.petitions_of(meeting=found)
    )  # fmt: skip
    return sheets.answer("kien-nghi-cu-tri", header, rows)


@access("cases.take_in")
@require_POST
def petitions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at pasted petitions first; ``keep`` opens a case for each."""
    found, form = _load(request, pk), forms.PetitionsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, lines_form=form)
    rows = _judged(rules.rows_of(rules.lines_of(form.cleaned_data["lines"])))
    if len(rows) > MAX_ROWS:
        form.add_error("lines", _("More than 500 petitions at once; paste them in parts."))
        return _page(request, found, status=422, lines_form=form)
    if "keep" not in request.POST:
        return _look(request, found, rows)
    return _keep(request, found, rows)


def _judged(rows: list[Row]) -> list[Row]:
    return [replace(r, sealed=actions.kind_of(r.text) in actions.SEALED_HERE) for r in rows]


def _look(request: HttpRequest, found: VoterMeeting, rows: list[Row]) -> HttpResponse:
    shown = {
        "meeting": found,
        "rows": rows,
        "good": sum(not r.problem for r in rows),
        "lines": rules.as_text(rows),
    }
    return render(request, "voters/look.html", shown)


def _keep(request: HttpRequest, found: VoterMeeting, rows: list[Row]) -> HttpResponse:
    try:
        opened = actions.keep_petitions(meeting=found, rows=rows, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    except VoterError as error:
        messages.error(request, _(str(error)))
        return redirect("voters:meeting", pk=found.pk)
    n = len(opened)
    said = ngettext(
        "%(n)d petition is a case now, each with its number.",
        "%(n)d petitions are cases now, each with its number.",
        n,
    )
    messages.success(request, said % {"n": n})
    return redirect("voters:meeting", pk=found.pk)


@access("cases.take_in")
@require_POST
def from_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at the petitions of a sheet."""
    found, form = _load(request, pk), forms.SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            lines = sheet.lines_of_sheet(form.cleaned_data["file"].read())
            return _look(request, found, _judged(rules.rows_of(lines)))
        except VoterError as error:
            form.add_error("file", _(str(error)))
    return _page(request, found, status=422, sheet_form=form)


@access("cases.take_in")
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    """Give the empty sheet."""
    response = HttpResponse(sheet.pattern(), content_type=sheets.KIND)
    response["Content-Disposition"] = 'attachment; filename="mau-kien-nghi-cu-tri.xlsx"'
    return response


@public(PUBLIC)
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """List meetings with how many petitions are answered, everywhere or of one unit."""
    on = clock.local_date(clock.now())
    slug = request.GET.get("don-vi", "")[:140]
    unit = units.by_slug(slug=slug, on=on) if slug else None
    found = queries.public_meetings(under=unit.id if unit else None, on=on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[m.unit_id for m in page], on=on)
    shown = {"page": page, "names": names, "unit": unit, "section": "answers"}
    return render(request, "voters/public_list.html", shown)


@public(PUBLIC)
@require_safe
def public_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was asked at one meeting and where each petition is."""
    found = queries.public_meeting(pk=pk)
    if found is None:
        raise Http404
    rows = [
        {"petition": p, "text": redact(p.case.text, names=(p.case.asker_name,)).text}
        for p in queries.petitions_of(meeting=found)
    ]
    shown = {
        "meeting": found,
        "rows": rows,
        "unit_name": units.name_of(unit_id=found.unit_id, on=clock.local_date(clock.now())),
        "now": clock.now(),
        "section": "answers",
    }
    return render(request, "voters/public_meeting.html", shown)
