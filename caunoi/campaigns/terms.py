"""Words about asking people for help and about what they promise."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Kind(StrEnum):
    """For what a campaign is; the rules about who may launch it and how long it may last differ."""

    RELIEF = "relief"
    POOR = "poor"
    HOUSES = "houses"
    OTHER = "other"


class State(StrEnum):
    """How far a campaign has come. Whether it still accepts anything is said by its days, not by its state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    OPEN = "open"
    SETTLED = "settled"


class GiftState(StrEnum):
    """A promise on its way: nothing came yet, some of it, all of it; or it will not come."""

    PROMISED = "promised"
    PARTLY = "partly"
    FULFILLED = "fulfilled"
    LAPSED = "lapsed"


class NeedState(StrEnum):
    """Whether help is still asked for."""

    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"


class Priority(StrEnum):
    """How soon it is needed."""

    URGENT = "urgent"
    SOON = "soon"
    LATER = "later"


class Duty(StrEnum):
    """What must be published (Decree 93/2021)."""

    APPEAL = "appeal"
    RECEIVED = "received"
    HANDED_OUT = "handed_out"
    POSTED = "posted"
    REPORTED = "reported"


class CampaignError(Foreseen):
    """Something about a campaign that cannot be done."""


class NotYourCampaign(CampaignError):
    """It belongs to a unit in which one holds no such role."""


class Ended(CampaignError):
    """The campaign accepts nothing any more, or not yet."""


class OnePerson(CampaignError):
    """Whoever wrote it does not approve it."""


class NameTaken(CampaignError):
    """The unit has a fund of that name."""


class WrongState(CampaignError):
    """It has come further than that already, or not as far."""


class WrongAmount(CampaignError):
    """The amount or the thing does not fit what is asked for."""


class NoReason(CampaignError):
    """A reason or a proof is missing."""


class NotLaunched(CampaignError):
    """A body of this level may not launch a campaign of this kind, or not for so long."""


class NotSettled(CampaignError):
    """Something is still open: a publication, or something that lies on hand."""


class UnreadableSheet(CampaignError):
    """The file is no sheet that we can read."""


class Deed(StrEnum):
    """What may be done to a campaign as a whole, in the words of its address."""

    SUBMIT = "gui-duyet"
    APPROVE = "duyet"
    SEND_BACK = "tra-lai"
    END = "ket-thuc"
    SETTLE = "quyet-toan"


MAX_ROWS = 500
"""Needs in one sheet."""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of a sheet of needs: what is typed, read as far as it goes, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    unit_name: str = ""
    commodity: str = ""
    amount: int = 0
    priority: str = Priority.SOON.value
    households: int = 0
    needed_by: date | None = None
    note: str = ""

    @property
    def as_line(self) -> str:
        """The line as it was read, so that it can be sent again."""
        return "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in self.cells)
