"""Pictures and files of a notice, and the audiences a unit keeps for the next one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from caunoi.files import pictures
from caunoi.files.terms import NotAPhoto, PhotoTooBig
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions, queries
from caunoi.notices.models import AudienceGroup, Notice, NoticeAttachment, NoticePicture
from caunoi.notices.terms import (
    HEAVIEST_ATTACHMENT,
    MOST_ATTACHMENTS,
    MOST_PICTURES,
    BadFile,
    Line,
    NoticeState,
    NotYourNotice,
    TooMany,
)
from caunoi.staff.terms import Permission


@transaction.atomic
def add_picture(
    *, notice: Notice, content: bytes, alt: str, by: Viewer, at: datetime
) -> NoticePicture:
    """Put a picture into a draft: drawn anew without metadata; the same picture twice is one.

    Raises NotYourNotice, WrongState, BadFile (no picture, or too big), TooMany
    """
    found = _draft(notice, by, at)
    try:
        drawn = pictures.draw(content)
    except (NotAPhoto, PhotoTooBig) as error:
        raise BadFile(str(error)) from error
    mark = hashlib.sha256(drawn.body).digest()
    same = found.pictures.filter(sha256=mark).first()
    if same is not None:
        return same
    if found.pictures.count() >= MOST_PICTURES:
        raise TooMany("A notice carries ten pictures at most.")
    last = found.pictures.aggregate(n=Max("order"))["n"]
    picture = NoticePicture.objects.create(
        notice=found,
        order=0 if last is None else last + 1,
        alt=clean(alt).strip()[:300],
        media_type="image/webp",
        width=drawn.width,
        height=drawn.height,
        size_bytes=len(drawn.body),
        sha256=mark,
        body=drawn.body,
        preview=drawn.preview,
    )
    _record("picture_added", found, by, at, picture=picture.pk)
    return picture


@transaction.atomic
def add_attachment(
    *, notice: Notice, name: str, content: bytes, by: Viewer, at: datetime
) -> NoticeAttachment:
    """Put a PDF into a draft. Raises NotYourNotice, WrongState, BadFile, TooMany."""
    found = _draft(notice, by, at)
    if not content.startswith(b"%PDF-") or len(content) > HEAVIEST_ATTACHMENT:
        raise BadFile("Only PDF files of at most 10 MB go with a notice.")
    mark = hashlib.sha256(content).digest()
    same = found.attachments.filter(sha256=mark).first()
    if same is not None:
        return same
    if found.attachments.count() >= MOST_ATTACHMENTS:
        raise TooMany("A notice carries five files at most.")
    kept = NoticeAttachment.objects.create(
        notice=found,
        name=clean(name).strip()[-160:] or "tep.pdf",
        size_bytes=len(content),
        sha256=mark,
        body=content,
    )
    _record("file_added", found, by, at, file=kept.pk)
    return kept


@transaction.atomic
def arrange(
    *,
    notice: Notice,
    alts: dict[UUID, str],
    without: Iterable[UUID] = (),
    by: Viewer,
    at: datetime,
) -> None:
    """Say what the pictures of a draft show, and take away pictures and files. Raises NotYourNotice, WrongState."""
    found = _draft(notice, by, at)
    gone = set(without)
    removed = found.pictures.filter(pk__in=gone).delete()[0]
    removed += found.attachments.filter(pk__in=gone).delete()[0]
    for picture in found.pictures.filter(pk__in=alts).defer("body", "preview"):
        said = clean(alts[picture.pk]).strip()[:300]
        if said != picture.alt:
            picture.alt = said
            picture.save(update_fields=["alt"])
    if removed:
        _record("files_removed", found, by, at, n=removed)


@transaction.atomic
def keep_group(
    *, unit_id: UUID, name: str, lines: Iterable[Line], by: Viewer, at: datetime
) -> AudienceGroup:
    """Keep an audience under a name for the next notice; the same name again replaces it. Raises NotYourNotice."""
    actions.may_in(unit_id, by, Permission.NOTICES_PROPOSE, at)
    plain = [
        {
            "unit_id": str(line.unit_id),
            "reach": line.reach.value,
            "levels": list(line.levels),
            "connector_keys": list(line.connector_keys),
        }
        for line in lines
    ]
    group, _new = AudienceGroup.objects.update_or_create(
        unit_id=unit_id,
        name=clean(name).strip()[:120],
        defaults={"lines": plain, "made_at": at, "made_by_id": by.account_id},
    )
    audit.record(
        "notices.group.kept", on=group, by=by, at=at, unit_id=unit_id, after={"lines": len(plain)}
    )
    return group


def _draft(notice: Notice, by: Viewer, at: datetime) -> Notice:
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if not queries.may_edit(by, notice=found, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    actions.must_be(found, NoticeState.DRAFT)
    return found


def _record(event: str, notice: Notice, by: Viewer, at: datetime, **after: Any) -> None:
    audit.record(
        f"notices.notice.{event}", on=notice, by=by, at=at, unit_id=notice.unit_id, after=after
    )
