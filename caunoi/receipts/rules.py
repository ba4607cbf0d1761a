"""Decisions about what became of a notice: pure. ``board.py`` says the first two in SQL; a test holds them together."""

from collections.abc import Collection, Iterable
from datetime import datetime

from caunoi.receipts.terms import SILENT_AFTER, Group, Paper, Standing, Tally

GROUPS: dict[str, Group] = {
    "queued": Group.WAITING,
    "sending": Group.WAITING,
    "handed": Group.HANDED,
    "sent": Group.POSTED,
    "confirmed": Group.POSTED,
    "uncertain": Group.UNCERTAIN,
    "failed": Group.FAILED,
    "dead": Group.FAILED,
    "cancelled": Group.CANCELLED,
}
"""What each state of a send says on the board."""
OUT = frozenset({Group.POSTED, Group.DECLARED})
BY_HOPE = (
    (Group.UNCERTAIN, Standing.UNCERTAIN),
    (Group.HANDED, Standing.HANDED),
    (Group.WAITING, Standing.WAITING),
    (Group.FAILED, Standing.FAILED),
)
"""When nothing is out: what may still be, the likeliest first."""

PAGE_VND, ENVELOPE_VND, STAMP_VND = 300, 500, 4_000
"""A printed page, an envelope, the stamp of an inland letter up to 20 g: estimates of 2026, shown beside the sum."""
NOT_PEOPLE = (
    "bot",
    "crawler",
    "spider",
    "facebookexternalhit",
    "facebookcatalog",
    "zalo-preview",
    "preview",
    "curl/",
    "python-",
    "wget",
)
"""Programs that fetch a link to draw its preview, by words of their own name: nobody opened anything."""


def group_of(state: str, *, declared: bool) -> Group:
    """Return what a send says on the board; a confirmation that a person declared is never more than declared."""
    group = GROUPS[state]
    return Group.DECLARED if declared and group is Group.POSTED else group


def standing(
    groups: Collection[Group], *, readings: int = 0, acknowledged: bool = False
) -> Standing:
    """Return where a unit stands: the best thing that is known of it."""
    if acknowledged:
        return Standing.ACKNOWLEDGED
    if readings or OUT & set(groups):
        return Standing.DELIVERED
    return next((there for group, there in BY_HOPE if group in groups), Standing.NOTHING)


def is_silent(
    where: Standing, *, sent_at: datetime | None, at: datetime, must_acknowledge: bool
) -> bool:
    """True when 48 hours went by and nothing was heard: nothing is out, or nobody acknowledged what asks for it."""
    if sent_at is None or at - sent_at < SILENT_AFTER:
        return False
    if where is Standing.DELIVERED:
        return must_acknowledge
    return where is not Standing.ACKNOWLEDGED


def add_up(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of branches that share no unit."""
    total = Tally()
    for one in tallies:
        total += one
    return total


def paper_saved(*, units: int, pages: int = 1) -> Paper:
    """Return what so many letters of so many pages would have cost: pages, an envelope and a stamp each."""
    return Paper(units, units * pages, units * (pages * PAGE_VND + ENVELOPE_VND + STAMP_VND))


def may_see_names(
    unit_path: str, *, writes_in: Collection[str], approves_in: Collection[str]
) -> bool:
    """True when somebody may read by name who acknowledged in that unit: from above only.

    writes_in    paths in which the viewer writes notices: she sees what lies strictly below
    approves_in  paths in which she approves: the unit itself too
    """
    if any(unit_path == p or unit_path.startswith(p + ".") for p in approves_in):
        return True
    return any(unit_path.startswith(p + ".") for p in writes_in)


def is_person(user_agent: str) -> bool:
    """True when a link seems to be opened by somebody and not by a program that draws previews."""
    name = user_agent.lower()
    return bool(name) and not any(word in name for word in NOT_PEOPLE)
