"""Which unit is asked: by its address, or by a name of today or of old; shown to people by name only."""

from datetime import date

from django.utils.translation import gettext_noop

from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

NO_SUCH = gettext_noop("No commune of that name. Try a part of it, with or without accents.")


def unit_asked(slug: str) -> UnitNow | None:
    """Return the unit with that address when it lives today."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on) if slug else None
    return unit if unit is not None and (unit.valid_to is None or unit.valid_to > on) else None


def meant(*, written: str, chosen: str) -> UnitNow | None:
    """Return the unit somebody means: what is written as an address, else the one chosen before while its name still stands there."""
    before = unit_asked(chosen)
    if before is not None and fold(written) in {"", fold(before.full_name)}:
        return before
    return unit_asked(written)


def choices(*, text: str, on: date) -> list[dict[str, str]]:
    """Return living communes and provinces that bear the name or took over from one that did; for a person to choose from."""
    found: dict[str, dict[str, str]] = {}
    for hit in units.search(text=text, on=on, limit=12):
        for heir in units.successors(unit_id=hit.unit.id, on=on):
            if heir.unit and heir.unit.level in {Level.COMMUNE, Level.PROVINCE}:
                found.setdefault(
                    heir.unit.slug,
                    {
                        "slug": heir.unit.slug,
                        "name": heir.unit.full_name,
                        "where": ", ".join(
                            u.full_name
                            for u in reversed(units.ancestors(unit_id=heir.unit.id, on=on))
                        ),
                        "old": "" if hit.alive else f"{hit.unit.full_name}, {hit.within}",
                    },
                )
    return list(found.values())[:12]


def only_choice(*, text: str, on: date) -> str:
    """Return the address of the one living commune that bears this very name, or nothing."""
    same = [c for c in choices(text=text, on=on) if not c["old"] and fold(c["name"]) == fold(text)]
    return same[0]["slug"] if len(same) == 1 else ""
