"""Which words show that a text is a cry for help, a tip-off, a denunciation or a complaint. Pure.

People write without marks, with typing errors, in chat spelling, with half-typed telex or VNI keys. A phrase is written in
``data/signs.txt`` with its marks; a word of the text agrees with it when the letters are the same and every mark it does have is right ("chay"
and "cháy" agree with "cháy", "chạy" does not). One word of a phrase may carry one typing error. ``..`` lets up to ``GAP``
words stand between; ``!`` before a phrase allows no typing error, ``=`` wants its marks.
In doubt a phrase stands there: a false alarm costs a look, a miss may cost a life.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from caunoi.answers import wording
from caunoi.cases.short_cries import RINGS, heard_in
from caunoi.cases.sign_words import SYLLABLE, Phrase, phrases, readings
from caunoi.cases.terms import Kind
from caunoi.kit.text import clean

GAP = 4
LONGEST, END = 10_000, 2_000
"""Of a very long text the beginning and the end are read."""
TYPO_FROM = 4
"""Words from this length on may carry one typing error that makes another word; shorter ones only one that makes none."""
GLUED_FROM = 6

GRAVEST_FIRST = (
    Kind.EMERGENCY,
    Kind.DENUNCIATION,
    Kind.TIP_OFF,
    Kind.COMPLAINT,
    Kind.PETITION,
    Kind.REPORT,
)
SEALED = (Kind.DENUNCIATION, Kind.COMPLAINT)
"""What is named without an error stays sealed, whatever else a guess at a typing error finds."""
WORD = re.compile(r"[^\W_]+")
TELEX_SIGN = re.compile(r"(?<=[a-z\[\]])[\[\]](?=[a-z\[\]])")


@dataclass(frozen=True, slots=True)
class Said:
    """One word of a text: as written, and every folded reading of it."""

    written: str
    readings: frozenset[str]


def kind_in(text: str) -> Kind | None:
    """Return the gravest kind of which the text shows a sign, or None."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} {text[-END:]}"
    words = WORD.findall(_typed(clean(text).lower()))
    said = [_said(w) for w in words]
    if not said:
        return None
    standing = [(p, at) for p, at in _candidates(said) if _stands_at(p, said, at)]
    found = {p.kind for p, _ in standing}
    found |= {kind for word in said for kind in (_glued().get(r) for r in word.readings) if kind}
    plain = next((kind for kind in GRAVEST_FIRST if kind in found), None)
    if any(p.kind in SEALED and _stands_at(p, said, at, most=0) for p, at in standing):
        return plain
    return plain if plain in RINGS else heard_in(words) or plain


def _typed(text: str) -> str:
    """Return the text with signs that are words: 🆘, and the telex keys of ư and ơ."""
    return TELEX_SIGN.sub(
        lambda sign: "uw" if sign[0] == "]" else "ow", text.replace("🆘", " sos ")
    )


def _candidates(said: Sequence[Said]) -> Iterator[tuple[Phrase, int]]:
    first = _by_first_word()
    for at, word in enumerate(said):
        for reading in word.readings:
            for phrase in first.get(reading, ()):
                yield phrase, at


def _stands_at(phrase: Phrase, said: Sequence[Said], at: int, most: int = 1) -> bool:
    """True when the phrase's words follow each other from there on, with at most that many typing errors among them."""
    if len(phrase.words) == 1 and phrase.words[0] in ALONE and len(said) > ALONE_WORDS:
        return False
    place, errors, gap = at, 0, 0
    for word, folded in zip(phrase.words, phrase.folded, strict=True):
        if word is None or folded is None:
            gap = GAP
            continue
        costs = [
            (step, _cost(word, folded, said[place + step], phrase))
            for step in range(min(gap + 1, len(said) - place))
        ]
        fitting = [(cost, step) for step, cost in costs if cost is not None]
        if not fitting:
            return False
        cost, step = min(fitting)
        errors, place, gap = errors + cost, place + step + 1, 0
        if errors > most:
            return False
    return True


ALONE = {"cứu", "hỏng"}
"""Words that say it all in a very short message, and little in a long one."""
ALONE_WORDS = 4


def _cost(word: str, folded: str, said: Said, phrase: Phrase) -> int | None:
    """Return 0 when the word agrees, 1 when it does with one error, None when it does not."""
    if phrase.needs_marks:
        same = folded in said.readings and _marks(said.written) == _marks(word)
        return 0 if same else None
    if folded in said.readings:
        if wording.folded(said.written) != folded or _marks(said.written) <= _marks(word):
            return 0
        return 1 if phrase.may_err else None
    free = phrase.may_err and len(folded) >= TYPO_FROM
    spellings = _misspelt(folded) if free else _mistyped(folded)
    return 1 if spellings & said.readings else None


def _marks(written: str) -> frozenset[str]:
    """Return the marks a word bears, whichever of its letters bear them: a tone may stand on either vowel."""
    parts = unicodedata.normalize("NFD", written)
    return frozenset(c for c in parts if unicodedata.combining(c) or c == "đ")


def _said(written: str) -> Said:
    return Said(written, readings(written))


@cache
def _misspelt(word: str) -> frozenset[str]:
    """Return the spellings one typing error away: a letter left out, doubled or added, changed, or two swapped."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    changed = {a + c + b[1:] for a, b in halves if b for c in letters}
    added = {a + c + b for a, b in halves for c in letters}
    return frozenset((left_out | swapped | changed | added) - {word})


@cache
def _mistyped(word: str) -> frozenset[str]:
    """Return the spellings one error away that are no Vietnamese words: these cannot have meant themselves."""
    return frozenset(w for w in _misspelt(word) if len(w) > 1 and not SYLLABLE.fullmatch(w))


@cache
def _by_first_word() -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases by every spelling of their first word."""
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        first = phrase.folded[0] or ""
        spellings = {first}
        if not phrase.needs_marks and len(phrase.words) > 1:
            free = phrase.may_err and len(first) >= TYPO_FROM
            spellings |= _misspelt(first) if free else _mistyped(first)
        for spelling in spellings:
            index.setdefault(spelling, []).append(phrase)
    return {spelling: tuple(phrases) for spelling, phrases in index.items()}


@cache
def _glued() -> dict[str, Kind]:
    """Return phrases written without a space: "tocao", "macket"."""
    index: dict[str, Kind] = {}
    for phrase in phrases():
        whole = "".join(w for w in phrase.folded if w)
        pair = len(phrase.words) == 2 and None not in phrase.words and not phrase.needs_marks
        if pair and len(whole) >= GLUED_FROM:
            index.setdefault(whole, phrase.kind)
    return index
