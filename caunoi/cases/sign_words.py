"""The phrases that are signs (``data/signs.txt``) and the ways in which a word of a message may be read. Pure.

People write without marks, in chat spelling, in dialect, with half-typed telex or VNI keys: one written word has several readings, all of them folded.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from caunoi.answers.wording import dialect, folded
from caunoi.cases.terms import Kind
from caunoi.kit.text import fold

PHRASES = Path(__file__).parent / "data" / "signs.txt"
ORDINARY = Path(__file__).parent / "data" / "no_signs.txt"
CHAT = {
    "vs": "voi", "vơi": "voi", "zới": "voi", "zoi": "voi", "dzoi": "voi", "nc": "nuoc", "ng": "nguoi", "ngta": "nguoi ta",
    "dg": "dang", "đg": "dang", "đag": "dang", "dag": "dang", "cíu": "cuu", "ciu": "cuu", "kíu": "cuu", "kiu": "cuu",
    "cứuu": "cuu", "kuu": "cuu", "qua": "qua", "hok": "khong", "ko": "khong", "k": "khong", "hong": "hong", "hoi lo": "hoi lo",
}  # fmt: skip
RUN = re.compile(r"(.)\1{2,}")
TELEX_TONE = re.compile(r"(?<=[aeiouy])(?:([bcdghklmnpqtv]{1,2})[sfrxj]$|[sfrxj]+)")
"""The key of a tone, behind the vowel or behind the word: no Vietnamese word has such a letter there."""
TELEX_LATE = re.compile(r"([aeo])([bcdghiklmnpqtuvx]{1,2})\1$")
"""The key of a hat, typed after the last letter: "kete" is "kêt"."""
VNI = re.compile(r"(?<=[a-z])[0-9]+(?=[a-z]|$)")

SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|n|kh|k|gh|gi|g|ch|c|th|tr|t|ph|p|qu|b|d|h|l|m|r|s|v|x)?"
    r"(?:uie|oai|oao|oeo|uoi|uou|ieu|uia|uiu|uai|ai|ao|au|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|a|e|i|o|u)"
    r"(?:ch|c|m|ng|nh|n|p|t)?"
)
"""What a folded Vietnamese word can look like; anything else was mistyped, or is no Vietnamese."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other; None stands for a gap."""

    words: tuple[str | None, ...]
    folded: tuple[str | None, ...]
    may_err: bool
    needs_marks: bool
    kind: Kind


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases of ``data/signs.txt``; the gravest kind first."""
    found, kind = [], Kind.QUESTION
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = Kind(line.strip("[]"))
        elif line and not line.startswith("#"):
            words = tuple(None if w == ".." else w for w in line.lstrip("!=").split())
            folded = tuple(None if w is None else fold(w) for w in words)
            found.append(Phrase(words, folded, line[0] != "!", line[0] == "=", kind))
    return tuple(found)


@cache
def ordinary() -> tuple[str, ...]:
    """Return the words of ``data/no_signs.txt``, the longest first."""
    lines = ORDINARY.read_text(encoding="utf-8").splitlines()
    return tuple(sorted((w for w in lines if w and w[0] != "#"), key=len, reverse=True))


def as_written(word: str) -> str:
    """ "cứu" → "cuu"."""
    return folded(word)


def once(word: str) -> str:
    """ "vớiiiii" → "voi"."""
    return RUN.sub(r"\1", folded(word))


def twice(word: str) -> str:
    """ "cuuuuu" → "cuu"."""
    return RUN.sub(r"\1\1", folded(word))


def chat(word: str) -> str:
    """ "nc" → "nuoc"; "zới" → "voi"."""
    plain = folded(word)
    return CHAT.get(word, CHAT.get(plain, plain))


def local(word: str) -> str:
    """ "nác" → "nuoc": what the dialect of Nghệ An means by it."""
    return _dialect().get(word) or folded(word)


def telex(word: str) -> str:
    """ "cuwus" → "cuu"; "vowsi" → "voi"; "ddang" → "dang"; "kete" → "ket"."""
    plain = folded(word)
    if not word.isascii():
        return plain
    typed = TELEX_LATE.sub(r"\1\2", TELEX_TONE.sub(r"\1", plain.replace("w", "")))
    for double, single in (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o")):
        typed = typed.replace(double, single)
    return typed


def vni(word: str) -> str:
    """ "cu7u1" → "cuu"."""
    return VNI.sub("", folded(word)) if word.isascii() else folded(word)


WAYS: tuple[Callable[[str], str], ...] = (as_written, once, twice, chat, local, telex, vni)


def readings(word: str) -> frozenset[str]:
    """Return every folded reading of a word in lower case. What telex makes no syllable of ("case") was not typed so."""
    found = {way(word) for way in WAYS if way is not telex}
    typed = telex(word)
    return frozenset(r for r in (*found, typed if SYLLABLE.fullmatch(typed) else "") if r)


@cache
def _dialect() -> dict[str, str]:
    """Return the standard word, folded, for each dialect word that stands alone."""
    return {w: fold(entry.standard) for w, entry in dialect().items() if " " not in w}
