"""The case page of the desk: read, write, approve, refer; each button is one call into the house."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import actions as cases
from caunoi.cases import on_behalf
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import ReasonForm
from caunoi.cases.models import Case
from caunoi.channels.actions import LOCAL_WALK_IN
from caunoi.handling import actions as handling
from caunoi.handling import actions_writing as writing
from caunoi.journeys import ask_and_answer, ask_units, recalling
from caunoi.journeys.ask_views import slip
from caunoi.journeys.case_page import load, show
from caunoi.journeys.forms import WalkInForm
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.privacy import actions_consent as consent
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow


@access("cases.view")
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its conversation, its answer and what happened; a sealed one has a page of its own."""
    viewer = request.staff  # type: ignore[attr-defined]
    if case_queries.sealed_case(viewer, number=number) is not None:
        return redirect("journeys:sealed_case", number=number)
    found = load(request, number)
    answer = show(request, found)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    handling.mark_read(case=found, by=by, at=at)
    writing.see_mentions(case=found, by=by, at=at)
    return answer


def _do(
    request: HttpRequest, number: str, permission: str, act: Callable[[Case], None], said: str
) -> HttpResponse:
    """Do one thing to the case; an error we foresee is said, and the page comes back."""
    found = load(request, number, permission)
    try:
        act(found)
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.refer")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End a case without an answer, saying why."""
    form = ReasonForm(request.POST, prefix="close")
    found = load(request, number, Permission.CASES_REFER)
    if not form.is_valid():
        return show(request, found, status=422, close_form=form)
    by, reason = request.staff, form.cleaned_data["reason"]  # type: ignore[attr-defined]

    try:
        recalling.close_and_remember(case=found, reason=reason, by=by, at=clock.now())
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.refer")
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Take a finished case up again."""
    by = request.staff  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.reopen_case(case=found, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_REFER, act, _("Taken up again."))


@access("cases.draft")
@require_POST
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show the asker's contact once; that it was looked at is on record."""
    found = load(request, number, Permission.CASES_DRAFT)
    by = request.staff  # type: ignore[attr-defined]
    shown = cases.reveal_contact(case=found, by=by, at=clock.now())
    helped = on_behalf.opened_contact(found)
    return show(request, found, revealed=shown or "–", revealed_helped=helped)


@access("cases.take_in")
def walk_in(request: HttpRequest) -> HttpResponse:
    """Type in a question for somebody without a phone; the slip can be printed or read out."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    home = _home(viewer, on)
    first = {"unit": home.full_name, "chosen": home.slug} if home else {}
    form = WalkInForm(request.POST or None, initial=first | {"public": "yes"})
    if request.method != "POST" or not form.is_valid():
        return _walk_in_again(request, form)
    fields = form.cleaned_data
    picked = ask_units.unit_asked(request.POST.get("chosen_unit", ""))
    unit = picked or ask_units.meant(written=fields["unit"], chosen=fields["chosen"])
    unit = unit or ask_units.unit_asked(ask_units.only_choice(text=fields["unit"], on=on))
    if unit is None:
        found = ask_units.choices(text=fields["unit"], on=on)
        unclear = _("Several communes bear that name or took it over. Choose one below.")
        form.add_error("unit", unclear if found else _(ask_units.NO_SUCH))
        return _walk_in_again(request, form, found)
    taken = ask_and_answer.take_walk_in(
        unit_id=unit.id,
        text=fields["text"],
        form_key=_key(request),
        name=fields["name"],
        contact=fields["contact"],
        place=fields["place"],
        is_public=fields["public"] == "yes",
        by=viewer,
        at=clock.now(),
    )
    return render(request, "journeys/taken_in.html", slip(taken))


def _walk_in_again(
    request: HttpRequest, form: WalkInForm, choices: list[dict[str, str]] | None = None
) -> HttpResponse:
    at = clock.now()
    home = _home(request.staff, clock.local_date(at))  # type: ignore[attr-defined]
    told = home and consent.words_for(unit_id=home.id, channel=LOCAL_WALK_IN, at=at)
    shown = {"form": form, "form_key": _key(request), "choices": choices or [], "told": told}
    return render(request, "journeys/walk_in.html", shown)


def _home(viewer: Viewer, on: date) -> UnitNow | None:
    """Return the commune of the first unit in which the viewer takes questions in."""
    own = (units.as_of(unit_id=i, on=on) for i in viewer.unit_ids(Permission.CASES_TAKE_IN))
    first = next((u for u in own if u), None)
    return _office_of(first.id, on) if first else None


def _office_of(unit_id: UUID, on: date) -> UnitNow | None:
    """Return the commune a village belongs to, or the unit itself."""
    unit = units.as_of(unit_id=unit_id, on=on)
    if unit is not None and unit.level == Level.VILLAGE:
        return units.as_of(unit_id=unit.parent_id, on=on) if unit.parent_id else None
    return unit


def _key(request: HttpRequest) -> str:
    import uuid

    return request.POST.get("form_key", "")[:64] or uuid.uuid4().hex
