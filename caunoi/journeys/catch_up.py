"""Closing gaps: what was said on a channel while its webhooks did not reach us is fetched and taken in like everything else."""

import logging
from datetime import datetime, timedelta

from caunoi.channels import actions as channels
from caunoi.channels import alerts, registry, rules, token_keeper
from caunoi.channels import queries as channel_queries
from caunoi.channels.contract import (
    Inbound,
    MessageReceived,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    Unknown,
)
from caunoi.channels.models import Channel
from caunoi.channels.terms import AlertKind
from caunoi.inbox import queries as inbox_queries
from caunoi.journeys import work
from caunoi.kit import jobs
from caunoi.kit.keyring import KeyringError

JOB = "journeys.catch_up"
CHANNELS_AT_MOST = 40
TRY_AGAIN = timedelta(minutes=15)
log = logging.getLogger("caunoi.inbox")


def catch_up_due(*, at: datetime) -> int:
    """Ask the channels whose turn it is what was said; after an absence of ours it is everybody's turn. -> new messages."""
    before = jobs.last_ended(JOB)
    if before is not None and at - before > rules.AWAY_AFTER:
        channels.want_catch_up(at=at)
    due = channel_queries.channels_to_catch_up(at=at).select_related("app", "unit")
    return sum(catch_up(channel=channel, at=at) for channel in due[:CHANNELS_AT_MOST])


def catch_up(*, channel: Channel, at: datetime) -> int:
    """Fetch what was said on one channel since we last knew everything, and take it in once. -> how many messages were new.

    What a webhook should have told long ago is a sign that it is switched off: those in charge are told.
    """
    since = rules.catch_up_since(
        known_until=channel.caught_up_until, registered_at=channel.registered_at, at=at
    )
    try:
        account = token_keeper.fresh_account(channel=channel, at=at)
        told = registry.connector_for(channel.connector_key).catch_up(account, since=since, at=at)
    except ReconnectNeeded as error:
        channels.mark_reconnect_needed(channel=channel, reason=error.reason, at=at)
        return 0
    except (TryLater, Unclear, Refused, KeyringError) as error:
        log.warning("channel %s could not be asked what was said: %s", channel.pk, error)
        channels.postpone_catch_up(channel=channel, due_at=at + TRY_AGAIN)
        return 0
    missed = [new for said in told if (new := _take(channel, said, at)) is not None]
    channels.record_caught_up(channel=channel, until=at, due_at=at + rules.CATCH_UP_EVERY)
    late = sum(rules.was_missed(sent_at=m.sent_at, at=at) for m in missed)
    if late:
        alerts.raise_alert(channel=channel, kind=AlertKind.DEAF, count=late, at=at)
    return len(missed)


def _take(channel: Channel, said: Inbound, at: datetime) -> MessageReceived | None:
    """Do what one thing asks for; a bad one harms no other. -> a message nobody had told us of, else nothing."""
    message = said if isinstance(said, MessageReceived) else None
    if message and inbox_queries.heard_already(channel=channel, incoming=message):
        return None
    if isinstance(said, Unknown) or work.do(channel, said, at) is not None:
        return None
    return message
