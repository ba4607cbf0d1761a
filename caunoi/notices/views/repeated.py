"""What the page of a notice says about its going out again: the rhythm, what has gone out, what was left out."""

from datetime import datetime, timedelta
from typing import Any

from caunoi.notices import looking, queries_repeated, repetitions
from caunoi.notices.models import Notice, Repetition
from caunoi.notices.rhythm import moments

LOOKED_BACK = timedelta(days=7)
SHOWN = 20


def shown(found: Notice, *, at: datetime) -> dict[str, Any] | None:
    """Return what is shown of the series a notice belongs to, whichever of it this one is; None for one that goes out once."""
    first = found.repeats or found
    row = repetitions.of(first)
    if row is None:
        return None
    out = list(queries_repeated.repeated(notice=first)[:SHOWN])
    ended = row.stopped_at is not None or row.next_at is None
    return {
        "first": first,
        "row": row,
        "again": looking.again(repetitions.rhythm_of(row), at=at),
        "out": out,
        "left_out": _left_out(first, row, at),
        "begun": first.published_at is not None,
        "running": first.published_at is not None and not ended,
    }


def _left_out(first: Notice, row: Repetition, at: datetime) -> list[datetime]:
    """Return the moments of the last days that passed while the server slept, newest first."""
    if first.occurs_at is None:
        return []
    rhythm = repetitions.rhythm_of(row)
    until = min(at - rhythm.grace, row.stopped_at or at)
    since = max(first.occurs_at, at - LOOKED_BACK)
    went = queries_repeated.moments_repeated(notice=first, since=since)
    missed = [m for m in moments(rhythm, after=since, until=until) if m not in went]
    return missed[::-1]
