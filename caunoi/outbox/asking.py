"""One question to a provider about a send of ours: within the channel's minute, with a token that holds; no transaction is open meanwhile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from caunoi.channels import registry, token_keeper
from caunoi.channels.contract import Account, ReconnectNeeded, Refused, TryLater, Unclear
from caunoi.kit.keyring import KeyringError
from caunoi.outbox import pace
from caunoi.outbox.models import OutboundMessage

T = TypeVar("T")
UNANSWERED = (TryLater, Refused, ReconnectNeeded, Unclear, KeyringError)
"""Why a provider did not say."""


class NoCallsLeft(Exception):
    """The channel's minute is used up; nothing was asked."""


def ask(send: OutboundMessage, act: Callable[[Any, Account], T], *, calls: int, at: datetime) -> T:
    """Let ``act`` ask with the connector and the account of the send's channel. Raises NoCallsLeft, or one of UNANSWERED."""
    connector = registry.connector_for(send.channel.connector_key)
    wait = pace.take_calls(
        channel=send.channel,
        per_minute=connector.per_minute,
        per_minute_all=connector.per_minute_all,
        calls=calls,
        at=at,
    )
    if wait is not None:
        raise NoCallsLeft
    return act(connector, token_keeper.fresh_account(channel=send.channel, at=at))
