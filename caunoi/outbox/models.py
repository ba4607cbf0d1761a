"""One row a send, its attempts, and the breaker of each channel."""

import uuid

from django.db import models
from django.db.models import Func, Q, Value

from caunoi.channels.models import Channel
from caunoi.outbox.terms import BreakerState, SendState


class OutboundMessage(models.Model):
    """One message that leaves through one channel, once. ``key`` is ours and decides what "once" means."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(
        editable=False, db_default=Func(Value("outbox_seq"), function="nextval")
    )
    key = models.CharField(max_length=120, unique=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="sends")
    kind = models.CharField(max_length=16)
    target_ref = models.CharField(max_length=160)
    thread_ref = models.CharField(max_length=160)
    text = models.TextField()
    is_confidential = models.BooleanField(default=False, db_default=False)
    reference = models.CharField(max_length=80)
    window_opened_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=SendState.QUEUED.value)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, blank=True)
    attempts = models.SmallIntegerField(default=0)
    looks = models.SmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=160, blank=True)
    permalink = models.CharField(max_length=400, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    unconfirmed_at = models.DateTimeField(null=True)
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SendState]), name="outbox_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="outbox_sending_is_leased",
            ),
        ]
        indexes = [
            # the worker's claim, in order
            models.Index(
                fields=["channel", "thread_ref", "seq"],
                name="outbox_open",
                condition=Q(state__in=["queued", "sending", "uncertain"]),
            ),
            models.Index(
                fields=["not_before"],
                name="outbox_due",
                condition=Q(state__in=["queued", "sending", "uncertain"]),
            ),
            # the case page
            models.Index(fields=["reference"], name="outbox_by_reference"),
            # echoes and receipts
            models.Index(
                fields=["channel", "external_id"],
                name="outbox_by_external_id",
                condition=~Q(external_id=""),
            ),
            # sends that wait for an echo or a receipt
            models.Index(
                fields=["sent_at"],
                name="outbox_unconfirmed",
                condition=Q(state="sent", unconfirmed_at=None),
            ),
            # the list of sends, by state
            models.Index(fields=["state", "-created_at"], name="outbox_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def shown_state(self) -> str:
        """The state as people see it: a send nobody confirmed within three days says so."""
        return "unconfirmed" if self.state == "sent" and self.unconfirmed_at else self.state


class Attempt(models.Model):
    """What one try brought; never changed afterwards."""

    message = models.ForeignKey(OutboundMessage, models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    worker = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["message", "at"], name="outbox_tries")]

    def __str__(self) -> str:
        return f"{self.at} {self.outcome}"


class Breaker(models.Model):
    """Spares a channel that fails, and keeps its pace: a bucket of calls filled by the minute."""

    channel = models.OneToOneField(
        Channel, models.CASCADE, primary_key=True, related_name="breaker"
    )
    state = models.CharField(max_length=8, default=BreakerState.CLOSED.value)
    in_a_row = models.IntegerField(default=0)
    outcomes = models.CharField(max_length=20, blank=True)
    openings = models.IntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    tokens = models.FloatField(default=0)
    filled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel_id} {self.state}"
