"""Decisions about public works: pure."""

from datetime import date, timedelta

from caunoi.works.terms import Land, Thing

MOST_ROWS = 3000
KEPT_DAYS = 5 * 365 + 2
MOST = {Thing.MONEY: 10**12, Thing.LAND: 10**8, Thing.LABOUR: 10**5}
"""More than this of one giver on one day is a slip of the finger."""


def takes(*, starts_on: date, ends_on: date | None, on: date) -> bool:
    """True when a project takes contributions on that day."""
    return starts_on <= on and (ends_on is None or on <= ends_on)


def fits(*, thing: Thing, land: str) -> bool:
    """True when land comes with its sort, and nothing else does."""
    return bool(land) == (thing == Thing.LAND)


def shown_name(name: str, *, initials: bool) -> str:
    """Return a giver's name as the public list shows it: whole, or the first letters of its words when she wished so."""
    words = name.split()
    return " ".join(f"{w[0].upper()}." for w in words) if initials else " ".join(words)


def keeps_since(today: date) -> date:
    """Return the day before which givers of an ended work are forgotten: five years ago."""
    return today - timedelta(days=KEPT_DAYS)


def over(*, agreed: int, cleared: int, more: int) -> bool:
    """True when more would be handed over than was agreed for that sort of land."""
    return cleared + more > agreed


SORTS: tuple[Land, ...] = tuple(Land)
