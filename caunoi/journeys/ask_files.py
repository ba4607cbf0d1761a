"""Photos and a voice note in a form: taken in as they arrive, kept under a batch until the question is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.files import actions as files
from caunoi.files import queries, rules
from caunoi.files.models import StoredFile
from caunoi.files.terms import FileError, FileKind, TooMany
from caunoi.journeys import words
from caunoi.kit import limits, uploads

Keep = Callable[..., StoredFile]
FIELDS: dict[str, Keep] = {"photos": files.keep_photo, "voice": files.keep_voice}


@dataclass(slots=True)
class Taken:
    """What came of the files of one request: how many were kept, and what to say about the others."""

    batch: str = ""
    kept: int = 0
    refused: list[str] = field(default_factory=list)


def take(
    request: HttpRequest, *, at: datetime, batch: str = "", case_id: UUID | None = None
) -> Taken:
    """Keep every file of the request under the batch (a new one when none is named) or with the case; each refusal is a sentence."""
    sent = [(f, u) for f in FIELDS for u in request.FILES.getlist(f)]
    over = uploads.skipped_files(request)
    taken = Taken(batch=batch or (files.new_batch() if sent and case_id is None else ""))
    for name, upload in sent:
        over += _take_one(request, name, upload, taken, at=at, case_id=case_id)
    if over:
        taken.refused.append(_too_many(over))
    return taken


def say_on_case(case: Case, *, kept: int, at: datetime) -> None:
    """Note on the case that so many files were added to it."""
    cases.add_words(case=case, text=words.more_files(kept), at=at)


def _take_one(
    request: HttpRequest,
    name: str,
    upload: UploadedFile,
    taken: Taken,
    *,
    at: datetime,
    case_id: UUID | None,
) -> int:
    """Keep one; -> 1 when it was one too many."""
    if not limits.take(limits.UPLOADS, who=limits.address(request), at=at).allowed:
        return 1
    where = {"case_id": case_id} if case_id else {"batch": taken.batch}
    try:
        FIELDS[name](content=upload.read(), at=at, **where)
        taken.kept += 1
    except TooMany:
        return 1
    except FileError as error:
        taken.refused.append(f"{(upload.name or '')[:60]}: {_(str(error))}")
    return 0


def _too_many(over: int) -> str:
    said = ngettext(
        "%(count)d file was not taken: at most %(most)d photos come with one question. "
        "Add it later with number and code.",
        "%(count)d files were not taken: at most %(most)d photos come with one question. "
        "Add them later with number and code.",
        over,
    )
    return said % {"count": over, "most": rules.MOST_A_SENDING[FileKind.PHOTO]}


def waiting(*, batch: str, at: datetime) -> list[StoredFile]:
    """Return what waits under the batch."""
    return list(queries.waiting(batch=batch, at=at)) if batch else []


def remove(*, batch: str, wanted: str, at: datetime) -> None:
    """Forget the file that the asker took out again."""
    try:
        files.remove_waiting(batch=batch, file_id=UUID(wanted), at=at)
    except ValueError:
        return


def has_voice(waiting: list[StoredFile]) -> bool:
    """True when somebody spoke: then she need not write."""
    return any(f.kind == FileKind.VOICE for f in waiting)
