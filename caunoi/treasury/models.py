"""Vouchers with their numbers, the amount above which two persons decide, what the bank says, what an auditor noted."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.files.models import Picture
from caunoi.funds.models import Fund
from caunoi.staff.models import Account
from caunoi.treasury.terms import Check, Kind, Means, Series, State
from caunoi.units.models import Unit


class Register(models.Model):
    """The last number a unit gave in a year and series; the row is the lock, so that no number is missing."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    series = models.CharField(max_length=2)
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "series"], name="voucher_register_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.series} {self.year}"


class Voucher(models.Model):
    """One deed of the treasurer with its number. ``id`` is chosen by the form: sent twice it is one voucher, and its first posting.

    unit          whose register numbers it: the unit that keeps the books
    place         the commune or village it is for
    partner       who paid, or whom it was paid to
    needs_second  it is posted when another person approved it; the limit of its day decided
    """

    id = models.UUIDField(primary_key=True, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="vouchers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    series = models.CharField(max_length=2)
    number = models.IntegerField()
    kind = models.CharField(max_length=9)
    means = models.CharField(max_length=4)
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    partner = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=200, blank=True)
    recipient = models.CharField(max_length=160, blank=True)
    witness = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=300)
    reference = models.CharField(max_length=80, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    needs_second = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=State.WAITING.value)
    prepared_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=300, blank=True)
    folded = models.GeneratedField(
        expression=Func(
            Concat(
                F("partner"),
                Value(" "),
                F("recipient"),
                Value(" "),
                F("reason"),
                Value(" "),
                F("reference"),
                output_field=models.TextField(),
            ),
            function="vi_fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "series", "number"], name="voucher_numbered"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="voucher_number_sane"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_of_something"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="voucher_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(means__in=[m.value for m in Means]), name="voucher_means_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="voucher_state_known"
            ),
            models.CheckConstraint(
                condition=Q(series__in=[s.value for s in Series]), name="voucher_series_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
                name="voucher_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=["waiting", "voided"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="voucher_large_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["hand_over", "in_kind"])
                | (~Q(recipient="") & ~Q(witness="")),
                name="voucher_hand_over_is_witnessed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "posted"]) | ~Q(ended_because=""),
                name="voucher_ended_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "-prepared_at"], name="vouchers_newest"),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="vouchers_search"),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def symbol(self) -> str:
        """The number as it is printed: PC 12/2026."""
        return f"{self.series} {self.number}/{self.year}"


class Limit(models.Model):
    """Above which amount two persons decide, in a unit and below it, from a day on; with who says so."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    set_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="limit_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_sane"),
            models.CheckConstraint(condition=~Q(source=""), name="limit_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.amount}"


class Declared(models.Model):
    """What treasurer or bank say lies there on a day: counted cash, the closing balance of the account."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    on = models.DateField()
    cash = models.BigIntegerField()
    bank = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cash__gte=0, bank__gte=0), name="declared_sane")
        ]
        indexes = [models.Index(fields=["fund", "-on", "-at"], name="declared_newest")]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.on}"


class Explanation(models.Model):
    """An auditor looked at something that looks wrong, and wrote what it is."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    check_name = models.CharField(max_length=12)
    key = models.CharField(max_length=120)
    note = models.CharField(max_length=400)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "check_name", "key"], name="explained_once"),
            models.CheckConstraint(condition=~Q(note=""), name="explained_in_words"),
            models.CheckConstraint(
                condition=Q(check_name__in=[c.value for c in Check]), name="explained_check_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name} {self.key}"
