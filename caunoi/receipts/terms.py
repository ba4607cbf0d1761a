"""Words about what became of a notice: sends by group, where each unit stands, readings, acknowledgements."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from caunoi.kit.terms import Foreseen

K = TypeVar("K")
SILENT_AFTER = timedelta(hours=48)
"""A unit from which nothing was heard so long after a notice was sent out is silent."""
AIRED_ON = "loudspeaker"
"""The kind of channel that is read out, and not posted."""


class Group(StrEnum):
    """What one send says on the board. ``declared``: a person says that she posted it by hand; the house cannot see it."""

    POSTED = "posted"
    DECLARED = "declared"
    HANDED = "handed"
    WAITING = "waiting"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where one unit stands with one notice: exactly one of these, the best thing that is known.

    delivered  something of it is out: a post, a declared posting, or it was read out or put on a board
    handed     waits at a person who posts by hand
    nothing    no channel and nobody who told of it
    """

    ACKNOWLEDGED = "acknowledged"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    HANDED = "handed"
    WAITING = "waiting"
    FAILED = "failed"
    NOTHING = "nothing"


class ReadingKind(StrEnum):
    """How a notice reached people without a network."""

    AIRED = "aired"
    READ_ALOUD = "read_aloud"
    BOARD = "board"


class WhyNot(StrEnum):
    """Why something was not posted by hand."""

    NO_GROUP = "no_group"
    NOT_ADMIN = "not_admin"
    NO_NETWORK = "no_network"
    NOT_FITTING = "not_fitting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Tally:
    """Units of one branch of the tree by where they stand, and its sends by kind of channel and group.

    standing   units by standing; they add up to ``units``
    silent     units among them of which nothing was heard in time
    reposted   units that posted it by hand or took it over as their own
    opened     how often the links of this branch were opened: totals, nobody is known
    sends      (connector key, group) → how many
    """

    standing: dict[Standing, int] = field(default_factory=dict)
    silent: int = 0
    reposted: int = 0
    opened: int = 0
    sends: dict[tuple[str, Group], int] = field(default_factory=dict)

    @property
    def units(self) -> int:
        return sum(self.standing.values())

    def of(self, standing: str) -> int:
        """How many units stand there."""
        return self.standing.get(Standing(standing), 0)

    @property
    def reached(self) -> int:
        """Units in which something of it is out, acknowledged or not."""
        return self.of(Standing.ACKNOWLEDGED) + self.of(Standing.DELIVERED)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            _sum(self.standing, other.standing),
            self.silent + other.silent,
            self.reposted + other.reposted,
            self.opened + other.opened,
            _sum(self.sends, other.sends),
        )


def _sum(one: dict[K, int], other: dict[K, int]) -> dict[K, int]:
    return {k: one.get(k, 0) + other.get(k, 0) for k in {**one, **other}}


@dataclass(frozen=True, slots=True)
class Paper:
    """What would have gone by post, and the sum that was not spent."""

    letters: int
    sheets: int
    vnd: int


class ReceiptError(Foreseen):
    """Something about what became of a notice that cannot be done."""


class NotHanded(ReceiptError):
    """This was already answered, or it does not wait at a person any more."""


class NotAsked(ReceiptError):
    """This notice does not ask your unit for an acknowledgement."""


class NotYourUnit(ReceiptError):
    """The unit lies outside what you may tell of."""


class NotSentYet(ReceiptError):
    """The notice has not been sent out yet."""


class InTheFuture(ReceiptError):
    """This lies in the future; write it down when it has happened."""


class NoOtherChannel(ReceiptError):
    """The unit has no other channel that did not get this notice yet."""


class NotUncertain(ReceiptError):
    """This send is no longer uncertain."""
