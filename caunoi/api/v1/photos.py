"""Photos and recordings of a case: listed, added, fetched, released to everybody or taken back."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Router, UploadedFile

from caunoi.api.door import KeyRequest, too_often
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import (
    APPROVES,
    READS,
    SEALED,
    WRITES,
    case_for,
    foreseen,
    gives,
    sealed_for,
)
from caunoi.cases.models import Case
from caunoi.files import actions, queries, rules, sending
from caunoi.files.models import StoredFile
from caunoi.journeys import ask_files
from caunoi.kit import limits
from caunoi.staff.terms import Permission as P

router = Router(tags=["files"])
sealed_router = Router(tags=["sealed"])


class FileOut(s.Schema):
    """One photo or recording. ``state`` private: staff and the asker see it; released: everybody."""

    id: UUID
    kind: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    seconds: float | None
    state: str
    kept_at: datetime
    released_at: datetime | None


class ReleaseIn(s.Schema):
    """Released needs ``looked``: an officer saw that nobody, no number plate and no identity paper can be recognised."""

    state: Literal["private", "released"]
    looked: bool = False


def file_out(file: StoredFile) -> dict[str, Any]:
    """Return what a file is, without its bytes."""
    same = (
        "kind", "media_type", "width", "height", "seconds", "state", "kept_at", "released_at",
    )  # fmt: skip
    return {"id": file.pk, "bytes": file.size_bytes, **{n: getattr(file, n) for n in same}}


@router.get(
    "/{number}/files",
    response=list[FileOut],
    summary=gettext_noop("List photos and recordings"),
    **READS,
)
def list_files(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Photos first, each in the order it came."""
    return [file_out(f) for f in queries.of_case(case_id=case_for(request, number).pk)]


@router.post(
    "/{number}/files",
    response={201: FileOut},
    summary=gettext_noop("Add a photo or a recording"),
    **WRITES,
)
def add_file(request: KeyRequest, number: s.CaseNumber, file: File[UploadedFile]) -> Any:
    """What it is its bytes say. A photo is shrunk and loses its metadata; a recording has 90 seconds and 2 MB at most."""
    case = case_for(request, number, P.CASES_TAKE_IN)
    verdict = limits.take(limits.UPLOADS, who=f"key:{request.key.pk}", at=request.at)
    if not verdict.allowed:
        raise too_often(verdict)
    content = file.read()
    keep = actions.keep_voice if rules.sound_of(content) else actions.keep_photo
    known = {f.pk for f in queries.of_case(case_id=case.pk)}
    with foreseen():
        kept = keep(content=content, case_id=case.pk, at=request.at)
    if kept.pk not in known:
        ask_files.say_on_case(case, kept=1, at=request.at)
    return 201, file_out(kept)


def _file(case: Case, pk: UUID) -> StoredFile:
    found = queries.file_of_case(case_id=case.pk, file_id=pk)
    if found is None:
        raise Problem(404, _("The case has no such file."))
    return found


@router.get(
    "/{number}/files/{uuid:pk}",
    summary=gettext_noop("Fetch a photo or a recording"),
    **gives(Scope.CASES_READ, *sending.ENDINGS),
)
def fetch_file(request: KeyRequest, number: s.CaseNumber, pk: UUID) -> HttpResponse:
    """``?nho=1`` gives a photo's small picture."""
    return sending.answer_with(request, _file(case_for(request, number), pk))


@router.put(
    "/{number}/files/{uuid:pk}/state",
    response=FileOut,
    summary=gettext_noop("Show a photo to everybody, or take it back"),
    **APPROVES,
)
def turn_file(request: KeyRequest, number: s.CaseNumber, pk: UUID, given: ReleaseIn) -> Any:
    """Only photos of a public case."""
    case = case_for(request, number, P.CASES_PUBLISH)
    file, by, at = _file(case, pk), request.viewer, request.at
    with foreseen():
        if given.state == "private":
            return file_out(actions.take_back_photo(file=file, by=by, at=at))
        done = actions.release_photo(
            file=file, looked=given.looked, case_is_public=case.is_public, by=by, at=at
        )
    return file_out(done)


@sealed_router.get(
    "/{number}/files",
    response=list[FileOut],
    summary=gettext_noop("List photos and recordings of a sealed case"),
    **SEALED,
)
def sealed_list_files(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Nobody else ever sees them."""
    return [file_out(f) for f in queries.of_case(case_id=sealed_for(request, number).pk)]


@sealed_router.get(
    "/{number}/files/{uuid:pk}",
    summary=gettext_noop("Fetch a photo or a recording of a sealed case"),
    **gives(Scope.CASES_SEALED, *sending.ENDINGS),
)
def sealed_fetch_file(request: KeyRequest, number: s.CaseNumber, pk: UUID) -> HttpResponse:
    """That the case was opened is on record."""
    return sending.answer_with(request, _file(sealed_for(request, number), pk))
