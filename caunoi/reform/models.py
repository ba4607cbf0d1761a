"""A plan for one day of reform: the units that close, and what becomes of each thing they hold."""

import uuid

from django.db import models
from django.db.models import F, Func, Q

from caunoi.reform.terms import Outcome, PlanState, StepState, Way
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Plan(models.Model):
    """What becomes of everything held by the units below ``root`` that close on ``on_date``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    root = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on_date = models.DateField()
    legal_reference = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=PlanState.DRAFT.value)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    surveyed_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    rehearsal_asked_at = models.DateTimeField(null=True)
    rehearsed_at = models.DateTimeField(null=True)
    rehearsal = models.JSONField(default=dict)
    tree_changed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["root", "on_date"],
                condition=~Q(state="dropped"),
                name="reform_one_plan_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlanState]), name="reform_plan_state_known"
            ),
            models.CheckConstraint(
                condition=Q(first_by=None) | Q(second_by=None) | ~Q(first_by=F("second_by")),
                name="reform_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "running", "done"]) | Q(second_by__isnull=False),
                name="reform_runs_only_when_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.root_id} {self.on_date}"


class Closing(models.Model):
    """One unit that closes, and who takes over from it in this plan; nobody (None) until it is known or decided."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="closings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=100)
    level = models.CharField(max_length=10)
    folded = models.GeneratedField(
        expression=Func(F("name"), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Func(F("short_name"), function="vi_sort"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    way = models.CharField(max_length=8)
    target = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="reform_unit_once"),
            models.CheckConstraint(
                condition=Q(way__in=[w.value for w in Way]), name="reform_way_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """What becomes of one thing a closing unit holds. ``target`` None means whoever takes over from the unit.

    into  which of the successor's things takes it in, as its holder names it; empty lets the holder find one
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    closing = models.ForeignKey(Closing, models.CASCADE, related_name="steps")
    holder = models.CharField(max_length=20)
    ref = models.CharField(max_length=80)
    kind = models.CharField(max_length=30, blank=True)
    label = models.CharField(max_length=200)
    count = models.IntegerField(default=1)
    outcome = models.CharField(max_length=10, blank=True)
    target = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    new_name = models.CharField(max_length=160, blank=True)
    into = models.CharField(max_length=80, blank=True, default="", db_default="")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    came_late = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=StepState.WAITING.value)
    attempts = models.SmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "holder", "ref"], name="reform_step_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=[o.value for o in Outcome]),
                name="reform_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in StepState]), name="reform_step_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "holder", "kind"], name="reform_steps_by_rule"),
            models.Index(fields=["plan"], name="reform_steps_waiting", condition=~Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.holder}:{self.label}"


class WentBack(models.Model):
    """A plan lost a person's signature without her doing: she is written to, once."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    signer = models.ForeignKey(Account, models.PROTECT, related_name="+")
    tree_changed = models.BooleanField()
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "signer", "at"], name="reform_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.signer_id}"
