"""What the worker does with what came in: one round at a time."""

import logging
from collections.abc import Callable, Sequence
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
from caunoi.inbox import together as inbox_together
from caunoi.journeys import ask_and_answer, changed_words, leaving, readings, taking_up
from caunoi.journeys.readings import Reading
from caunoi.outbox import arrivals

BATCH, PARTS_AT_ONCE = 50, 500
LOOK_AHEAD = 500
"""While more waits than one batch, so many deliveries are looked over a batch for those that cannot wait."""
NOT_READABLE = gettext_noop("These bytes are no message of this provider.")
NOT_DONE = gettext_noop("A part of it could not be taken in.")
NOBODY_REGISTERED = gettext_noop("No unit registered this page or account here.")
log = logging.getLogger("caunoi.inbox")


def work_inbox_once(*, worker: str, at: datetime, limit: int = BATCH) -> int:
    """Read a batch of waiting deliveries, and free the replies that waited in vain. Returns how many rows were worked on.

    worker  the reader's own name; several may read at once, each conversation is in one reader's hand
    """
    in_hand, found = claim(worker=worker, at=at, limit=limit)
    if found == limit:
        look_over(limit=LOOK_AHEAD)
    do_all(in_hand, at=at)
    return len(in_hand) + _release_held(at)


def do_all(in_hand: Sequence[Reading], *, at: datetime) -> None:
    """Do what claimed deliveries ask for, as much as possible at once, the rest one by one."""
    together, alone = readings.sorted_out(in_hand)
    for portion in readings.portions(together, parts=PARTS_AT_ONCE):
        _together(portion, at)
    for one in alone:
        _one(one.delivery, at)


@transaction.atomic
def claim(*, worker: str, at: datetime, limit: int) -> tuple[list[Reading], int]:
    """Take the next deliveries in hand, urgent ones first, and read them; those of a conversation another reader has in hand are left.

    -> what is in hand now, and how many were found (``limit``: more wait)
    """
    others = [readings.read(d) for d in inbox.others_in_hand(worker=worker, at=at)]
    mine = [readings.read(d) for d in inbox.claim_deliveries(limit=limit, worker=worker, at=at)]
    free, busy = readings.without(mine, others)
    if busy:
        inbox.put_back(deliveries=[r.delivery for r in busy])
    return free, len(mine)


@transaction.atomic
def look_over(*, limit: int) -> int:
    """Find the cries for help and tip-offs among what waits, newest first: they are claimed next. -> how many were looked over"""
    waiting = inbox.not_looked_over(limit=limit)
    urgent = [d for d in waiting if any(map(taking_up.is_urgent, readings.texts_in(d)))]
    inbox.note_looked_over(deliveries=waiting, urgent=urgent)
    return len(waiting)


def _together(batch: Sequence[Reading], at: datetime) -> None:
    """Do what the deliveries ask for at once; when that fails, halves of them, so that the bad one is found and its neighbours are done."""
    if not batch:
        return
    try:
        with transaction.atomic():
            take_in_together(batch, at)
            inbox.finish_deliveries(deliveries=[r.delivery for r in batch])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  what it was is told when the bad one is done by itself
        log.info("%s deliveries could not be read at once: %s", len(batch), type(error).__name__)
        if len(batch) == 1:
            _one(batch[0].delivery, at)
            return
        half = len(batch) // 2
        _together(batch[:half], at)
        _together(batch[half:], at)


def take_in_together(batch: Sequence[Reading], at: datetime) -> None:
    """Keep everything that was said in as many statements as for one delivery, and take up what is new, in its order."""
    said = [(r.channels[s.account_ref or ""], s) for r in batch for s in r.said or ()]
    heard = [(c, s) for c, s in said if isinstance(s, MessageReceived)]
    if heard:
        taking_up.take_up(inbox_together.keep_messages(heard, at=at), at=at)
    if own := [(c, s) for c, s in said if isinstance(s, OwnMessage)]:
        _own(own, at)
    if receipts := [(c, s) for c, s in said if isinstance(s, Receipt)]:
        _receipts(receipts)
    if follows := [(c, s) for c, s in said if isinstance(s, Follow)]:
        leaving.keep_follows(follows)


def _release_held(at: datetime) -> int:
    """Free the replies that waited in vain, and take them up; one that cannot be taken up harms no other."""
    with transaction.atomic():
        freed = inbox.release_held(at=at)
        for message in freed:
            try:
                with transaction.atomic():
                    taking_up.take_up([message], at=at)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("message %s could not be taken up", message.pk)
    return len(freed)


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


def _own(said: Sequence[tuple[Channel, OwnMessage]], at: datetime) -> None:
    inbox_together.keep_own_messages(said, at=at)
    arrivals.confirm([arrivals.Echo(c, own.external_id, own.key) for c, own in said], at=at)


def _receipts(said: Sequence[tuple[Channel, Receipt]]) -> None:
    arrivals.record_receipts(
        [
            arrivals.Arrival(
                one,
                r.external_ids,
                r.thread_ref,
                seen=r.state == "seen",
                at=r.at,
                failed=r.reason if r.state == "failed" else "",
            )
            for c, r in said
            for one in leaving.meant(c)
        ]
    )


def _post(channel: Channel, said: OwnPost, at: datetime) -> None:
    inbox.keep_post(channel=channel, post=said)
    arrivals.confirm([arrivals.Echo(channel, said.external_id, key=None)], at=at)


DO: dict[type, Callable[[Channel, Any, datetime], None]] = {
    MessageReceived: _message,
    MessageEdited: _edit,
    MessageRemoved: _removal,
    OwnMessage: lambda channel, said, at: _own([(channel, said)], at),
    Receipt: lambda channel, said, _at: _receipts([(channel, said)]),
    Follow: lambda channel, said, _at: leaving.keep_follows([(channel, said)]),
    OwnPost: _post,
}
