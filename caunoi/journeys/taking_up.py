"""Messages that were kept are taken up: each opens a case, joins the running one of its conversation, or is only kept.

One or fifty at once: what they have in common is read once, and what they lead to is stored together.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.cases import actions as cases
from caunoi.cases import actions_clock, ground
from caunoi.cases import queries as case_queries
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.cases.routes import ROUTES
from caunoi.cases.terms import Kind, Origin
from caunoi.channels.contract import MessageKind
from caunoi.inbox import actions as inbox
from caunoi.inbox import rules as inbox_rules
from caunoi.inbox.models import Message
from caunoi.journeys import following, kinds, words
from caunoi.outbox import actions as outbox
from caunoi.privacy import actions_consent as consent

STICKERS = frozenset({"sticker", "like", "emoji"})
ORIGINS = {MessageKind.COMMENT: Origin.COMMENT, MessageKind.PRIVATE_MESSAGE: Origin.PRIVATE_MESSAGE}


def is_urgent(text: str) -> bool:
    """True for words of a kind that calls a person at once."""
    return ROUTES[case_rules.kind_of(text)].pages


@transaction.atomic
def take_up(messages: Sequence[Message], *, at: datetime) -> list[Case | None]:
    """Open a case from each message that asks something, or add its words to the conversation's running case, in this order.

    -> for each message its case, or None. Words that cry for help, tip off, denounce or complain open a case of their own,
    whatever is running. A reply that waits for its beginning waits on, but not a cry for help.
    """
    found: dict[int, Case] = {}
    waiting = [m for m in messages if _to_take_up(m, at)]
    while waiting:
        waiting = _one_round(waiting, found, at)
    return [found.get(message.pk) for message in messages]


def _to_take_up(message: Message, at: datetime) -> bool:
    """False for what leads to no case: taken back, without a word, or said to us as a follower. Then it is dealt with here."""
    if message.removed_at is not None:
        return False
    if message.thread is None:
        if not is_urgent(message.text):
            return False
        inbox.release(message=message)
    thread, channel = message.thread, message.channel
    assert thread is not None  # noqa: S101
    if _says_nothing(message):
        kinds.ask_for_words(message=message, thread=thread, channel=channel, at=at)
        return False
    return not following.heard(message=message, thread=thread, channel=channel, at=at)


def _says_nothing(message: Message) -> bool:
    """True for a sticker, a thumb or a like without a word."""
    files = [a.get("kind", "") for a in message.attachments]
    return not message.text.strip() and bool(files) and all(f in STICKERS for f in files)


def _one_round(messages: Sequence[Message], found: dict[int, Case], at: datetime) -> list[Message]:
    """Take up the messages; what follows in a conversation that begins a case waits for it. -> those."""
    running = case_queries.running_cases(thread_ids={m.thread_id for m in messages if m.thread_id})
    opening: dict[UUID | None, tuple[Message, cases.NewCase]] = {}
    later = []
    for message in messages:
        if message.thread_id in opening:
            later.append(message)
            continue
        kind = case_rules.kind_of(message.text)
        case = case_rules.running_for(kind, running.get(message.thread_id) or ())
        if case is not None:
            found[message.pk] = more_words(case=case, message=message, kind=kind, at=at)
        elif _asks(message, kind):
            opening[message.thread_id] = (message, _new_case(message, kind))
    _open(list(opening.values()), found, at)
    return later


def _asks(message: Message, kind: Kind) -> bool:
    guarded = kind in case_rules.NEVER_PUBLIC
    return guarded or inbox_rules.is_question(message.text) or bool(message.attachments)


def _new_case(message: Message, kind: Kind) -> cases.NewCase:
    return cases.NewCase(
        unit_id=message.channel.unit_id,
        text=message.text or words.WITHOUT_WORDS,
        origin=ORIGINS[MessageKind(message.kind)],
        origin_ref=f"message:{message.channel_id}:{message.external_id}",
        channel_id=message.channel_id,
        thread_id=message.thread_id,
        asker_name=message.sender_name,
        kind=kind,
    )


def _open(
    asked: Sequence[tuple[Message, cases.NewCase]], found: dict[int, Case], at: datetime
) -> None:
    """Open the cases and tell each asker the number."""
    if not asked:
        return
    opened = cases.open_cases([new for _, new in asked], at=at)
    told, said = [], []
    for (message, _), (case, is_new) in zip(asked, opened, strict=True):
        found[message.pk] = case
        if is_new and message.thread is not None:
            told.append((case, message.channel.connector_key))
            said += kinds.words_received(
                case=case,
                thread=message.thread,
                channel=message.channel,
                target=message.external_id,
            )
    consent.note_all_told(told, at=at)
    outbox.queue_all(said, at=at)


def more_words(*, case: Case, message: Message, kind: Kind, at: datetime) -> Case:
    """Add the asker's words to the running case; the clock runs again, and a new cry for help rings again."""
    cases.add_words(case=case, text=message.text, at=at)
    actions_clock.resume_case(case=case, at=at)
    if kind == Kind.EMERGENCY:
        ground.ring_for(case, at=at)
    return case
