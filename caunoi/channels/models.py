"""Official channels of the units, and the applications through which providers know us. Secrets are sealed."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.channels.terms import AlertKind, ChannelState
from caunoi.units.models import Unit


class ProviderApp(models.Model):
    """Our application at a provider: one address for all its webhooks, one set of signing secrets."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connector_key = models.CharField(max_length=30)
    app_id = models.CharField(max_length=60)
    sealed_secrets = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connector_key", "app_id"], name="channel_app_once")
        ]

    def __str__(self) -> str:
        return f"{self.connector_key} {self.app_id}"


class Channel(models.Model):
    """One official page, account or form: an asset of its unit, whoever looks after it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="channels")
    app = models.ForeignKey(ProviderApp, models.PROTECT, null=True, related_name="channels")
    connector_key = models.CharField(max_length=30)
    external_id = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=16, default=ChannelState.ACTIVE.value)
    trouble = models.CharField(max_length=300, blank=True)
    sealed_secrets = models.BinaryField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    token_refreshed_at = models.DateTimeField(null=True)
    refresh_started_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    caught_up_until = models.DateTimeField(null=True)
    catch_up_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connector_key", "external_id"], name="channel_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ChannelState]), name="channel_state_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "connector_key"], name="channels_of_unit")]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """One word to those in charge of a channel: once a kind and hour (or day), however many things it is about."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=12)
    slot = models.DateTimeField()
    count = models.IntegerField(default=1)
    raised_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind", "slot"], name="channel_alert_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in AlertKind]), name="channel_alert_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["raised_at"], name="channel_alerts_to_mail", condition=Q(mailed_at=None)
            ),
            models.Index(fields=["channel", "-raised_at"], name="channel_alerts"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.kind} {self.slot}"


class PastHolder(models.Model):
    """Which unit held a channel until it was passed on: what was sent before counts for that unit for good."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="past_holders")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "until"], name="channel_held_by_one")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.unit_id}"


class ListedNumber(models.Model):
    """A telephone number on a channel's list: somebody asked the unit for text messages. Erased, not marked, when she wants no more.

    number_hash  keyed hash within the channel: a number stands on a list once; it finds nobody
    ending       the last three digits, all that is ever shown
    confirmed_at when its owner said yes with the code she got, or an officer wrote it down; until then nothing else is sent there
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="numbers")
    sealed_number = models.BinaryField()
    number_hash = models.BinaryField(max_length=32)
    ending = models.CharField(max_length=3)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    wrong_codes = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "number_hash"], name="channel_number_once")
        ]

    def __str__(self) -> str:
        return f"… {self.ending}"


class QuotaUse(models.Model):
    """How many sends of a kind a channel has used in a day or month of Việt Nam's calendar."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="quota_uses")
    kind = models.CharField(max_length=16)
    period_start = models.DateField()
    used = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind", "period_start"], name="channel_quota_once"
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="channel_quota_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.kind} {self.period_start}: {self.used}"
