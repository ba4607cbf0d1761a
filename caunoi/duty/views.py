"""Ringing, taking, and the roster."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caunoi.duty import actions, banner, forms, paging, queries
from caunoi.duty.models import Alarm, CallList, Shift
from caunoi.duty.terms import DutyError
from caunoi.kit import clock
from caunoi.kit.access import access, public
from caunoi.staff.models import Account
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

BY_LINK = "whoever was called takes the alarm by the link of the call, without signing in"


@access("duty.take")
@never_cache
@require_safe
def ringing(request: HttpRequest) -> HttpResponse:
    """Return the banner alone: the desk asks for it again and again."""
    shown = {"duty_alarms": banner.shown(request.staff)}  # type: ignore[attr-defined]
    return render(request, "duty/banner.html", shown)


@access("duty.take")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what rings, what rang, and who is on duty now."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    alarms = queries.recent_alarms(viewer, at=at)
    kept = queries.kept_units(viewer, on=on)
    own = [units.as_of(unit_id=i, on=on) for i in viewer.unit_ids("duty.take")]
    posts = [(u, queries.people_of(unit_id=u.id, at=at)) for u in own if u]
    people = queries.accounts(account_ids=[a for _u, ids in posts for a in ids])
    shown = {
        "alarms": alarms,
        "names": units.names_of(unit_ids=[a.unit_id for a in alarms], on=on),
        "posts": [(u, [people[i] for i in ids]) for u, ids in posts],
        "kept": {u.id for u in kept},
        "now": at,
    }
    return render(request, "duty/board.html", shown)


def _alarm(request: HttpRequest, pk: UUID) -> Alarm:
    on = clock.local_date(clock.now())
    return get_object_or_404(queries.visible_alarms(request.staff, on=on), pk=pk)  # type: ignore[attr-defined]


@access("duty.take")
@require_safe
def alarm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one alarm: since when it rings, who was called, who took it."""
    return render(request, "duty/alarm.html", _alarm_page(_alarm(request, pk)))


def _alarm_page(found: Alarm) -> dict[str, Any]:
    pages = queries.pages_of(alarm=found)
    on = clock.local_date(clock.now())
    ids = {found.unit_id} | {p.unit_id for p in pages}
    return {
        "alarm": found,
        "pages": pages,
        "names": units.names_of(unit_ids=ids, on=on),
        "now": clock.now(),
    }


@access("duty.take")
@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say "I see to it", and go to the case."""
    found = _alarm(request, pk)
    account = Account.objects.get(pk=request.staff.account_id)  # type: ignore[attr-defined]
    try:
        actions.take_alarm(alarm=found, account=account, at=clock.now())
    except DutyError as error:
        messages.error(request, _(str(error)))
        return redirect("duty:alarm", pk=pk)
    messages.success(request, _("You took it. Act now, then write down what was done."))
    return redirect(case_address(found))


def case_address(found: Alarm) -> str:
    """Return where the alarm's case is read; a sealed one sends on whoever may open it."""
    return reverse("journeys:case", kwargs={"number": found.number})


@public(BY_LINK)
@never_cache
def take_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take an alarm from the call itself; what the case says is read after signing in."""
    known = paging.opened(token)
    found = Alarm.objects.filter(pk=known[0]).select_related("taken_by").first() if known else None
    person = Account.objects.filter(pk=known[1], is_active=True).first() if known else None
    if found is None or person is None or not found.pages.filter(account=person).exists():
        return render(request, "duty/link_dead.html", status=404)
    error = ""
    if request.method == "POST":
        try:
            found = actions.take_alarm(alarm=found, account=person, at=clock.now())
        except DutyError as refused:
            error = _(str(refused))
            found.refresh_from_db()
    shown = _alarm_page(found) | {
        "person": person,
        "error": error,
        "address": case_address(found),
        "mine": found.taken_by_id == person.pk,
    }
    return render(request, "duty/link.html", shown)


def _kept(request: HttpRequest, slug: str) -> UnitNow:
    """Return the unit when the viewer keeps its roster; a stranger gets 404."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on)
    path = units.paths_of(unit_ids=[unit.id], on=on).get(unit.id) if unit else None
    if unit is None or path is None or not request.staff.may("duty.manage", path):  # type: ignore[attr-defined]
        raise Http404
    return unit


@access("duty.manage")
@require_safe
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and keep who is called in a unit: shifts first, then the call list."""
    return _roster(request, _kept(request, slug))


def _roster(
    request: HttpRequest, unit: UnitNow, *, status: int = 200, **bound: Any
) -> HttpResponse:
    at = clock.now()
    people = queries.candidates(unit_id=unit.id, on=clock.local_date(at))
    posts = queries.posts_for(unit_id=unit.id, at=at)
    called = queries.accounts(account_ids=[a for p in posts for a in p.account_ids])
    shown = {
        "unit": unit,
        "people": people,
        "listed": queries.call_list(unit_id=unit.id),
        "shifts": queries.coming_shifts(unit_id=unit.id, at=at),
        "posts": [(p.unit_id, [called[a] for a in p.account_ids]) for p in posts],
        "names": units.names_of(unit_ids=[p.unit_id for p in posts], on=clock.local_date(at)),
        "now": at,
        "person_form": forms.PersonForm(people=people, prefix="list"),
        "shift_form": forms.ShiftForm(people=people, prefix="shift"),
    } | bound
    return render(request, "duty/roster.html", shown, status=status)


@access("duty.manage")
@require_POST
def list_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Put somebody on the call list."""
    unit, at = _kept(request, slug), clock.now()
    people = queries.candidates(unit_id=unit.id, on=clock.local_date(at))
    form = forms.PersonForm(request.POST, people=people, prefix="list")
    if not form.is_valid():
        return _roster(request, unit, status=422, person_form=form)
    account = next(p for p in people if p.pk == form.cleaned_data["person"])
    actions.list_person(unit_id=unit.id, account=account, by=request.staff, at=at)  # type: ignore[attr-defined]
    messages.success(request, _("%(name)s is on the call list.") % {"name": account.full_name})
    return redirect("duty:roster", slug=slug)


@access("duty.manage")
@require_POST
def add_shift(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a shift, once or for some weeks."""
    unit, at = _kept(request, slug), clock.now()
    people = queries.candidates(unit_id=unit.id, on=clock.local_date(at))
    form = forms.ShiftForm(request.POST, people=people, prefix="shift")
    if not form.is_valid():
        return _roster(request, unit, status=422, shift_form=form)
    fields = form.cleaned_data
    account = next(p for p in people if p.pk == fields.pop("person"))
    try:
        actions.add_shifts(unit_id=unit.id, account=account, by=request.staff, at=at, **fields)  # type: ignore[attr-defined]
    except DutyError as error:
        form.add_error(None, _(str(error)))
        return _roster(request, unit, status=422, shift_form=form)
    messages.success(request, _("The shift is entered."))
    return redirect("duty:roster", slug=slug)


@access("duty.manage")
@require_POST
def change_roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Move somebody up, take somebody off the list, or take a shift back."""
    unit, at = _kept(request, slug), clock.now()
    by, what, _colon, pk = request.staff, *request.POST.get("do", "").partition(":")  # type: ignore[attr-defined]
    if not pk.isdecimal():
        raise Http404
    _change(unit, what, int(pk), by, at)
    return redirect("duty:roster", slug=slug)


def _change(unit: UnitNow, what: str, pk: int, by: Any, at: datetime) -> None:
    if what == "shift":
        shift = get_object_or_404(Shift, pk=pk, unit_id=unit.id)
        actions.remove_shift(shift=shift, by=by, at=at)
    else:
        entry = get_object_or_404(CallList, pk=pk, unit_id=unit.id)
        act = actions.move_up if what == "up" else actions.unlist_person
        act(entry=entry, by=by, at=at)
