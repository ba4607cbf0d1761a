"""The asker changes or takes back what she wrote after it became a case: the case says so, and nothing is lost or left in public."""

from datetime import datetime

from django.db import transaction

from caunoi.cases import actions as cases
from caunoi.cases import actions_words, rules
from caunoi.cases import queries as case_queries
from caunoi.cases.terms import Origin
from caunoi.channels.contract import MessageEdited, MessageRemoved
from caunoi.channels.models import Channel
from caunoi.inbox import actions as inbox
from caunoi.inbox.models import Message
from caunoi.journeys import kinds, taking_up


@transaction.atomic
def edited(*, channel: Channel, edit: MessageEdited, at: datetime) -> None:
    """Keep the change and note it on the case; words that now cry for help, accuse or complain open a case of their own at once."""
    before = Message.objects.filter(channel=channel, external_id=edit.external_id).first()
    message = inbox.keep_edit(channel=channel, edit=edit, at=at)
    if message is None and taking_up.is_urgent(edit.text):
        inbox.hurry(channel=channel, external_id=edit.external_id)
    if message is None or before is None or message.text == before.text:
        return
    case = case_queries.case_of_message(
        channel_id=channel.pk, external_id=edit.external_id, thread_id=message.thread_id
    )
    if case is None:
        return
    actions_words.note_edit(case=case, text=message.text, at=at)
    kind = rules.kind_of(message.text)
    if kind in rules.NEVER_PUBLIC and kind != case.kind and message.thread is not None:
        fresh, new = cases.open_case(
            unit_id=channel.unit_id,
            text=message.text,
            origin=Origin(case.origin),
            origin_ref=f"message:{channel.pk}:{message.external_id}"[:180] + f":{kind.value}",
            channel_id=channel.pk,
            thread_id=message.thread_id,
            asker_name=message.sender_name,
            at=at,
            kind=kind,
        )
        actions_words.hide_case(case=case, at=at)
        if new:
            kinds.say_received(
                case=fresh,
                thread=message.thread,
                channel=channel,
                target=message.external_id,
                at=at,
            )


@transaction.atomic
def removed(*, channel: Channel, removal: MessageRemoved, at: datetime) -> None:
    """Forget the words and note on the case that they were taken back; its page is no longer public, the work goes on."""
    message = inbox.keep_removal(channel=channel, removal=removal, at=at)
    if message is None:
        return
    case = case_queries.case_of_message(
        channel_id=channel.pk, external_id=removal.external_id, thread_id=None
    )
    if case is not None:
        actions_words.note_removal(case=case, at=at)
