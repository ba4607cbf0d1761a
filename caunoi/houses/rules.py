"""Decisions about houses: pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from caunoi.houses.terms import HouseState, Late, Row, StageKind, Standing, Work

ORDER: tuple[StageKind, ...] = tuple(StageKind)
MOST_ROWS = 3000
MOST_PEOPLE = 60
MOST_MONEY = 10**12
SILENT_DAYS = 30
POSTING_DAYS = 7
KEPT_DAYS = 5 * 365 + 2
NEW_SUPPORT, REPAIR_SUPPORT = 60_000_000, 30_000_000


def accepted(*, votes: int, households: int) -> bool:
    """True when more than half of all households of the village are for it; those who stayed away count too (Law 10/2022, Art. 26)."""
    return 2 * votes > households


def last_posting_day(*, since: date, days: int) -> date:
    """Return the day through which a list is posted so many days."""
    return since + timedelta(days=days - 1)


def in_time(*, said_on: date, posted_from: date, posted_to: date) -> bool:
    """True when an objection was said while the list was posted."""
    return posted_from <= said_on <= posted_to


def goes_back(*, stage: StageKind, on: date, done: Iterable[tuple[StageKind, date]]) -> bool:
    """True when a stage would be finished after a later one, or on a day before an earlier one was."""
    return any(
        ORDER.index(other) > ORDER.index(stage)
        or (ORDER.index(other) < ORDER.index(stage) and day > on)
        for other, day in done
        if other != stage
    )


def next_stage(stage: str) -> StageKind | None:
    """Return the stage after the last finished one; None when all are finished."""
    at = ORDER.index(StageKind(stage)) + 1 if stage else 0
    return ORDER[at] if at < len(ORDER) else None


def standing(*, state: str, stage: str) -> Standing | None:
    """Return the one column of the board in which a household stands; None when it is not helped."""
    if state in (HouseState.REFUSED, HouseState.WITHDRAWN):
        return None
    if state == HouseState.DONE:
        return Standing.DONE
    if state == HouseState.APPROVED:
        return Standing.BUILDING if stage else Standing.REGISTERED
    return Standing.WAITING


def late(
    *, state: str, stage: str, due_on: date | None, news_on: date | None, on: date, silent_days: int
) -> list[Late]:
    """Return why an agreed house is late: its planned day has passed, or nothing was heard of it for so many days."""
    if state != HouseState.APPROVED:
        return []
    found = [Late.PLANNED] if due_on and due_on < on else []
    if news_on and (on - news_on).days > silent_days:
        found.append(Late.SILENT)
    return found


def support(*, work: str, new: int, repair: int) -> int:
    """Return what the programme gives at most to a house of that sort."""
    return new if work == Work.NEW else repair


def keeps_since(today: date) -> date:
    """Return the day before which whatever ended is forgotten: five years ago."""
    return today - timedelta(days=KEPT_DAYS)


def doubles(rows: Sequence[Row], known: Iterable[str]) -> set[int]:
    """Return the numbers of the rows whose code stands in the sheet before, or in the programme already."""
    seen = {c.casefold() for c in known}
    found = set()
    for row in rows:
        code = row.code.casefold()
        if code in seen:
            found.add(row.number)
        seen.add(code)
    return found
