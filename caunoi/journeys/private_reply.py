"""The one private reply a provider allows to a public comment: for what only the asker may read, beside the public answer."""

from datetime import datetime

from caunoi.answers.rules import redact
from caunoi.cases import on_behalf
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.channels import registry
from caunoi.channels.contract import (
    Capability,
    MessageKind,
    OutboundPost,
    PostKind,
    Window,
)
from caunoi.inbox import queries as inbox_queries
from caunoi.inbox.models import Thread
from caunoi.journeys import words
from caunoi.outbox import actions as outbox
from caunoi.outbox import queries as outbox_queries


def is_wanted(*, case: Case, text: str) -> bool:
    """True when the public reply does not say everything: the case is private, or the answer holds personal data.

    Never for complaints, denunciations and tip-offs: their answers do not go through a provider's chat.
    """
    if case_rules.is_sealed(case.kind):
        return False
    return not case.is_public or bool(redact(text, names=on_behalf.names_to_hide(case)).found)


def window(*, thread: Thread, comment_ref: str, at: datetime) -> Window:
    """Return whether the asker can still be answered privately, and until when."""
    channel = thread.channel
    if thread.kind != MessageKind.COMMENT or not registry.can(
        channel.connector_key, Capability.PRIVATE_REPLY
    ):
        return Window(is_open=False)
    if outbox_queries.was_sent(
        channel=channel, kind=PostKind.PRIVATE_REPLY, target_ref=comment_ref
    ):
        return Window(is_open=False)
    return registry.connector_for(channel.connector_key).window(_post(thread, comment_ref), at=at)


def would_go(*, case: Case, thread: Thread, comment_ref: str, text: str, at: datetime) -> bool:
    """True when an answer with this text would be sent to the asker of the comment privately too."""
    return (
        is_wanted(case=case, text=text)
        and window(thread=thread, comment_ref=comment_ref, at=at).is_open
    )


def queue_if_wanted(
    *, case: Case, thread: Thread, comment_ref: str, text: str, agency: str, at: datetime
) -> bool:
    """Queue the whole answer as a private reply to the comment, where the public one must leave something out.

    -> False when nothing is left out, or when a private reply is not, or no longer, possible
    Idempotent by  the comment: it has one private reply
    """
    if not would_go(case=case, thread=thread, comment_ref=comment_ref, text=text, at=at):
        return False
    post = _post(thread, comment_ref)
    outbox.queue_send(
        channel=thread.channel,
        kind=post.kind,
        target_ref=post.target_ref,
        thread_ref=post.thread_ref,
        text=words.answered(case, text, agency, in_public=False),
        reference=f"case:{case.pk}:answer-private",
        key=f"private-{thread.channel_id}-{comment_ref}"[:110],
        window_opened_at=post.window_opened_at,
        at=at,
    )
    return True


def _post(thread: Thread, comment_ref: str) -> OutboundPost:
    """The window runs from the comment itself; the reply opens a conversation of its own."""
    comment = inbox_queries.message_by_ref(channel=thread.channel, external_id=comment_ref)
    opened = comment.sent_at if comment else thread.started_at
    ref = f"private:{comment_ref}"
    return OutboundPost(PostKind.PRIVATE_REPLY, comment_ref, ref, "", window_opened_at=opened)
