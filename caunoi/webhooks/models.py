"""Addresses of other systems, their secrets, what they are told, and every try."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caunoi.staff.models import Account
from caunoi.units.models import Unit
from caunoi.webhooks.terms import DeliveryState, EndpointState, EventType


class Endpoint(models.Model):
    """One address of another system; it is told what happens in its unit and below."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40))
    state = models.CharField(max_length=4, default=EndpointState.ON.value)
    trouble = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    last_ok_at = models.DateTimeField(null=True)
    spared_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in EndpointState]), name="webhook_state_known"
            )
        ]
        indexes = [models.Index(fields=["unit", "name"], name="webhooks_of_unit")]

    def __str__(self) -> str:
        return self.name


class Secret(models.Model):
    """What signs the calls of an endpoint, sealed. Two sign at once while one takes over from the other."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="secrets")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(ends_at=None), name="webhook_one_lasting_secret"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.made_at}"


class Event(models.Model):
    """Something that happened, as it is told: a number and an address, never a person or a text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=40)
    number = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=[e.value for e in EventType]), name="webhook_event_known"
            )
        ]
        indexes = [models.Index(fields=["at"], name="webhook_events_by_age")]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


class Delivery(models.Model):
    """One event for one endpoint, until it is taken or given up."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, default=DeliveryState.WAITING.value)
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]),
                name="webhook_delivery_known",
            ),
            models.UniqueConstraint(fields=["event", "endpoint"], name="webhook_told_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="webhook_deliveries_due",
                condition=Q(state=DeliveryState.WAITING.value),
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_deliveries_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.endpoint_id} {self.state}"


class Attempt(models.Model):
    """One call and what came back; never changed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    took_ms = models.IntegerField()
    answer = models.CharField(max_length=500, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="webhook_attempts")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at} {self.status}"
