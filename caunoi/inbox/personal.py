"""What came in holds of people, and how it is forgotten.

The provider's number of a message stays: it is how the same delivery, told again, is known and brings nothing back.
"""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import MessageKind
from caunoi.inbox.models import Follower, LateWord, Message, RawDelivery, Thread
from caunoi.inbox.terms import DeliveryState, Direction
from caunoi.kit.holding import CONSENT, SECURITY, End, Free, Holding, Piece, Subject, Whose

LATE = timedelta(days=3)
"""A delivery may wait so long before it is read."""
HOLDINGS = (
    Holding(
        "inbox.message",
        ("text", "attachments", "sender_name", "sender_ref"),
        what=_("What you wrote to the page, account or form, and the pictures' addresses"),
        purpose=_("so that your question is read and answered as you asked it"),
        basis=CONSENT,
        kept=_("as long as the table below says"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "inbox.thread",
        ("sender_name", "sender_ref", "thread_ref", "permalink", "post_ref"),
        what=_("The name you bear on Zalo or Facebook, and your number there"),
        purpose=_("so that the answer reaches you where you asked"),
        basis=CONSENT,
        kept=_("as long as the table below says"),
        whose=Whose.ASKER,
        end=End.MASKED,
    ),
    Holding(
        "inbox.rawdelivery",
        ("body",),
        what=_("The message as Zalo or Facebook handed it to us"),
        purpose=_("so that nothing is lost when a message cannot be read at once"),
        basis=SECURITY,
        kept=_("as long as the table below says"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "inbox.lateword",
        ("text",),
        what=_("A change of a message that came before the message"),
        purpose=_("so that your question is read and answered as you asked it"),
        basis=CONSENT,
        kept=_("until the message comes"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "inbox.follower",
        ("sender_ref",),
        what=_("That your account follows our account"),
        purpose=_("because the provider lets us answer followers only"),
        basis=CONSENT,
        kept=_("until you cease to follow, or your question is erased"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
FREE = (
    Free(
        "inbox.rawdelivery",
        ("connector_key", "app_id", "body_sha256", "headers", "state", "lease_by", "trouble"),
        why="who delivered, a hash, signatures",
    ),
    Free("inbox.refusal", ("connector_key", "reason"), why="counts"),
    Free("inbox.thread", ("kind",), why="a code"),
    Free(
        "inbox.message",
        ("external_id", "direction", "kind", "parent_ref"),
        why="the provider's number of a message, kept so that it is never taken in twice",
    ),
    Free("inbox.post", ("external_id", "text", "permalink"), why="what the page itself posted"),
    Free("inbox.lateword", ("external_id",), why="the provider's number of a message"),
)


def _messages(about: Subject) -> QuerySet[Message]:
    """Return what the asker said about this case, and what the unit said to her."""
    thread_id, channel_id = about.thread_id, about.channel_id
    if thread_id is None or channel_id is None:
        return Message.objects.none()
    found = Message.objects.filter(thread_id=thread_id, sent_at__gte=about.since)
    if about.until is not None:
        found = found.filter(sent_at__lt=about.until)
    opening = Message.objects.filter(channel_id=channel_id, external_id=about.message_ref)
    first = opening.first()
    if first is None:
        return found
    if first.kind != MessageKind.COMMENT:
        return found | Message.objects.filter(pk=first.pk)
    # Under a public comment others speak too: hers are those of her number, ours those that answer hers.
    hers = Message.objects.filter(thread_id=thread_id, sender_ref=first.sender_ref)
    refs = list(hers.values_list("external_id", flat=True))
    mine = Q(sender_ref=first.sender_ref, direction=Direction.IN)
    answers = Q(direction=Direction.OUT, parent_ref__in=refs)
    return found.filter(mine | answers) | Message.objects.filter(pk=first.pk)


def pieces(about: Subject) -> list[Piece]:
    """Return the asker's name there, her messages, and what we said to her."""
    if about.thread_id is None or about.channel_id is None:
        return []
    said: list[Piece] = []
    thread = Thread.objects.select_related("channel").filter(pk=about.thread_id).first()
    if thread is not None and thread.sender_name:
        where = f"{thread.sender_name} ({thread.channel.name})"
        said.append(Piece("inbox.thread", _("Your name where you asked"), where))
    for message in _messages(about).order_by("sent_at", "pk")[:500]:
        label = _("We wrote") if message.direction == Direction.OUT else _("You wrote")
        if message.text:
            said.append(Piece("inbox.message", label, message.text, message.sent_at))
        for file in message.attachments:
            named = str(file.get("url") or file.get("kind") or "")
            said.append(Piece("inbox.message", _("Picture or file"), named, message.sent_at))
    return said


def forget(about: Subject, *, at: datetime) -> int:
    """Erase the words, pictures and raw deliveries of the case; the conversation loses its identity when nothing else needs it."""
    if about.thread_id is None or about.channel_id is None:
        return 0
    messages = list(_messages(about))
    changed = sum(_empty_deliveries(m) for m in messages if m.direction == Direction.IN)
    ids = [m.pk for m in messages]
    hers = {m.sender_ref for m in messages if m.direction == Direction.IN and m.sender_ref}
    Message.objects.filter(pk__in=ids, removed_at=None).update(removed_at=at)
    changed += Message.objects.filter(pk__in=ids).update(
        text="", attachments=[], sender_name="", sender_ref=""
    )
    refs = [m.external_id for m in messages]
    LateWord.objects.filter(channel_id=about.channel_id, external_id__in=refs).delete()
    if about.alone:
        changed += _forget_thread(about.thread_id)
        Follower.objects.filter(channel_id=about.channel_id, sender_ref__in=hers).delete()
    return changed


def _empty_deliveries(message: Message) -> int:
    """Empty every request that carried the message; its hash stays, so that it is not taken in again."""
    about = RawDelivery.objects.filter(
        connector_key=message.channel.connector_key,
        received_at__range=(message.received_at - LATE, message.received_at),
    ).exclude(state=DeliveryState.WAITING)
    needle = message.external_id.encode()
    found = [pk for pk, body in about.values_list("pk", "body") if needle in bytes(body)]
    return RawDelivery.objects.filter(pk__in=found).update(body=b"", trouble="")


def _forget_thread(thread_id: uuid.UUID) -> int:
    thread = Thread.objects.filter(pk=thread_id)
    return thread.update(
        sender_ref="",
        sender_name="",
        permalink="",
        post_ref="",
        thread_ref=f"erased-{thread_id}",
    )


def forget_deliveries(*, before: datetime, limit: int, dry_run: bool = False) -> int:
    """Empty requests that were read before that moment. -> how many (to be) emptied."""
    old = RawDelivery.objects.filter(received_at__lt=before, state=DeliveryState.DONE).exclude(
        body=b""
    )
    if dry_run:
        return old.count()
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    return RawDelivery.objects.filter(pk__in=ids).update(body=b"")
