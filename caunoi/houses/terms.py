"""Words about the programme that replaces temporary and dilapidated houses."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class Grade(StrEnum):
    """How bad the house is, as the village found it."""

    TEMPORARY = "temporary"
    DILAPIDATED = "dilapidated"


class Work(StrEnum):
    """What is done to it."""

    NEW = "new"
    REPAIR = "repair"


class HouseState(StrEnum):
    """Where a household stands: named, agreed by the commune, its house handed over; or it is not helped."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """Where a village's review stands."""

    MET = "met"
    POSTED = "posted"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class StageKind(StrEnum):
    """The stages of a house, in their order."""

    SURVEY = "survey"
    FOUNDATION = "foundation"
    FRAME = "frame"
    ROOF = "roof"
    HAND_OVER = "hand_over"


class Source(StrEnum):
    """Who pays: one house, many sources."""

    FUND = "fund"
    BUDGET = "budget"
    FIRM = "firm"
    FAMILY = "family"
    CLAN = "clan"
    LABOUR = "labour"


class MoneyStands(StrEnum):
    """Where an amount stands: said by somebody, set aside or handed over in the books, or taken back and counted no more."""

    SAID = "said"
    ASIDE = "aside"
    HANDED = "handed"
    BACK = "back"


class Topic(StrEnum):
    """To what a household agrees, each by itself."""

    NAME = "name"
    PHOTO = "photo"


class Way(StrEnum):
    """How it agreed."""

    SIGNED = "signed"
    SAID = "said"
    FINGERPRINT = "fingerprint"


class Late(StrEnum):
    """Why a house counts as late."""

    PLANNED = "planned"
    SILENT = "silent"


class Standing(StrEnum):
    """The columns of the board; a needed house stands in exactly one of the first four."""

    WAITING = "waiting"
    REGISTERED = "registered"
    BUILDING = "building"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Row:
    """One household as it was read from a sheet. ``problems``: why it cannot be kept, as (sentence, value) to be said in the reader's language."""

    number: int
    code: str = ""
    head: str = ""
    place: str = ""
    people: int = 1
    hardship: str = ""
    address: str = ""
    grade: str = Grade.DILAPIDATED.value
    work: str = Work.NEW.value
    estimate: int = 0
    finished: date | None = None
    unit_id: UUID | None = None
    problems: tuple[str, ...] = field(default=())


@dataclass(slots=True)
class Tally:
    """What the board says of one unit: houses needed, and how far they are. ``needed`` is the sum of the four columns."""

    unit_id: UUID | None = None
    name: str = ""
    waiting: int = 0
    registered: int = 0
    building: int = 0
    done: int = 0
    late: int = 0
    new: int = 0

    @property
    def needed(self) -> int:
        return self.waiting + self.registered + self.building + self.done

    @property
    def open(self) -> int:
        return self.needed - self.done

    def add(self, other: "Tally") -> None:
        """Take the numbers of another one in."""
        for name in ("waiting", "registered", "building", "done", "late", "new"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class HouseError(Foreseen):
    """Something about houses that cannot be done."""


class NotYourHouse(HouseError):
    """The household belongs to a unit you do not work for."""


class NameTaken(HouseError):
    """The unit has books of that name."""


class CodeTaken(HouseError):
    """Another household of the programme has this code."""


class WrongStep(HouseError):
    """The household or the review stands elsewhere; this does not come now."""


class WrongVotes(HouseError):
    """More are present or vote than the village has households."""


class TooLate(HouseError):
    """The list was posted until an earlier day."""


class TooShort(HouseError):
    """The list is posted for fewer days than the programme asks for."""


class StillPosted(HouseError):
    """The list is posted still, or an objection waits for its decision."""


class OnePerson(HouseError):
    """Another person must approve."""


class Backwards(HouseError):
    """A stage does not come before the one that is done."""


class NotYetTrue(HouseError):
    """The day is still to come."""


class OverSupport(HouseError):
    """More than the programme gives to one house."""


class NothingThere(HouseError):
    """There is nothing to hand over or to take back."""


class NoConsent(HouseError):
    """There is no consent to take back."""


class UnreadableSheet(HouseError):
    """The file is no sheet we can read, or too long."""
