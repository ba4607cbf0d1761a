"""Saved views, what each colleague has read, and what is done to many cases at once."""

import uuid

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.cases.models import Case, Step
from caunoi.handling.terms import (
    RECALL_SECONDS,
    Deed,
    Do,
    Doing,
    Field,
    ItemState,
    RecallState,
    RunState,
)
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class SavedView(models.Model):
    """A view somebody put together: the words of its address; shared with colleagues when it names a unit."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="handling_views_of_person"),
            models.Index(fields=["unit"], name="handling_views_of_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """Until when a colleague has read a case; only used to show what is new to her."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="handling_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id}"


class BulkRun(models.Model):
    """One thing done to many cases: first planned and looked at, then run, for ten minutes undone again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    do = models.CharField(max_length=8)
    params = models.JSONField(default=dict)
    query = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, default=RunState.CHOSEN.value)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(do__in=[d.value for d in Do]), name="handling_run_do_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RunState]), name="handling_run_state_known"
            ),
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="handling_runs_of_person")]

    def __str__(self) -> str:
        return f"{self.do} {self.state}"


class BulkItem(models.Model):
    """One case of a run: what became of it, why it was left out, and what stood there before."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, default=ItemState.TODO.value)
    why = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="handling_item_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ItemState]),
                name="handling_item_state_known",
            ),
        ]
        indexes = [models.Index(fields=["run", "state"], name="handling_items_of_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.case_id} {self.state}"


class CannedAnswer(models.Model):
    """Words a unit says often; units below it may use them too."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    shortcut = models.SlugField(max_length=30)
    text = models.TextField()
    topic = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    folded = models.GeneratedField(
        expression=Func(
            Concat(F("shortcut"), Value(" "), F("title"), output_field=models.TextField()),
            function="vi_fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "shortcut"], name="handling_shortcut_once")
        ]

    def __str__(self) -> str:
        return self.title


class Scratch(models.Model):
    """What a colleague is typing, kept every few seconds and seen by nobody else until she keeps it as a draft or note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    field = models.CharField(max_length=6)
    text = models.TextField()
    agency = models.CharField(max_length=160, blank=True)
    version = models.IntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "account", "field"], name="handling_scratch_once"
            ),
            models.CheckConstraint(
                condition=Q(field__in=[f.value for f in Field]), name="handling_field_known"
            ),
        ]
        indexes = [models.Index(fields=["account", "-saved_at"], name="handling_scratches_mine")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id} {self.field}"


class Presence(models.Model):
    """That a colleague has a case open or writes in it; a heartbeat keeps it, nothing is locked by it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    doing = models.CharField(max_length=7)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="handling_presence_once"),
            models.CheckConstraint(
                condition=Q(doing__in=[d.value for d in Doing]), name="handling_doing_known"
            ),
        ]
        indexes = [models.Index(fields=["until"], name="handling_presence_over")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.doing}"


class Mention(models.Model):
    """A colleague named in a note; it waits for her until she opens the case."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "account"], name="handling_mention_once")
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="handling_mentions_of_person"),
            # what waits for somebody, and what opening a case settles
            models.Index(
                fields=["account", "case"],
                name="handling_mentions_waiting",
                condition=Q(seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} @{self.account_id}"


class Redaction(models.Model):
    """What a person decided to hide in a question and its answer: where and of what kind, never the words themselves."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="redaction")
    question_print = models.CharField(max_length=64)
    question_marks = models.JSONField(default=list)
    answer_print = models.CharField(max_length=64)
    answer_marks = models.JSONField(default=list)
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.decided_at}"


class Recall(models.Model):
    """Something done to one case that can be taken back until ``until``: an approval waits that long, a closing holds at once.

    params  an approval: how it is carried out, forgotten as soon as it ends; a closing: the state before
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    deed = models.CharField(max_length=7)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=7, default=RecallState.WAITING.value)
    why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deed__in=[d.value for d in Deed]), name="handling_recall_deed_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RecallState]),
                name="handling_recall_state_known",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="waiting"), name="handling_one_waiting_recall"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-made_at"], name="handling_recalls_of_case"),
            # what is due
            models.Index(
                fields=["until"], name="handling_recalls_waiting", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.deed} {self.state}"


class Habit(models.Model):
    """How a colleague likes to work: keys of one letter, and how long an approval of hers waits."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    single_keys = models.BooleanField(default=True)
    recall_seconds = models.SmallIntegerField(default=RECALL_SECONDS[0])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recall_seconds__in=RECALL_SECONDS), name="handling_recall_seconds_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
