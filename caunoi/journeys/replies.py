"""The way back: one reply where the question was asked, by what the channel can do."""

from datetime import datetime

from caunoi.cases import rules
from caunoi.cases.models import Case
from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, PostKind
from caunoi.channels.models import Channel
from caunoi.inbox.models import Thread
from caunoi.outbox import actions as outbox

HOW_TO_ANSWER = {
    MessageKind.COMMENT: (Capability.REPLY_IN_THREAD, PostKind.COMMENT_REPLY),
    MessageKind.PRIVATE_MESSAGE: (Capability.PRIVATE_MESSAGES, PostKind.PRIVATE_MESSAGE),
}


def reply_where_asked(
    *, case: Case, thread: Thread, channel: Channel, target: str, at: datetime, what: str, text: str
) -> None:
    """Queue one reply under the comment or in the chat, by what the channel can do; local channels have no way back."""
    reply = reply_to(case=case, thread=thread, channel=channel, target=target, what=what, text=text)
    if reply is not None:
        outbox.queue_all([reply], at=at)


def reply_to(
    *, case: Case, thread: Thread, channel: Channel, target: str, what: str, text: str
) -> outbox.Send | None:
    """Return the reply as it will be queued; None when there is no way back."""
    needed, kind = HOW_TO_ANSWER.get(MessageKind(thread.kind), (None, None))
    if needed is None or kind is None or not registry.can(channel.connector_key, needed):
        return None
    return outbox.Send(
        channel=channel,
        kind=kind,
        target_ref=target if kind == PostKind.COMMENT_REPLY else thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=text,
        reference=f"case:{case.pk}:{what}",
        key=f"case-{case.pk}-{what}",
        window_opened_at=thread.last_in_at,
        is_confidential=rules.is_sealed(case.kind),
    )


def asked_ref(case: Case) -> str:
    """Return the provider's id of the message that opened the case."""
    return case.origin_ref.split(":", 2)[2]
