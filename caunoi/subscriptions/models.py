"""Who follows what, without a list of anybody: an address is sealed, and compared only by a keyed hash."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.answers.terms import Event
from caunoi.notices.models import Notice
from caunoi.subscriptions.terms import About, News, Way
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
    about = models.CharField(
        max_length=8, default=About.ANSWERS.value, db_default=About.ANSWERS.value
    )
    only_warnings = models.BooleanField(default=False, db_default=False)
    sealed_address = models.BinaryField()
    address_hash = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "number", "unit", "topic", "about"],
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
            models.CheckConstraint(
                condition=Q(about=About.ANSWERS, only_warnings=False)
                | Q(about=About.NOTICES, number="", topic=""),
                name="follow_answers_or_notices",
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
    """One thing to tell one follower, once: unique by follower and event. Gone with the follower.

    event_id      of an ``AnswerEvent``, or of a ``NoticeNews`` when ``address_hash`` is set
    address_hash  of a notice: whoever follows several units is told of it once
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="sendings")
    event_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    address_hash = models.BinaryField(max_length=32, null=True)
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
            models.UniqueConstraint(
                fields=["address_hash", "event_id"],
                condition=Q(address_hash__isnull=False),
                name="follow_told_once_a_notice",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[e.value for e in (*Event, *News)]), name="follow_event_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="follow_to_send",
                condition=Q(sent_at=None, given_up_at=None),
            ),
            # warnings overtake a long round
            models.Index(
                fields=["not_before"],
                name="follow_to_warn",
                condition=Q(sent_at=None, given_up_at=None, kind=News.WARNING.value),
            ),
            models.Index(fields=["event_id"], name="follow_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.event_id}"


class NoticeNews(models.Model):
    """Something that happened to a notice and is told to its unit's followers; written in the transaction in which it happened."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind"], name="follow_news_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[n.value for n in News]), name="follow_news_known"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="follow_untold", condition=Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.kind}"


class NoticeTally(models.Model):
    """How many were told of something about a notice, by way: totals only, they stay when a follower is erased."""

    news = models.ForeignKey(NoticeNews, models.CASCADE, related_name="tallies")
    way = models.CharField(max_length=5)
    accepted = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["news", "way"], name="follow_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.news_id} {self.way}"


class PushKey(models.Model):
    """The key pair by which push services know this house (VAPID, RFC 8292); the private half is sealed by the key ring. One row."""

    sealed_private = models.BinaryField()
    public = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public
