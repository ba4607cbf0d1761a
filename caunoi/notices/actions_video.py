"""The video of a notice: put in, taken out, read piece by piece."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction

from caunoi.files import videos
from caunoi.files.terms import NotAVideo, VideoTooHeavy, VideoTooLong
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import actions, queries
from caunoi.notices.models import Notice, NoticeVideo, NoticeVideoPart
from caunoi.notices.terms import BadFile, NoticeState, NotYourNotice

Reader = Callable[[int, int], bytes]


@transaction.atomic
def add_video(
    *, notice: Notice, name: str, content: IO[bytes], size: int, by: Viewer, at: datetime
) -> NoticeVideo:
    """Put a video into a draft as it is, without the place it was filmed at; it takes the place of the one before.

    Raises NotYourNotice, WrongState, BadFile (no MP4, too heavy, too long; it says what to do)
    """
    found = _draft(notice, by, at)
    try:
        film = videos.look(content, size=size)
    except (NotAVideo, VideoTooHeavy, VideoTooLong) as error:
        raise BadFile(str(error)) from error
    NoticeVideo.objects.filter(notice=found).delete()
    made = NoticeVideo.objects.create(
        notice=found,
        name=clean(name).strip()[-160:] or "video.mp4",
        size_bytes=film.size,
        seconds=film.seconds,
        sha256=b"",
        added_at=at,
    )
    mark = hashlib.sha256()
    for place, part in enumerate(videos.parts(content, film)):
        mark.update(part)
        NoticeVideoPart.objects.create(video=made, place=place, body=part)
    made.sha256 = mark.digest()
    made.save(update_fields=["sha256"])
    _note("video_added", found, by, at)
    return made


@transaction.atomic
def remove_video(*, notice: Notice, by: Viewer, at: datetime) -> None:
    """Take the video out of a draft. Raises NotYourNotice, WrongState."""
    found = _draft(notice, by, at)
    if NoticeVideo.objects.filter(notice=found).delete()[0]:
        _note("video_removed", found, by, at)


@system("the worker sends it, and the notice's page plays it")
def reader_of(*, video_id: UUID) -> Reader | None:
    """Return what reads the video: from an offset, so many bytes at most; None when it is not there any more."""
    if not NoticeVideo.objects.filter(pk=video_id).exists():
        return None

    def read(start: int, size: int) -> bytes:
        first, last = start // videos.PART_BYTES, (start + size - 1) // videos.PART_BYTES
        rows = NoticeVideoPart.objects.filter(video_id=video_id, place__range=(first, last))
        held = b"".join(bytes(b) for b in rows.order_by("place").values_list("body", flat=True))
        begin = start - first * videos.PART_BYTES
        return held[begin : begin + size]

    return read


def _draft(notice: Notice, by: Viewer, at: datetime) -> Notice:
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if not queries.may_edit(by, notice=found, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    actions.must_be(found, NoticeState.DRAFT)
    return found


def _note(event: str, notice: Notice, by: Viewer, at: datetime) -> None:
    audit.record(f"notices.notice.{event}", on=notice, by=by, at=at, unit_id=notice.unit_id)
