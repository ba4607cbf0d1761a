"""Which units end on a day, and who takes over on that very day: for whoever prepares a reform."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from caunoi.kit.viewing import system
from caunoi.units import queries
from caunoi.units.models import Succession, UnitVersion
from caunoi.units.terms import Level, UnitNow

REGISTER = "public register"
BEFORE = timedelta(days=1)


@system(REGISTER)
def days(*, under: UUID) -> list[tuple[date, int]]:
    """Return the days on which something below this unit ends for good, newest first, with how many units do."""
    paths = _paths(under)
    ended = UnitVersion.objects.filter(path__below_any=paths, valid__endswith__isnull=False)
    last = (
        UnitVersion.objects.filter(unit_id__in=ended.values("unit_id"))
        .order_by("unit_id", "-valid")
        .distinct("unit_id")
        .values_list("valid", flat=True)
    )
    found = Counter(valid.upper for valid in last if valid.upper is not None)
    return sorted(found.items(), reverse=True)


def _paths(unit_id: UUID) -> list[str]:
    """Return every path the unit ever had."""
    rows = UnitVersion.objects.filter(unit_id=unit_id).values_list("path", flat=True)
    return sorted({str(path) for path in rows})


@system(REGISTER)
def on_day(*, under: UUID, on: date) -> list[UnitNow]:
    """Return the units below this one, itself included, that live on the eve of that day and never after, in Vietnamese order."""
    eve = on - BEFORE
    path = queries.paths_of(unit_ids=[under], on=eve).get(under)
    if path is None:
        return []
    before = queries.below_paths(paths=[path], levels=list(Level), on=eve)
    ending = [u for u in before if u.valid_to == on]
    living = queries.paths_of(unit_ids=[u.id for u in ending], on=on)
    return [u for u in ending if u.id not in living]


@system(REGISTER)
def heirs(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, list[tuple[UUID, bool]]]:
    """Return who takes over from each of these units on that very day, the default heir first; nothing where nobody knows."""
    links = Succession.objects.filter(
        old_unit_id__in=set(unit_ids), new_unit__isnull=False, event__on_date=on
    ).order_by("-is_default", "new_unit__slug")
    found: dict[UUID, list[tuple[UUID, bool]]] = {}
    for link in links:
        found.setdefault(link.old_unit_id, []).append((link.new_unit_id, link.is_default))  # type: ignore[arg-type]
    return found
