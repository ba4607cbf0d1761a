"""A whole provider that hangs: after three calls in a row without an answer its lane is left alone, then tried with one send at a time.

Each process learns for itself and forgets when it ends. The breaker of a channel (``pace``) is another thing: it spares one channel that
fails, whatever its provider does for others.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from caunoi.channels.contract import Refused
from caunoi.outbox import rules

HUNG_AFTER = timedelta(seconds=10)
"""A call that brought nothing and took so long was not refused: nobody answered."""
HUNG_IN_A_ROW = 3


@dataclass
class Lane:
    """What is known of one provider."""

    hung: int = 0
    openings: int = 0
    open_until: datetime | None = None


_lanes: dict[str, Lane] = {}
_one_at_a_time = threading.Lock()


def room(kinds: Sequence[str] | None, *, limit: int, at: datetime) -> int:
    """Return how many sends may be taken on now: all, none while the provider is spared, one to try it. Several kinds have no lane."""
    lane = _lanes.get(kinds[0]) if kinds and len(kinds) == 1 else None
    if lane is None or lane.open_until is None:
        return limit
    return 0 if at < lane.open_until else 1


def note(kind: str, *, answered: bool, took: timedelta, at: datetime) -> None:
    """Let the lane know how one send went. ``answered``: the provider said something, be it a refusal."""
    with _one_at_a_time:
        lane = _lanes.setdefault(kind, Lane())
        if answered or took < HUNG_AFTER:
            lane.hung, lane.openings, lane.open_until = 0, 0, None
            return
        lane.hung += 1
        if lane.hung >= HUNG_IN_A_ROW:
            lane.openings += 1
            lane.open_until = at + rules.probe_pause(lane.openings)


@contextmanager
def watched(kind: str, now: Callable[[], datetime]) -> Iterator[None]:
    """Note how what a provider is asked inside this block goes."""
    began, answered = now(), False
    try:
        yield
        answered = True
    except Refused:
        answered = True
        raise
    finally:
        ended = now()
        note(kind, answered=answered, took=ended - began, at=ended)


def forget() -> None:
    """Know nothing of any provider; for tests."""
    _lanes.clear()
