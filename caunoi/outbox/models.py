"""One row a send, its attempts, and the breaker of each channel."""

import uuid

from django.db import models
from django.db.models import Func, Q, Value

from caunoi.channels.afterwards import Became
from caunoi.channels.models import Channel
from caunoi.outbox.terms import BreakerState, SendState
from caunoi.staff.models import Account


class Content(models.Model):
    """The words of one publication in one form, shared by all sends of it; never changed.

    picture_refs  what the house asks its pictures and papers for: {"ref", "media_type", "alt", "name", "url"}, in their order
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=10, default="vi")
    picture_refs = models.JSONField(default=list)
    video_ref = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    """What the house asks its video for, {"ref", "media_type", "name", "size", "seconds"}; empty for none."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


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
    text = models.TextField(blank=True)
    content = models.ForeignKey(Content, models.PROTECT, null=True, related_name="sends")
    is_confidential = models.BooleanField(default=False, db_default=False)
    at_any_hour = models.BooleanField(default=False, db_default=False)
    """It does not wait for the morning where a kind of channel leaves people in peace at night."""
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
    declared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    """Who said that it was posted by hand; nobody else ever confirms such a send."""
    declared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SendState]), name="outbox_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="outbox_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(declared_by=None, declared_at=None)
                | Q(declared_by__isnull=False, declared_at__isnull=False),
                name="outbox_declared_by_somebody",
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
            # what waits at people to be posted by hand
            models.Index(
                fields=["channel", "created_at"],
                name="outbox_handed",
                condition=Q(state="handed"),
            ),
            # the list of sends, by state
            models.Index(fields=["state", "-created_at"], name="outbox_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def shown_text(self) -> str:
        """What was sent, or is to be sent, in words."""
        return self.content.text if self.content else self.text

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


class Pace(models.Model):
    """The minute's calls of all channels of one kind together, where a provider counts them so."""

    connector_key = models.CharField(primary_key=True, max_length=30)
    tokens = models.FloatField(default=0)
    filled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.connector_key


class VideoOutcome(models.Model):
    """What a provider last said of a video it took; it is asked until it says that people see it, or never will."""

    send = models.OneToOneField(
        OutboundMessage, models.CASCADE, primary_key=True, related_name="outcome"
    )
    became = models.CharField(max_length=8)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(became__in=[b.value for b in Became]),
                name="outbox_video_became_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.send_id} {self.became}"


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
