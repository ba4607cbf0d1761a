"""Old addresses lead on: from a unit that ended to the one that took over, when there is exactly one."""

from datetime import date

from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from caunoi.kit.viewing import system
from caunoi.units import queries
from caunoi.units.terms import UnitNow

CAME_FROM = "tu"
"""The word in an address that says which old unit somebody looked for."""


@system("addresses are printed on paper")
def ended(*, slug: str, on: date) -> UnitNow | None:
    """Return the unit with that address when it has ended, as it last was."""
    unit = queries.by_slug(slug=slug[:140], on=on) if slug_re.match(slug) else None
    return unit if unit is not None and unit.valid_to is not None and unit.valid_to <= on else None


@system("addresses are printed on paper")
def only_heir(*, slug: str, on: date) -> UnitNow | None:
    """Return the one living unit that took over from the ended one; None when it lives, was split, or nobody knows."""
    unit = ended(slug=slug, on=on)
    found = queries.successors(unit_id=unit.id, on=on) if unit else []
    heirs = [s.unit for s in found if s.unit]
    return heirs[0] if len(heirs) == 1 else None


def lead_on(request: HttpRequest, *, word: str, on: date) -> HttpResponse | None:
    """Return the way to the same page of the successor when the address names an ended unit under ``word``; else None."""
    old = request.GET.get(word, "")
    heir = only_heir(slug=old, on=on) if request.method in {"GET", "HEAD"} else None
    if heir is None:
        return None
    asked = request.GET.copy()
    asked[word], asked[CAME_FROM] = heir.slug, old
    return redirect(f"{request.path}?{asked.urlencode()}")


def lead_to_heir(
    request: HttpRequest, *, slug: str, on: date, name: str, **more: str
) -> HttpResponse | None:
    """Return the way to the same page of the successor when the address itself names an ended unit; else None.

    name, more  of the page, whose address has the unit's as ``slug``
    """
    heir = only_heir(slug=slug, on=on)
    if heir is None:
        return None
    asked = request.GET.copy()
    asked[CAME_FROM] = slug
    return redirect(f"{reverse(name, kwargs={'slug': heir.slug} | more)}?{asked.urlencode()}")


def lead_to_parts(request: HttpRequest, *, word: str, on: date) -> HttpResponse | None:
    """Return the way to the ended unit's own page, where its parts are named, when the address under ``word`` names one; else None.

    For pages that can say nothing about a unit which was split, or of which nobody knows who took over.
    """
    old = request.GET.get(word, "")
    unit = ended(slug=old, on=on) if request.method in {"GET", "HEAD"} else None
    return redirect("portal:unit", unit.slug) if unit is not None else None
