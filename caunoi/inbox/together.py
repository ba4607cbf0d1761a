"""Many messages are kept at once, in a handful of statements whatever their number; one that was kept before changes nothing.

Readers see to it that no other has messages of the same conversations in hand. Should one come in between all the same, the
database refuses the whole (IntegrityError), and it is done again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from caunoi.channels.contract import MessageReceived, OwnMessage
from caunoi.channels.models import Channel
from caunoi.inbox import rules
from caunoi.inbox.models import LateWord, Message, Thread
from caunoi.inbox.terms import MAX_TEXT, Direction
from caunoi.kit.text import clean

Ref = tuple[UUID, str]
"""A channel and a provider's id in it."""
Place = tuple[UUID, str, str]
"""A channel, where in it, and the provider's id of the conversation."""
Heard = tuple[Channel, MessageReceived]


def keep_message(*, channel: Channel, incoming: MessageReceived, at: datetime) -> list[Message]:
    """Store one message a resident sent, as ``keep_messages`` does; where somebody else stores the same just now, theirs counts.

    incoming.text  cut at 10,000 characters, NFC, hidden marks removed; empty when only files came
    """
    try:
        return keep_messages([(channel, incoming)], at=at)
    except IntegrityError:
        return keep_messages([(channel, incoming)], at=at)


@transaction.atomic
def keep_messages(heard: Sequence[Heard], *, at: datetime) -> list[Message]:
    """Store what residents wrote, each once, in this order. A reply whose beginning is not here yet waits for at most ten minutes.

    -> the new messages, each followed by the replies that waited for it; one that waits itself has no thread
    """
    known = _known(heard)
    fresh: dict[Ref, Heard] = {}
    for channel, said in heard:
        if (channel.pk, said.external_id) not in known:
            fresh.setdefault((channel.pk, said.external_id), (channel, said))
    if not fresh:
        return []
    in_order = list(fresh.values())
    parents = {ref: message.thread_id for ref, message in known.items()}
    placing = _Placing(threads=_threads(in_order, parents), parents=parents)
    placing.waiting = _waiting(fresh)
    late = _late_words(fresh)
    for channel, said in in_order:
        placing.add(_message(channel, said, late.get((channel.pk, said.external_id)), at), said)
    placing.store()
    LateWord.objects.filter(pk__in=[word.pk for word in late.values()]).delete()
    Channel.objects.filter(pk__in={channel.pk for channel, _ in in_order}).update(
        last_inbound_at=at
    )
    return placing.placed


def _known(heard: Sequence[Heard]) -> dict[Ref, Message]:
    """Return what is here already of these messages and of those they reply to."""
    refs = {ref for _, m in heard for ref in (m.external_id, m.parent_ref) if ref}
    found = Message.objects.filter(channel__in={c.pk for c, _ in heard}, external_id__in=refs)
    return {
        (m.channel_id, m.external_id): m for m in found.only("channel", "external_id", "thread")
    }


def _threads(heard: Sequence[Heard], parents: dict[Ref, UUID | None]) -> dict[Place, Thread]:
    """Return the conversations these may belong to, locked."""
    named = Q(channel__in={c.pk for c, _ in heard}, thread_ref__in={m.thread_ref for _, m in heard})
    above = Q(pk__in={thread_id for thread_id in parents.values() if thread_id})
    found = Thread.objects.select_for_update(no_key=True).filter(named | above).order_by("pk")
    return {(t.channel_id, t.kind, t.thread_ref): t for t in found}


def _waiting(fresh: Iterable[Ref]) -> dict[Ref, list[Message]]:
    """Return the replies that wait for these, and those that wait for them in turn, by what they wait for."""
    found: dict[Ref, list[Message]] = {}
    refs = set(fresh)
    while refs:
        held = Message.objects.filter(
            channel__in={channel for channel, _ in refs},
            parent_ref__in={ref for _, ref in refs},
            held_until__isnull=False,
        ).select_related("channel")
        new = [m for m in held.order_by("pk") if (m.channel_id, m.parent_ref) in refs]
        for message in new:
            found.setdefault((message.channel_id, message.parent_ref), []).append(message)
        refs = {(m.channel_id, m.external_id) for m in new} - found.keys()
    return found


def _late_words(fresh: Iterable[Ref]) -> dict[Ref, LateWord]:
    refs = set(fresh)
    words = LateWord.objects.filter(
        channel__in={channel for channel, _ in refs}, external_id__in={ref for _, ref in refs}
    )
    return {ref: w for w in words if (ref := (w.channel_id, w.external_id)) in refs}


def _message(
    channel: Channel, said: MessageReceived, late: LateWord | None, at: datetime
) -> Message:
    """Return the row, with what its writer changed or took back before it came."""
    message = Message(
        channel=channel,
        external_id=said.external_id,
        kind=said.kind.value,
        parent_ref=said.parent_ref or "",
        text=clean(said.text)[:MAX_TEXT],
        attachments=[asdict(a) for a in said.attachments],
        sender_ref=said.sender_ref,
        sender_name=clean(said.sender_name)[:120],
        sent_at=said.sent_at,
        received_at=at,
        held_until=at + rules.ORPHAN_WAITS,
    )
    if late and late.removed_at:
        message.removed_at, message.text = late.removed_at, ""
    elif late and late.edited_at:
        message.edited_at, message.text = late.edited_at, late.text
    return message


@dataclass
class _Placing:
    """Gives each message its conversation, in memory; ``store`` writes it all down."""

    threads: dict[Place, Thread]
    parents: dict[Ref, UUID | None]
    waiting: dict[Ref, list[Message]] = field(default_factory=dict)
    placed: list[Message] = field(default_factory=list)
    begun: list[Thread] = field(default_factory=list)
    touched: dict[UUID, Thread] = field(default_factory=dict)
    new: list[Message] = field(default_factory=list)
    adopted: list[Message] = field(default_factory=list)

    def add(self, message: Message, said: MessageReceived) -> None:
        """Put a new message into its conversation; a reply whose beginning is not here waits."""
        thread = self._thread(message, said)
        self.new.append(message)
        self.parents[message.channel_id, message.external_id] = thread.pk if thread else None
        if thread is None:
            self.waiting.setdefault((message.channel_id, message.parent_ref), []).append(message)
            self.placed.append(message)
            return
        message.thread, message.held_until = thread, None
        if thread.last_in_at is None or thread.last_in_at <= said.sent_at:
            thread.last_in_at = said.sent_at
            self.touched[thread.pk] = thread
        self.placed.append(message)
        self._adopt(thread, (message.channel_id, message.external_id))

    def _thread(self, message: Message, said: MessageReceived) -> Thread | None:
        place = (message.channel_id, message.kind, said.thread_ref)
        if place in self.threads:
            return self.threads[place]
        if said.parent_ref and said.parent_ref != said.external_id:
            above = self.parents.get((message.channel_id, said.parent_ref))
            return next((t for t in self.threads.values() if t.pk == above), None)
        thread = Thread(
            channel=message.channel,
            kind=message.kind,
            thread_ref=said.thread_ref,
            sender_ref=said.sender_ref,
            sender_name=message.sender_name,
            post_ref=said.post_ref or "",
            permalink=said.permalink[:400],
            started_at=said.sent_at,
        )
        self.begun.append(thread)
        self.threads[place] = thread
        return thread

    def _adopt(self, thread: Thread, ref: Ref) -> None:
        for reply in self.waiting.pop(ref, ()):
            reply.thread, reply.held_until = thread, None
            self.parents[reply.channel_id, reply.external_id] = thread.pk
            if reply.pk is not None:
                self.adopted.append(reply)
            self.placed = [m for m in self.placed if m is not reply] + [reply]
            self._adopt(thread, (reply.channel_id, reply.external_id))

    def store(self) -> None:
        Thread.objects.bulk_create(self.begun)
        begun = {t.pk for t in self.begun}
        older = [t for t in self.touched.values() if t.pk not in begun]
        if older:
            Thread.objects.bulk_update(older, ["last_in_at"])
        Message.objects.bulk_create(self.new)
        if self.adopted:
            Message.objects.bulk_update(self.adopted, ["thread", "held_until"])


@transaction.atomic
def keep_own_messages(said: Sequence[tuple[Channel, OwnMessage]], *, at: datetime) -> None:
    """Store what the units themselves said, where the conversation is ours, each once."""
    threads = Thread.objects.filter(
        channel__in={channel.pk for channel, _ in said},
        thread_ref__in={ref for _, own in said for ref in (own.thread_ref, own.parent_ref) if ref},
    )
    places = {(t.channel_id, t.kind, t.thread_ref): t for t in threads}
    rows = []
    for channel, own in said:
        refs = (own.thread_ref, own.parent_ref or own.thread_ref)
        found = (places.get((channel.pk, own.kind.value, ref)) for ref in refs)
        thread = next((t for t in found if t is not None), None)
        if thread is not None:
            rows.append(_own_message(channel, thread, own, at))
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _own_message(channel: Channel, thread: Thread, own: OwnMessage, at: datetime) -> Message:
    return Message(
        channel=channel,
        external_id=own.external_id,
        thread=thread,
        direction=Direction.OUT.value,
        kind=own.kind.value,
        parent_ref=own.parent_ref or "",
        text=clean(own.text)[:MAX_TEXT],
        sent_at=own.sent_at,
        received_at=at,
    )
