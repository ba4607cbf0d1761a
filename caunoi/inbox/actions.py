"""Writes about what came in: claiming deliveries, keeping messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from caunoi.channels.contract import (
    Follow,
    MessageEdited,
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
FREE = """
    SELECT id FROM inbox_rawdelivery
    WHERE state = 'waiting' AND {which} AND (lease_until IS NULL OR lease_until < %(at)s)
      AND (not_before IS NULL OR not_before <= %(at)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
CLAIM = """
WITH urgent AS (FREE_URGENT), others AS (FREE_OTHERS)
UPDATE inbox_rawdelivery SET lease_until = %(until)s, lease_by = %(worker)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM (SELECT id, 1 AS turn FROM urgent UNION ALL SELECT id, 2 FROM others) AS free
    ORDER BY turn, id LIMIT %(limit)s)
RETURNING *
""".replace("FREE_URGENT", FREE.format(which="is_urgent")).replace(
    "FREE_OTHERS", FREE.format(which="NOT is_urgent")
)
HURRY = """
UPDATE inbox_rawdelivery SET is_urgent = true, is_looked_over = true
WHERE state = 'waiting' AND connector_key = %s AND position(%s::bytea IN body) > 0
"""
ONE_CLAIMS_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('caunoi.inbox.claim'))"


def claim_deliveries(*, limit: int, worker: str, at: datetime) -> list[RawDelivery]:
    """Lease waiting deliveries for a minute, in one statement: urgent ones first, then the oldest. A lease that ran out is taken over."""
    found = RawDelivery.objects.raw(
        CLAIM, {"until": at + rules.LEASE, "worker": worker, "at": at, "limit": limit}
    )
    return sorted(found, key=lambda d: (not d.is_urgent, d.pk))


def others_in_hand(*, worker: str, at: datetime) -> list[RawDelivery]:
    """Wait until no other reader is claiming, and return what the others have in hand. Inside the transaction that claims next."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_CLAIMS_AT_A_TIME)
    leased = RawDelivery.objects.filter(state=DeliveryState.WAITING, lease_until__gte=at)
    return list(leased.exclude(lease_by=worker).order_by("pk"))


def put_back(*, deliveries: Sequence[RawDelivery]) -> None:
    """Give claimed deliveries back unread: a part of their conversation is in another reader's hand."""
    ids = [d.pk for d in deliveries]
    RawDelivery.objects.filter(pk__in=ids).update(lease_until=None, attempts=F("attempts") - 1)


def not_looked_over(*, limit: int) -> list[RawDelivery]:
    """Return the newest waiting deliveries nobody looked over, locked. Inside the transaction of note_looked_over."""
    waiting = RawDelivery.objects.select_for_update(skip_locked=True, no_key=True).filter(
        state=DeliveryState.WAITING, is_looked_over=False, lease_until=None
    )
    return list(waiting.order_by("-pk")[:limit])


def note_looked_over(*, deliveries: Sequence[RawDelivery], urgent: Sequence[RawDelivery]) -> None:
    """Remember that these were looked over, and which of them are read before everything else."""
    looked = RawDelivery.objects.filter(pk__in=[d.pk for d in deliveries])
    looked.update(is_looked_over=True)
    if urgent:
        looked.filter(pk__in=[d.pk for d in urgent]).update(is_urgent=True)


def hurry(*, channel: Channel, external_id: str) -> int:
    """Let whatever waits and names this message be read before everything else. -> how many deliveries"""
    with connection.cursor() as cursor:
        cursor.execute(HURRY, [channel.connector_key, external_id.encode()])
        return cursor.rowcount


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
def release_held(*, at: datetime) -> list[Message]:
    """Give replies that waited ten minutes in vain a thread of their own, marked as missing its beginning."""
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        held_until__lte=at
    )
    released = list(waiting.select_related("channel")[:200])
    for message in released:
        release(message=message)
    return released


def release(*, message: Message) -> None:
    """Give a reply that waits for its beginning a thread of its own now; the beginning joins it when it comes."""
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
    keep_follows([(channel, follow)])


def keep_follows(follows: Sequence[tuple[Channel, Follow]]) -> None:
    """Note the same of many, in at most two statements; of each person the last word counts."""
    began: dict[tuple[UUID, str], Follower] = {}
    ended: dict[tuple[UUID, str], Follower] = {}
    for channel, follow in follows:
        who = (channel.pk, follow.sender_ref)
        row = Follower(channel=channel, sender_ref=follow.sender_ref, since=follow.at)
        if follow.following:
            began[who] = row
            ended.pop(who, None)
        else:
            row.until = follow.at
            ended[who] = row
    once = ["channel", "sender_ref"]
    for rows, changed in ((began, ["since", "until"]), (ended, ["until"])):
        if rows:
            Follower.objects.bulk_create(
                rows.values(), update_conflicts=True, unique_fields=once, update_fields=changed
            )
