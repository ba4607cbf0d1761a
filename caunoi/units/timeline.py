"""From snapshots and merger lists to dated units: pure, no database.

A unit that takes over alone from exactly one unit of the same code and full name is that unit; every other one is new.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from caunoi.units.terms import EventKind, Level, Share

SPACE = UUID("6f1c1f0e-5a55-5c8e-9d3f-0ca0c0a00456")
"""Ids of loaded units are made from this and their place in the sources, so that two installations agree."""


@dataclass(slots=True)
class Period:
    """What was true of a unit from ``start`` (included) to ``end`` (excluded; None = still)."""

    start: date
    end: date | None
    code: str
    name: str
    full_name: str
    type: str
    parent: "Place | None"


@dataclass(slots=True, eq=False)
class Place:
    """One unit through time."""

    level: Level
    key: str
    periods: list[Period] = field(default_factory=list)
    synthetic: bool = False

    @property
    def id(self) -> UUID:
        return uuid.uuid5(SPACE, f"{self.level}:{self.key}")

    @property
    def last(self) -> Period:
        return self.periods[-1]

    def ends(self, on: date) -> None:
        """Close the running period on that day; a period that would be empty vanishes."""
        if self.last.end is None:
            self.last.end = on
            if self.last.start >= on:
                self.periods.pop()

    def goes_on(self, on: date, **changes: object) -> None:
        """Begin a new period on that day when anything differs from the running one."""
        now = self.last
        fields = {
            "code": now.code,
            "name": now.name,
            "full_name": now.full_name,
            "type": now.type,
            "parent": now.parent,
        }
        if fields | changes == fields:
            return
        if now.start == on:
            for name, value in changes.items():
                setattr(now, name, value)
            return
        now.end = on
        self.periods.append(Period(start=on, end=None, **(fields | changes)))  # type: ignore[arg-type]


@dataclass(slots=True)
class Happening:
    """One event with the successions it brought: (old, new or None for unknown, share, default)."""

    kind: EventKind
    on: date
    legal_reference: str
    links: Sequence[tuple[Place, Place | None, Share, bool]] = field(default_factory=list)


def paths(
    place: Place, until: date | None = None
) -> Iterable[tuple[date, date | None, Period, tuple[Place, ...]]]:
    """Yield the place's life in pieces in which its whole way to the root is the same: (from, to, period, ancestors root first)."""
    for period in place.periods:
        if period.parent is None:
            yield period.start, period.end, period, ()
            continue
        for start, end, _, above in paths(period.parent):
            begin = max(start, period.start)
            finish = _earlier(end, period.end)
            if finish is None or begin < finish:
                yield begin, finish, period, (*above, period.parent)


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def merged(pieces: Iterable[tuple[date, date | None, Period, tuple[Place, ...]]]) -> list:
    """Join neighbouring pieces that say the same (the parent was renamed, the child saw nothing of it)."""
    out: list[list] = []
    for start, end, period, above in sorted(pieces, key=lambda piece: piece[0]):
        if out and out[-1][2] is period and out[-1][3] == above and out[-1][1] == start:
            out[-1][1] = end
        else:
            out.append([start, end, period, above])
    return out
