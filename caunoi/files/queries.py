"""Reads of files. A file is shown only by a door that has loaded its case for the viewer, or that was given its batch."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from caunoi.files.models import FileContent, StoredFile
from caunoi.files.terms import FileState
from caunoi.kit.viewing import system

LOADED = "asked by a door that has loaded the case for its viewer"


@system("whoever has the batch's name, which nobody can guess, sent the files")
def waiting(*, batch: str, at: datetime) -> QuerySet[StoredFile]:
    """Return the files of a question that is not sent yet, oldest first."""
    found = StoredFile.objects.filter(case_id=None, batch=batch, expires_at__gt=at)
    return found.exclude(batch="").order_by("kind", "kept_at", "pk")


@system(LOADED)
def of_case(*, case_id: UUID) -> list[StoredFile]:
    """Return the files of a case: photos first, then voice notes, each in the order they came."""
    found = StoredFile.objects.filter(case_id=case_id).select_related("released_by")
    return list(found.order_by("kind", "kept_at", "pk"))


@system("a photo that an officer released is public")
def released_of(*, case_ids: Collection[UUID]) -> list[StoredFile]:
    """Return the photos of these cases that everybody may see."""
    found = StoredFile.objects.filter(case_id__in=case_ids, state=FileState.RELEASED)
    return list(found.order_by("kept_at", "pk"))


@system(LOADED)
def file_of_case(*, case_id: UUID, file_id: UUID) -> StoredFile | None:
    """Return that file when it belongs to that case."""
    return StoredFile.objects.filter(case_id=case_id, pk=file_id).first()


@system("asked by a door that has decided that the file may be shown")
def bytes_of(*, file: StoredFile, preview: bool) -> bytes:
    """Return the file's bytes, or its small picture where it has one."""
    content = FileContent.objects.get(file=file)
    return bytes(content.preview if preview and content.preview else content.body)
