"""Words of the unit tree."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class Level(StrEnum):
    """How high a unit stands. Which levels exist on a day is data: districts ended on 2025-07-01."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"


class EventKind(StrEnum):
    """What can happen to a unit on a day."""

    CREATE = "create"
    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"


class Share(StrEnum):
    """How much of the old unit a successor took over."""

    WHOLE = "whole"
    PART = "part"


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit as it was on one day. ``path`` is an ltree path of labels, root first."""

    id: UUID
    slug: str
    code: str
    name: str
    full_name: str
    level: Level
    type: str
    path: str
    parent_id: UUID | None
    valid_from: date
    valid_to: date | None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Successor:
    """Who took over. ``unit`` is None where the sources do not say; ``via`` lists the steps between, oldest first."""

    unit: UnitNow | None
    share: Share
    is_default: bool
    on: date
    via: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search: the unit as it was when it bore that name, its surroundings, and whether it still exists."""

    unit: UnitNow
    within: str
    alive: bool


class UnitError(Foreseen):
    """Something that cannot be done to the tree."""


class NotOnThatDay(UnitError):
    """The unit does not exist on that day."""


class LaterChangeExists(UnitError):
    """The unit already has a change on or after that day; changes are entered in order of time."""


class UnitsOfItsOwn(UnitError):
    """The unit still has units below it on that day; move or merge them first."""


class MovesBelowItself(UnitError):
    """A unit cannot stand below itself or below one of its own units."""


class CodeTaken(UnitError):
    """Another unit of that level bears this code on that day."""


class NotTogether(UnitError):
    """Only two or more units of one level, below the same unit, can become one."""


class PartUnknown(UnitError):
    """Every unit below must be given to one of the parts."""


class NoSuccessor(UnitError):
    """The units below have nobody to go to."""


class AlreadyHappened(UnitError):
    """The day of this event has come; history is not taken back, a new event is entered."""


class OthersRestOnIt(UnitError):
    """Another event was entered on top of this one; take that one back first."""


class HoldsSomething(UnitError):
    """Somebody already registered something for the new unit."""


class AlreadyKnown(UnitError):
    """The successor of this unit is already recorded."""
