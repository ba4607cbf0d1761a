"""The reception: a question told in person, with photos of what it is about or a recording of her who cannot write."""

import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from caunoi.cases.models import Case
from caunoi.channels.actions import LOCAL_WALK_IN
from caunoi.files import actions as files
from caunoi.journeys import ask_and_answer, ask_files, ask_units, words
from caunoi.journeys.ask_files import Taken
from caunoi.journeys.ask_views import slip
from caunoi.journeys.forms import WalkInForm
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.privacy import actions_consent as consent
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow


@access("cases.take_in")
def walk_in(request: HttpRequest) -> HttpResponse:
    """Type in a question for somebody without a phone; the slip can be printed or read out."""
    at = clock.now()
    if request.method != "POST":
        home = _home(request.staff, clock.local_date(at))  # type: ignore[attr-defined]
        first = {"unit": home.full_name, "chosen": home.slug} if home else {}
        return _again(request, WalkInForm(initial=first | {"public": "yes"}), Taken())
    taken = ask_files.take(request, batch=request.POST.get("batch", "")[:64], at=at)
    if "remove" in request.POST or taken.refused:
        ask_files.remove(batch=taken.batch, wanted=request.POST.get("remove", ""), at=at)
        return _again(request, WalkInForm(initial=request.POST.dict()), taken)
    spoken = ask_files.has_voice(ask_files.waiting(batch=taken.batch, at=at))
    form = WalkInForm(request.POST, spoken=spoken)
    if not form.is_valid():
        return _again(request, form, taken)
    fields, on = form.cleaned_data, clock.local_date(at)
    picked = ask_units.unit_asked(request.POST.get("chosen_unit", ""))
    unit = picked or ask_units.meant(written=fields["unit"], chosen=fields["chosen"])
    unit = unit or ask_units.unit_asked(ask_units.only_choice(text=fields["unit"], on=on))
    if unit is None:
        found = ask_units.choices(text=fields["unit"], on=on)
        unclear = _("Several communes bear that name or took it over. Choose one below.")
        form.add_error("unit", unclear if found else _(ask_units.NO_SUCH))
        return _again(request, form, taken, found)
    case = _take(request, unit.id, fields, taken.batch, at)
    return render(request, "journeys/taken_in.html", slip(case))


@transaction.atomic
def _take(
    request: HttpRequest, unit_id: UUID, fields: dict[str, str], batch: str, at: datetime
) -> Case:
    """Open the case with its files. What was only spoken nobody has heard yet: it is not public, whatever was chosen."""
    case = ask_and_answer.take_walk_in(
        unit_id=unit_id,
        text=fields["text"] or words.SPOKEN,
        form_key=_key(request),
        name=fields["name"],
        contact=fields["contact"],
        place=fields["place"],
        is_public=fields["public"] == "yes" and bool(fields["text"]),
        by=request.staff,  # type: ignore[attr-defined]
        at=at,
    )
    files.attach_files(batch=batch, case_id=case.pk, at=at)
    return case


def _again(
    request: HttpRequest,
    form: WalkInForm,
    taken: Taken,
    choices: list[dict[str, str]] | None = None,
) -> HttpResponse:
    """Show the form with every word and file that was given."""
    at = clock.now()
    home = _home(request.staff, clock.local_date(at))  # type: ignore[attr-defined]
    shown = {
        "form": form,
        "form_key": _key(request),
        "choices": choices or [],
        "told": home and consent.words_for(unit_id=home.id, channel=LOCAL_WALK_IN, at=at),
        "files": ask_files.waiting(batch=taken.batch, at=at),
        "typed": {"batch": taken.batch},
        "refused": taken.refused,
    }
    wrong = form.errors or taken.refused
    return render(request, "journeys/walk_in.html", shown, status=422 if wrong else 200)


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
    return request.POST.get("form_key", "")[:64] or uuid.uuid4().hex
