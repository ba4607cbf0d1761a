"""Requests of askers about their own data, one-time links into chats, and that a case was erased."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.cases.models import Case
from caunoi.documents.models import Paper
from caunoi.privacy.terms import Does, IncidentState, Kept, RequestState, Why, Wish
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class DoorLink(models.Model):
    """A one-time link sent into the chat a question came from; it opens what number and code open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-made_at"], name="privacy_links_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_at}"


class Request(models.Model):
    """The asker wants her data corrected or erased. What she wants written instead is sealed until it is decided, then gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="data_requests")
    wish = models.CharField(max_length=8)
    words = models.TextField(blank=True)
    sealed_wanted = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=RequestState.OPEN.value)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wish__in=[w.value for w in Wish]), name="privacy_wish_known"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN.value, decided_at=None)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False) & ~Q(reason=""),
                name="privacy_decided_with_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "wish"], condition=Q(state="open"), name="privacy_asked_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="privacy_open", condition=Q(state="open")),
            models.Index(fields=["-received_at"], name="privacy_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.wish} {self.state}"


class Erasure(models.Model):
    """That a case lost everything about its asker: when, why, and how many rows; never what."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="erasure")
    at = models.DateTimeField()
    why = models.CharField(max_length=10)
    rows = models.IntegerField(default=0)
    kept = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(why__in=[w.value for w in Why]), name="privacy_erasure_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"


class RetentionRule(models.Model):
    """How long after closing (deliveries: after reading) personal data of one sort is kept, who says so, and what happens then."""

    code = models.CharField(max_length=14, primary_key=True)
    days = models.IntegerField()
    source = models.CharField(max_length=300)
    does = models.CharField(max_length=6, default=Does.ERASE.value)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=[k.value for k in Kept]), name="privacy_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(does__in=[d.value for d in Does]), name="privacy_rule_does"
            ),
            models.CheckConstraint(
                condition=Q(days__gt=0) & ~Q(source=""), name="privacy_rule_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.days}"


class Hold(models.Model):
    """The case is kept whatever the table says, until somebody lifts it."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="hold")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="privacy_hold_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Sweep(models.Model):
    """What one night erased in one unit: a number a kind, nothing of persons. Deliveries belong to no unit."""

    day = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=14)
    erased = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "unit", "kind"], nulls_distinct=False, name="privacy_sweep_once"
            )
        ]
        indexes = [models.Index(fields=["-day"], name="privacy_sweeps_newest")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.erased}"


class ConsentText(models.Model):
    """What people are told before they give their data: by unit (none: everywhere) and kind of channel (empty: all), in versions."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=30, blank=True)
    version = models.IntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "channel", "version"],
                nulls_distinct=False,
                name="privacy_text_version_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="privacy_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.channel} {self.version}"


class Told(models.Model):
    """Which text the asker of a case was shown or sent."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="told")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.text_id}"


class Incident(models.Model):
    """Personal data got out, was lost or was changed by somebody who may not: what, when found, what was done, and the notice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    what = models.TextField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    data_kinds = models.TextField()
    people = models.IntegerField(null=True)
    measures = models.TextField()
    state = models.CharField(max_length=8, default=IncidentState.OPEN.value)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    warned_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    notified_to = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in IncidentState]),
                name="privacy_incident_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="privacy_incident_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-found_at"], name="privacy_incidents_of_unit"),
            models.Index(
                fields=["due_at"], name="privacy_incidents_due", condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.found_at}"
