"""Topics, competent bodies and the rules that join them."""

import uuid

from django.db import models
from django.db.models import F, Func, Q

from caunoi.routing.terms import BodyKind, Mode
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Topic(models.Model):
    """What a question is about; the list is the province's to edit."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    keywords = models.TextField(blank=True)
    position = models.SmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def keywords_listed(self) -> str:
        """The words on one line: "giống lúa, dịch tả"."""
        return ", ".join(word.strip() for word in self.keywords.splitlines() if word.strip())


class Body(models.Model):
    """An agency that may be competent: attached to a unit, with members who sign in or reached by a one-time link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=160)
    office = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    days = models.SmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    members = models.ManyToManyField(Account, related_name="bodies")
    folded = models.GeneratedField(
        expression=Func(F("name"), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Func(F("name"), function="vi_sort"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in BodyKind]), name="routing_body_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="routing_body_lasts",
            ),
            models.UniqueConstraint(
                fields=["unit", "office"],
                condition=~Q(office="") & Q(valid_until__isnull=True),
                name="routing_one_office_a_unit",
            ),
        ]
        indexes = [models.Index(fields=["unit", "sort_key"], name="routing_bodies_of_unit")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """Topic × place × kind → competent body, from one day to another, with its legal source."""

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="rules")
    kind = models.CharField(max_length=16, blank=True)
    place = models.ForeignKey(Unit, models.PROTECT, related_name="routing_rules")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="rules")
    to_office = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=10, default=Mode.PROPOSE.value)
    priority = models.SmallIntegerField(default=100)
    legal_source = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=[m.value for m in Mode]), name="routing_mode_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(to_unit__isnull=False, to_body__isnull=True, to_office="")
                    | Q(to_unit__isnull=True, to_body__isnull=False, to_office="")
                    | Q(to_unit__isnull=True, to_body__isnull=True) & ~Q(to_office="")
                ),
                name="routing_one_target",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="routing_rule_lasts",
            ),
        ]
        indexes = [models.Index(fields=["place", "topic"], name="routing_rules_of_place")]

    def __str__(self) -> str:
        return f"{self.topic_id or '*'} {self.place_id} {self.kind or '*'}"
