"""Writes about what came in: claiming deliveries, keeping messages."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from caunoi.channels.contract import (
    Follow,
    MessageEdited,
    MessageReceived,
    MessageRemoved,
    OwnMessage,
    OwnPost,
)
from caunoi.channels.models import Channel
from caunoi.inbox import rules
from caunoi.inbox.models import Follower, LateWord, Message, Post, RawDelivery, Thread
from caunoi.inbox.terms import MAX_TEXT, DeliveryState, Direction
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer

REPLAY_AT_MOST = 5_000
CLAIM = """
UPDATE inbox_rawdelivery SET lease_until = %(until)s, lease_by = %(worker)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM inbox_rawdelivery
    WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < %(at)s)
      AND (not_before IS NULL OR not_before <= %(at)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def claim_deliveries(*, limit: int, worker: str, at: datetime) -> list[RawDelivery]:
    """Lease the oldest waiting deliveries for a minute, in one statement; a lease that ran out is taken over."""
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM, {"until": at + rules.LEASE, "worker": worker, "at": at, "limit": limit}
        )
        claimed = [row[0] for row in cursor.fetchall()]
    return list(RawDelivery.objects.filter(pk__in=claimed).order_by("pk")) if claimed else []


def finish_deliveries(*, deliveries: Sequence[RawDelivery]) -> None:
    """Say that these were read. Part of the transaction that kept what they said."""
    ids = [d.pk for d in deliveries]
    RawDelivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.DONE, lease_until=None, trouble=""
    )


def fail_delivery(*, delivery: RawDelivery, reason: str, final: bool, at: datetime) -> None:
    """Put a delivery back for a later try, or give it up for a person to look at; its bytes stay."""
    pause = None if final else rules.retry_after(delivery.attempts)
    RawDelivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.WAITING if pause else DeliveryState.FAILED,
        not_before=at + pause if pause else None,
        lease_until=None,
        trouble=reason[:300],
    )


@transaction.atomic
def replay_deliveries(*, deliveries: QuerySet[RawDelivery], by: Viewer, at: datetime) -> int:
    """Let the failed ones among these be read again; what they said before is not said twice. -> how many."""
    failed = list(
        deliveries.filter(state=DeliveryState.FAILED)
        .order_by("pk")
        .values_list("pk", flat=True)[:REPLAY_AT_MOST]
    )
    changed = RawDelivery.objects.filter(pk__in=failed, state=DeliveryState.FAILED).update(
        state=DeliveryState.WAITING, attempts=0, not_before=None, trouble=""
    )
    if changed:
        first = RawDelivery(pk=failed[0])
        audit.record(
            "inbox.deliveries.replayed", on=first, by=by, at=at, after={"deliveries": changed}
        )
    return changed


@transaction.atomic
def keep_message(
    *, channel: Channel, incoming: MessageReceived, at: datetime
) -> tuple[Message, bool]:
    """Store one message a resident sent, once.

    incoming.text  cut at 10,000 characters, NFC, hidden marks removed; empty when only files came
    -> the message and True when it is new; the one already kept and False when it came before
    A reply whose parent is not here yet waits (``held_until``, no thread) for at most ten minutes: see release_held.
    """
    known = Message.objects.filter(channel=channel, external_id=incoming.external_id).first()
    if known:
        return known, False
    thread = _thread_for(channel, incoming)
    message, new = Message.objects.get_or_create(
        channel=channel,
        external_id=incoming.external_id,
        defaults={
            "thread": thread,
            "kind": incoming.kind.value,
            "parent_ref": incoming.parent_ref or "",
            "text": clean(incoming.text)[:MAX_TEXT],
            "attachments": [asdict(a) for a in incoming.attachments],
            "sender_ref": incoming.sender_ref,
            "sender_name": clean(incoming.sender_name)[:120],
            "sent_at": incoming.sent_at,
            "received_at": at,
            "held_until": None if thread else at + rules.ORPHAN_WAITS,
        },
    )
    if new:
        _apply_late_words(channel, message)
        if thread:
            _touch(thread, incoming.sent_at)
            _adopt_held(thread, incoming.external_id)
        Channel.objects.filter(pk=channel.pk).update(last_inbound_at=at)
    return message, new


def _thread_for(channel: Channel, incoming: MessageReceived) -> Thread | None:
    """Return the thread, made when this message begins it; None for a reply whose beginning we have not seen."""
    found = Thread.objects.filter(
        channel=channel, kind=incoming.kind.value, thread_ref=incoming.thread_ref
    ).first()
    if found is not None:
        return found
    if incoming.parent_ref and incoming.parent_ref != incoming.external_id:
        parent = Message.objects.filter(channel=channel, external_id=incoming.parent_ref).first()
        return parent.thread if parent else None
    return _begin(channel, incoming, misses_origin=False)


def _begin(channel: Channel, incoming: MessageReceived, *, misses_origin: bool) -> Thread:
    thread, _ = Thread.objects.get_or_create(
        channel=channel,
        kind=incoming.kind.value,
        thread_ref=incoming.thread_ref,
        defaults={
            "sender_ref": incoming.sender_ref,
            "sender_name": clean(incoming.sender_name)[:120],
            "post_ref": incoming.post_ref or "",
            "permalink": incoming.permalink[:400],
            "started_at": incoming.sent_at,
            "misses_origin": misses_origin,
        },
    )
    return thread


def _touch(thread: Thread, sent_at: datetime) -> None:
    Thread.objects.filter(pk=thread.pk).exclude(last_in_at__gt=sent_at).update(last_in_at=sent_at)


def _adopt_held(thread: Thread, parent_ref: str) -> None:
    """Give the waiting replies to ``parent_ref`` their place, and the replies to those in turn."""
    refs = [parent_ref]
    while refs:
        held = Message.objects.filter(
            channel_id=thread.channel_id, parent_ref__in=refs, held_until__isnull=False
        )
        refs = list(held.values_list("external_id", flat=True))
        Message.objects.filter(channel_id=thread.channel_id, external_id__in=refs).update(
            thread=thread, held_until=None
        )


def _apply_late_words(channel: Channel, message: Message) -> None:
    word = LateWord.objects.filter(channel=channel, external_id=message.external_id).first()
    if word is None:
        return
    if word.removed_at:
        message.removed_at, message.text = word.removed_at, ""
    elif word.edited_at:
        message.edited_at, message.text = word.edited_at, word.text
    message.save(update_fields=["removed_at", "edited_at", "text"])
    word.delete()


@transaction.atomic
def release_held(*, at: datetime) -> list[Message]:
    """Give replies that waited ten minutes in vain a thread of their own, marked as missing its beginning."""
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        held_until__lte=at
    )
    released = list(waiting.select_related("channel")[:200])
    for message in released:
        thread, _ = Thread.objects.get_or_create(
            channel=message.channel,
            kind=message.kind,
            thread_ref=message.parent_ref or message.external_id,
            defaults={
                "sender_ref": message.sender_ref,
                "sender_name": message.sender_name,
                "started_at": message.sent_at,
                "last_in_at": message.sent_at,
                "misses_origin": True,
            },
        )
        message.thread, message.held_until = thread, None
        message.save(update_fields=["thread", "held_until"])
    return released


@transaction.atomic
def keep_edit(*, channel: Channel, edit: MessageEdited, at: datetime) -> Message | None:
    """Change a message the person changed; one that has not come yet gets the change when it comes."""
    text = clean(edit.text)[:MAX_TEXT]
    message = Message.objects.filter(channel=channel, external_id=edit.external_id).first()
    if message is None:
        LateWord.objects.update_or_create(
            channel=channel,
            external_id=edit.external_id,
            defaults={"edited_at": edit.at, "text": text},
        )
        return None
    if message.removed_at is None and (message.edited_at is None or message.edited_at <= edit.at):
        message.text, message.edited_at = text, edit.at
        message.save(update_fields=["text", "edited_at"])
    return message


@transaction.atomic
def keep_removal(*, channel: Channel, removal: MessageRemoved, at: datetime) -> Message | None:
    """Forget the text of a message the person took back; that it was there stays on record."""
    message = Message.objects.filter(channel=channel, external_id=removal.external_id).first()
    if message is None:
        LateWord.objects.update_or_create(
            channel=channel,
            external_id=removal.external_id,
            defaults={"removed_at": removal.at, "text": ""},
        )
        return None
    if message.removed_at is None:
        message.removed_at, message.text, message.attachments = removal.at, "", []
        message.save(update_fields=["removed_at", "text", "attachments"])
    return message


@transaction.atomic
def keep_own_message(*, channel: Channel, own: OwnMessage, at: datetime) -> Message | None:
    """Store what the unit itself said, in the thread it belongs to; None when that thread is not ours."""
    refs = [own.thread_ref, own.parent_ref or own.thread_ref]
    thread = Thread.objects.filter(
        channel=channel, kind=own.kind.value, thread_ref__in=refs
    ).first()
    if thread is None:
        return None
    message, _ = Message.objects.get_or_create(
        channel=channel,
        external_id=own.external_id,
        defaults={
            "thread": thread,
            "direction": Direction.OUT.value,
            "kind": own.kind.value,
            "parent_ref": own.parent_ref or "",
            "text": clean(own.text)[:MAX_TEXT],
            "sent_at": own.sent_at,
            "received_at": at,
        },
    )
    return message


@transaction.atomic
def keep_post(*, channel: Channel, post: OwnPost) -> Post:
    """Store what the page itself posted, so that people's questions know what they are under; told again it is brought up to date."""
    text, permalink = clean(post.text)[:MAX_TEXT], post.permalink[:400]
    kept, new = Post.objects.get_or_create(
        channel=channel,
        external_id=post.external_id,
        defaults={"text": text, "permalink": permalink, "posted_at": post.sent_at},
    )
    if not new and kept.removed_at is None:
        kept.text, kept.permalink = text or kept.text, permalink or kept.permalink
        kept.save(update_fields=["text", "permalink"])
    newer = Channel.objects.filter(pk=channel.pk).exclude(last_posted_at__gte=post.sent_at)
    newer.update(last_posted_at=post.sent_at)
    return kept


def keep_post_removal(*, channel: Channel, removal: MessageRemoved) -> bool:
    """Note that the page took its post back. Returns whether a post was meant."""
    mine = Post.objects.filter(channel=channel, external_id=removal.external_id)
    return bool(mine.update(removed_at=removal.at, text=""))


@transaction.atomic
def begin_local_thread(
    *,
    channel: Channel,
    external_id: str,
    kind: str,
    text: str,
    sender_name: str,
    by_account: int | None,
    at: datetime,
) -> Thread:
    """Begin a thread in a local channel (form, walk-in) with its first message; idempotent by ``external_id``."""
    thread, _ = Thread.objects.get_or_create(
        channel=channel,
        kind=kind,
        thread_ref=external_id,
        defaults={"started_at": at, "last_in_at": at, "sender_name": clean(sender_name)[:120]},
    )
    Message.objects.get_or_create(
        channel=channel,
        external_id=external_id,
        defaults={
            "thread": thread,
            "kind": kind,
            "text": clean(text)[:MAX_TEXT],
            "sender_name": clean(sender_name)[:120],
            "sent_at": at,
            "received_at": at,
            "by_account": by_account,
        },
    )
    return thread


def keep_follow(*, channel: Channel, follow: Follow) -> None:
    """Note that somebody follows, or ceased to."""
    Follower.objects.update_or_create(
        channel=channel,
        sender_ref=follow.sender_ref,
        defaults={"since": follow.at, "until": None} if follow.following else {"until": follow.at},
        create_defaults={"since": follow.at, "until": None if follow.following else follow.at},
    )
