"""Words about deadlines and days off."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Span(StrEnum):
    """In what a deadline is counted."""

    WORKING = "working"
    CALENDAR = "calendar"
    HOURS = "hours"


class DayKind(StrEnum):
    """What a day is that differs from the ordinary calendar."""

    OFF = "off"
    WORK = "work"


class DueState(StrEnum):
    """How a deadline stands now."""

    DONE = "done"
    WAITS = "waits"
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Standstill:
    """A time in which the clock stood still: days after ``began_at`` up to and with ``ended_at`` do not count."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the table as it held on a day: how long, counted how, and who says so."""

    code: str
    label: str
    amount: int
    span: Span
    counted_from: str
    source: str
    extensions: int = 0
    extension_amount: int = 0
    soon_days: int = 2


class DeadlineError(Foreseen):
    """Something about the table of deadlines that cannot be done."""


class UnknownDeadline(DeadlineError):
    """The table has no deadline of that code."""


class NotTheProvince(DeadlineError):
    """The table holds for everybody, so only an administrator of the whole province changes it."""


class NothingChanged(DeadlineError):
    """The new values are the old ones."""


class DayKnown(DeadlineError):
    """This day is in the list already; remove it first."""
