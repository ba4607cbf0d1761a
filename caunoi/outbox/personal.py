"""What went out holds of people, and how it is forgotten."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, ERASED, End, Free, Holding, Piece, Subject, Whose
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import SendState

HOLDINGS = (
    Holding(
        "outbox.outboundmessage",
        ("text", "target_ref", "thread_ref", "permalink", "external_id"),
        what=_("What we sent you, and to which number on Zalo or Facebook"),
        purpose=_("so that the answer reaches you where you asked"),
        basis=CONSENT,
        kept=_("as long as the table below says"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
FREE = (
    Free(
        "outbox.outboundmessage",
        ("key", "kind", "reference", "state", "lease_by", "trouble"),
        why="keys, codes and kinds of errors",
    ),
    Free("outbox.attempt", ("outcome", "reason", "worker"), why="kinds of errors"),
    Free(
        "outbox.content",
        ("sha256", "title", "text", "link", "language", "picture_refs", "video_ref"),
        why="the public words of a notice",
    ),
    Free("outbox.pace", ("connector_key",), why="a code"),
    Free("outbox.videooutcome", ("became",), why="a word of the provider about a video"),
    Free("outbox.breaker", ("state", "outcomes"), why="codes"),
)
OPEN = (SendState.QUEUED, SendState.UNCERTAIN)


def pieces(about: Subject) -> list[Piece]:
    """Return what was sent about the case, and where."""
    sent = OutboundMessage.objects.filter(reference__startswith=f"case:{about.case_id}")
    return [
        Piece("outbox.outboundmessage", _("We sent you"), f"{m.channel.name}: {m.text}", m.created_at)
        for m in sent.select_related("channel").order_by("created_at", "seq")[:200]
    ]  # fmt: skip


def forget(about: Subject, *, at: datetime) -> int:
    """Erase texts and targets; what has not left yet does not leave."""
    del at
    sent = OutboundMessage.objects.filter(reference__startswith=f"case:{about.case_id}")
    sent.filter(state__in=[s.value for s in OPEN]).update(state=SendState.CANCELLED.value)
    return sent.update(text=ERASED, target_ref="", thread_ref="", permalink="", external_id="")
