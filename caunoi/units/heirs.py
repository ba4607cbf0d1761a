"""Where a unit stands today, also when it is gone: then whoever took it over first stands for it. And back: from whom it came."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.expressions import RawSQL

from caunoi.kit.viewing import system
from caunoi.units import queries
from caunoi.units.models import Succession, UnitVersion

_GONE = """
WITH RECURSIVE living AS (SELECT unit_id FROM ({below}) b),
gone (id) AS (
    SELECT s.old_unit_id FROM units_succession s JOIN units_unitevent e ON e.id = s.event_id
    WHERE e.on_date <= %s AND s.new_unit_id IN (SELECT unit_id FROM living)
    UNION SELECT v.unit_id FROM ({there}) v (unit_id)
    UNION SELECT s.old_unit_id FROM gone g JOIN units_succession s ON s.new_unit_id = g.id)
SELECT id FROM gone"""

_BEFORE = """
WITH RECURSIVE before (id) AS (
    SELECT s.old_unit_id FROM units_succession s JOIN units_unitevent e ON e.id = s.event_id
    WHERE s.new_unit_id = ANY(%s) AND e.on_date <= %s
    UNION SELECT s.old_unit_id FROM before b JOIN units_succession s ON s.new_unit_id = b.id)
SELECT id FROM before"""


@system(queries.REGISTER)
def gone_filter(*, paths: Iterable[str], on: date) -> RawSQL | list[UUID]:
    """Return the ids of the units that are gone and are stood for below any of these paths on that day, to stand in ``unit_id__in=``.

    Whoever took over from one, all or a part, through any number of reforms, stands for it; when nobody is known to have done
    so, whoever it stood below.
    """
    roots = list(paths)
    if not roots:
        return []
    below = queries.subtree_filter(paths=roots, on=on).query.sql_with_params()
    unknown = Succession.objects.filter(new_unit=None, event__on_date__lte=on)
    last = UnitVersion.objects.filter(
        valid__endswith__lte=on, path__below_any=roots, unit_id__in=unknown.values("old_unit_id")
    )
    there = last.values("unit_id").query.sql_with_params()
    statement = _GONE.format(below=below[0], there=there[0])
    return RawSQL(statement, [*below[1], on, *there[1]])  # noqa: S611 - both parts are our own queries


@system(queries.REGISTER)
def desk_of(*, unit_id: UUID, on: date) -> str | None:
    """Return the path at which a unit's affairs are decided on that day: its own, else that of whoever took it over first,

    else that of the nearest living unit above which it stood. None when there is none, or the unit comes later.
    """
    here = places_of(unit_ids=[unit_id], on=on).get(unit_id)
    if here:
        return here[0]
    last = queries.latest(unit_id=unit_id, on=on)
    above = [UUID(label) for label in last.path.split(".")[:-1]] if last else []
    alive = queries.paths_of(unit_ids=above, on=on)
    return next((alive[i] for i in reversed(above) if i in alive), None)


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
    then = UnitVersion.objects.filter(unit_id__in=_before(unit_ids), valid__contains=on)
    return set(then.values_list("unit_id", flat=True))


@system(queries.REGISTER)
def with_forerunners(*, unit_ids: Iterable[UUID], on: date) -> list[UnitVersion]:
    """Return these units as they are on that day, and those they took over from until then, each as it last was."""
    own = set(unit_ids)
    known = UnitVersion.objects.filter(
        Q(unit_id__in=own) | Q(unit_id__in=_before(own, until=on)), valid__startswith__lte=on
    )
    last = known.order_by("unit_id", "-valid").distinct("unit_id")
    return [v for v in last if (on in v.valid) == (v.unit_id in own)]


@system(queries.REGISTER)
def stood_for(*, unit_id: UUID, on: date) -> list[UUID]:
    """Return the unit and the ended ones it took over from until that day, all or in part: what these said still stands in its place."""
    then = with_forerunners(unit_ids=[unit_id], on=on)
    return [unit_id, *(v.unit_id for v in then if v.unit_id != unit_id)]


def _before(unit_ids: Iterable[UUID], *, until: date | None = None) -> RawSQL:
    """The units from which these took over, whenever, or until a day, to stand in ``unit_id__in=``."""
    return RawSQL(_BEFORE, [list(unit_ids), until or date.max])  # noqa: S611 - a statement of ours


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
