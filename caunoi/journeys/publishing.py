"""One notice, many channels: its page stands first, then one send a channel; what becomes of it until it is over.

Everything happens in one transaction or not at all, so a crash leaves the notice where it was and the next round takes it up
again; keys make a second time harmless.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.channels.models import Channel
from caunoi.fediverse import actions as fediverse
from caunoi.files import pictures as drawing
from caunoi.kit import clock
from caunoi.notices import actions as notices
from caunoi.notices import actions_repeating as repeating
from caunoi.notices import actions_video as videos
from caunoi.notices import posts, successions
from caunoi.notices import queries as read
from caunoi.notices.models import Notice, NoticeAttachment, NoticePicture, NoticeVideo
from caunoi.notices.terms import Audience, NoticeKind, NoticeState, WrongState
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import queries as sends
from caunoi.outbox.actions_publishing import PictureRef, VideoRef
from caunoi.outbox.delivery import Held
from caunoi.outbox.models import Content
from caunoi.receipts import actions as receipts
from caunoi.subscriptions import announcing as followers

AT_ONCE = 20
"""Notices taken up in one round."""
PORTAL = "web_portal"
FILE = ("pk", "name", "size_bytes")
HEAVIEST_FILES = 8 * 1024 * 1024
"""A letter grows by a third on its way, and many servers take ten megabytes."""
TO_EVERYBODY = frozenset({NoticeKind.WARNING, NoticeKind.CALL})
"""Kinds worth one of the few messages a month that reach every follower's phone."""
IS_OVER = gettext_noop("The notice was over before it could go out.")
log = logging.getLogger("caunoi.journeys")


def publish_due(*, at: datetime) -> int:
    """Publish what is approved and whose time has come, what goes out again among it. -> how many notices."""
    repeating.repeat_due(at=at)
    published = 0
    for notice in read.due_notices(at=at)[:AT_ONCE]:
        try:
            if repeating.put_off_late(notice=notice, at=at):
                continue
            publish_notice(notice=notice, at=at)
        except WrongState:
            log.info("notice %s was decided elsewhere", notice.pk)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # one that cannot be published holds up no other; it is tried again next round
            log.exception("notice %s could not be published", notice.pk)
        else:
            published += 1
    return published


@transaction.atomic
def publish_notice(*, notice: Notice, at: datetime) -> int:
    """Let the notice's page stand and queue it for every channel of its audience. -> how many sends are new.

    A notice that is over already is shown as such and sent nowhere; one whose unit or audience has ended since goes out in the
    successor's name, or waits at a person (``successions.ready_to_speak``).
    Raises WrongState  its approval was withdrawn meanwhile; nothing is queued
    Idempotent by notice, version and channel
    """
    if not successions.ready_to_speak(notice=notice, at=at):
        return 0
    notice = notices.mark_sending(notice=notice, at=at)
    if notice.valid_until is not None and notice.valid_until <= at:
        notices.mark_expired(notice=notices.mark_done(notice=notice, at=at), at=at)
        return 0
    made = 0
    if notice.audience == Audience.PUBLIC:
        page = channels.local_channel(unit_id=notice.unit_id, connector_key=PORTAL, at=at)
        made += _queue(notice, PORTAL, [page], at)
    followers.announce(notice=notice, at=at)
    fediverse.announce(notice=notice, at=at)
    for key, some in groupby(_channels(notice, at), key=lambda c: c.connector_key):
        made += _queue(notice, key, some, at)
    return made


def finish(*, at: datetime) -> int:
    """Bring on what was sent: to all followers where it matters, to its end when nothing moves, over when its time is. -> how many."""
    changed = 0
    for notice in Notice.objects.filter(state=NoticeState.SENDING).order_by("published_at"):
        if notice.kind in TO_EVERYBODY:
            _send_to_everybody(notice, at)
        if notice.valid_until is not None and notice.valid_until <= at:
            outbox.cancel_queued(reference=reference_of(notice), reason=IS_OVER, at=at)
        if not sends.still_moving(reference=reference_of(notice)):
            notices.mark_done(notice=notice, at=at)
            changed += 1
    for notice in read.over_notices(at=at)[:AT_ONCE]:
        outbox.cancel_queued(reference=reference_of(notice), reason=IS_OVER, at=at)
        notices.mark_expired(notice=notice, at=at)
        changed += 1
    return changed


def reference_of(notice: Notice) -> str:
    """Return the reference that the sends of a notice bear."""
    return f"notice:{notice.pk}"


def address_of(notice: Notice) -> str:
    """Return the notice's permanent public address."""
    return f"{settings.PUBLIC_URL}/thong-bao/{notice.number}/"


def open_video(ref: str) -> Callable[[int, int], bytes] | None:
    """Return what reads the video with this reference; None when it is not there any more."""
    return videos.reader_of(video_id=UUID(ref))


def fetch_pictures(refs: Sequence[str]) -> dict[str, bytes]:
    """Return the pictures with these references as JPEG, and papers as they are; what is not there any more is left out."""
    pictures = NoticePicture.objects.filter(pk__in=refs).values_list("pk", flat=True)
    found = {str(pk): _jpeg(str(pk)) for pk in pictures}
    papers = NoticeAttachment.objects.filter(pk__in=set(refs) - set(found))
    return found | {str(pk): bytes(body) for pk, body in papers.values_list("pk", "body")}


HELD = Held(pictures=fetch_pictures, video=open_video)
"""What the worker gives its senders of notices."""


@lru_cache(maxsize=8)
def _jpeg(ref: str) -> bytes:
    """A picture goes to hundreds of pages in a row: it is drawn once."""
    return drawing.as_jpeg(bytes(NoticePicture.objects.values_list("body", flat=True).get(pk=ref)))


def _channels(notice: Notice, at: datetime) -> Iterator[Channel]:
    """Yield the channels it goes to, kind by kind. What is internal goes to lists of the units only, never where everybody reads."""
    kinds = posts.kinds_for(audience=notice.audience, has_video=_video(notice) is not None)
    found = read.audience_channels(notice=notice, on=clock.local_date(at))
    few = found.filter(connector_key__in=kinds).only("pk", "connector_key")
    yield from few.order_by("connector_key", "pk").iterator(chunk_size=1_000)


def _queue(notice: Notice, kind: str, some: Iterator[Channel] | list[Channel], at: datetime) -> int:
    return outbox.queue_publications(
        content=_content(notice, kind, at),
        channels=some,
        key_prefix=f"{reference_of(notice)}:{notice.version}",
        reference=reference_of(notice),
        at=at,
        at_any_hour=notice.kind == NoticeKind.WARNING,
    )


def _content(notice: Notice, kind: str, at: datetime) -> Content:
    can = registry.connector_for(kind).capabilities
    draft = read.draft_of(notice=notice, with_pictures=False)
    return outbox.keep_content(
        title=notice.title,
        text=posts.text_of(draft, kind, address=address_of(notice)),
        link=_link(notice, kind) if notice.audience == Audience.PUBLIC else "",
        pictures=[
            *(_pictures(notice) if Capability.PUBLISH_PICTURES in can else []),
            *(_files(notice) if Capability.PUBLISH_FILES in can else []),
        ],
        video=_video(notice) if Capability.PUBLISH_VIDEO in can else None,
        at=at,
    )


def _link(notice: Notice, kind: str) -> str:
    """Return the address a post carries: where a provider shows it, a short one that counts opens of this kind of channel as one total."""
    if not posts.counts_opens(kind):
        return address_of(notice)
    return posts.short_address(receipts.make_link(notice=notice, connector_key=kind))


def _pictures(notice: Notice) -> list[PictureRef]:
    found = notice.pictures.order_by("order").values_list("pk", "alt")
    public = address_of(notice) if notice.audience == Audience.PUBLIC else ""
    return [
        PictureRef(
            str(pk),
            "image/jpeg",
            alt,
            f"anh-{number}.jpg",
            url=f"{public}anh/{pk}/" if public else "",
        )
        for number, (pk, alt) in enumerate(found, start=1)
    ]


def _files(notice: Notice) -> list[PictureRef]:
    """Return the papers that go along: as many as a mail server takes; the page has them all."""
    found, weight = [], 0
    for pk, name, size in notice.attachments.order_by("name", "pk").values_list(*FILE):
        weight += size
        if weight <= HEAVIEST_FILES:
            found.append(PictureRef(str(pk), "application/pdf", "", name))
    return found


def _video(notice: Notice) -> VideoRef | None:
    found = NoticeVideo.objects.filter(notice=notice).first()
    if found is None:
        return None
    return VideoRef(str(found.pk), found.media_type, found.name, found.size_bytes, found.seconds)


def _send_to_everybody(notice: Notice, at: datetime) -> None:
    prefix = f"broadcast:{notice.pk}:{notice.version}"
    outbox.queue_broadcasts(reference=reference_of(notice), key_prefix=prefix, at=at)
