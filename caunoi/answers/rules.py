"""What must be hidden before a text is public: pure. Masks rather too much than too little; an officer sees what was masked."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from caunoi.answers.terms import (
    MASKS,
    AnswerState,
    Change,
    Found,
    Hidden,
    Piece,
    Redacted,
    Standing,
)
from caunoi.kit.private_data import ACCOUNT as _ACCOUNT
from caunoi.kit.private_data import ADDRESS as _ADDRESS
from caunoi.kit.private_data import EMAIL as _EMAIL
from caunoi.kit.private_data import ID_NUMBER as _ID
from caunoi.kit.private_data import PHONE as _PHONE
from caunoi.kit.private_data import TWELVE as _TWELVE


def redact(text: str, *, names: Iterable[str] = ()) -> Redacted:
    """Return the text with phones, ID numbers, bank accounts, e-mails, house addresses and the given names masked.

    names   full names of private persons, matched as whole words whatever the case
    -> masks are Vietnamese words in brackets; ``found`` lists what was taken out, in no promised order
    """
    found: list[Found] = []

    def hide(kind: Hidden, pattern: re.Pattern[str], where: str, group: int = 0) -> str:
        def mask(match: re.Match[str]) -> str:
            piece = match.group(group).strip()
            found.append(Found(kind, piece))
            whole, start = match.group(0), match.start(0)
            left, right = match.start(group) - start, match.end(group) - start
            trailing = whole[left:right][len(whole[left:right].rstrip()) :]
            return whole[:left] + MASKS[kind] + trailing + whole[right:]

        return pattern.sub(mask, where)

    text = hide(Hidden.EMAIL, _EMAIL, text)
    text = hide(Hidden.ID_NUMBER, _ID, text, 1)
    text = hide(Hidden.BANK_ACCOUNT, _ACCOUNT, text, 1)
    text = hide(Hidden.ID_NUMBER, _TWELVE, text)
    text = hide(Hidden.PHONE, _PHONE, text)
    text = hide(Hidden.ADDRESS, _ADDRESS, text)
    for name in sorted({n.strip() for n in names if len(n.strip()) > 3}, key=len, reverse=True):
        text = hide(
            Hidden.NAME, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE), text
        )
    return Redacted(text, tuple(found))


def title_of(text: str, *, limit: int = 120) -> str:
    """Return the first sentence of a text as a title, cut at a word."""
    first = re.split(r"(?<=[.?!])\s|\n", text.strip(), maxsplit=1)[0].strip()
    if len(first) <= limit:
        return first
    return first[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def compared(before: str, after: str) -> list[Piece]:
    """Return the pieces of two versions in reading order: what stayed, what went, what came; whole words."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.KEPT, "".join(old[a:b])))
            continue
        pieces += [Piece(Change.GONE, "".join(old[a:b]))] if b > a else []
        pieces += [Piece(Change.NEW, "".join(new[c:d]))] if d > c else []
    return pieces


def standing(*, state: str, law_changed: bool, begun: bool, ended: bool) -> Standing:
    """Return how an answer stands today; what is worst is said."""
    if state == AnswerState.WITHDRAWN:
        return Standing.WITHDRAWN
    if law_changed:
        return Standing.LAW_CHANGED
    if ended:
        return Standing.ENDED
    if not begun:
        return Standing.NOT_YET
    return Standing.CORRECTED if state == AnswerState.CORRECTED else Standing.VALID
