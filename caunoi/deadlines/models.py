"""The table of deadlines, row by row and version by version, and the days that differ from the ordinary calendar."""

from django.db import models
from django.db.models import Q

from caunoi.deadlines.terms import DayKind, Span


class Deadline(models.Model):
    """Something that may take only so long; how long, its versions say."""

    code = models.CharField(max_length=40, primary_key=True)
    label_vi = models.CharField(max_length=160)
    counted_from = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.code


class DeadlineVersion(models.Model):
    """How long it may take from one day on, and who says so. What began earlier keeps the version of its day."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="versions")
    valid_from = models.DateField()
    amount = models.SmallIntegerField()
    unit = models.CharField(max_length=10)
    extensions = models.SmallIntegerField(default=0)
    extension_amount = models.SmallIntegerField(default=0)
    soon_days = models.SmallIntegerField(default=2)
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=30)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "valid_from"], name="deadline_version_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=[s.value for s in Span]), name="deadline_unit_known"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="deadline_takes_time"),
            models.CheckConstraint(condition=~Q(source=""), name="deadline_has_a_source"),
            models.CheckConstraint(
                condition=Q(extensions__gte=0, extension_amount__gte=0, soon_days__gte=0),
                name="deadline_extensions_add",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.valid_from}"


class DayException(models.Model):
    """A day off that the law does not know, or a weekend day on which people work, by a decision."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=4)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DayKind]), name="day_exception_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
