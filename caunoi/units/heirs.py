"""Where a unit stands today, also when it is gone: then whoever took it over first stands for it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from caunoi.kit.viewing import system
from caunoi.units import queries


@system(queries.REGISTER)
def places_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, tuple[str, str]]:
    """Return where each unit stands in that day's tree, as (path, full name): itself, or when it is gone whoever took it over first."""
    ids = set(unit_ids)
    found = queries.places_of(unit_ids=ids, on=on)
    gone = ids - found.keys()
    if not gone:
        return found
    heirs = {
        old: next((h.unit for h in of_this if h.unit), None)
        for old, of_this in queries.successors_of_many(unit_ids=gone, on=on).items()
    }
    return found | {old: (h.path, h.full_name) for old, h in heirs.items() if h}
