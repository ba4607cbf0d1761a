"""The one keeper of tokens that can be traded only once.

A refresh kills the old tokens at the provider the moment it succeeds. So: (1) say in the database that a refresh began and
commit, (2) ask the provider, holding an advisory lock but no transaction, (3) store the answer. Two workers never
ask at once: the lock is the channel's. If we die between 2 and 3, the next keeper finds the mark of (1), tries the stored
refresh token once more (it works if the request never arrived), and otherwise says that a person must connect again.
Source: the provider's rule that a refresh token can be used once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from caunoi.channels import actions, registry, rules
from caunoi.channels.contract import Account, Capability, ReconnectNeeded, TryLater, Unclear
from caunoi.channels.models import Channel

LOST_ANSWER = "The refreshed token was lost on the way; the account must be connected again."


def fresh_account(*, channel: Channel, at: datetime, force: bool = False) -> Account:
    """Return the channel's account with a token good for the next two hours, refreshing it when due.

    force   the provider just said that the access token is gone
    Raises ReconnectNeeded (the channel is marked), TryLater (the provider is away; the old token may still work)
    """
    if not registry.can(channel.connector_key, Capability.TOKEN_REFRESH):
        return actions.account_for(channel)
    seen = actions.secrets_of(channel).get("access_token")
    if not force and not _due(channel, at):
        return actions.account_for(channel)
    with _only_one(channel):
        channel.refresh_from_db()
        renewed_meanwhile = actions.secrets_of(channel).get("access_token") != seen
        if renewed_meanwhile or (not force and not _due(channel, at)):
            return actions.account_for(channel)
        return _refresh(channel, at)


def _due(channel: Channel, at: datetime) -> bool:
    return channel.refresh_started_at is not None or rules.token_is_due(
        expires_at=channel.token_expires_at, refreshed_at=channel.token_refreshed_at, at=at
    )


def _refresh(channel: Channel, at: datetime) -> Account:
    second_try = channel.refresh_started_at is not None
    Channel.objects.filter(pk=channel.pk).update(refresh_started_at=at)
    connector = registry.connector_for(channel.connector_key)
    try:
        tokens = connector.refresh(actions.account_for(channel), at=at)
    except ReconnectNeeded as error:
        reason = LOST_ANSWER if second_try else error.reason
        actions.mark_reconnect_needed(channel=channel, reason=reason, at=at)
        raise ReconnectNeeded(reason) from error
    except Unclear as error:
        # the mark stays: whoever comes next tries the same refresh token once more
        raise TryLater(error.reason, after_seconds=30) from error
    except TryLater:
        if not second_try:
            Channel.objects.filter(pk=channel.pk).update(refresh_started_at=None)
        raise
    channel = actions.store_tokens(channel=channel, tokens=tokens, at=at)
    return actions.account_for(channel)


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
