"""Bank statements: accounts of campaigns, how each bank's sheet looks, the files brought in, and every line once.

Lines are written with COPY, thousands at a time; 0002 has the indexes and the search that everybody uses.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.campaigns.models import Campaign, Gift, Need
from caunoi.funds import codes
from caunoi.staff.models import Account as Person
from caunoi.statements import rules
from caunoi.statements.terms import FileState, Kind, LineState, Why
from caunoi.units.models import Unit


class BankAccount(models.Model):
    """An account on which money for a campaign comes in.

    sole  the account takes money for this campaign only: a transfer without a code is meant for it too
    salt  makes the keys of lines unguessable
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="bank_accounts")
    bank = models.CharField(max_length=6, blank=True)
    number = models.CharField(max_length=34)
    sole = models.BooleanField(default=False)
    salt = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="bank_account_once")
        ]

    def __str__(self) -> str:
        return self.number


class SoleChange(models.Model):
    """From a day on an account takes money for its campaign only, or no longer; ``BankAccount.sole`` holds before the first one."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="sole_changes")
    sole = models.BooleanField()
    since = models.DateField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "since"], name="sole_change_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.since}"


class BankLayout(models.Model):
    """Which column says what in the sheets of a bank, as somebody of the unit confirmed it. ``columns``: meaning → folded name."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    bank = models.CharField(max_length=6, blank=True)
    columns = models.JSONField(default=dict)
    month_first = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "bank"], name="bank_layout_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.bank}"


class StatementFile(models.Model):
    """A file of a bank on its way: brought in, looked at, run. What it said in sums stays; its bytes go when it is done.

    columns      meaning → place of the column, as chosen
    opening      what the bank says stood there before the first line, if it says so; ``closing`` after the last
    good, bad    lines that can be read, and those that cannot; ``known``: good ones that were there before
    done         how many lines of the file were dealt with; a run that was killed goes on there
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="files")
    name = models.CharField(max_length=160)
    sha256 = models.BinaryField()
    size = models.BigIntegerField()
    kind = models.CharField(max_length=5)
    written_in = models.CharField(max_length=8, default="utf-8")
    state = models.CharField(max_length=8, default=FileState.UPLOADED.value)
    trouble = models.CharField(max_length=300, blank=True)
    columns = models.JSONField(default=dict)
    header_line = models.IntegerField(default=1)
    month_first = models.BooleanField(default=False)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    credits = models.BigIntegerField(default=0)
    debits = models.BigIntegerField(default=0)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256"],
                condition=~Q(state=FileState.UNDONE.value),
                name="statement_file_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in FileState]), name="statement_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="statement_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="statements_of_account")]

    def __str__(self) -> str:
        return self.name


class FileBody(models.Model):
    """The bytes of a file, until every line of it is in."""

    file = models.OneToOneField(StatementFile, models.CASCADE, primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return str(self.file_id)


class BadRow(models.Model):
    """A line of a file that could not be read, as it stands there; the first thousand of a file."""

    file = models.ForeignKey(StatementFile, models.CASCADE, related_name="bad_rows")
    line = models.IntegerField()
    problem = models.CharField(max_length=120)
    said = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="bad_row_once")]

    def __str__(self) -> str:
        return f"{self.line} {self.problem}"


class Undoing(models.Model):
    """A whole file taken back: who asked and why, and who else agreed or refused; ``done_by`` empty as long as it waits.

    posted  how many postings stood behind its lines; with any, a second person decides
    """

    file = models.ForeignKey(StatementFile, models.PROTECT, related_name="undoings")
    reason = models.CharField(max_length=300)
    posted = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(done_at=None), name="undoing_waits_once"),
            models.CheckConstraint(
                condition=Q(posted=0) | Q(done_by=None) | ~Q(done_by=F("asked_by")),
                name="undoing_by_two",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.file_id} {self.reason}"


class BankLine(models.Model):
    """One movement of an account, once whatever files tell it.

    key       lasting name of the line; the posting that took it in has the same
    amount    đồng; more than nothing came in, less went out
    memo, other_name, other_account  the bank's own words: for those who keep the books
    text, giver  what everybody reads of them; ``folded`` is searched
    settled   the posting that matched or gave it back by hand; ``turn`` counts how often that was done and undone
    of        the line that a refund gives back, whole or in part
    forgotten its names and words were erased when their time was over
    """

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines", db_index=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(StatementFile, models.PROTECT, related_name="lines", db_index=False)
    on = models.DateField()
    amount = models.BigIntegerField()
    balance = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    memo = models.TextField(blank=True)
    other_name = models.CharField(max_length=160, blank=True)
    other_account = models.CharField(max_length=40, blank=True)
    initials = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    giver = models.CharField(max_length=160, blank=True)
    folded = models.TextField(blank=True)
    state = models.CharField(max_length=9)
    why = models.CharField(max_length=14)
    code = models.IntegerField(null=True)
    purpose = models.CharField(max_length=40, blank=True)
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+", db_index=False)
    gift = models.ForeignKey(Gift, models.PROTECT, null=True, related_name="+", db_index=False)
    of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="given_back_by", db_index=False
    )
    note = models.CharField(max_length=200, blank=True)
    posting_id = models.UUIDField(null=True)
    settled_id = models.UUIDField(null=True)
    turn = models.SmallIntegerField(default=0)
    forgotten = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_moves_something"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LineState]), name="bank_line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(why__in=[w.value for w in Why]), name="bank_line_why_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | ~Q(state=LineState.MATCHED.value),
                name="bank_line_only_what_came_is_matched",
            ),
            models.CheckConstraint(
                condition=~Q(state=LineState.MATCHED.value) | Q(posting_id__isnull=False),
                name="bank_line_matched_is_posted",
            ),
        ]
        indexes = [
            # the public statement, newest first, and its days
            models.Index(F("campaign"), F("on").desc(), F("id").desc(), name="bank_lines_by_day"),
            models.Index(F("campaign"), F("amount"), F("on").desc(), F("id").desc(), name="bank_lines_by_amount"),
            models.Index(F("campaign"), F("code"), F("on").desc(), F("id").desc(), name="bank_lines_by_code", condition=Q(code__isnull=False)),
            # the work list
            models.Index(F("campaign"), F("on").desc(), F("id").desc(), name="bank_lines_to_match", condition=Q(state="unmatched")),
            models.Index(fields=["gift"], name="bank_lines_of_gift", condition=Q(gift__isnull=False)),
            models.Index(fields=["of"], name="bank_lines_of_line", condition=Q(of__isnull=False)),
            # how much came for a need
            models.Index(fields=["need"], include=["amount", "state", "gift"], name="bank_lines_of_need", condition=Q(need__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """The line's lasting address."""
        return rules.short_of(self.key)

    @property
    def code_text(self) -> str:
        """The transfer code in its words, as it is typed."""
        return "" if self.code is None else codes.code_of(self.code)


class Total(models.Model):
    """What came in and went out of an account so far: the database adds every line as it is written."""

    account = models.OneToOneField(BankAccount, models.PROTECT, primary_key=True)
    lines = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)
    debits = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id} {self.lines}"
