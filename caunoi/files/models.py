"""Photos and voice notes, in the one database: backup, restore and clean-up hold for them as for every other row."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.files.terms import FileKind, FileState
from caunoi.staff.models import Account


class StoredFile(models.Model):
    """One photo or voice note. Before its question is sent it stands under a batch and has an end; then it belongs to a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(null=True)
    batch = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=8)
    media_type = models.CharField(max_length=20)
    sha256 = models.BinaryField(max_length=32)
    size_bytes = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)
    state = models.CharField(max_length=8, default=FileState.PRIVATE.value)
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in FileKind]), name="files_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state="private", released_at=None, released_by=None)
                | Q(
                    state="released",
                    kind="photo",
                    released_at__isnull=False,
                    released_by__isnull=False,
                    case_id__isnull=False,
                ),
                name="files_only_a_photo_is_released",
            ),
            models.CheckConstraint(
                condition=Q(case_id__isnull=False, batch="", expires_at=None)
                | Q(case_id=None, expires_at__isnull=False) & ~Q(batch=""),
                name="files_of_a_case_or_waiting",
            ),
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, size_bytes__lte=2_000_000), name="files_bounded"
            ),
            # the same picture sent twice is one
            models.UniqueConstraint(
                fields=["case_id", "sha256"],
                condition=Q(case_id__isnull=False),
                name="files_once_a_case",
            ),
            models.UniqueConstraint(
                fields=["batch", "sha256"], condition=Q(case_id=None), name="files_once_a_batch"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="files_that_end", condition=Q(case_id=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Picture(models.Model):
    """A photo of something that is no question: a hand-over, a house, a campaign. Without metadata; whoever points to it says who may see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.BinaryField(max_length=32)
    body = models.BinaryField()
    preview = models.BinaryField()
    width = models.IntegerField()
    height = models.IntegerField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.id)


class FileContent(models.Model):
    """The bytes, apart from the row that lists read."""

    file = models.OneToOneField(
        StoredFile, models.CASCADE, primary_key=True, related_name="content"
    )
    body = models.BinaryField()
    preview = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"content of {self.file_id}"
