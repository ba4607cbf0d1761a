"""How an answer will look in each place it goes to, before it goes: its parts, its length, and until when the place is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from caunoi.answers.rules import redact
from caunoi.cases.models import Case
from caunoi.channels import registry
from caunoi.channels.contract import MessageKind, OutboundPost, Window
from caunoi.channels.models import Channel
from caunoi.inbox.models import Thread
from caunoi.journeys import places, replies, words

CLOSES_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Place:
    """One place an answer goes to. ``kind``: comment_reply, private_message, page, or told (only a person can tell her)."""

    kind: str
    channel: Channel | None
    parts: tuple[str, ...]
    limit: int | None = None
    window: Window | None = None
    closes_soon: bool = False

    @property
    def length(self) -> int:
        return sum(len(part) for part in self.parts)


def places_of(case: Case, *, text: str, agency: str, at: datetime) -> list[Place]:
    """Return the places, as the answer stands now; an empty text gives them without parts.

    agency  who answers, as it will be signed
    """
    shown = [
        _where_asked(case, asked, thread, text, agency, at)
        for asked, thread in places.to_answer(case)
    ]
    if case.is_public:
        public = redact(text, names=(case.asker_name,)).text
        shown.append(Place("page", None, (public,) if public else ()))
    return shown


def _where_asked(
    case: Case, asked: Case, thread: Thread, text: str, agency: str, at: datetime
) -> Place:
    needed, kind = replies.HOW_TO_ANSWER.get(MessageKind(thread.kind), (None, None))
    channel = thread.channel
    if needed is None or kind is None or not registry.can(channel.connector_key, needed):
        return Place("told", channel, ())
    connector = registry.connector_for(channel.connector_key)
    in_public = thread.kind == MessageKind.COMMENT
    said = words.answered(case, text, agency, in_public=in_public) if text.strip() else ""
    post = OutboundPost(
        kind, thread.sender_ref, thread.thread_ref, said, window_opened_at=thread.last_in_at
    )
    window = connector.window(post, at=at)
    until = window.open_until
    return Place(
        kind.value,
        channel,
        tuple(connector.split(said, kind)) if said else (),
        connector.max_text.get(kind),
        window,
        closes_soon=window.is_open and until is not None and until - at < CLOSES_SOON,
    )
