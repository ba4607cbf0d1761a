"""A notice in other languages, read, heard or seen; who reads which language; the reading made by machine."""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.notices.languages import HEAVIEST_SOUND, SpokenState, StepKind, VariantState
from caunoi.notices.terms import Form
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Variant(models.Model):
    """A notice in one language and form. ``of_version`` is the version of the Vietnamese words it tells.

    text  form "text": the words · "audio": what is said, written down, may be empty · "picture": what it shows
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey("notices.Notice", models.CASCADE, related_name="variants")
    language = models.CharField(max_length=12)
    form = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=VariantState.DRAFT.value)
    version = models.IntegerField(default=1)
    of_version = models.IntegerField()
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    reader = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    media_type = models.CharField(max_length=20, blank=True)
    size_bytes = models.IntegerField(default=0)
    seconds = models.FloatField(null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "language", "form"], name="notice_variant_once"
            ),
            models.CheckConstraint(
                condition=Q(form__in=[f.value for f in Form])
                & ~Q(language="vi", form=Form.TEXT.value),
                name="notice_variant_form_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in VariantState]),
                name="notice_variant_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="read")
                | (Q(reader__isnull=False, decided_at__isnull=False) & ~Q(reader=F("author"))),
                name="notice_variant_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | (Q(reader__isnull=False) & ~Q(reason="")),
                name="notice_variant_rejected_because",
            ),
            models.CheckConstraint(
                condition=Q(form=Form.TEXT.value, size_bytes=0)
                | Q(size_bytes__gt=0, size_bytes__lte=HEAVIEST_SOUND) & ~Q(form=Form.TEXT.value),
                name="notice_variant_bounded",
            ),
        ]
        indexes = [
            models.Index(
                fields=["edited_at"], name="notice_variants_to_read", condition=Q(state="to_read")
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.language} {self.form}"


class VariantContent(models.Model):
    """The recording or the picture, apart from the row that lists read."""

    variant = models.OneToOneField(
        Variant, models.CASCADE, primary_key=True, related_name="content"
    )
    body = models.BinaryField()
    preview = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"content of {self.variant_id}"


class VariantStep(models.Model):
    """What somebody did with a variant. Rows are only ever added: whoever wrote any of it never becomes its reader."""

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="steps")
    version = models.IntegerField()
    kind = models.CharField(max_length=10)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in StepKind]), name="notice_step_known"
            )
        ]
        indexes = [models.Index(fields=["variant", "at"], name="notice_variant_steps")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.kind}"


class LanguageReader(models.Model):
    """Somebody of a unit who speaks and reads a language: she may tell its notices, and those below, in it, and read others' variants."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    named_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "unit", "language"], name="notice_reader_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "language"], name="notice_readers_of_unit")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.language}"


class SpokenScript(models.Model):
    """The loudspeaker's script read by machine; somebody hears it before it is offered. ``asked_at`` tells one making from the next."""

    notice = models.OneToOneField(
        "notices.Notice", models.CASCADE, primary_key=True, related_name="spoken"
    )
    script = models.TextField()
    voice = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, default=SpokenState.WAITING.value)
    parts_done = models.IntegerField(default=0)
    parts_total = models.IntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(null=True)
    mp3 = models.BinaryField(null=True)
    wav = models.BinaryField(null=True)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    heard_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SpokenState]),
                name="notice_spoken_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(mp3__isnull=False, seconds__isnull=False),
                name="notice_spoken_has_sound",
            ),
            models.CheckConstraint(
                condition=Q(heard_at__isnull=True) | Q(state="ready", heard_by__isnull=False),
                name="notice_spoken_heard_when_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state}"
