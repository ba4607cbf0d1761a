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


def compare(before: str, after: str) -> list[Part]:
    """Return the stretches in their order; very long texts are compared line by line."""
    cut = r"\S+\s*" if len(before) + len(after) < MOST_WORDS * 6 else r".*\n?"
    old, new = re.findall(cut, before), re.findall(cut, after)
    found: list[Part] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Part("=", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Part("-", "".join(old[a:b])))
        if d > c:
            found.append(Part("+", "".join(new[c:d])))
    return found
