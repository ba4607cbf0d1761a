"""Decisions about the tree: pure."""

from collections.abc import Collection, Iterable
from uuid import UUID

from caunoi.kit.text import fold
from caunoi.units.terms import Level, Share

BELOW: dict[Level, tuple[Level, ...]] = {
    Level.PROVINCE: (Level.DISTRICT, Level.COMMUNE),
    Level.DISTRICT: (Level.COMMUNE,),
    Level.COMMUNE: (Level.VILLAGE,),
    Level.VILLAGE: (),
}
TYPE_WORDS = ("tinh", "thanh pho", "quan", "huien", "thi xa", "thi tran", "phuong", "xa", "dac khu")


def label(unit_id: UUID) -> str:
    """Return the unit's label in ltree paths: 32 hexadecimal digits, never reused."""
    return unit_id.hex


def is_inside(path: str, root_paths: Iterable[str]) -> bool:
    """True when ``path`` is one of ``root_paths`` or lies below one."""
    return any(path == root or path.startswith(root + ".") for root in root_paths)


def may_stand_below(child: Level, parent: Level | None) -> bool:
    """True when a unit of level ``child`` may have a parent of that level; only provinces stand alone."""
    if parent is None:
        return child == Level.PROVINCE
    return child in BELOW[parent]


def share_of_chain(shares: Collection[Share]) -> Share:
    """Return WHOLE only when every step took over the whole unit."""
    return Share.WHOLE if all(s == Share.WHOLE for s in shares) else Share.PART


def bare_name(folded: str) -> str:
    """Return a folded full name without its leading kind ("xa cao son" → "cao son")."""
    for word in TYPE_WORDS:
        if folded.startswith(word + " "):
            return folded[len(word) + 1 :]
    return folded


def rank(*, asked: str, full_name: str, alive: bool) -> tuple[int, int, int]:
    """Return the sort key of a hit: same spelling first, then same folded name, then beginnings; living units first among equals."""
    wanted, name = fold(asked), fold(full_name)
    if wanted in (name, bare_name(name)):
        same_marks = asked.strip().lower() in full_name.lower()
        return (0 if same_marks else 1, not alive, len(name))
    return (2 if bare_name(name).startswith(wanted) else 3, not alive, len(name))
