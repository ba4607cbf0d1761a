"""Events of the unit tree, entered at the desk: fill in, look at what would change, confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from caunoi.desk import holdings
from caunoi.desk.event_base import EventForm
from caunoi.desk.event_forms import FORMS, MOST_PARTS, SplitForm
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.rehearsal import Rehearsal, rehearse
from caunoi.units.terms import UnitError, UnitNow


@access("units.manage")
def unit_event(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Show the form; after a look at what would change, record the event."""
    unit = _unit(request, slug)
    form_class = FORMS.get(kind)
    if form_class is None or not form_class.fits(unit):
        raise Http404
    today = clock.local_date(clock.now())
    around: dict[str, Any] = {"unit": unit, "viewer": request.staff, "today": today}
    if request.method != "POST":
        return _form(request, form_class(**around))
    form = form_class(request.POST, **around)
    if "again" in request.POST or "more" in request.POST:
        words = form.words()
        if isinstance(form, SplitForm):
            words["parts"] = min(MOST_PARTS, form.count + ("more" in request.POST))
        return _form(request, form_class(initial=words, **around))
    return _check_or_record(request, form)


def _unit(request: HttpRequest, slug: str) -> UnitNow:
    """Return a unit of today's tree that the viewer manages; anybody else gets 404."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on)
    alive = unit is not None and (unit.valid_to is None or unit.valid_to > on)
    if unit is None or not alive or not request.staff.may(Permission.UNITS_MANAGE, unit.path):
        raise Http404
    return unit


def _check_or_record(request: HttpRequest, form: EventForm) -> HttpResponse:
    at = clock.now()
    if not form.is_valid():
        return _form(request, form)
    act = form.event(by=request.staff, at=at)
    try:
        if "confirm" in request.POST:
            to_show = act()
            messages.success(request, _("Recorded."))
            return redirect("units:unit", slug=_slug(to_show, form))
        seen = rehearse(act)
    except UnitError as error:
        form.refuse(error)
        return _form(request, form)
    return render(request, "desk/unit_event_check.html", _check(request, form, seen))


def _check(request: HttpRequest, form: EventForm, seen: Rehearsal) -> dict[str, Any]:
    """Return what the page before the confirmation shows."""
    on = clock.local_date(clock.now())
    parents = {i for left, reached, _moved in seen.groups for i in (left, reached)}
    names = units.names_of(unit_ids=parents, on=seen.on) | {u.id: u.full_name for u in seen.begins}
    held = holdings.held(request.staff, found=seen.held_by, on=on)
    ending = {u.id for u in seen.ends}
    return {
        "form": form,
        "unit": form.unit,
        "title": form.title % {"unit": form.unit.full_name},
        "seen": seen,
        "groups": [
            (names.get(left, ""), names.get(reached, ""), moved)
            for left, reached, moved in seen.groups
        ],
        "held": [h for h in held if not h.nothing or h.unit.id in ending],
        "future": seen.on > on,
        "typed": [(n, v) for n, vs in request.POST.lists() for v in vs if n not in NOT_TYPED],
    }


NOT_TYPED = {"csrfmiddlewaretoken", "confirm", "again", "more"}


def _slug(to_show: list[UUID], form: EventForm) -> str:
    """Return the address word of the first unit to show; one that begins later has a page too."""
    return units.slugs_of(unit_ids=to_show[:1]).get(to_show[0], form.unit.slug)


def _form(request: HttpRequest, form: EventForm) -> HttpResponse:
    shown = {
        "form": form,
        "unit": form.unit,
        "title": form.title % {"unit": form.unit.full_name},
        "more": isinstance(form, SplitForm) and form.count < MOST_PARTS,
    }
    wrong = form.is_bound and bool(form.errors)
    return render(request, "desk/unit_event.html", shown, status=422 if wrong else 200)
