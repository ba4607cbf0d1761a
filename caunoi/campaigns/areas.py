"""Where needs and gifts lie today: villages counted in their commune, a unit that is gone in the one that took over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from caunoi.kit.text import sort_key
from caunoi.kit.viewing import system
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow


@dataclass(frozen=True, slots=True)
class Area:
    """A commune as it is shown; ``formerly`` names units that are gone and are counted here."""

    unit: UnitNow
    formerly: tuple[str, ...] = ()


@system("what is needed where is public")
def of_units(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, Area]:
    """Return for each unit the commune (or what stands above communes) it is counted in; a fixed number of queries.

    A unit that is gone goes with the larger part of its successors; one whose successor nobody knows is left out.
    """
    asked = set(unit_ids)
    living = units.lineages_of(unit_ids=asked, on=on)
    gone = asked - living.keys()
    heirs = _heirs(gone, on) if gone else {}
    lines = living | (units.lineages_of(unit_ids=set(heirs.values()), on=on) if heirs else {})
    names = units.names_of(unit_ids=heirs, on=on) if heirs else {}
    formerly: dict[UUID, list[str]] = {}
    of: dict[UUID, UnitNow] = {}
    for unit_id in asked:
        line = lines.get(heirs.get(unit_id, unit_id))
        if line:
            of[unit_id] = commune = _commune(line)
            if unit_id in heirs and names.get(unit_id):
                formerly.setdefault(commune.id, []).append(names[unit_id])
    made = {
        u.id: Area(u, tuple(sorted(set(formerly.get(u.id, ())), key=sort_key))) for u in of.values()
    }
    return {unit_id: made[u.id] for unit_id, u in of.items()}


def _heirs(gone: set[UUID], on: date) -> dict[UUID, UUID]:
    found = units.successors_of_many(unit_ids=gone, on=on)
    firsts = {i: next((s.unit for s in of if s.unit), None) for i, of in found.items()}
    return {i: unit.id for i, unit in firsts.items() if unit}


def _commune(line: list[UnitNow]) -> UnitNow:
    return next((u for u in reversed(line) if u.level != Level.VILLAGE), line[-1])
