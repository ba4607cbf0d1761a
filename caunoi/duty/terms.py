"""Words about being on duty and calling people."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class PageState(StrEnum):
    """Whether a call to one person left."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Post:
    """The people to call in one unit, in order."""

    unit_id: UUID
    account_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One person to call now; ``turn`` counts how often everybody has been called."""

    unit_id: UUID
    account_id: int
    turn: int


class DutyError(Foreseen):
    """Something about duty that cannot be done."""


class NotYourDuty(DutyError):
    """The roster of a unit in which you may not keep it, or an alarm you may not take."""


class TakenAlready(DutyError):
    """Somebody else took the alarm meanwhile."""


class EndsBeforeItBegins(DutyError):
    """A shift must end after it begins, within a week."""


class NobodyThere(DutyError):
    """This person holds no role in the unit today."""
