"""Ask and answer, top to bottom: a question comes in by any door, becomes one case, is answered once, and the answer
goes back to where it was asked and onto a permanent page."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from caunoi.answers import actions as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case, Draft
from caunoi.cases.terms import Origin
from caunoi.channels import actions as channels
from caunoi.channels.contract import MessageKind, MessageReceived
from caunoi.channels.models import Channel
from caunoi.inbox import actions as inbox
from caunoi.inbox import together
from caunoi.journeys import (
    places,
    private_reply,
    redacting,
    replies,
    same_question,
    taking_up,
    words,
)
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.privacy import actions_consent as consent
from caunoi.units import queries as units


@transaction.atomic
def take_in(*, channel: Channel, incoming: MessageReceived, at: datetime) -> Case | None:
    """Keep one message; when it asks something, open a case and tell the asker its number. The same message twice is one case."""
    kept = together.keep_message(channel=channel, incoming=incoming, at=at)
    return next(iter(taking_up.take_up(kept, at=at)), None)


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
    case, new = cases.open_case(
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
    if new:
        consent.note_told(case=case, channel=connector_key, at=at)
    return case


@transaction.atomic
def answer_and_publish(*, case: Case, approver: Viewer, at: datetime) -> PublishedAnswer | None:
    """Approve the answer, publish it (a private case is not published) and reply where the question was asked; or none of it.

    -> the published answer, or None for a private case. Raises as cases.approve_answer; NotDecided when nobody looked at
       what is hidden from the public
    """
    draft = cases.approve_answer(case=case, by=approver, at=at)
    case.refresh_from_db()
    agency = draft.agency or units.name_of(unit_id=case.owner_id, on=clock.local_date(at))
    published, review = None, None
    if case.is_public:
        review = redacting.decided(case=case, answer=draft.text)
        published = answers.publish_answer(
            number=case.number,
            unit_id=case.owner_id,
            title=review.title,
            question=review.question.public,
            answer=review.answer.public,
            agency=agency,
            topic=case.topic,
            hidden_by_hand=True,
            by=approver,
            at=at,
        )
        if case.reopened_at and published.published_at < case.reopened_at:
            answers.correct_answer(
                published=published,
                answer=review.answer.public,
                why=words.ANSWERED_AGAIN,
                again=True,
                hidden_by_hand=True,
                by=approver,
                at=at,
            )
    if not _only_by_code(case):
        shown = review.answer.public if review else ""
        _answer_where_asked(case, draft, agency, shown, at)
    same_question.answer_the_others(main=case, published=published, draft=draft, by=approver, at=at)
    return published


def _answer_where_asked(case: Case, draft: Draft, agency: str, shown: str, at: datetime) -> None:
    """Send the answer to every place in which this asker asked it; in public places as it is ``shown`` there."""
    for asked, thread in places.to_answer(case):
        in_public = thread.kind == MessageKind.COMMENT
        what = f"answer-{draft.pk}" if asked == case else f"answer-{draft.pk}-{asked.number}"
        replies.reply_where_asked(
            case=case,
            thread=thread,
            channel=thread.channel,
            target=replies.asked_ref(asked),
            at=at,
            what=what,
            text=words.answered(
                case,
                draft.text,
                agency,
                in_public=in_public,
                shown=shown,
                privately=in_public
                and private_reply.queue_if_wanted(
                    case=case,
                    thread=thread,
                    comment_ref=replies.asked_ref(asked),
                    text=draft.text,
                    agency=agency,
                    at=at,
                ),
            ),
        )


def _only_by_code(case: Case) -> bool:
    """True for a sealed case from a public comment: its answer is read with number and code, which were sent in private."""
    return case.origin == Origin.COMMENT and case_rules.is_sealed(case.kind)


def permanent_address(case_number: str) -> str:
    """Return the public address of a question, the same for ever."""
    return f"{settings.PUBLIC_URL}/hoi/{case_number}/"
