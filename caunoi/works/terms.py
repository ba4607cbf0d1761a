"""Words about public works that people give to: roads, houses of culture, canals, light."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class Kind(StrEnum):
    """What is built."""

    ROAD = "road"
    CULTURE = "culture"
    CANAL = "canal"
    LIGHT = "light"
    SCHOOL = "school"
    WATER = "water"
    BRIDGE = "bridge"
    OTHER = "other"


class Land(StrEnum):
    """What sort of land is given or cleared."""

    AGRICULTURAL = "agricultural"
    RESIDENTIAL = "residential"
    FOREST = "forest"
    OTHER = "other"


class Thing(StrEnum):
    """What is given, as the books count it."""

    MONEY = "VND"
    LAND = "m2"
    LABOUR = "labour-day"


@dataclass(frozen=True, slots=True)
class Row:
    """One contribution as it was read from a sheet, with what is wrong with it in the reader's language."""

    number: int
    giver: str = ""
    thing: str = Thing.MONEY.value
    amount: int = 0
    land: str = ""
    on: date | None = None
    initials: bool = False
    note: str = ""
    problems: tuple[str, ...] = field(default=())


@dataclass(slots=True)
class Sums:
    """What was given and cleared: by unit, by project or in total."""

    unit_id: UUID | None = None
    name: str = ""
    projects: int = 0
    money: int = 0
    land: int = 0
    labour: int = 0
    agreed: int = 0
    cleared: int = 0
    by_land: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, other: "Sums") -> None:
        """Take the numbers of another one in."""
        for name in ("projects", "money", "land", "labour", "agreed", "cleared"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for sort, (agreed, cleared) in other.by_land.items():
            was = self.by_land.get(sort, (0, 0))
            self.by_land[sort] = (was[0] + agreed, was[1] + cleared)


class WorkError(Foreseen):
    """Something about public works that cannot be done."""


class NotYourWork(WorkError):
    """The project belongs to a unit you do not work for."""


class OutsideDays(WorkError):
    """The project takes nothing on that day."""


class NoLandType(WorkError):
    """Land is given with its sort, everything else without."""


class TakenBack(WorkError):
    """It was taken back before."""


class MoreThanAgreed(WorkError):
    """More would be handed over than was agreed."""


class CodeTaken(WorkError):
    """Another project of the unit has this code."""


class UnreadableSheet(WorkError):
    """The file is no sheet we can read, or too long."""
