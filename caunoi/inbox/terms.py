"""Words about what comes in."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen

MAX_BODY_BYTES = 256 * 1024
MAX_TEXT = 10_000


class DeliveryState(StrEnum):
    """Where a stored delivery stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class InboxError(Foreseen):
    """Something about what came in that cannot be done."""


class ChannelRetired(InboxError):
    """The channel is retired; its deliveries are kept raw and not read."""


class ChannelUnknown(InboxError):
    """No unit registered the page or account this delivery names."""
