"""Writes of files: keep one, attach what waited, release a photo, take it back, forget what was never sent."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from caunoi.files import pictures, queries, rules
from caunoi.files.models import FileContent, Picture, StoredFile
from caunoi.files.terms import (
    FileKind,
    FileState,
    NotAVoice,
    NotReleasable,
    TooMany,
    VoiceTooLong,
)
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer

WAITS_FOR = timedelta(hours=24)
"""How long files wait for their question; a form left open over night still has them."""
NO_SOUND = gettext_noop(
    "This is no recording that we can play. Record again, or send m4a, mp3, ogg, webm or wav."
)
TOO_LONG = gettext_noop(
    "The recording is too long: at most 90 seconds and 2 MB. Record the most important part."
)
TOO_MANY = gettext_noop("There are as many files as we can take; this one was not kept.")
NOT_RELEASABLE = gettext_noop("Only a photo of a public question can be shown to everybody.")


def new_batch() -> str:
    """Return a name nobody can guess for the files of one question that is not sent yet."""
    return secrets.token_urlsafe(24)


def keep_photo(
    *, content: bytes, at: datetime, batch: str = "", case_id: UUID | None = None
) -> StoredFile:
    """Keep a photo, upright, shrunk and without any metadata; the same picture twice is one.

    batch, case_id  exactly one of them: where it waits, or the case it belongs to
    -> the stored photo, private
    Raises NotAPhoto, PhotoTooBig, TooMany
    """
    drawn = pictures.draw(content)
    fields = {"media_type": "image/webp", "width": drawn.width, "height": drawn.height}
    return _keep(
        FileKind.PHOTO, drawn.body, drawn.preview, fields, at=at, batch=batch, case_id=case_id
    )


def keep_picture(*, content: bytes, at: datetime, by: Viewer | None = None) -> Picture:
    """Keep a photo for another room, upright, shrunk and without any metadata. -> the row to point to

    Raises NotAPhoto, PhotoTooBig
    """
    drawn = pictures.draw(content)
    return Picture.objects.create(
        sha256=hashlib.sha256(drawn.body).digest(),
        body=drawn.body,
        preview=drawn.preview,
        width=drawn.width,
        height=drawn.height,
        kept_at=at,
        kept_by_id=by.account_id if by else None,
    )


def keep_voice(
    *, content: bytes, at: datetime, batch: str = "", case_id: UUID | None = None
) -> StoredFile:
    """Keep a voice note; what it is its bytes say, not its name. Tags are cut where that is simple (rules.without_tags).

    -> the stored recording, private for ever
    Raises NotAVoice, VoiceTooLong, TooMany
    """
    sound = rules.sound_of(content)
    if sound is None:
        raise NotAVoice(NO_SOUND)
    if rules.is_too_long(content, sound):
        raise VoiceTooLong(TOO_LONG)
    body = rules.without_tags(content, sound)
    fields = {"media_type": sound.media_type, "seconds": sound.seconds}
    return _keep(FileKind.VOICE, body, None, fields, at=at, batch=batch, case_id=case_id)


@transaction.atomic
def _keep(
    kind: FileKind,
    body: bytes,
    preview: bytes | None,
    fields: dict,
    *,
    at: datetime,
    batch: str,
    case_id: UUID | None,
) -> StoredFile:
    digest = hashlib.sha256(body).digest()
    mine = StoredFile.objects.filter(case_id=case_id, batch="" if case_id else batch)
    known = mine.filter(sha256=digest).first()
    if known:
        return known
    most = rules.MOST_A_CASE if case_id else rules.MOST_A_SENDING
    if mine.filter(kind=kind.value).count() >= most[kind]:
        raise TooMany(TOO_MANY)
    file = StoredFile.objects.create(
        case_id=case_id,
        batch="" if case_id else batch,
        kind=kind.value,
        sha256=digest,
        size_bytes=len(body),
        kept_at=at,
        expires_at=None if case_id else at + WAITS_FOR,
        **fields,
    )
    FileContent.objects.create(file=file, body=body, preview=preview)
    if case_id:
        told = {"kind": kind.value, "bytes": len(body), "case": case_id}
        audit.record("files.file.kept", on=file, at=at, after=told)
    return file


@transaction.atomic
def attach_files(*, batch: str, case_id: UUID, at: datetime) -> int:
    """Give the waiting files to their case, in the order they came; a batch that was attached or is empty changes nothing.

    -> how many the case got
    """
    if not batch:
        return 0
    waiting = queries.waiting(batch=batch, at=at).select_for_update(of=("self",))
    has = {bytes(f.sha256) for f in StoredFile.objects.filter(case_id=case_id)}
    ids = [f.pk for f in waiting if bytes(f.sha256) not in has]
    attached = StoredFile.objects.filter(pk__in=ids).update(
        case_id=case_id, batch="", expires_at=None
    )
    if attached:
        first = StoredFile.objects.get(pk=ids[0])
        told = {"case": case_id, "files": attached}
        audit.record("files.files.attached", on=first, at=at, after=told)
    return attached


@transaction.atomic
def remove_waiting(*, batch: str, file_id: UUID, at: datetime) -> bool:
    """Forget one file that was not sent yet. -> whether there was one."""
    deleted, _ = queries.waiting(batch=batch, at=at).filter(pk=file_id).delete()
    return bool(deleted)


def release_photo(
    *, file: StoredFile, looked: bool, case_is_public: bool, by: Viewer, at: datetime
) -> StoredFile:
    """Show the photo to everybody beside the question.

    looked           the officer says that no person, number plate or paper of identity can be recognised
    case_is_public   what the caller, who loaded the case for this officer, found
    Raises NotReleasable
    """

    def check(found: StoredFile) -> None:
        if found.kind != FileKind.PHOTO or not looked or not case_is_public:
            raise NotReleasable(NOT_RELEASABLE)

    return _turn(file, FileState.RELEASED, check, by=by, at=at)


def take_back_photo(*, file: StoredFile, by: Viewer, at: datetime) -> StoredFile:
    """Show the photo to staff and the asker only, again."""
    return _turn(file, FileState.PRIVATE, lambda _: None, by=by, at=at)


@transaction.atomic
def _turn(
    file: StoredFile,
    to: FileState,
    check: Callable[[StoredFile], None],
    *,
    by: Viewer,
    at: datetime,
) -> StoredFile:
    found = StoredFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
    check(found)
    if found.state == to:
        return found
    before, released = found.state, to == FileState.RELEASED
    found.state = to.value
    found.released_at = at if released else None
    found.released_by_id = by.account_id if released else None
    found.save(update_fields=["state", "released_at", "released_by"])
    event = "files.photo.released" if released else "files.photo.taken_back"
    told = {"state": to.value, "case": found.case_id}
    audit.record(event, on=found, by=by, at=at, before={"state": before}, after=told)
    return found


@transaction.atomic
def forget_unsent(*, at: datetime) -> int:
    """Delete what waited longer than a day for its question; returns how many. Nobody's question is touched."""
    gone = StoredFile.objects.filter(case_id=None, expires_at__lte=at)
    count = gone.count()
    gone.delete()
    return count
