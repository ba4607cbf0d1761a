"""Following from a chat: "THEO DOI NA-2026-000123" a question, "THEO DOI THONG BAO" the unit's notices; "NGUNG …" ends it. Answered there."""

from datetime import datetime

from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, PostKind
from caunoi.channels.models import Channel
from caunoi.inbox.models import Message, Thread
from caunoi.journeys import words
from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.outbox import actions as outbox
from caunoi.subscriptions import actions, chatting, queries, rules
from caunoi.subscriptions.terms import About, NotFollowable, TooMany, Way, What
from caunoi.units import queries as units


def heard(*, message: Message, thread: Thread, channel: Channel, at: datetime) -> bool:
    """Do what a follower's words in a private chat ask for, and say so there; False when the words are something else.

    Inside a transaction; the same message again changes nothing.
    """
    if thread.kind != MessageKind.PRIVATE_MESSAGE:
        return False
    if not registry.can(channel.connector_key, Capability.PRIVATE_MESSAGES):
        return False
    folded = fold(message.text)
    asked, of_notices = (
        rules.asked_for(message.text, folded=folded),
        rules.asked_for_notices(folded),
    )
    if of_notices is not None:
        text = _notices(*of_notices, thread, channel, message.sent_at)
    elif asked is not None:
        begins, number = asked
        text = (_begin if begins else _stop)(number, thread, channel, message.sent_at)
    else:
        return False
    outbox.queue_send(
        channel=channel,
        kind=PostKind.PRIVATE_MESSAGE,
        target_ref=thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=text,
        reference=f"thread:{thread.pk}:follow",
        key=f"follow-said-{message.pk}",
        window_opened_at=message.sent_at,
        is_confidential=True,
        at=at,
    )
    return True


def _notices(
    begins: bool, only_warnings: bool, thread: Thread, channel: Channel, at: datetime
) -> str:
    what = What(unit_id=channel.unit_id, about=About.NOTICES, only_warnings=only_warnings)
    name = units.name_of(unit_id=channel.unit_id, on=clock.local_date(at))
    if not begins:
        address = f"{channel.pk}:{thread.pk}"
        actions.stop_address(way=Way.CHAT, address=address, what=what)
        return words.following_notices(name, "stopped")
    try:
        actions.follow_by_chat(what=what, channel_id=channel.pk, thread_id=thread.pk, at=at)
    except TooMany:
        return words.following_notices(name, "too_many")
    until = chatting.until(channel, thread, opened_at=at)
    state = "warnings" if only_warnings else "begun"
    return words.following_notices(name, state, until=until)


def _begin(number: str, thread: Thread, channel: Channel, at: datetime) -> str:
    try:
        what, _name = queries.followable(number=number, on=clock.local_date(at))
        actions.follow_by_chat(what=what, channel_id=channel.pk, thread_id=thread.pk, at=at)
    except NotFollowable:
        return words.following(number, "unknown")
    except TooMany:
        return words.following(number, "too_many")
    until = chatting.until(channel, thread, opened_at=at)
    return words.following(number, "begun", until=until)


def _stop(number: str, thread: Thread, channel: Channel, at: datetime) -> str:
    del at
    address = f"{channel.pk}:{thread.pk}"
    actions.stop_address(way=Way.CHAT, address=address, what=What(number=number))
    return words.following(number, "stopped")
