"""How an answer will look in each place it goes to, before it goes: its parts, its length, and until when the place is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caunoi.cases.merge_models import Merge
from caunoi.cases.models import Case
from caunoi.channels import registry
from caunoi.channels.contract import MessageKind, OutboundPost, PostKind, Window
from caunoi.channels.models import Channel
from caunoi.inbox.models import Thread
from caunoi.journeys import places, private_reply, redacting, replies, words

CLOSES_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Place:
    """One place an answer goes to. ``kind``: comment_reply, private_reply, private_message, page, or told (only a person can tell her)."""

    kind: str
    channel: Channel | None
    parts: tuple[str, ...]
    limit: int | None = None
    window: Window | None = None
    closes_soon: bool = False

    @property
    def length(self) -> int:
        return sum(len(part) for part in self.parts)


def places_of(
    case: Case,
    *,
    text: str,
    agency: str,
    at: datetime,
    merged: Sequence[Merge] | None = None,
) -> list[Place]:
    """Return the places, as the answer stands now; an empty text gives them without parts.

    agency  who answers, as it will be signed
    merged  what places.merged_here gave, when it was asked for already
    """
    public = ""
    if case.is_public and text.strip():
        public = redacting.review_of(case=case, answer=text).answer.public
    shown = []
    for asked, thread in places.to_answer(case, merged=merged):
        beside = _beside_it(case, asked, thread, text, agency, at)
        said = ""
        if text.strip():
            said = words.answered(
                case,
                text,
                agency,
                in_public=thread.kind == MessageKind.COMMENT,
                privately=beside is not None,
                shown=public,
            )
        shown.append(_where_asked(thread, said, at))
        shown += [beside] if beside else []
    if case.is_public:
        shown.append(Place("page", None, (public,) if public else ()))
    return shown


def _beside_it(
    case: Case, asked: Case, thread: Thread, text: str, agency: str, at: datetime
) -> Place | None:
    """Return the private reply that goes beside a public one; None where nothing needs it or nothing allows it."""
    if thread.kind != MessageKind.COMMENT or not text.strip():
        return None
    comment = replies.asked_ref(asked)
    if not private_reply.would_go(case=case, thread=thread, comment_ref=comment, text=text, at=at):
        return None
    said = words.answered(case, text, agency, in_public=False)
    window = private_reply.window(thread=thread, comment_ref=comment, at=at)
    return _place(PostKind.PRIVATE_REPLY, thread.channel, said, window, at)


def _where_asked(thread: Thread, said: str, at: datetime) -> Place:
    needed, kind = replies.HOW_TO_ANSWER.get(MessageKind(thread.kind), (None, None))
    channel = thread.channel
    if needed is None or kind is None or not registry.can(channel.connector_key, needed):
        return Place("told", channel, ())
    connector = registry.connector_for(channel.connector_key)
    post = OutboundPost(
        kind, thread.sender_ref, thread.thread_ref, said, window_opened_at=thread.last_in_at
    )
    return _place(kind, channel, said, connector.window(post, at=at), at)


def _place(kind: PostKind, channel: Channel, said: str, window: Window, at: datetime) -> Place:
    connector = registry.connector_for(channel.connector_key)
    until = window.open_until
    return Place(
        kind.value,
        channel,
        tuple(connector.split(said, kind)) if said else (),
        connector.max_text.get(kind),
        window,
        closes_soon=window.is_open and until is not None and until - at < CLOSES_SOON,
    )
