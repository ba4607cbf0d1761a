"""Decisions about plans: pure."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from caunoi.kit.text import clean
from caunoi.reform.terms import (
    NO_SUCCESSOR,
    NO_UNITS,
    NOT_DECIDED,
    Blocker,
    Counted,
    Outcome,
    PlanState,
    Way,
)

CHANGING = frozenset({PlanState.DRAFT})
SIGNABLE = frozenset({PlanState.DRAFT, PlanState.SIGNED_ONCE})
RETURNABLE = frozenset({PlanState.SIGNED_ONCE, PlanState.SIGNED})
OVER = frozenset({PlanState.DONE, PlanState.DROPPED})
TRIES = 5
"""So often a failed step is tried by itself; after that it waits for a person to press again."""


def way_of(heirs: Sequence[UUID]) -> Way:
    """Return what is known of who takes over, from the units that did."""
    if not heirs:
        return Way.UNKNOWN
    return Way.ONE if len(heirs) == 1 else Way.SPLIT


def blockers(*, units: int, without_successor: int, undecided: int) -> list[Blocker]:
    """Return why a plan cannot be signed; nothing when it can."""
    found = []
    if not units:
        found.append(Blocker(NO_UNITS, 0))
    if without_successor:
        found.append(Blocker(NO_SUCCESSOR, without_successor))
    if undecided:
        found.append(Blocker(NOT_DECIDED, undecided))
    return found


def may_take_back(*, state: PlanState, on_date: date, today: date) -> bool:
    """True while the day has not come: until then nothing was carried out."""
    return state in RETURNABLE and today < on_date


def is_due(*, state: PlanState, on_date: date, today: date) -> bool:
    """True when a plan is to be carried out."""
    return state == PlanState.RUNNING or (state == PlanState.SIGNED and on_date <= today)


def is_stale(
    *, way: Way, heirs: Sequence[UUID], known: Way, target: UUID | None, keepers: Collection[UUID]
) -> bool:
    """True when the tree says something else of a closing unit than what was decided for it.

    heirs    who takes over, as the tree says today; ``way`` is what follows from them
    known    what the tree said when it was decided, and ``target`` what was decided then
    keepers  who may keep everything itself: the unit of the plan, or who took over from that
    """
    if way != known:
        return True
    return way != Way.UNKNOWN and target is not None and target not in {*heirs, *keepers}


def decided_alone(outcomes: Collection[Outcome]) -> Outcome | None:
    """Return the only thing that may become of it, or None when somebody must choose."""
    return next(iter(outcomes)) if len(outcomes) == 1 else None


def groups(steps: Sequence[Counted], *, most: int, things: int) -> list[Sequence[Counted]]:
    """Return steps in the same order, in groups of one holder and outcome: at most so many steps and, but for a single one, so many things."""
    found: list[list[Counted]] = []
    weight = 0
    for step in steps:
        fits = (
            found
            and found[-1][0].holder == step.holder
            and found[-1][0].outcome == step.outcome
            and len(found[-1]) < most
            and weight + step.count <= things
        )
        if not fits:
            found.append([])
            weight = 0
        found[-1].append(step)
        weight += step.count
    return list(found)


def moved_words(
    *,
    old: str,
    new: str,
    on: date,
    legal_reference: str,
    address: str,
    taker: str,
    taker_address: str,
) -> str:
    """Return what is pinned on a page that does not go on; content, so Vietnamese, each sentence short enough to read out.

    address        the old unit's own short address, which leads on to the successor
    taker          the name of what takes it in; empty when there is none
    """
    lines = [
        f"Từ ngày {on:%d/%m/%Y}, {new} tiếp nhận công việc của {old}.",
        f"Căn cứ: {legal_reference}." if legal_reference else "",
        "Trang này không đăng tin mới. Tin cũ vẫn giữ để bà con xem lại.",
        f"Bà con theo dõi tiếp tại {taker}: {taker_address}".rstrip(": ") if taker else "",
        f"Nơi xem tin và gửi câu hỏi: {address}",
    ]
    return "\n".join(line for line in lines if line)


def renamed(name: str, *, old: str, new: str) -> str:
    """Return a channel's name with the old unit's full name replaced by the new one's ("MTTQ xã Cát Văn" → "MTTQ xã Xuân Lâm").

    Only the whole name counts, written in any case; the first letter follows what stood there. Where the old name does
    not occur, the new one stands behind it in brackets, so that nobody mistakes whose page it is.
    """
    name, old, new = clean(name), clean(old), clean(new)
    if not old or new.lower() in name.lower():
        return name

    def put(found: re.Match[str]) -> str:
        return new if found[0][:1].isupper() else new[:1].lower() + new[1:]

    replaced, times = re.subn(rf"(?<!\w){re.escape(old)}(?!\w)", put, name, flags=re.IGNORECASE)
    return replaced if times else f"{name} ({new})"
