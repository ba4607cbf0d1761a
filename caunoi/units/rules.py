"""Decisions about the tree: pure."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from caunoi.kit.text import fold
from caunoi.units.terms import Level, Share

BELOW: dict[Level, tuple[Level, ...]] = {
    Level.PROVINCE: (Level.DISTRICT, Level.COMMUNE),
    Level.DISTRICT: (Level.COMMUNE,),
    Level.COMMUNE: (Level.VILLAGE,),
    Level.VILLAGE: (),
}
KINDS: dict[str, tuple[str, frozenset[Level]]] = {
    "Thành phố ": ("thanh_pho", frozenset({Level.PROVINCE, Level.DISTRICT})),
    "Thị trấn ": ("thi_tran", frozenset({Level.COMMUNE})),
    "Thị xã ": ("thi_xa", frozenset({Level.DISTRICT})),
    "Đặc khu ": ("dac_khu", frozenset({Level.COMMUNE})),
    "Phường ": ("phuong", frozenset({Level.COMMUNE})),
    "Huyện ": ("huyen", frozenset({Level.DISTRICT})),
    "Quận ": ("quan", frozenset({Level.DISTRICT})),
    "Tỉnh ": ("tinh", frozenset({Level.PROVINCE})),
    "Xã ": ("xa", frozenset({Level.COMMUNE})),
}
"""The word a full name begins with, its kind, and the levels it may stand on."""
TYPE_WORDS = ("tinh", "thanh pho", "quan", "huien", "thi xa", "thi tran", "phuong", "xa", "dac khu")


def day_or(text: str, *, otherwise: date) -> date:
    """Return the day written as 2025-07-01, or ``otherwise`` for nothing and for nonsense."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


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


def kind_and_name(full_name: str, level: Level | None = None) -> tuple[str, str]:
    """Split "Xã Bích Hào" into ("xa", "Bích Hào"); villages keep their whole name, whatever they are called."""
    if level == Level.VILLAGE:
        return "thon", full_name
    for word, (kind, _) in KINDS.items():
        if full_name.startswith(word):
            return kind, full_name[len(word) :]
    return "xa", full_name


def words_for(level: Level) -> tuple[str, ...]:
    """Return the words with which a full name of that level may begin; nothing for villages, which begin as they like."""
    return tuple(word.strip() for word, (_, levels) in KINDS.items() if level in levels)


def name_fits(full_name: str, level: Level) -> bool:
    """True when the full name says its kind and the kind stands on that level ("Xã …" for a commune)."""
    begins = [levels for word, (_, levels) in KINDS.items() if full_name.startswith(word)]
    if level == Level.VILLAGE:
        return bool(full_name) and not begins
    return any(level in levels for levels in begins)


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
    begins = name.startswith(wanted) or bare_name(name).startswith(wanted)
    return (2 if begins else 3, not alive, len(name))
