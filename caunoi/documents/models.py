"""Registers, letterheads and the papers issued."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.documents.terms import Format, PaperState, PaperType
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Letterhead(models.Model):
    """How a unit heads and signs its papers; without a row the rules say."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="letterhead")
    upper_lines = models.TextField()
    body_line = models.CharField(max_length=120)
    symbol = models.CharField(max_length=30)
    place = models.CharField(max_length=80)
    authority = models.CharField(max_length=80, blank=True)
    signer_title = models.CharField(max_length=80)
    signer_name = models.CharField(max_length=80, blank=True)
    recipients = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.symbol}"


class Register(models.Model):
    """The last number a unit gave in a year; numbers have no gaps, and the row is the lock."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="documents_register_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.last}"


class Paper(models.Model):
    """One paper with its number; ``sheet`` holds everything printed, so that it never changes with the letterhead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="papers")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    symbol = models.CharField(max_length=60)
    paper_type = models.CharField(max_length=16)
    subject = models.CharField(max_length=300)
    addressee = models.CharField(max_length=300)
    reference = models.CharField(max_length=80)
    sheet = models.JSONField()
    is_sealed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=PaperState.ISSUED.value)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    cancelled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    folded = models.GeneratedField(
        expression=Func(
            Concat(
                F("symbol"),
                Value(" "),
                F("subject"),
                Value(" "),
                F("addressee"),
                output_field=models.TextField(),
            ),
            function="vi_fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="documents_number_once"
            ),
            models.CheckConstraint(
                condition=Q(paper_type__in=[t.value for t in PaperType]),
                name="documents_type_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PaperState]), name="documents_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="issued") | ~Q(cancelled_because=""),
                name="documents_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["reference", "issued_at"], name="documents_of_reference"),
            models.Index(fields=["-issued_at"], name="documents_newest"),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="documents_search"),
        ]

    def __str__(self) -> str:
        return self.symbol


class Keeping(models.Model):
    """Who keeps the papers of a unit that ended: they stay under its name and number, and are read there."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    kept_by = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateField()

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.kept_by_id}"


class PaperFile(models.Model):
    """The paper as a file, kept as it was first drawn."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="files")
    format = models.CharField(max_length=4)
    content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "format"], name="documents_file_once"),
            models.CheckConstraint(
                condition=Q(format__in=[f.value for f in Format]), name="documents_format_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.format}"
