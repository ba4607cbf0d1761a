"""Every official page, account, group, SIM and domain: whose it is, who holds it, where its way back is sealed."""

import uuid

from django.db import models
from django.db.models import F, Func, Q

from caunoi.channels.models import Channel
from caunoi.custody.terms import LONGEST_MISTAKE, LONGEST_REPORT, AssetKind, AssetState
from caunoi.documents.models import Paper
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Asset(models.Model):
    """One thing of a unit towards the outside. ``envelope`` says where the sealed recovery sheet is, never what is in it.

    into     which channel took it in when it ended
    links    addresses that stand on it, one a line, as somebody found them there
    rung_on  the last day on which those in charge were told that too few people hold it
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=160)
    url = models.CharField(max_length=300, blank=True)
    address_key = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=20, blank=True)
    channel = models.OneToOneField(Channel, models.PROTECT, null=True, related_name="+")
    envelope = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default=AssetState.ASKED.value)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    look_ok = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    into = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    links = models.TextField(blank=True, default="", db_default="")
    rung_on = models.DateField(null=True)
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
                condition=Q(kind__in=[k.value for k in AssetKind]), name="custody_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AssetState]), name="custody_state_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(asked_by=None) | ~Q(approved_by=F("asked_by")),
                name="custody_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False), name="custody_ended_on"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "sort_key"], name="custody_of_unit"),
            models.Index(
                fields=["address_key"], name="custody_by_address", condition=~Q(address_key="")
            ),
            models.Index(fields=["folded"], name="custody_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Keeper(models.Model):
    """One person who holds a thing, from one day to another; ``minutes`` is the paper by which it was handed over.

    mistake  why it was never so, when somebody was named by mistake and taken out again
    """

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="keepers")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    minutes = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    mistake = models.CharField(max_length=LONGEST_MISTAKE, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "account"],
                condition=Q(until=None),
                name="custody_holds_it_once",
            ),
            models.CheckConstraint(
                condition=Q(mistake="") | Q(until__isnull=False), name="custody_mistake_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.account_id}"


class BrandRule(models.Model):
    """How channels of a unit and everything below are called ("MTTQ {unit}"), and where they lead.

    must_link  an address that stands on each of them; "{slug}" is the unit's own
    may_link   hosts to which they may lead, one a line; empty: anywhere
    """

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    pattern = models.CharField(max_length=120, blank=True)
    must_link = models.CharField(max_length=300, blank=True, default="", db_default="")
    may_link = models.TextField(blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.pattern


class Report(models.Model):
    """Somebody saw a page that may be an impostor. Nothing is kept of who said so.

    told_at  when the office had a letter about it
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    address = models.CharField(max_length=300)
    words = models.CharField(max_length=LONGEST_REPORT, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-at"], name="custody_reports_of_unit"),
            models.Index(
                fields=["at"],
                name="custody_reports_to_tell",
                condition=Q(told_at=None, settled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.address
