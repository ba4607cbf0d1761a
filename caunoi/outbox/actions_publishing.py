"""Writes about publications: one content for many channels, queued in bulk, cancelled, or declared as posted by hand."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from caunoi.channels import numbers, registry
from caunoi.channels.contract import Capability, PostKind
from caunoi.channels.models import Channel
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.outbox import rules
from caunoi.outbox.models import Attempt, Content, OutboundMessage
from caunoi.outbox.terms import KeyReused, NotNow, SendState

T = TypeVar("T")
STILL_TO_GO = (SendState.QUEUED, SendState.HANDED)


@dataclass(frozen=True, slots=True)
class PictureRef:
    """A picture or a paper of a publication without its bytes; whoever queues it can be asked for them by ``ref``."""

    ref: str
    media_type: str
    alt: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class VideoRef:
    """A video of a publication without its bytes; whoever queues it can be asked for them by ``ref``."""

    ref: str
    media_type: str
    name: str
    size: int
    seconds: int


def keep_content(
    *,
    title: str,
    text: str,
    link: str,
    at: datetime,
    pictures: Sequence[PictureRef] = (),
    video: VideoRef | None = None,
    language: str = "vi",
) -> Content:
    """Keep the words of a publication, once. -> the row, new or the one with the same words and pictures."""
    refs = [asdict(p) for p in pictures]
    content, _new = Content.objects.get_or_create(
        sha256=_digest(title, text, link, language, refs, *([asdict(video)] if video else [])),
        defaults={
            "title": title[:300],
            "text": text,
            "link": link,
            "language": language,
            "picture_refs": refs,
            "video_ref": asdict(video) if video else {},
            "created_at": at,
        },
    )
    return content


def _digest(*parts: object) -> str:
    words = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LastWords:
    """What a channel says before it falls silent; each has words of its own."""

    channel: Channel
    title: str
    text: str
    link: str


@transaction.atomic
def queue_last_words(words: Sequence[LastWords], *, reference: str, at: datetime) -> int:
    """Queue what channels say last, under ``LAST_WORDS`` + reference: these go out although the channel is retired.

    -> how many rows are new, in as many statements whatever their number. Idempotent by reference and channel
    """
    reference = f"{rules.LAST_WORDS}{reference}"
    contents = {
        digest: Content(
            sha256=digest,
            title=w.title[:300],
            text=w.text,
            link=w.link,
            language="vi",
            picture_refs=[],
            created_at=at,
        )
        for w in words
        for digest in [_digest(w.title, w.text, w.link, "vi", [])]
    }
    Content.objects.bulk_create(contents.values(), ignore_conflicts=True)
    stored = {c.sha256: c for c in Content.objects.filter(sha256__in=list(contents))}
    rows = [
        _publication(
            stored[_digest(w.title, w.text, w.link, "vi", [])],
            w.channel,
            f"{reference}:{w.channel.pk}",
            reference,
            PostKind.PUBLICATION,
            at,
            None,
        )
        for w in words
    ]
    there = OutboundMessage.objects.filter(key__in=[row.key for row in rows])
    known = set(there.values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in known]
    OutboundMessage.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        audit.record(
            "outbox.last_words.queued",
            on=fresh[0].content,  # type: ignore[arg-type]
            at=at,
            after={"sends": len(fresh), "reference": reference},
        )
    return len(fresh)


@transaction.atomic
def queue_publications(
    *,
    content: Content,
    channels: Iterable[Channel],
    key_prefix: str,
    reference: str,
    at: datetime,
    not_before: datetime | None = None,
    kind: PostKind = PostKind.PUBLICATION,
    at_any_hour: bool = False,
) -> int:
    """Queue one content for many channels, at most one row a channel (key ``key_prefix:channel``). -> how many rows are new.

    not_before   none goes out earlier; None for at once
    at_any_hour  it goes out at night too, where a kind of channel leaves people in peace otherwise
    A channel with a list of telephone numbers gets a row for each number that is on it now.
    Where a person posts, the row waits at her (``handed``); what the house shows itself stands already (``confirmed``).
    Idempotent by key. Raises KeyReused when a channel was queued under the same prefix with other words.
    """
    made = 0
    for some in _batches(channels):
        listed = numbers.listed(channels=some)
        rows = [
            _publication(content, c, f"{key_prefix}:{c.pk}", reference, kind, at, not_before)
            for c in some
        ]
        rows = [one for row in rows for one in _to_each(row, listed)]
        for row in rows:
            row.at_any_hour = at_any_hour
        made += _insert(rows, content)
    if made:
        audit.record(
            "outbox.publications.queued",
            on=content,
            at=at,
            after={"sends": made, "reference": reference},
        )
    return made


def _publication(
    content: Content,
    channel: Channel,
    key: str,
    reference: str,
    kind: PostKind,
    at: datetime,
    not_before: datetime | None,
) -> OutboundMessage:
    can = registry.connector_for(channel.connector_key).capabilities
    shown_here = Capability.SHOWN_HERE in can
    state = rules.first_state(by_hand=Capability.BY_HAND in can, shown_here=shown_here)
    return OutboundMessage(
        key=key,
        channel=channel,
        kind=kind.value,
        thread_ref=reference,
        content=content,
        reference=reference,
        state=state.value,
        not_before=not_before or at,
        created_at=at,
        sent_at=at if shown_here else None,
        permalink=content.link if shown_here else "",
    )


def _to_each(row: OutboundMessage, listed: Mapping[UUID, Sequence[int]]) -> list[OutboundMessage]:
    """Return the row, or one for each number of its channel's list; each is a thread of its own, so that none waits for another."""
    if row.channel_id not in listed:
        return [row]
    each = []
    for ref in listed[row.channel_id]:
        one = copy(row)
        one.pk, one.key = uuid4(), f"{row.key}:{ref}"
        one.target_ref, one.thread_ref = str(ref), f"{row.thread_ref}:{ref}"
        each.append(one)
    return each


def _insert(rows: list[OutboundMessage], content: Content) -> int:
    keys = [row.key for row in rows]
    there = dict(OutboundMessage.objects.filter(key__in=keys).values_list("key", "content_id"))
    if any(other != content.pk for other in there.values()):
        raise KeyReused("Another text was queued under this key before.")
    fresh = [row for row in rows if row.key not in there]
    OutboundMessage.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


@transaction.atomic
def queue_deletions(*, reference: str, key_prefix: str, new_reference: str, at: datetime) -> int:
    """Queue that every publication of ``reference`` that is out there is taken away, where its channel can. -> how many are new.

    Idempotent by ``key_prefix`` and channel: called again, it takes up what arrived since.
    """
    kinds = registry.kinds_that(Capability.DELETE_POST)
    return _follow(
        _out_there(reference, kinds), PostKind.DELETE_POST, key_prefix, new_reference, at
    )


@transaction.atomic
def queue_broadcasts(*, reference: str, key_prefix: str, at: datetime) -> int:
    """Queue that articles of ``reference`` that are out there go to everybody who follows. -> how many are new.

    Idempotent by ``key_prefix`` and channel. Not done here: deciding which notices are worth one of the few a month.
    """
    kinds = registry.kinds_that(Capability.BROADCAST)
    return _follow(_out_there(reference, kinds), PostKind.BROADCAST, key_prefix, reference, at)


def _follow(
    sent: QuerySet[OutboundMessage], kind: PostKind, key_prefix: str, reference: str, at: datetime
) -> int:
    made = 0
    for some in _batches(sent):
        rows = [
            OutboundMessage(
                key=f"{key_prefix}:{one.channel_id}",
                channel=one.channel,
                kind=kind.value,
                target_ref=one.external_id,
                thread_ref=one.thread_ref,
                content=one.content,
                reference=reference,
                not_before=at,
                created_at=at,
            )
            for one in some
        ]
        known = OutboundMessage.objects.filter(key__in=[r.key for r in rows])
        there = set(known.values_list("key", flat=True))
        fresh = [r for r in rows if r.key not in there]
        OutboundMessage.objects.bulk_create(fresh, ignore_conflicts=True)
        made += len(fresh)
    return made


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, rules.PUBLICATIONS_AT_ONCE)):
        yield some


def _out_there(reference: str, kinds: list[str]) -> QuerySet[OutboundMessage]:
    found = OutboundMessage.objects.filter(
        reference=reference,
        kind=PostKind.PUBLICATION,
        state__in=[SendState.SENT, SendState.CONFIRMED],
        channel__connector_key__in=kinds,
    )
    return found.exclude(external_id="").select_related("channel", "content").order_by("seq")


@transaction.atomic
def cancel_queued(*, reference: str, reason: str, at: datetime) -> int:
    """Let nothing of that reference leave any more: what waits, at us or at a person, is put aside. -> how many.

    reason  an English sentence for the catalogue
    What is just being sent or may have arrived is left alone: it is looked up as always.
    """
    waiting = OutboundMessage.objects.filter(
        reference=reference, state__in=[s.value for s in STILL_TO_GO]
    )
    rows = list(waiting.select_for_update(of=("self",), no_key=True).order_by("seq"))
    OutboundMessage.objects.filter(pk__in=[m.pk for m in rows]).update(
        state=SendState.CANCELLED.value, lease_until=None, trouble=reason[:300]
    )
    if rows:
        audit.record(
            "outbox.publications.cancelled",
            on=rows[0].content or rows[0],
            at=at,
            after={"sends": len(rows), "reference": reference},
        )
    return len(rows)


@transaction.atomic
def declare_posted(
    *, message: OutboundMessage, by: Viewer, at: datetime, permalink: str = ""
) -> OutboundMessage:
    """A person says that she posted it by hand; nobody else ever confirms it. Raises NotNow when it does not wait for that.

    permalink  where it can be seen, if the group has addresses
    """
    return _declare(
        message,
        SendState.CONFIRMED,
        by,
        at,
        outcome="declared",
        permalink=clean(permalink)[:400],
        sent_at=at,
        trouble="",
    )


@transaction.atomic
def declare_not_posted(
    *, message: OutboundMessage, reason: str, by: Viewer, at: datetime
) -> OutboundMessage:
    """A person says that she cannot post it, and why. Raises NotNow when it does not wait for that."""
    return _declare(
        message, SendState.FAILED, by, at, outcome="not posted", trouble=clean(reason)[:300]
    )


def _declare(
    message: OutboundMessage,
    state: SendState,
    by: Viewer,
    at: datetime,
    *,
    outcome: str,
    **changes: object,
) -> OutboundMessage:
    rows = OutboundMessage.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("channel").get(pk=message.pk)
    if row.state != SendState.HANDED:
        raise NotNow("Somebody else decided about this send meanwhile.")
    changed = changes | {
        "state": state.value,
        "declared_by_id": by.account_id,
        "declared_at": at,
    }
    for field, value in changed.items():
        setattr(row, field, value)
    row.save(update_fields=[f.removesuffix("_id") for f in changed])
    Attempt.objects.create(message=row, at=at, outcome=outcome, reason=row.trouble)
    audit.record(
        "outbox.send.declared",
        on=row,
        by=by,
        at=at,
        unit_id=row.channel.unit_id,
        after={"state": state.value},
    )
    return row
