"""Counting days and hours: pure. What a working day is comes in as a function."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from caunoi.deadlines.terms import DueState, Span, Standstill, Term

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
END_OF_DAY = time(17, 0)
LONGEST_DAYS = 4000
"""A guard against a calendar without any working day."""
IsWorking = Callable[[date], bool]


def due_at(
    *,
    start_at: datetime,
    term: Term,
    is_working: IsWorking,
    stood_still: Sequence[Standstill] = (),
    extensions: Sequence[int] = (),
) -> datetime:
    """Return the moment something is due, aware, in Việt Nam's time.

    Days are counted from the day after ``start_at`` and end at 17:00; a last day that is no working day gives way to the
    next one (for deadlines before an event: the one before). Hours run day and night.
    stood_still  times in which the clock did not run
    extensions   amounts added one after the other, each counted from the day that was due before, in the term's own span
    Source: Civil Code 2015 Art. 147, 148
    """
    if term.span == Span.HOURS:
        return _hours_later(start_at, term.amount + sum(extensions), stood_still)
    day = start_at.astimezone(HERE).date()
    for amount in (term.amount, *extensions):
        day = _days_later(day, amount, term.span, is_working, stood_still)
    return datetime.combine(day, END_OF_DAY, HERE)


def _hours_later(start_at: datetime, hours: int, stood_still: Sequence[Standstill]) -> datetime:
    due = start_at + timedelta(hours=hours)
    for pause in sorted(stood_still, key=lambda p: p.began_at):
        began, ended = max(pause.began_at, start_at), max(pause.ended_at, start_at)
        if began < due and ended > began:
            due += ended - began
    return due.astimezone(HERE)


def _days_later(
    day: date, amount: int, span: Span, is_working: IsWorking, stood_still: Sequence[Standstill]
) -> date:
    step, left = (1, amount) if amount >= 0 else (-1, -amount)
    for _ in range(LONGEST_DAYS):
        if left == 0:
            break
        day += timedelta(days=step)
        counted = span == Span.CALENDAR or is_working(day)
        left -= counted and not _stood_still_on(day, stood_still)
    return next_working_day(day, is_working, step=step)


def _stood_still_on(day: date, stood_still: Sequence[Standstill]) -> bool:
    return any(
        p.began_at.astimezone(HERE).date() < day <= p.ended_at.astimezone(HERE).date()
        for p in stood_still
    )


def next_working_day(day: date, is_working: IsWorking, *, step: int = 1) -> date:
    """Return the day itself when people work on it, else the next (``step`` -1: the last) one on which they do."""
    for _ in range(LONGEST_DAYS):
        if is_working(day):
            return day
        day += timedelta(days=step)
    return day


def working_days_between(*, first: date, last: date, is_working: IsWorking) -> int:
    """Return how many working days lie after ``first`` up to and with ``last``; 0 when it is past."""
    days = (last - first).days
    return sum(is_working(first + timedelta(days=n)) for n in range(1, min(days, 366) + 1))


def due_state(
    *,
    due_at: datetime,
    at: datetime,
    is_working: IsWorking,
    soon_days: int,
    waits_until: datetime | None = None,
    is_done: bool = False,
) -> DueState:
    """Return how the deadline stands: done, standing still, late, today, within ``soon_days`` working days, or running."""
    if is_done:
        return DueState.DONE
    if waits_until is not None and waits_until > at:
        return DueState.WAITS
    if due_at < at:
        return DueState.LATE
    today, last = at.astimezone(HERE).date(), due_at.astimezone(HERE).date()
    if today == last:
        return DueState.TODAY
    left = working_days_between(first=today, last=last, is_working=is_working)
    return DueState.SOON if left <= soon_days else DueState.RUNNING
