"""Writes about what goes out: queueing, claiming, recording, deciding."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from caunoi.channels import registry
from caunoi.channels.contract import (
    Capability,
    OutboundPost,
    Picture,
    PostKind,
    Publication,
    SendResult,
    Video,
)
from caunoi.channels.models import Channel
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer
from caunoi.outbox import rules
from caunoi.outbox.models import Attempt, OutboundMessage
from caunoi.outbox.terms import KeyReused, NotNow, SendState

REPLAY_AT_MOST = 2_000
# One statement is one transaction: between sending and knowing it there is nothing to break off.
SENT = """
WITH done AS (
    UPDATE outbox_outboundmessage SET state = 'sent', lease_until = NULL, external_id = %(external_id)s, permalink = %(permalink)s,
        sent_at = %(at)s, attempts = %(attempts)s, looks = 0, trouble = ''
    WHERE id = %(id)s AND state = %(was)s RETURNING id, channel_id),
tried AS (
    INSERT INTO outbox_attempt (message_id, at, outcome, reason, worker) SELECT id, %(at)s, 'sent', '', %(worker)s FROM done),
channel AS (
    UPDATE channels_channel c SET last_sent_at = %(at)s FROM done WHERE c.id = done.channel_id),
breaker AS (
    UPDATE outbox_breaker b SET outcomes = right(b.outcomes || '1', %(window)s), in_a_row = 0, state = 'closed', openings = 0,
        open_until = NULL
    FROM done WHERE b.channel_id = done.channel_id AND %(is_answer)s)
SELECT count(*) FROM done
"""
NEVER_CONFIRMED = (PostKind.HIDE_COMMENT, PostKind.DELETE_POST, PostKind.BROADCAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One text to be queued; the words are those of ``queue_send``."""

    channel: Channel
    kind: PostKind
    target_ref: str
    thread_ref: str
    text: str
    reference: str
    key: str
    window_opened_at: datetime | None = None
    is_confidential: bool = False


def queue_send(
    *,
    channel: Channel,
    kind: PostKind,
    target_ref: str,
    thread_ref: str,
    text: str,
    reference: str,
    key: str,
    at: datetime,
    window_opened_at: datetime | None = None,
    is_confidential: bool = False,
) -> list[OutboundMessage]:
    """Queue one text, cut into as many parts as the channel needs (keys ``key``, ``key-2`` …).

    is_confidential  its words are shown on the case only, never in the list of sends
    Idempotent by ``key``: the same text again returns the rows already there. Raises KeyReused for another text.
    Call it inside the transaction of what the text belongs to; the row is the job.
    """
    send = Send(
        channel=channel,
        kind=kind,
        target_ref=target_ref,
        thread_ref=thread_ref,
        text=text,
        reference=reference,
        key=key,
        window_opened_at=window_opened_at,
        is_confidential=is_confidential,
    )
    return queue_all([send], at=at)


def queue_all(sends: Sequence[Send], *, at: datetime) -> list[OutboundMessage]:
    """Queue many texts as ``queue_send`` does, in two statements. Raises KeyReused."""
    rows = [row for send in sends for row in _rows(send, at)]
    if not rows:
        return []
    OutboundMessage.objects.bulk_create(rows, ignore_conflicts=True)
    found = OutboundMessage.objects.filter(key__in=[row.key for row in rows])
    kept = {row.key: row for row in found}
    if any(kept[row.key].text != row.text for row in rows):
        raise KeyReused("Another text was queued under this key before.")
    return [kept[row.key] for row in rows]


def _rows(send: Send, at: datetime) -> list[OutboundMessage]:
    parts = registry.connector_for(send.channel.connector_key).split(send.text, send.kind)
    return [
        OutboundMessage(
            key=send.key if number == 1 else f"{send.key}-{number}",
            channel=send.channel,
            kind=send.kind.value,
            target_ref=send.target_ref,
            thread_ref=send.thread_ref,
            text=part,
            reference=send.reference,
            window_opened_at=send.window_opened_at,
            is_confidential=send.is_confidential,
            not_before=at,
            created_at=at,
        )
        for number, part in enumerate(parts, start=1)
    ]


def mark_unconfirmed(*, at: datetime) -> int:
    """Say of sends without echo or receipt for three days that nobody can confirm them. -> how many.

    Only for kinds of channels that confirm at all; a confirmation that comes later still counts.
    """
    kinds = {
        *registry.kinds_that(Capability.RECEIPTS),
        *registry.kinds_that(Capability.READ_BACK),
    }
    waiting = OutboundMessage.objects.filter(
        state=SendState.SENT,
        unconfirmed_at=None,
        sent_at__lte=at - rules.UNCONFIRMED_AFTER,
        channel__connector_key__in=kinds,
    ).exclude(kind__in=NEVER_CONFIRMED)  # the provider's yes is all there is
    return OutboundMessage.objects.filter(pk__in=waiting.values("pk")).update(unconfirmed_at=at)


def note_looked_for(*, message: OutboundMessage) -> None:
    """Remember that a sent message was looked for once, so that nobody looks again."""
    OutboundMessage.objects.filter(pk=message.pk).update(looks=1)


def as_post(
    message: OutboundMessage, *, pictures: Sequence[Picture] = (), video: Video | None = None
) -> OutboundPost:
    """Return the row as its connector takes it.

    pictures  the bytes of the publication's pictures and papers, and its video; to look whether it arrived none are needed
    """
    content = message.content
    return OutboundPost(
        kind=PostKind(message.kind),
        target_ref=message.target_ref,
        thread_ref=message.thread_ref,
        text=message.shown_text,
        window_opened_at=message.window_opened_at,
        publication=None
        if content is None
        else Publication(
            title=content.title,
            link=content.link,
            pictures=tuple(p for p in pictures if p.media_type.startswith("image/")),
            files=tuple(p for p in pictures if not p.media_type.startswith("image/")),
            language=content.language,
            video=video,
        ),
    )


def record_sent(
    *,
    message: OutboundMessage,
    result: SendResult,
    worker: str,
    at: datetime,
    is_answer: bool = True,
) -> None:
    """The provider took it, or was found to have it: the row, its attempt, the channel and its breaker in one statement.

    is_answer  the provider answered a send just now, so that the breaker of its channel closes; a look says nothing of that
    Raises NotNow
    """
    was = SendState(message.state)
    if not rules.may_become(was, SendState.SENT):
        raise NotNow(f"A send cannot go from {was} to {SendState.SENT}.")
    given = {
        "id": message.pk,
        "was": was.value,
        "external_id": result.external_id,
        "permalink": result.permalink[:400],
        "attempts": message.attempts + 1,
        "worker": worker,
        "at": at,
        "is_answer": is_answer,
        "window": rules.BREAKER_WINDOW,
    }
    with connection.cursor() as cursor:
        cursor.execute(SENT, given)
        (changed,) = cursor.fetchone()
    if not changed:
        raise NotNow("Somebody else decided about this send meanwhile.")
    message.state = SendState.SENT.value


@transaction.atomic
def record_later(
    *,
    message: OutboundMessage,
    reason: str,
    wanted_seconds: float | None,
    worker: str,
    at: datetime,
) -> None:
    """Not now: try again after the pause; after the last attempt the send is dead."""
    attempts = message.attempts + rules.counts_as_attempt(wanted_seconds=wanted_seconds)
    _queue_again(message, attempts=attempts, reason=reason, wanted_seconds=wanted_seconds, at=at)
    _tried(message, "later", reason, worker, at)


def _queue_again(
    message: OutboundMessage,
    *,
    attempts: int,
    reason: str,
    at: datetime,
    wanted_seconds: float | None = None,
) -> None:
    pause = rules.retry_pause(
        attempts=attempts,
        dice=random.random(),  # noqa: S311
        wanted_seconds=wanted_seconds,
        tried_for=at - (message.replayed_at or message.first_tried_at or at),
    )
    changes = {"attempts": attempts, "looks": 0, "trouble": reason[:300]}
    if pause is None:
        _become(message, SendState.DEAD, **changes)
    else:
        _become(message, SendState.QUEUED, not_before=at + pause, **changes)


@transaction.atomic
def record_refused(*, message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    """Never: the provider refuses this text."""
    _become(message, SendState.FAILED, attempts=message.attempts + 1, trouble=reason[:300])
    _tried(message, "refused", reason, worker, at)


@transaction.atomic
def record_unclear(*, message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    """Sent or not: look at the provider soon, and never send again before."""
    pause = rules.read_back_pause(0)
    _become(
        message,
        SendState.UNCERTAIN,
        attempts=message.attempts + 1,
        looks=0,
        not_before=at + (pause or rules.LEASE),
        trouble=reason[:300],
    )
    _tried(message, "unclear", reason, worker, at)


@transaction.atomic
def record_waiting(*, message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    """The channel must be connected again: the send, or the look at an uncertain one, waits as if it had not been tried."""
    if message.state == SendState.UNCERTAIN:
        OutboundMessage.objects.filter(pk=message.pk, state=SendState.UNCERTAIN).update(
            not_before=at, lease_until=None, trouble=reason[:300]
        )
    else:
        _become(message, SendState.QUEUED, not_before=at, trouble=reason[:300])
    _tried(message, "waits", reason, worker, at)


@transaction.atomic
def put_back(*, message: OutboundMessage, not_before: datetime, reason: str = "") -> None:
    """Return a claimed row untried (no calls left this minute, or no quota; then with the reason)."""
    said = {"trouble": reason[:300]} if reason else {}
    _become(message, SendState.QUEUED, not_before=not_before, **said)


@transaction.atomic
def record_looked(
    *, message: OutboundMessage, found: SendResult | None, worker: str, at: datetime
) -> None:
    """An uncertain send was looked up: it is there, or it surely is not and is sent again after a pause.

    "Not there" is believed a minute after the lost answer only; before that we look once more.
    """
    if found is not None:
        record_sent(message=message, result=found, worker=worker, at=at, is_answer=False)
        return
    last = message.tries.filter(outcome="unclear").order_by("-at").first()
    if not rules.is_settled(unclear_at=last.at if last else None, at=at):
        _look_again(message, reason=message.trouble, at=at)
    elif message.attempts:
        _queue_again(message, attempts=message.attempts, reason=message.trouble, at=at)
    else:
        _become(message, SendState.QUEUED, looks=0, not_before=at)
    _tried(message, "not there", "", worker, at)


@transaction.atomic
def record_not_looked(*, message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    """Looking did not work: later again, and at last a person decides."""
    _look_again(message, reason=reason, at=at)
    _tried(message, "no look", reason, worker, at)


def _look_again(message: OutboundMessage, *, reason: str, at: datetime) -> None:
    looks = message.looks + 1
    pause = rules.read_back_pause(looks) or rules.LEASE
    OutboundMessage.objects.filter(pk=message.pk, state=SendState.UNCERTAIN).update(
        looks=looks, not_before=at + pause, lease_until=None, trouble=reason[:300]
    )


@transaction.atomic
def decide_uncertain(*, message: OutboundMessage, arrived: bool, by: Viewer, at: datetime) -> None:
    """A person looked: it is there, or it is not and is sent again. Raises NotNow."""
    message = _locked(message.pk)
    if message.state != SendState.UNCERTAIN:
        raise NotNow("This send is no longer uncertain.")
    if arrived:
        _become(message, SendState.SENT, sent_at=at, trouble="")
    else:
        _become(message, SendState.QUEUED, looks=0, not_before=at, trouble="")
    _tried(message, "person", "arrived" if arrived else "not there", "", at)
    audit.record(
        "outbox.send.decided",
        on=message,
        by=by,
        at=at,
        unit_id=message.channel.unit_id,
        after={"arrived": arrived},
    )


@transaction.atomic
def replay(*, message: OutboundMessage, by: Viewer, at: datetime) -> None:
    """Try a failed or dead send from the beginning; its key stays, so it cannot go out twice. Raises NotNow."""
    done = replay_many(messages=OutboundMessage.objects.filter(pk=message.pk), by=by, at=at)
    if done.closed:
        raise NotNow("The time to answer this person is over; it cannot be sent any more.")
    if not done.count:
        raise NotNow("Only a failed send can be tried again.")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many sends are tried again, and how many cannot be because the time to answer is over."""

    count: int
    closed: int


@transaction.atomic
def replay_many(*, messages: QuerySet[OutboundMessage], by: Viewer, at: datetime) -> Replayed:
    """Try the dead letters among these from the beginning, oldest first, up to 2,000 at once.

    Keys stay, so that nothing goes out twice; the channel's pace holds. Doing it again changes nothing.
    """
    rows = _given_up(messages)
    open_now = [m for m in rows if _may_still_go(m, at)]
    fresh = {"attempts": 0, "looks": 0, "not_before": at, "replayed_at": at, "trouble": ""}
    by_hand = [m for m in open_now if registry.can(m.channel.connector_key, Capability.BY_HAND)]
    _set_all([m for m in open_now if m not in by_hand], SendState.QUEUED, **fresh)
    _set_all(by_hand, SendState.HANDED, declared_by=None, declared_at=None, **fresh)
    _record_each_unit("outbox.sends.replayed", open_now, by=by, at=at)
    return Replayed(len(open_now), len(rows) - len(open_now))


@transaction.atomic
def put_aside(*, messages: QuerySet[OutboundMessage], by: Viewer, at: datetime) -> int:
    """Say that the dead letters among these need nothing any more. -> how many. Their rows and attempts stay."""
    rows = _given_up(messages)
    _set_all(rows, SendState.CANCELLED)
    _record_each_unit("outbox.sends.put_aside", rows, by=by, at=at)
    return len(rows)


def _given_up(messages: QuerySet[OutboundMessage]) -> list[OutboundMessage]:
    dead = messages.filter(state__in=[s.value for s in rules.GIVEN_UP]).order_by("seq")
    locked = dead.select_for_update(of=("self",), no_key=True).select_related("channel", "content")
    return list(locked[:REPLAY_AT_MOST])


def _may_still_go(message: OutboundMessage, at: datetime) -> bool:
    connector = registry.connector_for(message.channel.connector_key)
    if Capability.BY_HAND in connector.capabilities:
        return True
    return connector.window(as_post(message), at=at).is_open


def _set_all(rows: list[OutboundMessage], state: SendState, **changes: object) -> None:
    if not all(rules.may_become(SendState(m.state), state) for m in rows):
        raise NotNow("Somebody else decided about this send meanwhile.")
    OutboundMessage.objects.filter(pk__in=[m.pk for m in rows]).update(
        state=state.value, lease_until=None, **changes
    )


def _record_each_unit(event: str, rows: list[OutboundMessage], *, by: Viewer, at: datetime) -> None:
    """Write one audit row a channel, with how many sends it is about."""
    for channel in {m.channel_id: m.channel for m in rows}.values():
        count = sum(m.channel_id == channel.pk for m in rows)
        audit.record(
            event, on=channel, by=by, at=at, unit_id=channel.unit_id, after={"sends": count}
        )


def _locked(pk: UUID) -> OutboundMessage:
    rows = OutboundMessage.objects.select_for_update(of=("self",), no_key=True).select_related(
        "channel"
    )
    return rows.get(pk=pk)


def _become(message: OutboundMessage, state: SendState, **changes: object) -> None:
    """Change state along the arrows of rules.NEXT only; a row somebody else changed meanwhile is left alone."""
    now = SendState(message.state)
    if not rules.may_become(now, state):
        raise NotNow(f"A send cannot go from {now} to {state}.")
    changed = OutboundMessage.objects.filter(pk=message.pk, state=now.value).update(
        state=state.value, lease_until=None, **changes
    )
    if not changed:
        raise NotNow("Somebody else decided about this send meanwhile.")
    message.state = state.value


def _tried(message: OutboundMessage, outcome: str, reason: str, worker: str, at: datetime) -> None:
    Attempt.objects.create(
        message=message, at=at, outcome=outcome, reason=reason[:300], worker=worker
    )
