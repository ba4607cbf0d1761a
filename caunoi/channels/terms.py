"""Words about channels."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class ChannelState(StrEnum):
    """Whether a channel may be used. Nothing is dropped in any of these: sends wait."""

    ACTIVE = "active"
    RECONNECT_NEEDED = "reconnect_needed"
    PAUSED = "paused"
    RETIRED = "retired"


class ChannelError(Foreseen):
    """Something about a channel that cannot be done."""


class AlreadyRegistered(ChannelError):
    """This page or account is registered already, perhaps by another unit."""


class UnknownConnector(ChannelError):
    """No connector of that name is installed."""
