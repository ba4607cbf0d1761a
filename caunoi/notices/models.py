"""Notices: their words and versions, pictures and files, for whom they are, and who decided."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from caunoi.notices.handed_models import HandedIn
from caunoi.notices.rhythm import Every
from caunoi.notices.terms import (
    HEAVIEST_ATTACHMENT,
    Audience,
    NoticeKind,
    NoticeState,
    Reach,
    Surface,
    Verdict,
)
from caunoi.notices.variant_models import (
    LanguageReader,
    SpokenScript,
    Variant,
    VariantContent,
    VariantStep,
)
from caunoi.notices.video_models import NoticeVideo, NoticeVideoPart
from caunoi.staff.models import Account
from caunoi.units.models import Unit

__all__ = [
    "HandedIn",
    "LanguageReader",
    "NoticeVideo",
    "NoticeVideoPart",
    "SpokenScript",
    "Variant",
    "VariantContent",
    "VariantStep",
]


class Notice(models.Model):
    """What one unit says, written once. ``number`` is its permanent public address and never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    audience = models.CharField(max_length=8, default=Audience.PUBLIC.value)
    state = models.CharField(max_length=10, default=NoticeState.DRAFT.value)
    title = models.CharField(max_length=160)
    short_text = models.TextField(blank=True)
    long_text = models.TextField(blank=True)
    link = models.CharField(max_length=400, blank=True)
    details = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    publish_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=1000, blank=True)
    must_acknowledge = models.BooleanField(default=False)
    acknowledge_by = models.DateField(null=True)
    adopted_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="adoptions")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    series_id = models.UUIDField(null=True)
    form_key = models.UUIDField(null=True)
    """Of the form in which it was begun: pressed twice, it begins one notice."""
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated")
    """The notice whose words go out again with this one."""
    occurs_at = models.DateTimeField(null=True)
    """For which moment of its rhythm it goes out."""
    folded = models.GeneratedField(
        expression=Func(F("title"), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in NoticeKind]), name="notice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in NoticeState]), name="notice_state_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[a.value for a in Audience]), name="notice_audience_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "done", "expired", "recalled"])
                | Q(published_at__isnull=False),
                name="notice_published_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False),
                name="notice_scheduled_for_a_time",
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                condition=Q(form_key__isnull=False),
                name="notice_begun_once_a_form",
            ),
            # two workers, or a clock that was put back, send one moment once
            models.UniqueConstraint(
                fields=["repeats", "occurs_at"],
                condition=Q(repeats__isnull=False),
                name="notice_repeated_once_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(repeats__isnull=True) | Q(occurs_at__isnull=False),
                name="notice_repeated_for_a_moment",
            ),
        ]
        indexes = [
            # a unit's own page, newest first
            models.Index(
                fields=["unit", "-published_at"],
                name="notices_published",
                condition=Q(published_at__isnull=False),
            ),
            # the desk's list, what was touched last first
            models.Index(fields=["-edited_at", "unit"], name="notices_edited"),
            # what the worker takes up
            models.Index(
                fields=["publish_at"],
                name="notices_due",
                condition=Q(state__in=["approved", "scheduled"]),
            ),
            models.Index(
                fields=["valid_until"], name="notices_to_expire", condition=Q(state="done")
            ),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="notices_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Repetition(models.Model):
    """In which rhythm a notice goes out again: ``rhythm.Rhythm`` as it was approved with the words.

    next_at    when the worker takes it up again, reckoned at ``looked_at``; None before the first time and after the last
    """

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="repetition")
    every = models.CharField(max_length=8)
    times = ArrayField(models.TimeField())
    days = ArrayField(models.SmallIntegerField(), default=list)
    first_date = models.DateField()
    last_date = models.DateField()
    next_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    stop_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__in=[e.value for e in Every]), name="notice_rhythm_known"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")),
                name="notice_rhythm_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="notices_to_repeat", condition=Q(stopped_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.every}"


class NoticeVersion(models.Model):
    """The words as they were kept once. Rows are only ever added: the database refuses to change one."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=160)
    short_text = models.TextField(blank=True)
    long_text = models.TextField(blank=True)
    link = models.CharField(max_length=400, blank=True)
    details = models.JSONField(default=dict)
    wordings = models.JSONField(default=dict)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.number}"


class Wording(models.Model):
    """A text of its own for one surface; where there is none, it is made from the notice's texts."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="wordings")
    surface = models.CharField(max_length=12)
    text = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "surface"], name="notice_wording_once"),
            models.CheckConstraint(
                condition=Q(surface__in=[s.value for s in Surface]), name="notice_surface_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.surface}"


class NoticePicture(models.Model):
    """A picture of a notice: WebP without metadata, with what it shows in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="pictures")
    order = models.SmallIntegerField()
    alt = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=20)
    width = models.IntegerField()
    height = models.IntegerField()
    size_bytes = models.IntegerField()
    sha256 = models.BinaryField(max_length=32)
    body = models.BinaryField()
    preview = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "sha256"], name="notice_picture_once"),
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, size_bytes__lte=400_000),
                name="notice_picture_bounded",
            ),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.order}"


class NoticeAttachment(models.Model):
    """A PDF that goes with a notice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=160)
    size_bytes = models.IntegerField()
    sha256 = models.BinaryField(max_length=32)
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "sha256"], name="notice_attachment_once"),
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, size_bytes__lte=HEAVIEST_ATTACHMENT),
                name="notice_attachment_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AudienceLine(models.Model):
    """For whom a notice is: one unit, how far below it, which levels and kinds of channel (empty = all)."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reach = models.CharField(max_length=8)
    levels = ArrayField(models.CharField(max_length=10), default=list)
    connector_keys = ArrayField(models.CharField(max_length=30), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "unit"], name="notice_line_once_a_unit"),
            models.CheckConstraint(
                condition=Q(reach__in=[r.value for r in Reach]), name="notice_reach_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.unit_id} {self.reach}"


class AudienceGroup(models.Model):
    """An audience kept under a name, for the next notice. ``lines``: [{unit_id, reach, levels, connector_keys}]."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    lines = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="notice_group_once_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """What an approver decided about one version. Rows are only ever added: the database refuses to change one."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="decisions")
    version = models.IntegerField()
    verdict = models.CharField(max_length=8)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[v.value for v in Verdict]), name="notice_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="approve") | ~Q(reason=""), name="notice_returned_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["notice", "at"], name="notice_decisions")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.verdict}"


class NoticeScratch(models.Model):
    """What somebody is typing and has not kept yet: for herself alone. ``seen_version`` is the version she had before her."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="+")
    fields = models.JSONField()
    seen_version = models.IntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "notice"], name="notice_scratch_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.notice_id}"
