"""Words about what goes out."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class SendState(StrEnum):
    """Where a send stands. ``uncertain``: it may have arrived; nobody sends again before looking."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    CANCELLED = "cancelled"
    HANDED = "handed"
    """Waits at a person who posts it by hand and says so."""


class BreakerState(StrEnum):
    """Whether a channel is being spared after failures."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class OutboxError(Foreseen):
    """Something about a send that cannot be done."""


class KeyReused(OutboxError):
    """Another text was queued under the same key before."""


class NotNow(OutboxError):
    """The send is in a state in which this cannot be done."""
