"""Who follows what, without a list of anybody: an address is sealed, and compared only by a keyed hash."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.answers.terms import Event
from caunoi.subscriptions.terms import Way
from caunoi.units.models import Unit


class Subscription(models.Model):
    """One address follows one thing. Erased, not marked, when it ends.

    sealed_address  the e-mail address, or the browser's push subscription as JSON, or the chat as "channel:thread"
    address_hash    keyed hash of the address: one address follows one thing once, and is counted; it finds nobody
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(max_length=5)
    number = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.CharField(max_length=40, blank=True)
    sealed_address = models.BinaryField()
    address_hash = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "number", "unit", "topic"],
                name="follow_one_thing_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(way__in=[w.value for w in Way]), name="follow_way_known"
            ),
            models.CheckConstraint(
                condition=Q(number="", unit__isnull=False)
                | (~Q(number="") & Q(unit=None, topic="")),
                name="follow_a_question_or_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="follow_by_number", condition=~Q(number="")),
            models.Index(fields=["unit", "topic"], name="follow_by_unit"),
            models.Index(
                fields=["asked_at"], name="follow_unconfirmed", condition=Q(confirmed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.number or self.unit_id}"


class Sending(models.Model):
    """One thing to tell one follower, once: unique by follower and event. Gone with the follower."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="sendings")
    event_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event_id"], name="follow_told_once_an_event"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[e.value for e in Event]), name="follow_event_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="follow_to_send",
                condition=Q(sent_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.event_id}"


class PushKey(models.Model):
    """The key pair by which push services know this house (VAPID, RFC 8292); the private half is sealed by the key ring. One row."""

    sealed_private = models.BinaryField()
    public = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public
