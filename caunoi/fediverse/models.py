"""Who follows a unit from another server, without a list of anybody: addresses are sealed and compared by a keyed hash."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.fediverse.terms import Kind
from caunoi.units.models import Unit


class ActorKey(models.Model):
    """The key pair by which other servers know a unit; the private half is sealed by the key ring. Made when first needed."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    sealed_private = models.BinaryField()
    public_pem = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.unit_id)


class Inbox(models.Model):
    """Where another server is told. Erased when it says that it is gone, or nobody there follows any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address_hash = models.BinaryField(max_length=32, unique=True)
    sealed_address = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class Follower(models.Model):
    """An actor elsewhere follows a unit. Erased, not marked, when it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    actor_hash = models.BinaryField(max_length=32)
    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="followers")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "actor_hash"], name="fediverse_follows_once")
        ]
        indexes = [models.Index(fields=["actor_hash"], name="fediverse_by_actor")]

    def __str__(self) -> str:
        return str(self.pk)


class Activity(models.Model):
    """Something a unit told other servers. ``key`` decides what "once" means; ``body`` is what was sent, without the follower."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=60, unique=True)
    sealed_body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="fediverse_kind_known"
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="fediverse_by_age")]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One activity for one inbox, once."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deliveries")
    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="deliveries")
    not_before = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "inbox"], name="fediverse_told_once")
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="fediverse_to_send",
                condition=Q(sent_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.inbox_id}"
