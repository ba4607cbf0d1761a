"""Words about channels."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class ChannelState(StrEnum):
    """Whether a channel may be used. Nothing is dropped in any of these: sends wait."""

    ACTIVE = "active"
    RECONNECT_NEEDED = "reconnect_needed"
    PAUSED = "paused"
    RETIRED = "retired"


class AlertKind(StrEnum):
    """What somebody in charge of a channel is told about."""

    RECONNECT = "reconnect"
    TOKEN_ENDS = "token_ends"  # noqa: S105
    SILENT = "silent"
    """The page itself has not posted for a month."""
    DEAF = "deaf"
    """Messages came that no webhook told us of."""
    DEAD = "dead"
    """Sends were refused or given up."""
    STUCK = "stuck"
    """Sends wait longer than ten minutes."""
    UNCERTAIN = "uncertain"
    """Sends of which only a person can say whether they arrived."""
    ORPHAN = "orphan"
    """Fewer than two people hold the channel."""


class ChannelError(Foreseen):
    """Something about a channel that cannot be done."""


class AlreadyRegistered(ChannelError):
    """This page or account is registered already, perhaps by another unit."""


class UnknownConnector(ChannelError):
    """No connector of that name is installed."""
