"""Followers in a chat: told there while the provider lets us write; afterwards not, and the follower was told so when she began."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.channels import registry
from caunoi.channels.contract import Capability, OutboundPost, PostKind
from caunoi.channels.models import Channel
from caunoi.inbox.models import Thread
from caunoi.outbox import actions as outbox
from caunoi.subscriptions import sealing, words
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import About

CHAT = {About.ANSWERS: "follow_chat", About.NOTICES: "follow_notices_chat"}


@transaction.atomic
def tell(
    found: Subscription, sendings: Sequence[Sending], rows: Sequence[dict], *, at: datetime
) -> bool:
    """Queue one message in the chat, in one transaction with the note that it was told. -> False when the chat's window is closed."""
    channel_id, thread_id = (UUID(part) for part in sealing.address_of(found).split(":"))
    channel = Channel.objects.filter(pk=channel_id).first()
    thread = Thread.objects.filter(pk=thread_id).first()
    if channel is None or thread is None or not may_write(channel, thread, at=at):
        return False
    _subject, text = words.said(CHAT[About(found.about)], {"rows": rows})
    outbox.queue_send(
        channel=channel,
        kind=PostKind.PRIVATE_MESSAGE,
        target_ref=thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=text.strip(),
        reference=f"follow:{found.pk}",
        key=f"follow-{found.pk}-{sendings[-1].event_id}",
        window_opened_at=thread.last_in_at,
        is_confidential=True,
        at=at,
    )
    Sending.objects.filter(pk__in=[s.pk for s in sendings]).update(sent_at=at)
    return True


def may_write(channel: Channel, thread: Thread, *, at: datetime) -> bool:
    """True while the provider lets a message that no person wrote go into this chat."""
    if not registry.can(channel.connector_key, Capability.PRIVATE_MESSAGES):
        return False
    if thread.last_in_at is None:
        return False
    return at <= (until(channel, thread, opened_at=thread.last_in_at) or at)


def until(channel: Channel, thread: Thread, *, opened_at: datetime) -> datetime | None:
    """Return until when we may tell something in this chat of ourselves, counted from the person's last words; None: no limit."""
    post = OutboundPost(
        kind=PostKind.PRIVATE_MESSAGE,
        target_ref=thread.sender_ref,
        thread_ref=thread.thread_ref,
        text="",
        window_opened_at=opened_at,
    )
    window = registry.connector_for(channel.connector_key).window(post, at=opened_at)
    return window.automatic_until or window.open_until
