"""A question on its way to an answer."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from caunoi.cases.joining_models import Joining
from caunoi.cases.merge_models import Merge, SplitOff
from caunoi.cases.on_behalf_models import OnBehalf
from caunoi.cases.referral_models import (
    AgencyLink,
    AgencyReply,
    Referral,
    Reminder,
    RouteProposal,
    Satisfaction,
)
from caunoi.cases.rules import NEVER_PUBLIC
from caunoi.cases.star_models import Star
from caunoi.cases.terms import DraftState, Kind, Origin, Sensitive, State, StepKind
from caunoi.staff.models import Account
from caunoi.units.models import Unit

UNFINISHED = Q(state__in=["open", "referred", "drafted", "submitted"])
__all__ = [
    "AgencyLink",
    "AgencyReply",
    "Joining",
    "Merge",
    "OnBehalf",
    "Referral",
    "Reminder",
    "RouteProposal",
    "Satisfaction",
    "SplitOff",
    "Star",
]


class Serial(models.Model):
    """The last number given in a province and year; numbers have no gaps."""

    province = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "year"], name="case_serial_once")
        ]

    def __str__(self) -> str:
        return f"{self.province}-{self.year} {self.last}"


class Case(models.Model):
    """One question or report, from the first word to the published answer. Owned by one unit at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    follow_code = models.CharField(max_length=8)
    origin = models.CharField(max_length=16)
    channel_id = models.UUIDField(null=True)
    thread_id = models.UUIDField(null=True)
    origin_ref = models.CharField(max_length=200, unique=True)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="cases", db_index=False)
    opened_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=State.OPEN.value)
    kind = models.CharField(
        max_length=14, default=Kind.QUESTION.value, db_default=Kind.QUESTION.value
    )
    sensitive = models.CharField(max_length=14, blank=True)
    is_public = models.BooleanField(default=True)
    title = models.CharField(max_length=160)
    text = models.TextField()
    topic = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=160, blank=True)
    asker_name = models.CharField(max_length=120, blank=True)
    sealed_contact = models.BinaryField(null=True)
    assignee = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)
    deadline_code = models.CharField(
        max_length=40, default="feedback.answer", db_default="feedback.answer"
    )
    forwarded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    # what the case is about, never whose it is: without the asker's name and without phone numbers
    words = models.GeneratedField(
        expression=Func(
            F("number"), F("title"), F("text"), F("asker_name"), function="cases_words"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[o.value for o in Origin]), name="case_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(sensitive__in=[x.value for x in Sensitive]), name="case_sensitive_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="case_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind if k not in NEVER_PUBLIC], sensitive="")
                | Q(kind__in=[k.value for k in Kind if k in NEVER_PUBLIC], sensitive=F("kind")),
                name="case_sensitive_follows_kind",
            ),
            models.CheckConstraint(
                condition=Q(sensitive="") | Q(is_public=False),
                name="case_sensitive_is_never_public",
            ),
        ]
        indexes = [
            # a province: everything unfinished by urgency; counts and the board of workload read nothing but this index
            models.Index(
                fields=["due_at", "id"],
                include=[
                    "owner",
                    "state",
                    "assignee",
                    "snoozed_until",
                    "kind",
                    "topic",
                    "opened_at",
                ],
                name="cases_unfinished",
                condition=UNFINISHED,
            ),
            # a commune: the same, its own units first
            models.Index(
                fields=["owner", "due_at", "id"],
                include=["state", "assignee", "snoozed_until", "kind", "topic", "opened_at"],
                name="cases_unfinished_of_unit",
                condition=UNFINISHED,
            ),
            # the unfinished by age: in the index of all cases they lie behind the finished ones
            models.Index(
                fields=["opened_at", "id"],
                include=["owner", "kind"],
                name="cases_unfinished_by_age",
                condition=UNFINISHED,
            ),
            # a province: all cases, newest or oldest first; pages look through these indexes without the table
            models.Index(
                F("opened_at").desc(), F("id"), include=["owner", "kind"], name="cases_newest"
            ),
            # a commune: the same; also says which units own any case
            models.Index(
                F("owner"),
                F("opened_at").desc(),
                F("id"),
                include=["due_at", "kind"],
                name="cases_of_unit_newest",
            ),
            # all cases by deadline
            models.Index(
                fields=["due_at", "id"], include=["owner", "kind"], name="cases_by_deadline"
            ),
            # what was answered lately, by deadline or by age too without the table
            models.Index(
                F("answered_at").desc(),
                F("id"),
                include=["owner", "kind", "due_at", "opened_at"],
                name="cases_answered",
                condition=Q(state__in=["answered", "closed"]),
            ),
            models.Index(
                fields=["assignee", "due_at", "id"], name="cases_assigned", condition=UNFINISHED
            ),
            # what was asked again lately
            models.Index(
                fields=["reopened_at"],
                include=["owner", "kind", "topic"],
                name="cases_reopened",
                condition=Q(reopened_at__isnull=False),
            ),
            models.Index(fields=["thread_id"], name="cases_by_thread"),
            # what was laid aside, and what comes back
            models.Index(
                fields=["snoozed_until"],
                name="cases_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            # words, and any mix of filters that few cases fit
            GinIndex(fields=["words", "topic", "origin", "kind"], name="cases_find"),
        ]

    def __str__(self) -> str:
        return self.number


class Reader(models.Model):
    """A unit that handed the case on keeps sight of it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="case_reader_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class Step(models.Model):
    """One thing that happened to a case; the public ones stand on the asker's page."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_name = models.CharField(max_length=160, blank=True, default="", db_default="")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in StepKind]), name="case_step_known"
            )
        ]
        indexes = [
            models.Index(fields=["case", "at"], name="case_steps"),
            # what came in since somebody looked
            models.Index(
                fields=["at"],
                name="case_steps_arrivals",
                condition=Q(kind__in=["opened", "more", "referred", "reopened"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Pause(models.Model):
    """A time in which the clock stands still because the asker was asked something; it ends by itself at ``until_at``."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("began_at")), name="case_pause_has_an_end"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="case_one_running_pause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.began_at}"


class Extension(models.Model):
    """More time, given once with a reason, by what the table allows."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions")
    at = models.DateTimeField()
    code = models.CharField(max_length=40, default="")
    amount = models.SmallIntegerField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(reason=""), name="case_extension_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} +{self.amount}"


class Opening(models.Model):
    """Somebody read a sealed case: who and when, shown on the case, never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="openings")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="case_openings")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.by_id} {self.at}"


class Draft(models.Model):
    """An answer being written; saved as it grows, so no word is lost."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    agency = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=10, default=DraftState.DRAFT.value)
    saved_at = models.DateTimeField()
    returned_because = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DraftState]), name="case_draft_state_known"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state="approved"), name="case_one_open_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="case_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
