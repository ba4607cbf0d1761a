"""Events of the tree: each on a day, with its legal reference, one transaction and one audit row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.units import rules, versions
from caunoi.units.models import Succession, Unit, UnitEvent
from caunoi.units.terms import (
    AlreadyKnown,
    EventKind,
    Level,
    MovesBelowItself,
    NoSuccessor,
    NotTogether,
    PartUnknown,
    Share,
)


@transaction.atomic
def create_unit(
    *,
    full_name: str,
    code: str,
    level: Level,
    parent_id: UUID | None,
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
) -> Unit:
    """Bring a unit into being on that day. Raises NotOnThatDay (parent), CodeTaken, MovesBelowItself (wrong level)."""
    unit = versions.new_unit(
        full_name=full_name, code=code, level=level, parent_id=parent_id, on=on
    )
    event = _event(EventKind.CREATE, on=on, legal_reference=legal_reference, units=[unit])
    audit.record(
        "units.unit.created",
        on=unit,
        by=by,
        at=at,
        unit_id=unit.pk,
        after={"code": code, "event": event.pk},
    )
    return unit


@transaction.atomic
def rename_unit(
    *,
    unit_id: UUID,
    full_name: str,
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
    code: str = "",
) -> Unit:
    """Give the unit another name (and code) from that day on. Raises NotOnThatDay, LaterChangeExists, CodeTaken."""
    version = versions.running(unit_id, on)
    kind, name = rules.kind_and_name(clean(full_name), Level(version.level))
    before = {"full_name": version.full_name, "code": version.code}
    versions.go_on(
        version, on, full_name=clean(full_name), name=name, type=kind, code=code or version.code
    )
    _event(EventKind.RENAME, on=on, legal_reference=legal_reference, units=[version.unit])
    after = {"full_name": clean(full_name), "code": code or version.code}
    audit.record(
        "units.unit.renamed",
        on=version.unit,
        by=by,
        at=at,
        unit_id=unit_id,
        before=before,
        after=after,
    )
    return version.unit


@transaction.atomic
def move_unit(
    *,
    unit_id: UUID,
    parent_id: UUID,
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
) -> Unit:
    """Put the unit, with all below it, under another parent from that day on.

    Raises NotOnThatDay, LaterChangeExists (of the unit or one below it), MovesBelowItself
    """
    version, parent = versions.running(unit_id, on), versions.running(parent_id, on)
    if rules.is_inside(str(parent.path), [str(version.path)]):
        raise MovesBelowItself("A unit cannot stand below itself.")
    if not rules.may_stand_below(Level(version.level), Level(parent.level)):
        raise MovesBelowItself("A unit of this level cannot stand there.")
    before = {"parent": version.parent_id}
    versions.adopt([version], parent, on)
    _event(EventKind.MOVE, on=on, legal_reference=legal_reference, units=[version.unit])
    audit.record(
        "units.unit.moved",
        on=version.unit,
        by=by,
        at=at,
        unit_id=unit_id,
        before=before,
        after={"parent": parent_id},
    )
    return version.unit


@transaction.atomic
def merge_units(
    *,
    unit_ids: Sequence[UUID],
    full_name: str,
    code: str,
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
) -> Unit:
    """End several units of one parent on that day and let a new one take over all of them, with what stands below them.

    Raises NotTogether, NotOnThatDay, LaterChangeExists, CodeTaken
    """
    olds = [versions.running(unit_id, on) for unit_id in unit_ids]
    if len(set(unit_ids)) < 2 or len({(o.level, o.parent_id) for o in olds}) > 1:
        raise NotTogether("Choose two or more units of one level that stand below the same unit.")
    for old in olds:
        versions.close(old, on)
    unit = versions.new_unit(
        full_name=full_name,
        code=code,
        level=Level(olds[0].level),
        parent_id=olds[0].parent_id,
        on=on,
    )
    version = versions.running(unit.pk, on)
    for old in olds:
        versions.adopt(versions.children(old, on), version, on)
    event = _event(
        EventKind.MERGE,
        on=on,
        legal_reference=legal_reference,
        units=[unit, *(o.unit for o in olds)],
    )
    Succession.objects.bulk_create(
        Succession(event=event, old_unit=o.unit, new_unit=unit, share=Share.WHOLE, is_default=True)
        for o in olds
    )
    audit.record(
        "units.units.merged",
        on=unit,
        by=by,
        at=at,
        unit_id=unit.pk,
        after={"from": [str(o.unit_id) for o in olds]},
    )
    return unit


@transaction.atomic
def split_unit(
    *,
    unit_id: UUID,
    into: Sequence[tuple[str, str]],
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
    below: Mapping[UUID, int] | None = None,
) -> list[Unit]:
    """End the unit on that day; the parts take over, the first one by default.

    into   [(full name, code), …], two or more
    below  for each unit below the old one, the place in ``into`` of the part it goes to
    Raises NotOnThatDay, LaterChangeExists, CodeTaken, NotTogether (one part only), PartUnknown (a unit below)
    """
    if len(into) < 2:
        raise NotTogether("A unit splits into two parts or more.")
    old = versions.running(unit_id, on)
    children = versions.children(old, on)
    if {c.unit_id for c in children} - set(below or {}):
        raise PartUnknown("Say for every unit below which part it goes to.")
    versions.close(old, on)
    parts = [
        versions.new_unit(
            full_name=name, code=code, level=Level(old.level), parent_id=old.parent_id, on=on
        )
        for name, code in into
    ]
    for place, part in enumerate(parts):
        hers = [c for c in children if (below or {})[c.unit_id] == place]
        versions.adopt(hers, versions.running(part.pk, on), on)
    event = _event(
        EventKind.SPLIT, on=on, legal_reference=legal_reference, units=[old.unit, *parts]
    )
    Succession.objects.bulk_create(
        Succession(
            event=event,
            old_unit=old.unit,
            new_unit=part,
            share=Share.PART,
            is_default=part is parts[0],
        )
        for part in parts
    )
    audit.record(
        "units.unit.split",
        on=old.unit,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"into": [str(p.pk) for p in parts]},
    )
    return parts


@transaction.atomic
def dissolve_unit(
    *,
    unit_id: UUID,
    successor_id: UUID | None,
    on: date,
    legal_reference: str,
    by: audit.Actor | None,
    at: datetime,
    take_along: bool = False,
) -> Unit:
    """End the unit on that day; ``successor_id`` None means that nobody knows who took over.

    take_along  what stands below goes to the successor too
    Raises NotOnThatDay (the unit or its successor), LaterChangeExists, UnitsOfItsOwn, NoSuccessor
    """
    version = versions.running(unit_id, on)
    heir = versions.running(successor_id, on) if successor_id else None
    if heir is not None and (heir.level != version.level or heir.unit_id == unit_id):
        raise NoSuccessor("The successor must be another unit of the same level.")
    if take_along and heir is None:
        raise NoSuccessor("The units below can only go along to a successor that is known.")
    if take_along and heir is not None:
        versions.adopt(versions.children(version, on), heir, on)
    versions.refuse_children(version, on)
    versions.close(version, on)
    event = _event(EventKind.DISSOLVE, on=on, legal_reference=legal_reference, units=[version.unit])
    Succession.objects.create(event=event, old_unit=version.unit, new_unit_id=successor_id)
    audit.record(
        "units.unit.dissolved",
        on=version.unit,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"successor": successor_id},
    )
    return version.unit


@transaction.atomic
def record_successor(
    *, unit_id: UUID, successor_id: UUID, legal_reference: str, by: audit.Actor | None, at: datetime
) -> Succession:
    """Say who took over from a unit whose successor was unknown. Raises AlreadyKnown, NotOnThatDay."""
    link = Succession.objects.select_for_update(of=("self",), no_key=True).filter(
        old_unit_id=unit_id, new_unit__isnull=True
    )
    unknown = link.select_related("event").first()
    if unknown is None:
        raise AlreadyKnown("The successor of this unit is already recorded.")
    versions.running(successor_id, unknown.event.on_date)
    unknown.new_unit_id = successor_id
    unknown.save(update_fields=["new_unit"])
    unknown.event.legal_reference = legal_reference
    unknown.event.save(update_fields=["legal_reference"])
    audit.record(
        "units.successor.recorded",
        on=unknown,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"successor": successor_id},
    )
    return unknown


def _event(kind: EventKind, *, on: date, legal_reference: str, units: Sequence[Unit]) -> UnitEvent:
    event = UnitEvent.objects.create(kind=kind, on_date=on, legal_reference=clean(legal_reference))
    event.units.set(units)
    return event
