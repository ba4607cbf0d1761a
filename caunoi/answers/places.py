"""Which places a question speaks of, and where its asker stands: from the unit tree, old names too."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Max

from caunoi.answers.wording import exact, folded
from caunoi.kit.text import clean, fold
from caunoi.units import queries as units
from caunoi.units.models import Succession, UnitVersion
from caunoi.units.rules import bare_name
from caunoi.units.terms import Level

LONGEST_NAME = 4
REFORMS = 12
NEWEST = """
SELECT (SELECT max(id) FROM units_unitversion), (SELECT max(id) FROM units_unitevent), (SELECT max(id) FROM units_succession)
"""
"""What moves whenever the tree changes."""
_WORD = re.compile(r"[^\W\d_]+")
_KINDS = frozenset(
    [
        "xa",
        "phuong",
        "huien",
        "tinh",
        "tran",
        "quan",
        "bang",
        "pho",
        "tx",
        "tt",
        "tp",
        "h",
        "x",
        "p",
    ]
)
_BEFORE_NAMES = _KINDS | frozenset(
    ["o", "tai", "len", "ve", "vung", "den", "cho", "con", "bao", "toc", "dan", "lut", "lu"]
)


def named(text: str) -> frozenset[str]:
    """Return the folded names of communes and districts that the text speaks of, ever borne by one.

    A name counts when it is written with capitals, or stands after a word like "xã" or "ở": many names are also words.
    """
    return named_in(text, spoken_names())


def spoken_names() -> "Names":
    """Return all names of communes and districts, read again when the tree grew."""
    return _names(UnitVersion.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def named_in(text: str, names: "Names") -> frozenset[str]:
    """Return which of ``names`` the text speaks of: pure."""
    words = _WORD.findall(clean(text)[:2000])
    plain = [folded(w) for w in words]
    known = names.spellings
    found: set[str] = set()
    at = 0
    while at < len(words):
        longest = names.longest.get(plain[at], 0)
        for length in range(min(longest, len(words) - at), 0, -1) if longest else ():
            name = " ".join(plain[at : at + length])
            before = plain[at - 1] if at else ""
            if name in known and _is_meant(words[at : at + length], before, known[name]):
                found.add(name)
                at += length - 1
                break
        at += 1
    return frozenset(found)


def _is_meant(words: list[str], before: str, spellings: frozenset[str]) -> bool:
    joined = " ".join(words)
    if not joined.isascii() and " ".join(exact(w) for w in words) not in spellings:
        return False
    if len(words) == 1:
        return before in _KINDS and words[0][0].isupper()
    return all(w[0].isupper() for w in words) or len(words) > 2 or before in _BEFORE_NAMES


@dataclass(frozen=True, slots=True)
class Names:
    """Folded bare name → its spellings; and from each first word, how many words the longest name has."""

    spellings: dict[str, frozenset[str]]
    longest: dict[str, int]


@lru_cache(maxsize=2)
def _names(_newest: int) -> Names:
    rows = UnitVersion.objects.filter(
        level__in=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
    ).values_list("name", "level")
    spellings: dict[str, set[str]] = {}
    provinces: set[str] = set()
    for name, level in rows.distinct():
        key = bare_name(fold(name))
        if level == Level.PROVINCE:
            provinces.add(key)
        else:
            spellings.setdefault(key, set()).add(" ".join(exact(w) for w in name.split()))
    meant = {k: frozenset(v) for k, v in spellings.items() if k not in provinces}
    longest: dict[str, int] = {}
    for words in (k.split() for k in meant):
        longest[words[0]] = max(longest.get(words[0], 0), min(len(words), LONGEST_NAME))
    return Names(meant, longest)


def province_labels() -> frozenset[str]:
    """Return the labels of all provinces there ever were."""
    return _provinces(UnitVersion.objects.aggregate(newest=Max("pk"))["newest"] or 0)


@lru_cache(maxsize=2)
def _provinces(_newest: int) -> frozenset[str]:
    rows = UnitVersion.objects.filter(level=Level.PROVINCE).values_list("unit_id", flat=True)
    return frozenset(u.hex for u in rows)


def standing(*, unit_id: UUID, on: date) -> tuple[list[UUID], frozenset[UUID]]:
    """Return the units above (root first) and everything the unit itself once was; old selves of the units above count too."""
    found = units.latest(unit_id=unit_id, on=on)
    path = [UUID(label) for label in found.path.split(".")] if found else [unit_id]
    above = path[:-1]
    return above + sorted(_before(set(above)) - set(above)), frozenset(
        {unit_id} | _before({unit_id})
    )


def _before(unit_ids: set[UUID]) -> set[UUID]:
    """Return every unit that these took over from, through all reforms."""
    found: set[UUID] = set()
    newest = set(unit_ids)
    for _ in range(REFORMS):
        older = Succession.objects.filter(new_unit_id__in=newest).values_list(
            "old_unit_id", flat=True
        )
        newest = set(older) - found
        if not newest:
            break
        found |= newest
    return found


def ever_in(*, unit_id: UUID, on: date) -> tuple[UUID, ...]:
    """Return the unit, everything below it on that day, and what all of these were before a reform.

    Kept in memory until the tree changes: a province is thousands of units, and its library is searched all day.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        return _ever_in(unit_id, on, tuple(cursor.fetchone()))


@lru_cache(maxsize=32)
def _ever_in(unit_id: UUID, on: date, _newest: tuple[int, ...]) -> tuple[UUID, ...]:
    paths = units.paths_of(unit_ids=[unit_id], on=on).values()
    today = (
        {row["unit_id"] for row in units.subtree_filter(paths=paths, on=on)} if paths else {unit_id}
    )
    return tuple(sorted(today | _before(today)))


def names_of(unit_ids: set[UUID]) -> frozenset[str]:
    """Return every folded bare name these units ever bore."""
    rows = UnitVersion.objects.filter(unit_id__in=unit_ids).values_list("name", flat=True)
    return frozenset(bare_name(fold(name)) for name in rows)
