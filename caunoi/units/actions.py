"""Events of the tree: each on a day, with its legal reference, one transaction and one audit row."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import audit
from caunoi.kit.text import clean, slug
from caunoi.units import queries, rules
from caunoi.units.models import Succession, Unit, UnitEvent, UnitVersion
from caunoi.units.sources import kind_and_name
from caunoi.units.terms import (
    AlreadyKnown,
    CodeTaken,
    EventKind,
    LaterChangeExists,
    Level,
    MovesBelowItself,
    NotOnThatDay,
    Share,
    UnitsOfItsOwn,
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
    unit = _new_unit(full_name=full_name, code=code, level=level, parent_id=parent_id, on=on)
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
    version = _running(unit_id, on)
    kind, name = kind_and_name(clean(full_name))
    before = {"full_name": version.full_name, "code": version.code}
    _go_on(version, on, full_name=clean(full_name), name=name, type=kind, code=code or version.code)
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
    version, parent = _running(unit_id, on), _running(parent_id, on)
    if rules.is_inside(str(parent.path), [str(version.path)]):
        raise MovesBelowItself("A unit cannot stand below itself.")
    if not rules.may_stand_below(Level(version.level), Level(parent.level)):
        raise MovesBelowItself("A unit of this level cannot stand there.")
    before = {"parent": version.parent_id}
    _move_subtree(version, parent, on)
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

    Raises NotOnThatDay, LaterChangeExists, CodeTaken
    """
    olds = [_running(unit_id, on) for unit_id in unit_ids]
    for old in olds:
        _close(old, on, keep_children=True)
    unit = _new_unit(
        full_name=full_name,
        code=code,
        level=Level(olds[0].level),
        parent_id=olds[0].parent_id,
        on=on,
    )
    version = _running(unit.pk, on)
    for old in olds:
        _adopt_children(old, version, on)
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
) -> list[Unit]:
    """End the unit on that day; the parts ``into`` = [(full name, code), …] take over, the first one by default.

    Raises NotOnThatDay, LaterChangeExists, CodeTaken, UnitsOfItsOwn (say first where its villages go)
    """
    old = _running(unit_id, on)
    _close(old, on)
    parts = [
        _new_unit(full_name=name, code=code, level=Level(old.level), parent_id=old.parent_id, on=on)
        for name, code in into
    ]
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
) -> Unit:
    """End the unit on that day; ``successor_id`` None means that nobody knows who took over.

    Raises NotOnThatDay, LaterChangeExists, UnitsOfItsOwn
    """
    version = _running(unit_id, on)
    _close(version, on)
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
    _running(successor_id, unknown.event.on_date)
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


def _new_unit(*, full_name: str, code: str, level: Level, parent_id: UUID | None, on: date) -> Unit:
    parent = _running(parent_id, on) if parent_id else None
    if not rules.may_stand_below(level, Level(parent.level) if parent else None):
        raise MovesBelowItself("A unit of this level cannot stand there.")
    kind, name = kind_and_name(clean(full_name))
    unit = Unit.objects.create(id=uuid.uuid4(), slug=_free_slug(clean(full_name), code))
    path = rules.label(unit.pk) if parent is None else f"{parent.path}.{rules.label(unit.pk)}"
    _insert(
        UnitVersion(
            unit=unit,
            valid=DateRange(on, None),
            level=level.value,
            type=kind,
            code=code,
            name=name,
            full_name=clean(full_name),
            parent_id=parent_id,
            path=path,
        )
    )
    return unit


def _insert(version: UnitVersion) -> None:
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        if "unit_one_code_a_day" in str(error):
            raise CodeTaken("Another unit of this level bears this code on that day.") from error
        raise


def _free_slug(full_name: str, code: str) -> str:
    plain = slug(full_name)
    candidates = [plain, f"{plain}-{slug(code)}", f"{plain}-{slug(code)}-{uuid.uuid4().hex[:6]}"]
    taken = set(Unit.objects.filter(slug__in=candidates).values_list("slug", flat=True))
    return next(c for c in candidates if c not in taken)


def _running(unit_id: UUID, on: date) -> UnitVersion:
    """Return, locked, the version that holds on that day and has no end. Raises NotOnThatDay, LaterChangeExists."""
    version = (
        UnitVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .filter(unit_id=unit_id, valid__contains=on)
        .first()
    )
    if version is None:
        raise NotOnThatDay("This unit does not exist on that day.")
    if version.valid.upper is not None:
        raise LaterChangeExists(
            "This unit already has a later change; enter changes in order of time."
        )
    return version


def _go_on(version: UnitVersion, on: date, **changes: object) -> None:
    """Let the version end on that day and a copy with the changes begin."""
    start = version.valid.lower
    fields = ("level", "type", "code", "name", "full_name", "parent_id", "path")
    values = {name: getattr(version, name) for name in fields} | changes
    if start == on:
        UnitVersion.objects.filter(pk=version.pk).update(**values)
        return
    UnitVersion.objects.filter(pk=version.pk).update(valid=DateRange(start, on))
    _insert(UnitVersion(unit_id=version.unit_id, valid=DateRange(on, None), **values))


def _close(version: UnitVersion, on: date, *, keep_children: bool = False) -> None:
    """End the unit. Raises UnitsOfItsOwn when something still stands below it and nobody takes it over."""
    if not keep_children and queries.children(unit_id=version.unit_id, on=on):
        raise UnitsOfItsOwn(
            "Units still stand below this one on that day; move or merge them first."
        )
    if version.valid.lower == on:
        raise LaterChangeExists("This unit began on that very day.")
    UnitVersion.objects.filter(pk=version.pk).update(valid=DateRange(version.valid.lower, on))


def _adopt_children(old: UnitVersion, new: UnitVersion, on: date) -> None:
    children = UnitVersion.objects.select_related("unit").filter(
        parent_id=old.unit_id, valid__contains=on
    )
    for child in children:
        _refuse_later(child)
        _move_subtree(child, new, on)


def _refuse_later(version: UnitVersion) -> None:
    if version.valid.upper is not None:
        raise LaterChangeExists(
            "A unit below already has a later change; enter changes in order of time."
        )


def _move_subtree(version: UnitVersion, parent: UnitVersion, on: date) -> None:
    """Re-path the unit and everything below it from that day on, in two statements whatever the size."""
    old_path, new_root = str(version.path), f"{parent.path}.{rules.label(version.unit_id)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM units_unitversion WHERE path <@ %s::text::ltree AND valid && daterange(%s, NULL)"
            " AND NOT (valid @> %s::date AND upper_inf(valid))",
            [old_path, on, on],
        )
        if cursor.fetchone()[0]:
            raise LaterChangeExists(
                "A unit below already has a later change; enter changes in order of time."
            )
        cursor.execute(SPLIT_OFF, {"path": old_path, "on": on})
        cursor.execute(
            REPATH,
            {
                "path": old_path,
                "root": new_root,
                "on": on,
                "unit": version.unit_id,
                "parent": parent.unit_id,
            },
        )


SPLIT_OFF = """
WITH moving AS (
    SELECT * FROM units_unitversion WHERE path <@ %(path)s::text::ltree AND valid @> %(on)s::date AND lower(valid) < %(on)s::date
), ended AS (
    UPDATE units_unitversion v SET valid = daterange(lower(v.valid), %(on)s::date) FROM moving m WHERE v.id = m.id
    RETURNING v.id
)
INSERT INTO units_unitversion (unit_id, valid, level, type, code, name, full_name, parent_id, path)
SELECT unit_id, daterange(%(on)s::date, NULL), level, type, code, name, full_name, parent_id, path FROM moving
WHERE (SELECT count(*) FROM ended) >= 0
"""
REPATH = """
UPDATE units_unitversion SET
    path = CASE WHEN path = %(path)s::text::ltree THEN %(root)s::text::ltree
                ELSE %(root)s::text::ltree || subpath(path, nlevel(%(path)s::text::ltree)) END,
    parent_id = CASE WHEN unit_id = %(unit)s THEN %(parent)s ELSE parent_id END
WHERE path <@ %(path)s::text::ltree AND lower(valid) = %(on)s::date AND upper_inf(valid)
"""


def _event(kind: EventKind, *, on: date, legal_reference: str, units: Sequence[Unit]) -> UnitEvent:
    event = UnitEvent.objects.create(kind=kind, on_date=on, legal_reference=clean(legal_reference))
    event.units.set(units)
    return event
