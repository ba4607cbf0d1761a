"""Requests of askers about their own data, one-time links into chats, and that a case was erased."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.cases.models import Case
from caunoi.privacy.terms import RequestState, Why, Wish
from caunoi.staff.models import Account


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
