"""Vietnamese as people write it → words that can be compared: dialect, abbreviations, accents or none, ways to say the same.

Pure but for the four word lists in ``data/``, which anybody may extend. Source: DOMAIN §5.5 "How people write".
"""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from caunoi.kit.text import clean, fold

LISTS = Path(__file__).parent / "data"
ACCENTED_SHARE = 0.25
"""From this share of words with marks on, a text counts as written with accents."""
LONGEST_TEXT, KNOWN_WORDS = 2000, 30_000
_WORD = re.compile(r"[^\W_]+")
_AGE = re.compile(r"\b(\d{1,3})\s?t\b", re.IGNORECASE)
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``plain`` without marks, ``exact`` with them in one spelling (empty when nobody wrote accents).

    ``in_phrase``  it stands inside a known way of saying something, which says more than the word
    """

    plain: str
    exact: str
    in_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is compared: its telling words in order, what they mean, and both in one row.

    ``loose``  the words that stand outside every known way of saying something
    """

    words: tuple[Word, ...]
    concepts: tuple[str, ...]
    items: tuple[str, ...]
    loose: frozenset[str]

    @property
    def terms(self) -> frozenset[str]:
        """The words and meanings by which the index finds a text."""
        return frozenset(w.plain for w in self.words) | {f"={c}" for c in self.concepts}


def wording(text: str) -> Wording:
    """Return how ``text`` is compared; two ways to say one thing become alike, an empty text has no words."""
    words = _words(text)
    kind = kinds()
    said = list(_meanings(words))
    talk = {i for start, end, c in said if kind[c] == "empty" for i in range(start, end)}
    covered = [span for span in said if kind[span[2]] != "empty"]
    concepts = tuple(dict.fromkeys(c for _, _, c in covered))
    starts = {start: (end, concept) for start, end, concept in covered}
    items, at = [], 0
    while at < len(words):
        end, concept = starts.get(at, (at + 1, ""))
        if concept:
            items.append(f"={concept}")
        elif at not in talk and not _is_empty(words[at]):
            items.append(words[at].plain)
        at = end
    inside = {i for start, end, _ in covered if end - start > 1 for i in range(start, end)}
    telling = [
        replace(w, in_phrase=i in inside)
        for i, w in enumerate(words)
        if i not in talk and not _is_empty(w)
    ]
    loose = frozenset(i for i in items if i[0] != "=")
    return Wording(tuple(telling), concepts, tuple(items), loose)


def _words(text: str) -> list[Word]:
    text = _AGE.sub(r"\1 tuổi", clean(text)[:LONGEST_TEXT].lower())
    raw = _WORD.findall(text)
    accented = sum(_has_marks(w) for w in raw) >= ACCENTED_SHARE * len(raw)
    if accented:
        raw = _standard(raw)
    full: list[str] = []
    for word in raw:
        full += abbreviations().get(word, word).split()
    return [
        Word(folded(w), spelling if accented or _has_marks(w) else "")
        for w, spelling in ((w, exact(w)) for w in full)
    ]


def _has_marks(word: str) -> bool:
    return not word.isascii()


@lru_cache(maxsize=KNOWN_WORDS)
def folded(word: str) -> str:
    """Return ``fold(word)``; a language has few words, so most are known already."""
    return fold(word)


@lru_cache(maxsize=KNOWN_WORDS)
def exact(word: str) -> str:
    """Return the word with its hats and one tone digit at the end: hoà and hòa, kĩ and kỹ become one spelling."""
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)).replace("y", "i") + tone


def _standard(words: list[str]) -> list[str]:
    """Turn Nghệ An words into the standard ones; only where accents were written, since "mô" without them is many words."""
    done: list[str] = []
    at = 0
    firsts = dialect_firsts()
    while at < len(words):
        for length in (2, 1) if words[at] in firsts else ():
            entry = dialect().get(" ".join(words[at : at + length]))
            before = words[at - 1] if at else ""
            after = words[at + length] if at + length < len(words) else ""
            if entry and before not in entry.not_after and after not in entry.not_before:
                done += entry.standard.split()
                at += length
                break
        else:
            done.append(words[at])
            at += 1
    return done


def _meanings(words: list[Word]) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, concept) for the longest known ways of saying, left to right."""
    ways, longest = phrases(), longest_from()
    plain = [w.plain for w in words]
    at = 0
    while at < len(words):
        most = longest.get(plain[at], 0)
        for length in range(min(most, len(words) - at), 0, -1) if most else ():
            known = ways.get(tuple(plain[at : at + length]), ())
            piece = words[at : at + length]
            found = next((concept for way, concept in known if _says(piece, way)), None)
            if found:
                yield at, at + length, found
                at += length
                break
        else:
            at += 1


def _says(piece: list[Word], way: tuple[str, ...]) -> bool:
    """True when the words may be that phrase: same accents, or accents not written (never for one lone word in an accented text).

    A lone word that is also polite talk once its accents are gone ("vay" a loan, "vậy" nothing) means nothing.
    """
    if len(way) == 1 and not piece[0].exact:
        if piece[0].plain in empty_words()[1]:
            return False
        return len(way[0]) > 4 or (len(way[0]) > 2 and way[0] == piece[0].plain)
    return all(
        not w.exact or w.exact == e or (len(way) > 1 and w.exact == w.plain)
        for w, e in zip(piece, way, strict=True)
    )


def _is_empty(word: Word) -> bool:
    accented, plain = empty_words()
    return word.exact in accented if word.exact else word.plain in plain


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect word, and the neighbours beside which it is the standard word it looks like."""

    standard: str
    not_after: frozenset[str]
    not_before: frozenset[str]


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def lists_fingerprint() -> str:
    """Return what changes when a word list does: the index is then built anew."""
    digest = hashlib.sha256()
    for file in sorted(LISTS.glob("*.csv")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def abbreviations() -> dict[str, str]:
    """Return short → full, as typed in lower case."""
    return {r["short"]: r["full"] for r in _rows("abbreviations.csv")}


@cache
def dialect() -> dict[str, Dialect]:
    """Return the Nghệ An words."""
    return {
        r["dialect"]: Dialect(
            r["standard"],
            frozenset(r["not_after"].split(";")) - {""},
            frozenset(r["not_before"].split(";")) - {""},
        )
        for r in _rows("dialect.csv")
    }


@cache
def dialect_firsts() -> frozenset[str]:
    """Return the words with which a dialect entry begins."""
    return frozenset(key.split()[0] for key in dialect())


@cache
def phrases() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]:
    """Return folded phrase → the accented ways of it and what each means."""
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    for row in _rows("synonyms.csv"):
        for way in row["ways"].split(";"):
            words = clean(way).lower().split()
            found.setdefault(tuple(fold(w) for w in words), []).append(
                (tuple(exact(w) for w in words), row["concept"])
            )
    return found


@cache
def longest_from() -> dict[str, int]:
    """Return folded word → how many words the longest phrase has that begins with it."""
    longest: dict[str, int] = {}
    for phrase in phrases():
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


@cache
def kinds() -> dict[str, str]:
    """Return what sort of meaning each concept is: ``ask`` (when), ``subject`` (a land book), ``general``, ``empty`` (polite talk)."""
    return {r["concept"]: r["kind"] for r in _rows("synonyms.csv")}


@cache
def empty_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that say nothing by themselves: with accents, and folded."""
    words = [w for r in _rows("empty_words.csv") for w in clean(r["word"]).lower().split()]
    return frozenset(exact(w) for w in words), frozenset(fold(w) for w in words)
