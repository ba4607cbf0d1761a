"""What happened, and will happen, to one unit: each entry in words, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from caunoi.kit.text import sort_key
from caunoi.units import queries
from caunoi.units.models import UnitEvent, UnitVersion
from caunoi.units.terms import EventKind, Share


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry. ``event`` is None where only the versions tell (the unit went along with the one above)."""

    on: date
    title: str
    legal_reference: str = ""
    event: UnitEvent | None = None


def history_of(*, unit_id: UUID) -> list[Happened]:
    """Return everything that happened to the unit, whichever side of it it was on."""
    events = UnitEvent.objects.filter(
        Q(units=unit_id) | Q(successions__old_unit=unit_id) | Q(successions__new_unit=unit_id)
    ).distinct()
    told = [_told(event, unit_id) for event in events.prefetch_related("successions")]
    days = {entry.on for entry in told}
    return sorted([*told, *_untold(unit_id, days)], key=lambda e: e.on, reverse=True)


def _told(event: UnitEvent, unit_id: UUID) -> Happened:
    return Happened(event.on_date, _title(event, unit_id), event.legal_reference, event)


def _title(event: UnitEvent, unit_id: UUID) -> str:
    on = event.on_date
    links = list(event.successions.all())
    heirs = [x.new_unit_id for x in links if x.old_unit_id == unit_id]
    left = [x for x in links if x.new_unit_id == unit_id]
    if left:
        part = any(x.share == Share.PART for x in left)
        words = _("Took over a part of %(units)s") if part else _("Took over from %(units)s")
        names = _names([x.old_unit_id for x in left], on - timedelta(days=1))
        return words % {"units": names}
    if heirs:
        known = [h for h in heirs if h]
        if not known:
            return _("Ended; who took over is not known")
        return _("Ended; now %(units)s") % {"units": _names(known, on)}
    return _own_title(event, unit_id)


def _own_title(event: UnitEvent, unit_id: UUID) -> str:
    on = event.on_date
    now = queries.as_of(unit_id=unit_id, on=on)
    before = queries.as_of(unit_id=unit_id, on=on - timedelta(days=1))
    if event.kind == EventKind.CREATE or now is None:
        return _("Began")
    if event.kind == EventKind.MOVE and now.parent_id:
        return _("Belongs to %(unit)s from then on") % {"unit": _names([now.parent_id], on)}
    if before is not None and before.full_name != now.full_name:
        return _("%(old)s is called %(new)s from then on") % {
            "old": before.full_name,
            "new": now.full_name,
        }
    return _("New code %(code)s") % {"code": now.code}


def _names(unit_ids: Iterable[UUID], on: date) -> str:
    ids = list(unit_ids)
    found = queries.names_of(unit_ids=ids, on=on)
    return ", ".join(sorted((found.get(i, "?") for i in ids), key=sort_key))


def _untold(unit_id: UUID, days: set[date]) -> list[Happened]:
    """Return the days on which the unit only followed the one above it."""
    versions = list(UnitVersion.objects.filter(unit_id=unit_id).order_by("valid"))
    entries = []
    for old, new in pairwise(versions):
        on = new.valid.lower
        if on in days or old.parent_id == new.parent_id or new.parent_id is None:
            continue
        title = _("Belongs to %(unit)s from then on") % {"unit": _names([new.parent_id], on)}
        entries.append(Happened(on, title))
    return entries


def touched_by(*, event: UnitEvent) -> set[UUID]:
    """Return the units an event names and everything that stands below them on the day before or on the day itself."""
    named = list(event.units.values_list("pk", flat=True))
    days = (event.on_date - timedelta(days=1), event.on_date)
    found = set(named)
    for day in days:
        paths = list(queries.paths_of(unit_ids=named, on=day).values())
        if paths:
            inside = UnitVersion.objects.filter(valid__contains=day, path__below_any=paths)
            found |= set(inside.values_list("unit_id", flat=True))
    return found


def units_above(*, unit_ids: Iterable[UUID], on: date) -> set[UUID]:
    """Return every unit that stands above one of these on that day."""
    paths = queries.paths_of(unit_ids=unit_ids, on=on).values()
    return {UUID(label) for path in paths for label in path.split(".")[:-1]}
