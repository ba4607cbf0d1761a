"""Cries for help and tip-offs in a few words, with one typing error anywhere, also one that makes another word. Pure.

In a short message nothing else says what was meant, so marks are ignored and every phrase of danger may carry one error: a letter or space left out,
typed twice, too many, swapped with the next, or the key beside it hit. "cứ với", "cuuv oi", "mawc jet" ring. What this costs in false alarms is in README.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from caunoi.cases.sign_words import SYLLABLE, WAYS, ordinary, phrases
from caunoi.cases.terms import Kind

RINGS = (Kind.EMERGENCY, Kind.TIP_OFF)
"""What calls a human; the gravest first."""
FEW_WORDS = 9
"""Eight syllables, one of them cut in two."""
FEW_LETTERS = 120
LONE_FROM = 5
"""A phrase of one word with fewer letters ("sos", "súng") may carry an error only when the message says nothing else: "số" and "đúng" look like it."""
NO_SYLLABLE = 8
"""No Vietnamese word has so many letters: somebody typed without spaces."""
SPELT = re.compile(r"\b(?:[^\W_] ){2,}[^\W_]\b")
"""Letters one by one: "c u u"."""
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl;", "zxcvbnm,./")
HEARD = (("s", "x"), ("l", "n"), ("d", "r"), ("c", "k"))
"""Letters that are written for each other by ear."""


@dataclass(frozen=True, slots=True)
class Cry:
    """One phrase as it stands in a folded text: pieces with a space at both ends, between which other words may stand."""

    pieces: tuple[str, ...]
    kind: Kind
    lone: bool


def heard_in(words: Sequence[str]) -> Kind | None:
    """Return the gravest kind that calls a human and of which the few words show a sign, or None. Words in lower case."""
    if not 0 < len(words) <= FEW_WORDS:
        return None
    texts = {t for t in _readings(_without_ordinary(words)) if len(t) <= FEW_LETTERS}
    found = {cry.kind for text in texts for cry in _candidates(text) if _stands(cry.pieces, text)}
    found |= {kind for word in " ".join(texts).split() for kind in _glued_in(word)}
    return next((kind for kind in RINGS if kind in found), None)


def _readings(words: Sequence[str]) -> Iterator[str]:
    """Yield the text in each way of reading, and with all of them together."""
    every = list(words)
    for way in WAYS:
        every = [way(w) for w in every]
        yield _text([way(w) for w in words])
    yield _text(every)


def _without_ordinary(words: Sequence[str]) -> list[str]:
    """Return the words without what is written with all its marks and known to mean itself: "trợ cấp" is no "trộm cắp"."""
    text = f" {' '.join(words)} "
    for plain in ordinary():
        text = text.replace(f" {plain} ", " - ")
    return text.split()


def _text(words: Sequence[str]) -> str:
    text = " ".join(words)
    return f" {SPELT.sub(lambda found: found[0].replace(' ', ''), text)} "


def _candidates(text: str) -> set[Cry]:
    """Return the cries of which the text has a half of the first piece: all that can stand in it."""
    halves = _by_half()
    parts = {
        text[at : at + size] for size in _sizes() for at in range(max(0, len(text) - size + 1))
    }
    return {cry for part in parts & halves.keys() for cry in halves[part] if _may_err(cry, text)}


def _may_err(cry: Cry, text: str) -> bool:
    """A cry of one short word may carry an error that makes another word only where nothing else is said."""
    if not cry.lone or len(text) <= len(cry.pieces[0]) + 1:
        return True
    return any(begins(f" {w} ", cry.pieces[0]) for w in text.split() if not SYLLABLE.fullmatch(w))


def _glued_in(word: str) -> Iterator[Kind]:
    if len(word) >= NO_SYLLABLE:
        yield from (kind for whole, kind in _unspaced() if whole in word)


def _stands(pieces: Sequence[str], text: str) -> bool:
    """True when the pieces follow each other in the text, at most one of them with one error."""
    exact: int | None = 0
    erring: int | None = None
    for piece in pieces:
        ends = [e for e in (_exact(piece, text, erring), _erring(piece, text, exact)) if e]
        exact, erring = _exact(piece, text, exact), min(ends, default=None)
        if exact is None and erring is None:
            return False
    return True


def _exact(piece: str, text: str, start: int | None) -> int | None:
    """Return where the piece ends, the last space not counted: the next piece begins with it."""
    at = -1 if start is None else text.find(piece, start)
    return None if at < 0 else at + len(piece) - 1


def _erring(piece: str, text: str, start: int | None) -> int | None:
    """Return about where a piece with one error ends. One half of it is then as it should be: that is looked for first."""
    if start is None:
        return None
    middle = len(piece) // 2
    left, right = _halves(piece)
    ends = [
        at + len(piece) - 2
        for at in _places(left, text, start)
        if begins(text[at + middle :], piece[middle:])
    ]
    ends += [
        at + len(right) - 1
        for at in _places(right, text, start)
        if begins(text[start:at][::-1], piece[: middle + 1][::-1])
    ]
    return min(ends, default=None)


def _halves(piece: str) -> tuple[str, str]:
    """Return two parts of which one error, also a swap in the middle, leaves one as it was."""
    middle = len(piece) // 2
    return piece[:middle], piece[middle + 1 :]


def _places(part: str, text: str, start: int) -> Iterator[int]:
    at = text.find(part, start)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def begins(text: str, wanted: str) -> bool:
    """True when the text begins with what is wanted, with at most one typing error."""
    at = 0
    while at < len(wanted) and text[at : at + 1] == wanted[at]:
        at += 1
    rest, want = text[at:], wanted[at:]
    return (
        not want
        or rest.startswith(want[1:])
        or rest[1:].startswith(want)
        or (_beside(rest[:1], want[0]) and rest[1:].startswith(want[1:]))
        or (rest[:2] == want[1::-1] and rest[2:].startswith(want[2:]))
    )


def _beside(typed: str, wanted: str) -> bool:
    return typed in _neighbours().get(wanted, "")


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    """Return for every key those around it, and letters written for it by ear. A folded i may have been a y."""
    near: dict[str, set[str]] = {" ": set("cvbnm,.")}
    for y, row in enumerate(ROWS):
        for x, key in enumerate(row):
            around = [
                (y, x - 1),
                (y, x + 1),
                (y - 1, x),
                (y - 1, x + 1),
                (y + 1, x - 1),
                (y + 1, x),
            ]
            near[key] = {ROWS[b][a] for b, a in around if 0 <= b < len(ROWS) and 0 <= a < 10}
    for one, other in HEARD:
        near[one].add(other)
        near[other].add(one)
    near["i"] |= near["y"]
    for keys in near.values():
        keys |= {"i"} if "y" in keys else set()
    return {key: frozenset(keys) for key, keys in near.items()}


@cache
def _by_half() -> dict[str, tuple[Cry, ...]]:
    """Return the cries by both halves of their first piece."""
    index: dict[str, list[Cry]] = {}
    for cry in _cries():
        for half in _halves(cry.pieces[0]):
            index.setdefault(half, []).append(cry)
    return {half: tuple(cries) for half, cries in index.items()}


@cache
def _sizes() -> tuple[int, ...]:
    return tuple(sorted({len(half) for half in _by_half()}))


@cache
def _cries() -> tuple[Cry, ...]:
    found: dict[Cry, None] = {}
    for phrase in phrases():
        if phrase.kind in RINGS:
            whole = [w for w in phrase.folded if w]
            parts = " ".join(w or ".." for w in phrase.folded).split(" .. ")
            lone = len(whole) == 1 and len(whole[0]) < LONE_FROM
            found[Cry((f" {' '.join(whole)} ",), phrase.kind, lone)] = None
            found[Cry(tuple(f" {part} " for part in parts), phrase.kind, lone)] = None
    return tuple(found)


@cache
def _unspaced() -> tuple[tuple[str, Kind], ...]:
    """Return phrases without their spaces: "cuuvoi"."""
    spaced = [(("".join(w for w in p.folded if w)), p.kind) for p in phrases() if p.kind in RINGS]
    return tuple((whole, kind) for whole, kind in spaced if len(whole) >= LONE_FROM)
