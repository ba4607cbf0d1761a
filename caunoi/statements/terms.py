"""Words of bank statements: files and their lines, what a line became and why."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Kind(StrEnum):
    """In which format a file is written."""

    XLSX = "xlsx"
    CSV = "csv"
    CAMT = "camt"
    MT940 = "mt940"


class Column(StrEnum):
    """What a column of a sheet says."""

    ON = "on"
    MEMO = "memo"
    REFERENCE = "reference"
    CREDIT = "credit"
    DEBIT = "debit"
    AMOUNT = "amount"
    BALANCE = "balance"
    OTHER_NAME = "other_name"
    OTHER_ACCOUNT = "other_account"
    CURRENCY = "currency"


class FileState(StrEnum):
    """How far a file has come."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class LineState(StrEnum):
    """What became of a line."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    FEE = "fee"
    REFUND = "refund"
    IGNORED = "ignored"
    UNDONE = "undone"


class Why(StrEnum):
    """Why a line became what it is."""

    CODE = "code"
    ACCOUNT = "account"
    HAND = "hand"
    BANK_FEE = "bank_fee"
    NO_CODE = "no_code"
    OTHER_CAMPAIGN = "other_campaign"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    BOOKS_CLOSED = "books_closed"
    MONEY_OUT = "money_out"
    NO_MONEY = "no_money"
    GIVEN_BACK = "given_back"
    ELSEWHERE = "elsewhere"


class Hint(StrEnum):
    """Why something is proposed for a line without a code."""

    NEAR_CODE = "near_code"
    SAME_AMOUNT = "same_amount"
    NAME = "name"
    PURPOSE = "purpose"
    PLACE = "place"
    SOON = "soon"
    LAPSED = "lapsed"
    CAME_BACK = "came_back"


@dataclass(frozen=True, slots=True)
class Row:
    """One movement as a bank tells it.

    line      where it stands in the file
    amount    đồng; more than nothing came in, less went out
    problem   an English sentence with a Vietnamese; empty when nothing is wrong
    """

    line: int
    on: date | None
    amount: int
    memo: str = ""
    reference: str = ""
    other_name: str = ""
    other_account: str = ""
    balance: int | None = None
    problem: str = ""


@dataclass(slots=True)
class Found:
    """What a reader learnt of the whole file: the bank's own balances, when it says them.

    cut  its last line has no end and nothing in it proves that it is whole
    """

    opening: int | None = None
    closing: int | None = None
    account: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The head of a sheet: which row names the columns, what stands above and some rows below."""

    header: list[str]
    line: int
    above: list[list[str]] = field(default_factory=list)
    below: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank's sheets look. ``columns`` gives for each meaning the folded names its column may have."""

    bank: str
    name: str
    columns: dict[Column, tuple[str, ...]]
    month_first: bool = False


class StatementError(Foreseen):
    """Something about a bank statement that cannot be done."""


class NotYourStatement(StatementError):
    """It belongs to a campaign in whose unit one holds no such role."""


class UnreadableFile(StatementError):
    """The file as a whole cannot be read; nothing was changed."""


class ChangedLayout(StatementError):
    """The columns are not where this bank had them."""


class SameFile(StatementError):
    """This very file was brought in before."""


class WrongTurn(StatementError):
    """The line or the file has come further than that already, or not as far."""
