"""Words of the open ledger: what is counted, where it stands, what moves it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class Place(StrEnum):
    """Where an amount stands. The outside world is ``givers``, ``promisers`` and the places from which nothing comes back."""

    PROMISERS = "promisers"
    PLEDGED = "pledged"
    GIVERS = "givers"
    UNMATCHED = "unmatched"
    ON_HAND = "on_hand"
    ALLOCATED = "allocated"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    FEES = "fees"
    SPOILED = "spoiled"


class Move(StrEnum):
    """What moves an amount; each has its way from one place to another (``rules.WAYS``)."""

    PLEDGE = "pledge"
    LAPSE = "lapse"
    FULFIL = "fulfil"
    RECEIVE = "receive"
    RECEIVE_UNMATCHED = "receive_unmatched"
    MATCH = "match"
    ALLOCATE = "allocate"
    RELEASE = "release"
    FORWARD = "forward"
    HAND_OVER = "hand_over"
    GIVE_BACK = "give_back"
    GIVE_BACK_UNMATCHED = "give_back_unmatched"
    FEE = "fee"
    SPOIL = "spoil"
    REVERSE = "reverse"


class Column(StrEnum):
    """The four public columns."""

    REGISTERED = "registered"
    RECEIVED = "received"
    ALLOCATED = "allocated"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Address:
    """An account of a fund, named so that an outsider can add up without our tables.

    commodity  the code of what is counted: VND, goat, rice-10kg, builder-day, m2
    purpose    what the giver bound it to; "" = free
    unit_id    at whose hands it lies or for whom it is meant; None = the fund itself
    """

    place: Place
    commodity: str
    purpose: str = ""
    unit_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.place}/{self.commodity}/{self.purpose}/{self.unit_id or ''}"

    @staticmethod
    def read(text: str) -> "Address":
        """Read what ``str`` wrote. ValueError when it is none."""
        place, commodity, purpose, unit = text.split("/")
        return Address(Place(place), commodity, purpose, UUID(unit) if unit else None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A posting that somebody wants made.

    id        chosen by whoever asks, before asking: asked twice it is made once
    amount    whole units of the commodity, more than nothing
    on        the day it counts for; in the bank the value date
    together  the first posting of those that belong to one deed; None = it stands alone
    reverses  the posting that this one takes back
    word      what is sealed beside it (a name, a memo): never in clear in the chain
    """

    id: UUID
    move: Move
    source: Address
    target: Address
    amount: int
    on: date
    together: UUID | None = None
    reverses: UUID | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as it stands in the chain: everything that is hashed, in the words of the published format."""

    seq: int
    id: UUID
    fund: UUID
    move: Move
    source: Address
    target: Address
    amount: int
    on: date
    at: datetime
    together: UUID | None
    reverses: UUID | None
    commitment: bytes


class NotBalanced(Foreseen):
    """A posting that goes no way we know."""


class NotEnough(Foreseen):
    """More was asked for than lies there."""


class AnotherPosting(Foreseen):
    """The same key was used before for something else."""


class PeriodClosed(Foreseen):
    """The books of that day are closed."""


class AlreadyReversed(Foreseen):
    """It was taken back before."""
