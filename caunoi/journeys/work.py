"""What the worker does with what came in: one round at a time."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.contract import (
    Follow,
    Inbound,
    MessageEdited,
    MessageReceived,
    MessageRemoved,
    OwnMessage,
    OwnPost,
    RawDelivery,
    Receipt,
    Unknown,
    Unreadable,
    with_code,
)
from caunoi.channels.models import Channel
from caunoi.inbox import actions as inbox
from caunoi.inbox import models as inbox_models
from caunoi.journeys import ask_and_answer, changed_words
from caunoi.outbox import actions as outbox

BATCH = 50
NOT_READABLE = gettext_noop("These bytes are no message of this provider.")
NOT_DONE = gettext_noop("A part of it could not be taken in.")
NOBODY_REGISTERED = gettext_noop("No unit registered this page or account here.")
log = logging.getLogger("caunoi.inbox")


def work_inbox_once(*, worker: str, at: datetime, limit: int = BATCH) -> int:
    """Read a batch of waiting deliveries, and free the replies that waited in vain. Returns how many rows were worked on."""
    claimed = inbox.claim_deliveries(limit=limit, worker=worker, at=at)
    for delivery in claimed:
        _one(delivery, at)
    freed = inbox.release_held(at=at)
    for message in freed:
        ask_and_answer.take_up(message=message, channel=message.channel, at=at)
    return len(claimed) + len(freed)


def _one(delivery: inbox_models.RawDelivery, at: datetime) -> None:
    """Do everything a delivery asks for; what could not be done is noted, and the delivery comes up again later."""
    try:
        with transaction.atomic():
            undone = take_in_delivery(delivery=delivery, at=at)
            if not undone:
                inbox.finish_deliveries(deliveries=[delivery])
    except Unreadable as error:
        reason = with_code(NOT_READABLE, error)
        inbox.fail_delivery(delivery=delivery, reason=reason, final=True, at=at)
        return
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("delivery %s could not be read", delivery.pk)
        undone = [with_code(NOT_DONE, type(error).__name__)]
    if undone:
        inbox.fail_delivery(delivery=delivery, reason=undone[0], final=False, at=at)


def take_in_delivery(*, delivery: inbox_models.RawDelivery, at: datetime) -> list[str]:
    """Do each part of a delivery on its own: a bad one never harms its neighbours. Raises Unreadable.

    -> why parts were not done (nobody registered the channel, or an error); doing the delivery again repeats nothing
    """
    connector = registry.connector_for(delivery.connector_key)
    undone: list[str] = []
    for said in connector.read(
        RawDelivery(delivery.headers, bytes(delivery.body), delivery.received_at)
    ):
        if isinstance(said, Unknown):
            continue
        channel = channels.channel_for(
            connector_key=delivery.connector_key, external_id=said.account_ref
        )
        if channel is None:
            undone.append(with_code(NOBODY_REGISTERED, said.account_ref[:60]))
        elif reason := do(channel, said, at):
            undone.append(reason)
    return undone


def do(channel: Channel, said: Inbound, at: datetime) -> str | None:
    """Do what one thing asks for, whole or not at all. -> why it could not be done, None when it was.

    Raises OperationalError, InterfaceError  the database is away
    """
    try:
        with transaction.atomic():
            DO[type(said)](channel, said, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("something said on channel %s could not be taken in", channel.pk)
        return with_code(NOT_DONE, type(error).__name__)
    return None


def _message(channel: Channel, said: MessageReceived, at: datetime) -> None:
    ask_and_answer.take_in(channel=channel, incoming=said, at=at)


def _edit(channel: Channel, said: MessageEdited, at: datetime) -> None:
    changed_words.edited(channel=channel, edit=said, at=at)


def _removal(channel: Channel, said: MessageRemoved, at: datetime) -> None:
    if not inbox.keep_post_removal(channel=channel, removal=said):
        changed_words.removed(channel=channel, removal=said, at=at)


def _own(channel: Channel, said: OwnMessage, at: datetime) -> None:
    inbox.keep_own_message(channel=channel, own=said, at=at)
    outbox.confirm(
        channel=channel, external_id=said.external_id, key=said.key, text=said.text, at=at
    )


def _receipt(channel: Channel, said: Receipt, at: datetime) -> None:
    outbox.record_receipt(
        channel=channel,
        external_ids=said.external_ids,
        state=said.state,
        thread_ref=said.thread_ref,
        at=said.at,
    )


def _follow(channel: Channel, said: Follow, at: datetime) -> None:
    inbox.keep_follow(channel=channel, follow=said)


def _post(channel: Channel, said: OwnPost, at: datetime) -> None:
    inbox.keep_post(channel=channel, post=said)
    outbox.confirm(channel=channel, external_id=said.external_id, key=None, text=said.text, at=at)


DO: dict[type, Callable[[Channel, Any, datetime], None]] = {
    MessageReceived: _message,
    MessageEdited: _edit,
    MessageRemoved: _removal,
    OwnMessage: _own,
    Receipt: _receipt,
    Follow: _follow,
    OwnPost: _post,
}
