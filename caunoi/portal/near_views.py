"""Questions near me: what my commune and those under the same roof have answered. The place is chosen, never located."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from caunoi.answers import queries as answers
from caunoi.kit import clock, paging
from caunoi.kit.access import public
from caunoi.units import leads
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

COOKIE, YEAR = "noi_toi", 365 * 86400
OWN, SIZE = 10, 20


@public("the public site")
@require_http_methods(["GET", "HEAD", "POST"])
def near(request: HttpRequest) -> HttpResponse:
    """List answers of the chosen commune and of its neighbours; POST remembers or forgets the place in this browser only."""
    on = clock.local_date(clock.now())
    if request.method == "POST":
        return _remember(request, on)
    asked, remembered = request.GET.get("noi", ""), request.COOKIES.get(COOKIE, "")
    place = _commune(asked or remembered, on)
    is_another = asked and (place is None or place.slug != asked)
    if is_another and (led := leads.lead_on(request, word="noi", on=on)):
        return led
    text = request.GET.get("q", "")[:100]
    shown: dict[str, Any] = {
        "place": place,
        "text": text,
        "found": _found(text, on) if text and place is None else [],
        "remembered": place is not None and place.slug == remembered,
        "section": "answers",
    }
    if place is not None:
        shown |= _around(place, on, request.GET.get("page"))
    return render(request, "portal/near.html", shown)


def _around(place: UnitNow, on: date, page: str | None) -> dict[str, Any]:
    """Return the newest answers of the commune, and a page of those of the units beside it."""
    roof = units.as_of(unit_id=place.parent_id, on=on) if place.parent_id else None
    own = answers.published(under=place.id, on=on)
    beside = answers.published(under=roof.id, on=on) if roof else own.none()
    mine = units.subtree_filter(paths=[place.path], on=on)
    return {
        "roof": roof,
        "own": list(own[:OWN]) if paging.number_of(page) == 1 else [],
        "beside": paging.cut(beside.exclude(unit_id__in=mine), page=page, size=SIZE),
    }


def _found(text: str, on: date) -> list[dict[str, str]]:
    """Return living communes of that name, old names included."""
    found: dict[str, dict[str, str]] = {}
    for hit in units.search(text=text, on=on, limit=12):
        for heir in units.successors(unit_id=hit.unit.id, on=on):
            place = _commune(heir.unit.slug, on) if heir.unit else None
            if place is not None:
                found.setdefault(
                    place.slug, {"slug": place.slug, "name": place.full_name, "where": hit.within}
                )
    return list(found.values())


def _commune(slug: str, on: date) -> UnitNow | None:
    """Return the living commune with that address, or the one a village belongs to."""
    unit = units.by_slug(slug=slug[:140], on=on) if slug else None
    if unit is None:
        return None
    if unit.valid_to is not None and unit.valid_to <= on:
        # A browser may remember a place from before a reform.
        unit = leads.only_heir(slug=slug, on=on)
        return unit if unit is not None and unit.level == Level.COMMUNE else None
    if unit.level == Level.VILLAGE and unit.parent_id:
        unit = units.as_of(unit_id=unit.parent_id, on=on)
    return unit if unit is not None and unit.level == Level.COMMUNE else None


def _remember(request: HttpRequest, on: date) -> HttpResponse:
    place = _commune(request.POST.get("noi", ""), on)
    back = reverse("portal:near")
    if place is None:
        response = redirect(back)
        response.delete_cookie(COOKIE)
        return response
    response = redirect(f"{back}?{urlencode({'noi': place.slug})}")
    response.set_cookie(
        COOKIE, place.slug, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response
