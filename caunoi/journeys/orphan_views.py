"""Cases whose unit has ended and of which nobody can tell who took over: a person chooses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import successions
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.units import queries as units


@access("cases.refer")
@require_safe
def orphans(request: HttpRequest) -> HttpResponse:
    """List them with the units that took over; a sealed one shows its number only."""
    at = clock.now()
    found = successions.orphans(request.staff, at=at)  # type: ignore[attr-defined]
    return render(request, "journeys/orphans.html", {"orphans": found, "now": at})


@access("cases.refer")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Say who takes one case over."""
    at, on = clock.now(), clock.local_date(clock.now())
    unit = units.by_slug(slug=request.POST.get("unit", "")[:140].strip(), on=on)
    number = request.POST.get("number", "")[:20]
    if unit is None:
        messages.error(request, _("No unit has this word in its address."))
        return redirect("journeys:orphans")
    try:
        successions.settle(number=number, to_unit_id=unit.id, by=request.staff, at=at)  # type: ignore[attr-defined]
        told = {"number": number, "unit": unit.full_name}
        messages.success(request, _("%(number)s lies with %(unit)s now; its clock goes on.") % told)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:orphans")
