"""Words about gifts that are no money: kept back for a need, stored, moved, handed over; and about people who give their days."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from caunoi.kit.limits import Limit
from caunoi.kit.terms import Foreseen


class ReservationState(StrEnum):
    """A part of a gift kept back for a need: proposed, agreed by both sides, on its way, handed over; or given free again."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ON_WAY = "on_way"
    HANDED_OVER = "handed_over"
    RELEASED = "released"
    EXPIRED = "expired"


FREE_AGAIN = frozenset({ReservationState.RELEASED, ReservationState.EXPIRED})
"""States in which nothing is kept back any more."""


class Side(StrEnum):
    """Who must agree: whoever speaks for the giver, and the unit that would get it."""

    GIVER = "giver"
    UNIT = "unit"


class MovementKind(StrEnum):
    """What happened to things at a unit. ``passed``: the unit ended and its successor holds them."""

    RECEIVED = "received"
    SENT = "sent"
    HANDED_OVER = "handed_over"
    WORKED = "worked"
    SPOILED = "spoiled"
    GIVEN_BACK = "given_back"
    PASSED = "passed"


PROVEN = frozenset({MovementKind.HANDED_OVER, MovementKind.WORKED})
"""Kinds that need somebody who got it and somebody who saw it."""


class ReasonKind(StrEnum):
    """Why a need is shown where it stands. Each has its sentence in ``words.REASONS``."""

    CHOSEN = "chosen"
    HERE = "here"
    NEAR = "near"
    PLACE_UNKNOWN = "place_unknown"
    URGENT = "urgent"
    DUE = "due"
    PAST_DUE = "past_due"
    HOUSEHOLDS = "households"
    FREE = "free"
    BOUND = "bound"
    FRESH = "fresh"
    STALE = "stale"
    WHOLE = "whole"
    PART = "part"
    SPOILS = "spoils"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with its number or day."""

    kind: ReasonKind
    n: int = 0
    on: date | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A gift as the matching sees it: what is left of it and where it lies.

    path      of the unit where it lies, in today's tree; empty = not known
    spoils_on  the day it can no longer be used
    need_id   the need the giver chose; it fits no other
    """

    campaign_id: UUID
    commodity: str
    left: int
    purpose: str = ""
    path: str = ""
    spoils_on: date | None = None
    need_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need as the matching sees it: what is still missing, and how much of that givers ``chose`` to give. Of people it knows only how many households."""

    id: UUID
    campaign_id: UUID
    commodity: str
    missing: int
    purpose: str
    path: str
    priority: str
    households: int
    needed_by: date | None
    confirmed_until: date
    chosen: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A need that an offer fits, how much of it, and why it stands where it stands."""

    need_id: UUID
    amount: int
    reasons: tuple[Reason, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Detail:
    """What is written beside a movement of goods."""

    place: str = ""
    note: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Flow:
    """What went in and out of a unit of one thing, added up from the postings; ``stock`` is what its accounts say."""

    unit_id: UUID
    commodity: str
    received: int = 0
    came: int = 0
    went: int = 0
    handed_over: int = 0
    spoiled: int = 0
    given_back: int = 0
    stock: int = 0

    @property
    def out(self) -> int:
        return self.went + self.handed_over + self.spoiled + self.given_back

    @property
    def is_whole(self) -> bool:
        """In is out and stock."""
        return self.received + self.came == self.out + self.stock


HOLDS_FOR = timedelta(days=7)
"""How long a proposal waits for the other side."""
KEEPS_VOLUNTEERS = timedelta(days=180)
"""How long a volunteer's name and telephone are kept when she does not say shorter."""
KEEPS_NAMES = timedelta(days=730)
"""How long names beside a hand-over are kept after it."""
LOOK_UP_GIFT = Limit("gift-code", tries=30, per=timedelta(minutes=30))
"""Wrong codes of a gift from one network."""
MOST = 10**9


class GoodsError(Foreseen):
    """Something about goods that cannot be done."""


class NotYourStock(GoodsError):
    """It lies at a unit in which one holds no such role."""


class AlreadyTaken(GoodsError):
    """More would be kept back than there is."""


class NotWanted(GoodsError):
    """More would be kept back for a need than is asked for."""


class WrongThing(GoodsError):
    """It is another thing, another purpose or another campaign."""


class NotNow(GoodsError):
    """This step does not come next."""


class OtherPerson(GoodsError):
    """The two sides are two people."""


class NobodyNamed(GoodsError):
    """A hand-over names who got it and who saw it."""


class WrongCount(GoodsError):
    """The numbers do not fit together."""


class NoConsent(GoodsError):
    """Somebody is on a roster only because she said yes."""
