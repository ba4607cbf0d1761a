"""What changed between two versions, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 6_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed, was added or was taken away (``=``, ``+``, ``-``)."""

    sign: str
    text: str


def by_lines(before: str, after: str) -> list[Part]:
    """Return which lines stayed, came and went, each with its end: for lists, where a line is one thing."""
    return _parts(before.splitlines(), after.splitlines(), "\n")


def compare(before: str, after: str) -> list[Part]:
    """Return the stretches in their order; very long texts are compared line by line."""
    cut = r"\S+\s*" if len(before) + len(after) < MOST_WORDS * 6 else r".*\n?"
    return _parts(re.findall(cut, before), re.findall(cut, after), "")


def _parts(old: list[str], new: list[str], end: str) -> list[Part]:
    found: list[Part] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Part("=", _whole(old[a:b], end)))
            continue
        if b > a:
            found.append(Part("-", _whole(old[a:b], end)))
        if d > c:
            found.append(Part("+", _whole(new[c:d], end)))
    return found


def _whole(pieces: list[str], end: str) -> str:
    return "".join(piece + end for piece in pieces)
