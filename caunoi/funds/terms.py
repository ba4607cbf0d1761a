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


class Sort(StrEnum):
    """What sort of thing a commodity is."""

    MONEY = "money"
    GOODS = "goods"
    LABOUR = "labour"
    LAND = "land"
    TRANSPORT = "transport"


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


COMMON: tuple[tuple[str, str, str, Sort], ...] = (
    ("VND", "Tiền", "đồng", Sort.MONEY),
    ("goat", "Dê giống", "con", Sort.GOODS),
    ("cow", "Bò giống", "con", Sort.GOODS),
    ("rice-10kg", "Gạo", "bao 10 kg", Sort.GOODS),
    ("noodles", "Mì tôm", "thùng", Sort.GOODS),
    ("water-20l", "Nước uống", "bình 20 lít", Sort.GOODS),
    ("blanket", "Chăn ấm", "cái", Sort.GOODS),
    ("clothes", "Quần áo ấm", "bộ", Sort.GOODS),
    ("roof-sheet", "Tôn lợp", "tấm", Sort.GOODS),
    ("cement-50kg", "Xi măng", "bao 50 kg", Sort.GOODS),
    ("school-set", "Bộ sách vở", "bộ", Sort.GOODS),
    ("builder-day", "Ngày công thợ xây", "ngày công", Sort.LABOUR),
    ("labour-day", "Ngày công", "ngày công", Sort.LABOUR),
    ("truck-day", "Xe tải", "chuyến", Sort.TRANSPORT),
    ("boat-day", "Thuyền", "chuyến", Sort.TRANSPORT),
    ("m2", "Đất", "m²", Sort.LAND),
)
"""Things that are known from the start: code, Vietnamese name, word for one of them, sort. Content, so always Vietnamese."""


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


class OutsideCampaign(Foreseen):
    """The campaign that these books are kept for accepts nothing on that day."""


class AlreadyReversed(Foreseen):
    """It was taken back before."""
