"""How versions of units begin, end and move: the mechanics below ``actions``, inside its transactions."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit.text import clean, slug
from caunoi.units import queries, rules
from caunoi.units.models import Unit, UnitVersion
from caunoi.units.terms import (
    CodeTaken,
    LaterChangeExists,
    Level,
    MovesBelowItself,
    NotOnThatDay,
    UnitsOfItsOwn,
)


def new_unit(*, full_name: str, code: str, level: Level, parent_id: UUID | None, on: date) -> Unit:
    parent = running(parent_id, on) if parent_id else None
    if not rules.may_stand_below(level, Level(parent.level) if parent else None):
        raise MovesBelowItself("A unit of this level cannot stand there.")
    kind, name = rules.kind_and_name(clean(full_name), level)
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


def running(unit_id: UUID, on: date) -> UnitVersion:
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


def go_on(version: UnitVersion, on: date, **changes: object) -> None:
    """Let the version end on that day and a copy with the changes begin."""
    start = version.valid.lower
    fields = ("level", "type", "code", "name", "full_name", "parent_id", "path")
    values = {name: getattr(version, name) for name in fields} | changes
    if start == on:
        UnitVersion.objects.filter(pk=version.pk).update(**values)
        return
    UnitVersion.objects.filter(pk=version.pk).update(valid=DateRange(start, on))
    _insert(UnitVersion(unit_id=version.unit_id, valid=DateRange(on, None), **values))


def close(version: UnitVersion, on: date) -> None:
    """End the unit. Raises LaterChangeExists. Not done here: what stands below (see ``adopt``, ``refuse_children``)."""
    if version.valid.lower == on:
        raise LaterChangeExists("This unit began on that very day.")
    UnitVersion.objects.filter(pk=version.pk).update(valid=DateRange(version.valid.lower, on))


def refuse_children(version: UnitVersion, on: date) -> None:
    """Raises UnitsOfItsOwn when something still stands below the unit on that day."""
    if queries.children(unit_id=version.unit_id, on=on):
        raise UnitsOfItsOwn(
            "Units still stand below this one on that day; move or merge them first."
        )


def children(version: UnitVersion, on: date) -> list[UnitVersion]:
    """Return the versions directly below, as they are on that day."""
    below = UnitVersion.objects.select_related("unit")
    return list(below.filter(parent_id=version.unit_id, valid__contains=on))


def adopt(below: Sequence[UnitVersion], new: UnitVersion, on: date) -> None:
    """Put these units with all below them under ``new`` from that day on, in three statements whatever their number.

    below   versions that stand under one and the same unit
    Raises LaterChangeExists (one of them or something below already has a later change)
    """
    if not below:
        return
    moving = _everything_below(below, on)
    values: dict[str, Any] = {
        "on": on,
        "versions": [pk for pk, _ in moving],
        "units": [unit_id for _, unit_id in moving],
        "roots": [v.unit_id for v in below],
        "depth": len(str(below[0].path).split(".")) - 1,
        "path": str(new.path),
        "parent": new.unit_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPLIT_OFF, values)
        cursor.execute(REPATH, values)


def _everything_below(below: Sequence[UnitVersion], on: date) -> list[tuple[int, UUID]]:
    """Return version and unit of everything at or below these units on that day. Raises LaterChangeExists."""
    inside = UnitVersion.objects.filter(
        path__below_any=[str(v.path) for v in below], valid__overlap=DateRange(on, None)
    )
    found = list(inside.values_list("pk", "unit_id", "valid"))
    if any(valid.upper is not None or valid.lower > on for _, _, valid in found):
        raise LaterChangeExists(
            "A unit below already has a later change; enter changes in order of time."
        )
    return [(pk, unit_id) for pk, unit_id, _ in found]


SPLIT_OFF = """
WITH moving AS (
    SELECT * FROM units_unitversion WHERE id = ANY(%(versions)s) AND lower(valid) < %(on)s::date
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
    path = %(path)s::text::ltree || subpath(path, %(depth)s),
    parent_id = CASE WHEN unit_id = ANY(%(roots)s) THEN %(parent)s ELSE parent_id END
WHERE unit_id = ANY(%(units)s) AND lower(valid) = %(on)s::date AND upper_inf(valid)
"""
