"""Each kind's own route, where it crosses rooms: what the asker is told and where, what leaves the public eye, who waits for whom."""

from datetime import datetime

from django.db import transaction

from caunoi.answers import actions as answers
from caunoi.cases import actions_clock, actions_kind, joining, rules
from caunoi.cases.models import Case, Pause
from caunoi.cases.terms import Kind
from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, PostKind
from caunoi.channels.models import Channel
from caunoi.inbox import queries as inbox_queries
from caunoi.inbox.models import Message, Thread
from caunoi.journeys import replies, same_question, words
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.outbox import actions as outbox


def say_received(
    *, case: Case, thread: Thread, channel: Channel, target: str, at: datetime
) -> None:
    """Tell the asker, once a case: the number, by when, whom to call. A sealed case gets a neutral word in public and the rest in private."""
    outbox.queue_all(
        words_received(case=case, thread=thread, channel=channel, target=target), at=at
    )


def words_received(
    *, case: Case, thread: Thread, channel: Channel, target: str
) -> list[outbox.Send]:
    """Return what ``say_received`` queues."""
    in_public = thread.kind == MessageKind.COMMENT
    said = replies.reply_to(
        case=case,
        thread=thread,
        channel=channel,
        target=target,
        what="received",
        text=words.received_in_public(case) if in_public else words.received(case),
    )
    privately = None
    if in_public and words.is_sealed(case):
        privately = _private_words(case, thread, channel, target)
    return [send for send in (said, privately) if send is not None]


def reply_in_private(
    *, case: Case, thread: Thread, channel: Channel, target: str, at: datetime
) -> bool:
    """Send number, code and next steps to who wrote the comment, when the channel can; once a case. Returns whether it can."""
    privately = _private_words(case, thread, channel, target)
    if privately is None:
        return False
    outbox.queue_all([privately], at=at)
    return True


def _private_words(case: Case, thread: Thread, channel: Channel, target: str) -> outbox.Send | None:
    if not registry.can(channel.connector_key, Capability.PRIVATE_REPLY):
        return None
    return outbox.Send(
        channel=channel,
        kind=PostKind.PRIVATE_REPLY,
        target_ref=target,
        thread_ref=f"private:{thread.thread_ref}"[:160],
        text=words.received(case),
        reference=f"case:{case.pk}:private",
        key=f"case-{case.pk}-private",
        window_opened_at=thread.last_in_at,
        is_confidential=True,
    )


@transaction.atomic
def change_kind(
    *, case: Case, kind: Kind, reason: str, by: Viewer, at: datetime, is_public: bool = False
) -> Case:
    """Change what the case is, and let everything follow: its public page goes when it is never public, a sealed one leaves the
    public thread with a neutral word, and the asker is told in private. Whoever waited for its answer is told that she gets her own.

    Raises as cases.actions_kind.change_kind.
    """
    waiting = joining.lock_with_waiting(case)
    case = actions_kind.change_kind(
        case=case, kind=kind, reason=reason, by=by, at=at, is_public=is_public
    )
    if kind in rules.NEVER_PUBLIC:
        answers.remove_answer(number=case.number, by=by, at=at)
        same_question.tell_parted(waiting, at=at)
    if rules.is_sealed(kind):
        _leave_the_public_thread(case, at)
    return case


def _leave_the_public_thread(case: Case, at: datetime) -> None:
    if case.thread_id is None:
        return
    thread = inbox_queries.thread(thread_id=case.thread_id)
    target = replies.asked_ref(case)
    if thread.kind != MessageKind.COMMENT:
        return
    replies.reply_where_asked(
        case=case,
        thread=thread,
        channel=thread.channel,
        target=target,
        at=at,
        what="sealed",
        text=words.received_in_public(case),
    )
    reply_in_private(case=case, thread=thread, channel=thread.channel, target=target, at=at)


@transaction.atomic
def hand_over(*, case: Case, to: str, document: str, by: Viewer, at: datetime) -> Case:
    """Close the case because police, border guard or rescue took it over, and tell whoever waited for its answer.

    Raises as cases.actions_kind.hand_over_case
    """
    waiting = joining.lock_with_waiting(case)
    case = actions_kind.hand_over_case(case=case, to=to, document=document, by=by, at=at)
    same_question.tell_parted(waiting, at=at)
    return case


@transaction.atomic
def ask_asker(*, case: Case, text: str, days: int, by: Viewer, at: datetime) -> Pause:
    """Ask the asker for something where she asked; the clock stands still until she answers, at most ``days`` days.

    In a sealed case nothing is asked in public. Raises as cases.actions_clock.wait_for_asker.
    """
    pause = actions_clock.wait_for_asker(case=case, text=text, days=days, by=by, at=at)
    case.refresh_from_db()
    if not case.thread_id:
        return pause
    thread = inbox_queries.thread(thread_id=case.thread_id)
    if words.is_sealed(case) and thread.kind == MessageKind.COMMENT:
        return pause
    replies.reply_where_asked(
        case=case,
        thread=thread,
        channel=thread.channel,
        target=replies.asked_ref(case),
        at=at,
        what=f"asked-{pause.pk}",
        text=words.asked(case, text, pause.until_at),
    )
    return pause


def ask_for_words(*, message: Message, thread: Thread, channel: Channel, at: datetime) -> None:
    """Answer a sticker without a word, in a chat only and at most once a day; the sticker itself is kept in the thread."""
    if thread.kind != MessageKind.PRIVATE_MESSAGE:
        return
    if not registry.can(channel.connector_key, Capability.PRIVATE_MESSAGES):
        return
    outbox.queue_send(
        channel=channel,
        kind=PostKind.PRIVATE_MESSAGE,
        target_ref=thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=words.say_words_please(),
        reference=f"thread:{thread.pk}:words",
        key=f"thread-{thread.pk}-words-{clock.local_date(at).isoformat()}",
        window_opened_at=message.sent_at,
        at=at,
    )
