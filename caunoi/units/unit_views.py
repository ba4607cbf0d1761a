"""One unit: what was true of it on a day, its history, and what whoever manages units may do there."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.units import actions, history, queries, rules
from caunoi.units.fields import UnitField
from caunoi.units.models import UnitEvent
from caunoi.units.terms import UnitError, UnitNow
from caunoi.units.undo import undo_event

MANAGE = "units.manage"
MOST_SHOWN = 500


class SuccessorForm(forms.Form):
    """Who took over, by which document."""

    successor = UnitField(label=gettext_lazy("Who took over"))
    legal_reference = forms.CharField(label=gettext_lazy("Legal reference"), max_length=200)


@access("units.view")
@require_safe
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that was, is and will be true of one unit; ``?xlsx`` gives the units below it."""
    return _page(request, _load(slug, _day(request)))


def _day(request: HttpRequest) -> date:
    return rules.day_or(request.GET.get("ngay", ""), otherwise=clock.local_date(clock.now()))


def _load(slug: str, on: date) -> UnitNow:
    found = queries.by_slug(slug=slug, on=on) or queries.first_by_slug(slug=slug)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, here: UnitNow, form: SuccessorForm | None = None) -> HttpResponse:
    on, today = _day(request), clock.local_date(clock.now())
    viewer: Viewer = request.staff
    children = queries.children(unit_id=here.id, on=max(on, here.valid_from))
    if "xlsx" in request.GET:
        rows = ([c.code, c.full_name, c.valid_from, c.valid_to] for c in children)
        return sheets.answer(here.slug, ["Mã", "Tên đầy đủ", "Từ ngày", "Đến ngày"], rows)
    ended = here.valid_to is not None and here.valid_to <= on
    manage = viewer.may(MANAGE, here.path)
    shown = {
        "unit": here,
        "on": on,
        "today": today,
        "comes": here.valid_from > on,
        "ended": ended,
        "versions": queries.versions_of(unit_id=here.id),
        "ancestors": queries.ancestors(unit_id=here.id, on=max(on, here.valid_from)),
        "children": children[:MOST_SHOWN],
        "successors": queries.successors(unit_id=here.id, on=on) if ended else [],
        "history": [_entry(h, viewer, today) for h in history.history_of(unit_id=here.id)],
        "manage": manage,
        "events": _events(here) if manage and not ended and here.valid_from <= today else [],
        "form": form or SuccessorForm(),
    }
    wrong = form is not None and form.is_bound
    return render(request, "units/unit.html", shown, status=422 if wrong else 200)


def _entry(happened: history.Happened, viewer: Viewer, today: date) -> dict[str, Any]:
    future = happened.on > today
    event = happened.event
    undo = event if future and event and _may_undo(event, viewer) else None
    return {"it": happened, "future": future, "undo": undo}


def _may_undo(event: UnitEvent, viewer: Viewer) -> bool:
    """True when the viewer manages every unit the event names, where it stands before or where it will stand."""
    named = list(event.units.values_list("pk", flat=True))
    before = queries.paths_of(unit_ids=named, on=event.on_date - timedelta(days=1))
    paths = queries.paths_of(unit_ids=named, on=event.on_date) | before
    return bool(paths) and all(viewer.may(MANAGE, path) for path in paths.values())


EVENTS = (
    ("doi-ten", gettext_lazy("A new name or code")),
    ("nhap", gettext_lazy("A merger with others")),
    ("tach", gettext_lazy("A split")),
    ("chuyen", gettext_lazy("It goes under another unit")),
    ("giai-the", gettext_lazy("It ends")),
    ("lap-moi", gettext_lazy("A new unit below it")),
)
"""The forms of the desk, and which levels have them: reforms of provinces come with the national files."""
OF_PROVINCES = {"doi-ten", "lap-moi"}


def _events(here: UnitNow) -> list[tuple[str, Any]]:
    if here.level == "province":
        return [e for e in EVENTS if e[0] in OF_PROVINCES]
    return [e for e in EVENTS if e[0] != "lap-moi" or here.level != "village"]


@access("units.manage")
@require_POST
def successor(request: HttpRequest, slug: str) -> HttpResponse:
    """Name who took over from a unit whose successor was unknown."""
    at = clock.now()
    on = clock.local_date(at)
    here = _load(slug, on)
    viewer = request.staff
    if not viewer.may(MANAGE, here.path):
        raise Http404
    form = SuccessorForm(request.POST)
    form.fields["successor"].on = on  # type: ignore[attr-defined]
    if form.is_valid():
        heir, law = form.cleaned_data["successor"], form.cleaned_data["legal_reference"]
        try:
            actions.record_successor(
                unit_id=here.id, successor_id=heir.id, legal_reference=law, by=viewer, at=at
            )
        except UnitError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Recorded."))
            return redirect("units:unit", slug=slug)
    return _page(request, here, form)


@access("units.manage")
@require_POST
def undo(request: HttpRequest, slug: str, event_pk: int) -> HttpResponse:
    """Take back an event whose day has not come."""
    at = clock.now()
    here = _load(slug, clock.local_date(at))
    event = get_object_or_404(UnitEvent.objects.filter(units=here.id), pk=event_pk)
    viewer = request.staff
    if not _may_undo(event, viewer):
        raise Http404
    try:
        undo_event(event_id=event.pk, today=clock.local_date(at), by=viewer, at=at)
        messages.success(request, _("Taken back. The tree is as it was before."))
    except UnitError as error:
        messages.error(request, _(str(error)))
    if queries.first_by_slug(slug=slug) is None:
        return redirect("units:tree")
    return redirect("units:unit", slug=slug)
