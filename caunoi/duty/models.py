"""Who is on duty, what rang, and who was called."""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.duty.terms import PageState
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class CallList(models.Model):
    """A person of a unit who is called when nobody's shift runs, in order."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    place = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "account"], name="duty_listed_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.place}"


class Shift(models.Model):
    """A time in which one person is called first."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="duty_shift_takes_time"
            ),
            models.UniqueConstraint(
                fields=["unit", "account", "begins_at"], name="duty_shift_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "ends_at"], name="duty_shifts_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.begins_at}"


class Alarm(models.Model):
    """A case that needs a human now. It rings until somebody takes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField()
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=14)
    is_sealed = models.BooleanField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    look_again_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=Q(taken_at=None), name="duty_one_alarm_a_case"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(taken_by__isnull=False),
                name="duty_taken_by_somebody",
            ),
        ]
        indexes = [
            # the worker's look at what rings, and the desk's banner
            models.Index(fields=["look_again_at"], name="duty_ringing", condition=Q(taken_at=None)),
            models.Index(fields=["case_id", "raised_at"], name="duty_alarms_of_case"),
            models.Index(fields=["unit", "-raised_at"], name="duty_alarms_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.raised_at}"


class Page(models.Model):
    """One call to one person. The row is the job, and the record that it was done."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="pages")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    turn = models.SmallIntegerField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=6, default=PageState.QUEUED.value)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "account", "turn"], name="duty_called_once_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PageState]), name="duty_page_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="duty_to_send", condition=Q(state="queued"))
        ]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.account_id} {self.state}"
