"""Raw deliveries, threads and messages."""

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from caunoi.channels.models import Channel
from caunoi.inbox.terms import DeliveryState, Direction


class RawDelivery(models.Model):
    """One webhook request as it came, and at once the work it means: a row that waits is a queued job."""

    connector_key = models.CharField(max_length=30)
    app_id = models.CharField(max_length=60)
    body_sha256 = models.BinaryField(max_length=32)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, default=DeliveryState.WAITING.value, db_default=DeliveryState.WAITING.value
    )
    attempts = models.SmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, default="", db_default="")
    trouble = models.CharField(max_length=300, default="", db_default="")
    # a cry for help or a tip-off, found by looking over what waits: read before everything else
    is_urgent = models.BooleanField(default=False, db_default=False)
    is_looked_over = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connector_key", "app_id", "body_sha256"], name="inbox_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]), name="inbox_delivery_state"
            ),
        ]
        indexes = [
            # the worker's claim; only waiting rows are in it
            models.Index(fields=["id"], name="inbox_waiting", condition=Q(state="waiting")),
            # what is claimed first; hardly ever a row in it
            models.Index(
                fields=["id"], name="inbox_urgent", condition=Q(state="waiting", is_urgent=True)
            ),
            # what the readers have in hand
            models.Index(
                fields=["lease_until"],
                name="inbox_in_hand",
                condition=Q(state="waiting", lease_until__isnull=False),
            ),
            # what a person must look at
            models.Index(fields=["-id"], name="inbox_failed", condition=Q(state="failed")),
            # what came around the days of one case, when its asker is erased
            BrinIndex(fields=["received_at"], name="inbox_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.connector_key} {self.pk}"


class Refusal(models.Model):
    """How many requests were turned away on a day, and why; nothing else of them is kept.

    Several rows a day and reason (``slot``), so that a flood of forgeries does not queue on one row.
    """

    day = models.DateField()
    connector_key = models.CharField(max_length=30)
    reason = models.CharField(max_length=20)
    slot = models.SmallIntegerField()
    count = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "connector_key", "reason", "slot"], name="inbox_refusal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.connector_key} {self.reason}"


class Thread(models.Model):
    """One conversation in one place: under a comment, or with one person in a chat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="threads")
    thread_ref = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    sender_ref = models.CharField(max_length=80, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    post_ref = models.CharField(max_length=120, blank=True)
    permalink = models.CharField(max_length=400, blank=True)
    started_at = models.DateTimeField()
    last_in_at = models.DateTimeField(null=True)
    misses_origin = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind", "thread_ref"], name="inbox_thread_once"
            )
        ]
        indexes = [
            # what was asked under a post
            models.Index(
                fields=["channel", "post_ref"], name="inbox_under_post", condition=~Q(post_ref="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.thread_ref}"


class Message(models.Model):
    """One thing that was said in a thread, by a resident or by the unit."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="messages")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages")
    external_id = models.CharField(max_length=160)
    direction = models.CharField(max_length=3, default=Direction.IN.value)
    kind = models.CharField(max_length=16)
    parent_ref = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    sender_ref = models.CharField(max_length=80, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    by_account = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="inbox_message_once"),
            models.CheckConstraint(
                condition=Q(thread__isnull=False) | Q(held_until__isnull=False),
                name="inbox_message_has_a_place",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "sent_at"], name="inbox_messages_of_thread"),
            # orphan replies whose parent has not come yet
            models.Index(
                fields=["channel", "parent_ref"],
                name="inbox_held",
                condition=Q(held_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.external_id}"


class Post(models.Model):
    """Something the page itself posted: people ask under it."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="posts")
    external_id = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    permalink = models.CharField(max_length=400, blank=True)
    posted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="inbox_post_once")
        ]
        indexes = [
            models.Index(
                fields=["channel", "-posted_at"],
                name="inbox_posts",
                condition=Q(removed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.external_id}"


class LateWord(models.Model):
    """An edit or removal that came before the message it is about; applied when that arrives."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=160)
    removed_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="inbox_late_word_once")
        ]

    def __str__(self) -> str:
        return self.external_id


class Follower(models.Model):
    """That an opaque provider id follows a channel: needed to know whether we may answer; nothing else is kept."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="followers")
    sender_ref = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "sender_ref"], name="inbox_follower_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.sender_ref}"
