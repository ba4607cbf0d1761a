"""What other systems look up: units, topics, bodies, and the key itself."""

from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Path, Query, Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import needs, unit_for, units_out
from caunoi.routing import queries as routing
from caunoi.units import queries as units
from caunoi.units.terms import Level

router = Router(tags=["lookups"])
ANY = needs(None)


class UnitSearch(s.Schema):
    """A name or code any unit ever bore."""

    q: Annotated[str, StringConstraints(pattern=s.PLAIN, min_length=2, max_length=100)]
    level: Level | None = None
    old: bool = False


@router.get("/me", response=s.MeOut, summary=gettext_noop("What this key opens"), **ANY)
def me(request: KeyRequest) -> Any:
    """Also a quick check that a key works."""
    key = request.key
    return {
        "key": key.prefix,
        "name": key.name,
        "account": key.account.full_name,
        "unit": units_out(request, [key.unit_id])[key.unit_id],
        "scopes": key.scopes,
        "ends_on": key.ends_on,
    }


@router.get(
    "/units", response=list[s.UnitFoundOut], summary=gettext_noop("Find units by name"), **ANY
)
def find_units(request: KeyRequest, asked: Query[UnitSearch]) -> Any:
    """With or without diacritics; ``old`` also those that are gone."""
    found = units.search(text=asked.q, on=request.on, limit=20, level=asked.level, old=asked.old)
    return [
        {
            "slug": f.unit.slug,
            "code": f.unit.code,
            "name": f.unit.full_name,
            "level": f.unit.level.value,
            "within": f.within,
            "alive": f.alive,
        }
        for f in found
    ]


@router.get(
    "/units/{slug}", response=s.UnitFoundOut, summary=gettext_noop("Look up one unit"), **ANY
)
def read_unit(
    request: KeyRequest, slug: Annotated[str, Path(pattern=s.SLUG, max_length=140)]
) -> Any:
    """By the word in its address."""
    unit = units.by_slug(slug=slug, on=request.on)
    if unit is None:
        raise Problem(404, "–")
    above = units.ancestors(unit_id=unit.id, on=request.on)
    return {
        "slug": unit.slug,
        "code": unit.code,
        "name": unit.full_name,
        "level": str(unit.level),
        "within": ", ".join(u.full_name for u in reversed(above)),
        "alive": unit.valid_to is None or unit.valid_to > request.on,
    }


@router.get("/topics", response=list[s.TopicOut], summary=gettext_noop("List the topics"), **ANY)
def list_topics(request: KeyRequest) -> Any:
    """In the order of the office."""
    return [{"code": t.code, "name": t.name} for t in routing.topics()]


class BodySearch(s.Schema):
    """Around which unit."""

    unit: s.UnitSlug


@router.get(
    "/bodies",
    response=list[s.BodyOut],
    summary=gettext_noop("List the bodies that may be asked"),
    **ANY,
)
def list_bodies(request: KeyRequest, asked: Query[BodySearch]) -> Any:
    """Those of the unit and of the units above it, nearest first."""
    unit = unit_for(request, asked.unit)
    found = routing.bodies_around(unit_id=unit.id, on=request.on)[:100]
    named = units_out(request, {b.unit_id for b in found})
    return [{"id": b.pk, "name": b.name, "kind": b.kind, "unit": named[b.unit_id]} for b in found]
