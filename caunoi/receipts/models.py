"""Acknowledgements of colleagues, readings without a network, links that count, reminders."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.channels.models import Channel
from caunoi.notices.models import Notice
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts.terms import ReadingKind
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Acknowledgement(models.Model):
    """One colleague, for one unit, opened a notice that asks for it, and perhaps said so. Only colleagues, never residents."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "unit", "account"], name="receipt_acknowledged_once"
            )
        ]
        indexes = [models.Index(fields=["account", "notice"], name="receipts_of_colleague")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.unit_id}"


class Reading(models.Model):
    """A notice was aired, read out or put on a board in a unit, as somebody there says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    households = models.IntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ReadingKind]), name="reading_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(households__isnull=True) | Q(households__range=(1, 10_000)),
                name="reading_households_sane",
            ),
            models.UniqueConstraint(
                fields=["notice", "unit", "kind", "at"], name="reading_said_once"
            ),
        ]
        indexes = [models.Index(fields=["notice", "unit"], name="readings_of_notice")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class ShortLink(models.Model):
    """A short address of a notice that counts how often it was opened, and keeps nothing of who opened it."""

    code = models.CharField(max_length=10, primary_key=True)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    connector_key = models.CharField(max_length=30, blank=True)
    opened_total = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "connector_key", "channel"],
                name="receipt_link_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.code


class SeenCount(models.Model):
    """How many saw one post, as its provider counts: totals only, the newest. ``counted_at`` is empty when it was never told."""

    send = models.OneToOneField(OutboundMessage, models.CASCADE, primary_key=True, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    connector_key = models.CharField(max_length=30)
    seen_total = models.BigIntegerField(null=True)
    people_total = models.BigIntegerField(null=True)
    acted_total = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.send_id} {self.seen_total}"


class Reminder(models.Model):
    """A unit was reminded of a notice: once a day, by e-mail to those who tell of it there and on their page."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on_date = models.DateField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "unit", "on_date"], name="reminder_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["at"], name="reminders_to_mail", condition=Q(mailed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.unit_id} {self.on_date}"
