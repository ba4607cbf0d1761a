"""Addresses printed on posters, papers and QR codes: they lead to the unit, or to who took over from it, with a sentence."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.units import leads
from caunoi.units import queries as units


@public("a short address stands on paper for years")
@require_safe
def short(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the home of a unit; one that ended leads to its only successor, which says so, or to the choice of parts."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on)
    if unit is None:
        raise Http404
    heir = leads.only_heir(slug=slug, on=on)
    if heir is None:
        return redirect("portal:unit", slug=unit.slug)
    home = reverse("portal:unit", args=[heir.slug])
    return redirect(f"{home}?{urlencode({leads.CAME_FROM: slug})}")
