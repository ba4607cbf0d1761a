"""Words about voter meetings."""

from dataclasses import dataclass
from enum import StrEnum

from caunoi.kit.terms import Foreseen

MAX_ROWS = 500
LONGEST = 4000


class Delegates(StrEnum):
    """Whose delegates met the voters."""

    NATIONAL = "national"
    PROVINCE = "province"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Row:
    """One petition as it was typed, pasted or read from a sheet. ``problem``: why it cannot be kept; ``sealed``: it accuses or tips off."""

    number: int
    text: str
    name: str = ""
    place: str = ""
    problem: str = ""
    sealed: bool = False


class VoterError(Foreseen):
    """Something about voter meetings that cannot be done."""


class NotYourMeeting(VoterError):
    """The meeting belongs to a unit in which you may not take in questions."""


class NothingToKeep(VoterError):
    """There is no petition to keep."""


class UnreadableSheet(VoterError):
    """The file is no XLSX sheet we can read."""


class TooManyRows(VoterError):
    """More petitions than are kept at once."""
