"""The one keeper of tokens that can be traded only once.

A refresh kills the old tokens at the provider the moment it succeeds. So: (1) say in the database that a refresh began and
commit, (2) ask the provider, holding an advisory lock but no transaction, (3) store the answer. Two workers never
ask at once: the lock is the channel's. If we die between 2 and 3, the next keeper finds the mark of (1), tries the stored
refresh token once more (it works if the request never arrived), and otherwise says that a person must connect again.
If only the database went away between 2 and 3, it is waited for: these tokens exist nowhere else.
Source: the provider's rule that a refresh token can be used once.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext_noop

from caunoi.channels import actions, queries, registry, rules
from caunoi.channels.contract import (
    Account,
    Capability,
    ReconnectNeeded,
    Tokens,
    TryLater,
    Unclear,
)
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState

LOST_ANSWER = gettext_noop(
    "The renewed token was lost on the way; the account must be connected again."
)
UNCLEAR_PAUSE_SECONDS = 30
STORE_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""How long a database that went away is waited for with fresh tokens in hand."""
log = logging.getLogger("caunoi.channels")


def fresh_account(*, channel: Channel, at: datetime, gone: Account | None = None) -> Account:
    """Return the channel's account with a token good for the next two hours, refreshing it when due.

    gone    the account with which the provider just said that the access token is gone
    Raises ReconnectNeeded (the channel is marked), TryLater (the provider is away; nobody is to blame)
    Locks  the channel's advisory lock while the provider is asked; who comes second gets what the first one fetched
    """
    holder = queries.holder_of(channel=channel)
    if holder is not None and holder.pk != channel.pk:
        fresh_account(channel=holder, at=at, gone=gone)
        return actions.account_for(channel)
    if not registry.can(channel.connector_key, Capability.TOKEN_REFRESH):
        return actions.account_for(channel)
    if gone is None and not _due(channel, at):
        return actions.account_for(channel)
    with _only_one(channel):
        seen = (gone or actions.account_for(channel)).secrets.get("access_token")
        channel.refresh_from_db()
        if channel.state == ChannelState.RECONNECT_NEEDED:
            raise ReconnectNeeded(channel.trouble)
        current = actions.account_for(channel)
        if current.secrets.get("access_token") != seen or not (gone or _due(channel, at)):
            return current
        return _refresh(channel, current, at)


def can_renew(channel: Channel) -> bool:
    """True when the channel's token can be traded for a fresh one, its own or that of its account."""
    kind = registry.connector_for(channel.connector_key).uses_tokens_of or channel.connector_key
    return registry.can(kind, Capability.TOKEN_REFRESH)


def _due(channel: Channel, at: datetime) -> bool:
    return channel.refresh_started_at is not None or rules.token_is_due(
        expires_at=channel.token_expires_at, refreshed_at=channel.token_refreshed_at, at=at
    )


def _refresh(channel: Channel, account: Account, at: datetime) -> Account:
    second_try = channel.refresh_started_at is not None
    Channel.objects.filter(pk=channel.pk).update(refresh_started_at=at)
    connector = registry.connector_for(channel.connector_key)
    try:
        tokens = connector.refresh(account, at=at)
    except ReconnectNeeded as error:
        reason = LOST_ANSWER if second_try else error.reason
        actions.mark_reconnect_needed(channel=channel, reason=reason, at=at)
        raise ReconnectNeeded(reason) from error
    except Unclear as error:
        # the mark stays: whoever comes next tries the same refresh token once more
        raise TryLater(error.reason, after_seconds=UNCLEAR_PAUSE_SECONDS) from error
    except TryLater:
        if not second_try:
            Channel.objects.filter(pk=channel.pk).update(refresh_started_at=None)
        raise
    return actions.account_for(_store_surely(channel, tokens, at))


def _store_surely(channel: Channel, tokens: Tokens, at: datetime) -> Channel:
    for pause in STORE_PAUSES_SECONDS:
        try:
            return actions.store_tokens(channel=channel, tokens=tokens, at=at)
        except (OperationalError, InterfaceError):
            log.warning("database away with fresh tokens of channel %s in hand", channel.pk)
            connection.close()
            time.sleep(pause)
    return actions.store_tokens(channel=channel, tokens=tokens, at=at)


@contextmanager
def _only_one(channel: Channel) -> Iterator[None]:
    """Hold the channel's advisory lock; it goes with the connection, so a killed worker never keeps it."""
    number = channel.pk.int & 0x7FFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
