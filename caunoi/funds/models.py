"""The books: accounts, postings that nobody changes, and what proves it. The triggers of 0002 hold what the tables cannot say."""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.funds import rules
from caunoi.funds.terms import Address, Move, Place, Sort
from caunoi.staff.models import Account as Person
from caunoi.units.models import Unit


class Commodity(models.Model):
    """Something that is counted in whole units: đồng, goats, bags of rice, days of a builder, square metres."""

    code = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=80)
    unit_word = models.CharField(max_length=24)
    sort = models.CharField(max_length=9, default=Sort.GOODS.value)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=[s.value for s in Sort]), name="commodity_sort_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Fund(models.Model):
    """One set of books, kept by a unit. Its chain stands at ``seq`` and ``head``; the database moves both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    opened_on = models.DateField()
    closed_through = models.DateField(null=True)
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField(default=bytes(32))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="fund_named_once"),
            models.CheckConstraint(condition=Q(seq__gte=0), name="fund_seq_sane"),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Where amounts of one thing stand: how much ever came in, how much ever went out."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts")
    place = models.CharField(max_length=12)
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    came_in = models.BigIntegerField(default=0)
    went_out = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__in=[p.value for p in Place]), name="ledger_place_known"
            ),
            models.CheckConstraint(
                condition=Q(came_in__gte=F("went_out"))
                | Q(place__in=sorted(p.value for p in rules.OUTSIDE)),
                name="ledger_nothing_below_zero",
            ),
            models.UniqueConstraint(
                fields=["fund", "place", "commodity", "purpose", "unit"],
                nulls_distinct=False,
                name="ledger_account_once",
            ),
            # for the foreign keys of postings: both ends are of the fund and count the same thing
            models.UniqueConstraint(
                fields=["id", "fund", "commodity"], name="ledger_account_of_fund"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}/{self.commodity_id}/{self.purpose}"

    @property
    def address(self) -> Address:
        """The account's public name."""
        return Address(Place(self.place), self.commodity_id, self.purpose, self.unit_id)

    @property
    def balance(self) -> int:
        """What stands here."""
        return self.came_in - self.went_out


class Posting(models.Model):
    """An amount went from one account to another. Balanced by its very form; never changed, never deleted.

    Two foreign keys of three columns (0002) hold fund, accounts and commodity together; Django's own of one column are left out.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="postings", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    move = models.CharField(max_length=20)
    source = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    target = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    commodity = models.ForeignKey(
        Commodity, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    together = models.UUIDField(null=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    commitment = models.BinaryField()
    leaf = models.BinaryField()
    link = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "seq"], name="posting_in_order"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=rules.LARGEST), name="posting_amount_sane"
            ),
            models.CheckConstraint(
                condition=Q(move__in=[m.value for m in Move]), name="posting_move_known"
            ),
            models.CheckConstraint(
                condition=Q(move=Move.REVERSE.value, reverses__isnull=False)
                | (~Q(move=Move.REVERSE.value) & Q(reverses__isnull=True)),
                name="posting_reverses_one",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="posting_goes_somewhere"),
        ]
        indexes = [
            # the statement of a fund by day
            models.Index(fields=["fund", "on", "seq"], name="postings_by_day"),
            # the public columns need these few, without reading a statement's hundred thousands of lines
            models.Index(
                fields=["fund"],
                name="postings_seldom",
                condition=Q(move__in=[m.value for m in rules.SELDOM]),
            ),
            models.Index(
                fields=["together"], name="postings_of_deed", condition=Q(together__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.seq}"


class Word(models.Model):
    """The name or memo beside a posting, with the salt of its commitment. It can be erased; the chain stays whole."""

    posting = models.OneToOneField(
        Posting, models.PROTECT, primary_key=True, related_name="sealed_word"
    )
    salt = models.BinaryField()
    word = models.TextField()

    def __str__(self) -> str:
        return str(self.posting_id)


class Tile(models.Model):
    """The hash over 256, 65,536 … postings whose tree is complete, so that a proof reads some hundred rows and not a million."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    height = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "height", "index"], name="tile_once")
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.height}.{self.index}"


class Root(models.Model):
    """What was published at the end of a day: the tree of all postings so far. Never changed."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="roots")
    day = models.DateField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    link = models.BinaryField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "day"], name="root_once_a_day"),
            models.CheckConstraint(condition=Q(size__gte=0), name="root_size_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.day}"


class Series(models.Model):
    """The receipts of a unit in a year: how many were given."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class Receipt(models.Model):
    """A numbered receipt for one posting; the numbers of a unit and year have no gap."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="receipt_numbered"),
            models.CheckConstraint(condition=Q(number__gt=0), name="receipt_number_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"
