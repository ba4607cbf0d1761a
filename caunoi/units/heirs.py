"""Where a unit stands today, also when it is gone: then whoever took it over first stands for it. And back: from whom it came."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from caunoi.kit.viewing import system
from caunoi.units import queries
from caunoi.units.models import Succession, UnitVersion


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


@system(queries.REGISTER)
def forerunners(*, unit_ids: Iterable[UUID], on: date) -> set[UUID]:
    """Return the units of that day which these took over from, all or in part, through any number of reforms."""
    found: set[UUID] = set()
    ends = set(unit_ids)
    while ends:
        links = Succession.objects.filter(new_unit_id__in=ends)
        ends = set(links.values_list("old_unit_id", flat=True)) - found
        found |= ends
    then = UnitVersion.objects.filter(unit_id__in=found, valid__contains=on)
    return set(then.values_list("unit_id", flat=True))


@system(queries.REGISTER)
def former_parents(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Return what the unit was called under which each of these stood before it came under today's; units that never moved are left out."""
    wanted = UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=on)
    now: dict[UUID, UUID | None] = {}
    before: dict[UUID, UUID] = {}
    for unit_id, parent_id in wanted.order_by("-valid").values_list("unit_id", "parent_id"):
        now.setdefault(unit_id, parent_id)
        if parent_id and parent_id != now[unit_id]:
            before.setdefault(unit_id, parent_id)
    last = UnitVersion.objects.filter(unit_id__in=set(before.values())).order_by(
        "unit_id", "-valid"
    )
    names = dict(last.distinct("unit_id").values_list("unit_id", "full_name"))
    return {unit_id: names[parent_id] for unit_id, parent_id in before.items()}
