"""Words about published answers."""

from dataclasses import dataclass
from enum import StrEnum

from caunoi.kit.terms import Foreseen


class AnswerState(StrEnum):
    """How a published answer stands today; it is never silently gone."""

    VALID = "valid"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How a published answer stands on a given day, as a reader needs to know it."""

    VALID = "valid"
    CORRECTED = "corrected"
    LAW_CHANGED = "law_changed"
    ENDED = "ended"
    NOT_YET = "not_yet"
    WITHDRAWN = "withdrawn"


class Hidden(StrEnum):
    """What kind of personal data was masked."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    OTHER = "other"


MASKS = {
    Hidden.PHONE: "[số điện thoại đã ẩn]",
    Hidden.ID_NUMBER: "[số giấy tờ đã ẩn]",
    Hidden.BANK_ACCOUNT: "[số tài khoản đã ẩn]",
    Hidden.EMAIL: "[thư điện tử đã ẩn]",
    Hidden.ADDRESS: "[địa chỉ nhà đã ẩn]",
    Hidden.NAME: "[tên đã ẩn]",
    Hidden.OTHER: "[đã ẩn]",
}
"""The words that stand in a published text instead: content, so always Vietnamese."""


@dataclass(frozen=True, slots=True)
class Found:
    """One masked piece: what it was and what kind."""

    kind: Hidden
    text: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text fit for everybody, and what was taken out of it."""

    text: str
    found: tuple[Found, ...]


class AnswerError(Foreseen):
    """Something about a published answer that cannot be done."""


class Nearness(StrEnum):
    """Where a proposed answer comes from, seen from the asker; the order is the order of preference."""

    OWN = "own"
    ABOVE = "above"
    BESIDE = "beside"
    ELSEWHERE = "elsewhere"


class SayWhy(AnswerError):
    """Every change of a published answer says why."""


class Withdrawn(AnswerError):
    """The answer was taken out of the library; it is not changed any more."""


class NothingChanged(AnswerError):
    """There is nothing to change."""


class EndsBeforeItBegins(AnswerError):
    """The last day of an answer lies before its first."""


class Event(StrEnum):
    """What happened to a published answer, as those who follow it are told."""

    PUBLISHED = "published"
    AGAIN = "again"
    CORRECTED = "corrected"
    LAW_CHANGED = "law_changed"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Change(StrEnum):
    """What became of a piece of text between two versions."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came."""

    change: Change
    text: str


class ImportState(StrEnum):
    """Where a sheet of old answers stands."""

    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    """What becomes, or became, of a line."""

    TODO = "todo"
    KNOWN = "known"
    BAD = "bad"
    DONE = "done"
    UNDONE = "undone"


class UnreadableSheet(AnswerError):
    """The file is no sheet we can read, or it is too large."""


class WrongColumns(AnswerError):
    """The first row does not name the columns of the empty sheet."""


class NotYourUnit(AnswerError):
    """The unit lies outside those whose answers you keep."""


class TooLate(AnswerError):
    """The day in which it can be taken back is over, or it is not there to be taken back."""
