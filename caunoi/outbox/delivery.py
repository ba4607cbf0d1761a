"""One round of sending, called again and again by the worker. No transaction is open while a provider is spoken to."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from caunoi.channels import actions as channels
from caunoi.channels import registry, token_keeper
from caunoi.channels.contract import (
    Account,
    Capability,
    Connector,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.kit.keyring import KeyringError
from caunoi.outbox import actions, pace
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import NotNow, SendState

BATCH = 20
CLOCK_DIFFERENCE = timedelta(minutes=2)
log = logging.getLogger("caunoi.outbox")
Clock = Callable[[], datetime]


def deliver_once(*, worker: str, now: Clock, limit: int = BATCH) -> int:
    """Claim what is due and send it, or look it up when its outcome is uncertain. Returns how many rows were claimed."""
    claimed = actions.claim_due(limit=limit, worker=worker, at=now())
    for message in claimed:
        try:
            _one(message, worker, now)
        except NotNow:
            log.info("send %s was decided elsewhere", message.pk)
    return len(claimed)


def _one(message: OutboundMessage, worker: str, now: Clock) -> None:
    connector = registry.connector_for(message.channel.connector_key)
    try:
        account = token_keeper.fresh_account(channel=message.channel, at=now())
    except (ReconnectNeeded, KeyringError) as error:
        _wait_for_a_person(message, str(error), worker, now())
        return
    except TryLater as error:
        _later(message, error, worker, now())
        return
    if message.state == SendState.UNCERTAIN:
        _look(message, connector, account, worker, now)
    else:
        _send(message, connector, account, worker, now)


def _send(
    message: OutboundMessage, connector: Connector, account: Account, worker: str, now: Clock
) -> None:
    wait = pace.take_call(channel=message.channel, per_minute=connector.per_minute, at=now())
    if wait is not None:
        actions.put_back(message=message, not_before=wait)
        return
    try:
        result = _with_fresh_token(message, connector, account, now)
    except TryLater as error:
        _later(message, error, worker, now())
    except Refused as error:
        actions.record_refused(message=message, reason=error.reason, worker=worker, at=now())
        pace.record_outcome(channel=message.channel, worked=True, at=now())
    except Unclear as error:
        actions.record_unclear(message=message, reason=error.reason, worker=worker, at=now())
        pace.record_outcome(channel=message.channel, worked=False, at=now())
    except ReconnectNeeded as error:
        _wait_for_a_person(message, error.reason, worker, now())
    else:
        actions.record_sent(message=message, result=result, worker=worker, at=now())
        pace.record_outcome(channel=message.channel, worked=True, at=now())


def _with_fresh_token(message: OutboundMessage, connector: Connector, account: Account, now: Clock):  # noqa: ANN202
    """Send; when the provider says that the token is gone, refresh it once and send once more."""
    post, key = actions.as_post(message), str(message.pk)
    try:
        return connector.send(post, account, key=key, at=now())
    except ReconnectNeeded:
        if Capability.TOKEN_REFRESH not in connector.capabilities:
            raise
    fresh = token_keeper.fresh_account(channel=message.channel, at=now(), force=True)
    return connector.send(post, fresh, key=key, at=now())


def _look(
    message: OutboundMessage, connector: Connector, account: Account, worker: str, now: Clock
) -> None:
    """Look at the provider whether an uncertain send is there. A channel that cannot be read back waits for a person."""
    since = (message.first_tried_at or message.created_at) - CLOCK_DIFFERENCE
    try:
        if Capability.READ_BACK not in connector.capabilities:
            raise TryLater("This kind of channel cannot be read back.")
        found = connector.find_sent(
            actions.as_post(message), account, key=str(message.pk), since=since
        )
    except (TryLater, Refused, ReconnectNeeded, Unclear) as error:
        actions.record_not_looked(message=message, reason=str(error), worker=worker, at=now())
        return
    actions.record_looked(message=message, found=found, worker=worker, at=now())


def _later(message: OutboundMessage, error: TryLater, worker: str, at: datetime) -> None:
    if message.state == SendState.UNCERTAIN:
        actions.record_not_looked(message=message, reason=error.reason, worker=worker, at=at)
        return
    actions.record_later(
        message=message,
        reason=error.reason,
        wanted_seconds=error.after_seconds,
        worker=worker,
        at=at,
    )
    pace.record_outcome(channel=message.channel, worked=False, at=at)


def _wait_for_a_person(message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    channels.mark_reconnect_needed(channel=message.channel, reason=reason, at=at)
    if message.state == SendState.UNCERTAIN:
        actions.record_not_looked(message=message, reason=reason, worker=worker, at=at)
    else:
        actions.record_waiting(message=message, reason=reason, worker=worker, at=at)
