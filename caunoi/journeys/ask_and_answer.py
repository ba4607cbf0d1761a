"""Ask and answer, top to bottom: a question comes in by any door, becomes one case, is answered once, and the answer
goes back to where it was asked and onto a permanent page."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from caunoi.answers import actions as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case
from caunoi.cases.terms import Origin
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, MessageReceived, PostKind
from caunoi.channels.models import Channel
from caunoi.inbox import actions as inbox
from caunoi.inbox import queries as inbox_queries
from caunoi.inbox import rules as inbox_rules
from caunoi.inbox.models import Message, Thread
from caunoi.journeys import words
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.outbox import actions as outbox
from caunoi.units import queries as units

HOW_TO_ANSWER = {
    MessageKind.COMMENT: (Capability.REPLY_IN_THREAD, PostKind.COMMENT_REPLY),
    MessageKind.PRIVATE_MESSAGE: (Capability.PRIVATE_MESSAGES, PostKind.PRIVATE_MESSAGE),
}
ORIGINS = {MessageKind.COMMENT: Origin.COMMENT, MessageKind.PRIVATE_MESSAGE: Origin.PRIVATE_MESSAGE}


@transaction.atomic
def take_in(*, channel: Channel, incoming: MessageReceived, at: datetime) -> Case | None:
    """Keep one message; when it asks something, open a case and tell the asker its number. The same message twice is one case."""
    message, new = inbox.keep_message(channel=channel, incoming=incoming, at=at)
    if not new or message.thread is None:
        return None
    return take_up(message=message, channel=channel, at=at)


def take_up(*, message: Message, channel: Channel, at: datetime) -> Case | None:
    """Open a case from a message that has its place, or add its words to the conversation's running case."""
    thread = message.thread
    if thread is None or message.removed_at is not None:
        return None
    running = case_queries.newest_case_of_thread(thread_id=thread.pk)
    if running is not None and running.answered_at is None and running.closed_at is None:
        cases.add_words(case=running, text=message.text, at=at)
        return running
    if not inbox_rules.is_question(message.text) and not message.attachments:
        return None
    kind = MessageKind(message.kind)
    case, new = cases.open_case(
        unit_id=channel.unit_id,
        text=message.text,
        origin=ORIGINS[kind],
        origin_ref=f"message:{channel.pk}:{message.external_id}",
        channel_id=channel.pk,
        thread_id=thread.pk,
        asker_name=message.sender_name,
        at=at,
    )
    if new:
        say_received(case=case, thread=thread, channel=channel, target=message.external_id, at=at)
    return case


def say_received(
    *, case: Case, thread: Thread, channel: Channel, target: str, at: datetime
) -> None:
    """Tell the asker, where she asked, the number and by when an answer comes; once a case."""
    reply_where_asked(
        case=case,
        thread=thread,
        channel=channel,
        target=target,
        at=at,
        what="received",
        text=words.received(case),
    )


def ask_on_web(
    *,
    unit_id: UUID,
    text: str,
    form_key: str,
    at: datetime,
    name: str = "",
    contact: str = "",
    place: str = "",
    topic: str = "",
    is_public: bool = True,
) -> Case:
    """Take a question from the public form; the same form sent twice (``form_key``) is one case."""
    return _take_local(
        connector_key=channels.LOCAL_FORM,
        kind=MessageKind.FORM,
        origin=Origin.WEB_FORM,
        unit_id=unit_id,
        text=text,
        form_key=form_key,
        at=at,
        by=None,
        name=name,
        contact=contact,
        place=place,
        topic=topic,
        is_public=is_public,
    )


def take_walk_in(
    *,
    unit_id: UUID,
    text: str,
    form_key: str,
    by: Viewer,
    at: datetime,
    name: str = "",
    contact: str = "",
    place: str = "",
    topic: str = "",
    is_public: bool = True,
) -> Case:
    """Take a question typed in by an officer or village cadre for somebody without a phone."""
    return _take_local(
        connector_key=channels.LOCAL_WALK_IN,
        kind=MessageKind.WALK_IN,
        origin=Origin.WALK_IN,
        unit_id=unit_id,
        text=text,
        form_key=form_key,
        at=at,
        by=by,
        name=name,
        contact=contact,
        place=place,
        topic=topic,
        is_public=is_public,
    )


@transaction.atomic
def _take_local(
    *,
    connector_key: str,
    kind: MessageKind,
    origin: Origin,
    unit_id: UUID,
    text: str,
    form_key: str,
    at: datetime,
    by: Viewer | None,
    name: str,
    contact: str,
    place: str,
    topic: str,
    is_public: bool,
) -> Case:
    channel = channels.local_channel(unit_id=unit_id, connector_key=connector_key, at=at)
    thread = inbox.begin_local_thread(
        channel=channel,
        external_id=form_key,
        kind=kind.value,
        text=text,
        sender_name=name,
        by_account=by.account_id if by else None,
        at=at,
    )
    case, _ = cases.open_case(
        unit_id=unit_id,
        text=text,
        origin=origin,
        origin_ref=f"message:{channel.pk}:{form_key}",
        channel_id=channel.pk,
        thread_id=thread.pk,
        asker_name=name,
        contact=contact,
        place=place,
        topic=topic,
        is_public=is_public,
        at=at,
        by=by,
    )
    return case


@transaction.atomic
def answer_and_publish(*, case: Case, approver: Viewer, at: datetime) -> PublishedAnswer | None:
    """Approve the answer, publish it (a private case is not published) and reply where the question was asked; or none of it.

    -> the published answer, or None for a private case. Raises as cases.approve_answer.
    """
    draft = cases.approve_answer(case=case, by=approver, at=at)
    case.refresh_from_db()
    agency = draft.agency or units.name_of(unit_id=case.owner_id, on=clock.local_date(at))
    published = None
    if case.is_public:
        published = answers.publish_answer(
            number=case.number,
            unit_id=case.owner_id,
            title=case.title,
            question=case.text,
            answer=draft.text,
            agency=agency,
            topic=case.topic,
            names=(case.asker_name,),
            by=approver,
            at=at,
        )
        if case.reopened_at and published.published_at < case.reopened_at:
            answers.correct_answer(
                published=published, answer=draft.text, why=words.ANSWERED_AGAIN, by=approver, at=at
            )
    if case.thread_id:
        thread = inbox_queries.thread(thread_id=case.thread_id)
        text = words.answered(
            case, draft.text, agency, in_public=thread.kind == MessageKind.COMMENT
        )
        reply_where_asked(
            case=case,
            thread=thread,
            channel=thread.channel,
            target=asked_ref(case),
            at=at,
            what=f"answer-{draft.pk}",
            text=text,
        )
    return published


def reply_where_asked(
    *, case: Case, thread: Thread, channel: Channel, target: str, at: datetime, what: str, text: str
) -> None:
    """Queue one reply under the comment or in the chat, by what the channel can do; local channels have no way back."""
    needed, kind = HOW_TO_ANSWER.get(MessageKind(thread.kind), (None, None))
    if needed is None or kind is None or not registry.can(channel.connector_key, needed):
        return
    outbox.queue_send(
        channel=channel,
        kind=kind,
        target_ref=target if kind == PostKind.COMMENT_REPLY else thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=text,
        reference=f"case:{case.pk}:{what}",
        key=f"case-{case.pk}-{what}",
        window_opened_at=thread.last_in_at,
        at=at,
    )


def asked_ref(case: Case) -> str:
    """Return the provider's id of the message that opened the case."""
    return case.origin_ref.split(":", 2)[2]


def permanent_address(case_number: str) -> str:
    """Return the public address of a question, the same for ever."""
    return f"{settings.PUBLIC_URL}/hoi/{case_number}/"
