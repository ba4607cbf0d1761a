"""Looking after channels by themselves: tokens ahead of their end, a look at each a day, what people in charge must know."""

import logging
from datetime import datetime

from caunoi.channels import actions, alerts, queries, registry, token_keeper
from caunoi.channels.contract import (
    Health,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.channels.models import Channel
from caunoi.channels.terms import AlertKind, ChannelState
from caunoi.kit.keyring import KeyringError

REFRESH_AT_MOST, CHECK_AT_MOST = 200, 60
"""Channels a round; the rest comes next round."""
log = logging.getLogger("caunoi.channels")


def refresh_due(*, at: datetime) -> int:
    """Trade the tokens that end soon, before anybody needs them. -> how many channels have fresh ones now."""
    fresh = 0
    for channel in queries.channels_to_refresh(at=at).select_related("app")[:REFRESH_AT_MOST]:
        try:
            token_keeper.fresh_account(channel=channel, at=at)
        except (TryLater, KeyringError) as error:
            log.warning("token of channel %s not renewed yet: %s", channel.pk, error)
        except ReconnectNeeded:
            alerts.raise_alert(channel=channel, kind=AlertKind.RECONNECT, count=1, at=at)
        else:
            fresh += 1
    return fresh


def check_channel(*, channel: Channel, at: datetime) -> Health:
    """Ask the provider whether the channel works, and keep what it says. Raises TryLater: nothing is known then.

    A token that may be traded is traded first. A page that no longer told us of events is asked to, and what was said
    meanwhile is fetched soon.
    """
    try:
        health = _ask(channel, at)
    except (ReconnectNeeded, Refused) as error:
        health = Health(ok=False, reason=error.reason)
    except Unclear as error:
        raise TryLater(error.reason) from error
    except KeyringError as error:
        health = Health(ok=False, reason=str(error))
    actions.record_check(channel=channel, health=health, at=at)
    if not health.ok:
        alerts.raise_alert(channel=channel, kind=AlertKind.RECONNECT, count=1, at=at)
    if health.subscribed_anew:
        alerts.raise_alert(channel=channel, kind=AlertKind.DEAF, count=0, at=at)
    return health


def _ask(channel: Channel, at: datetime) -> Health:
    connector = registry.connector_for(channel.connector_key)
    if channel.state == ChannelState.RECONNECT_NEEDED:
        # a person may have put it right at the provider; no token is spent on finding out
        return connector.check(actions.account_for(channel), at=at)
    account = token_keeper.fresh_account(channel=channel, at=at)
    try:
        return connector.check(account, at=at)
    except ReconnectNeeded:
        if not token_keeper.can_renew(channel):
            raise
    return connector.check(token_keeper.fresh_account(channel=channel, at=at, gone=account), at=at)


def check_due(*, at: datetime) -> int:
    """Look at the channels nobody looked at for a day. -> how many answered."""
    answered = 0
    for channel in queries.channels_to_check(at=at).select_related("app")[:CHECK_AT_MOST]:
        try:
            check_channel(channel=channel, at=at)
        except TryLater as error:
            log.warning("channel %s could not be looked at: %s", channel.pk, error)
        else:
            answered += 1
    return answered


def watch(*, at: datetime) -> int:
    """Tell those in charge of tokens that end within a week and of pages silent for a month. -> how many were told of."""
    told = 0
    for kind, found in (
        (AlertKind.TOKEN_ENDS, queries.ending_tokens(at=at)),
        (AlertKind.SILENT, queries.silent_pages(at=at)),
    ):
        for channel in found:
            told += alerts.raise_alert(channel=channel, kind=kind, count=1, at=at)
    return told
