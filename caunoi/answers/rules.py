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

_SEPARATOR = r"[\s.\-–_/()]{0,2}"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT = re.compile(
    r"(?:\b(?:stk|tk|số tài khoản|so tai khoan|tài khoản|tai khoan)\b\D{0,20})((?:\d"
    + _SEPARATOR
    + r"){6,19})",
    re.IGNORECASE,
)
_ID = re.compile(
    r"(?:\b(?:cccd|cmnd|cmt|căn cước|can cuoc|chứng minh|chung minh|hộ chiếu|ho chieu)\b[^\d\n]{0,30})"
    r"([A-Z]?(?:\d" + _SEPARATOR + r"){6,12})",
    re.IGNORECASE,
)
_TWELVE = re.compile(r"(?<![\d])0(?:" + _SEPARATOR + r"\d){11}(?![\d])")
_PHONE = re.compile(
    r"(?<![\d])(?:\(?\+?84\)?|0)(?:" + _SEPARATOR + r"[o\d]){8,10}(?![\d])", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\b(?:số nhà|so nha|nhà số|nha so)\s*\d+[\w/\-]*(?:\s*,?\s*(?:đường|duong|ngõ|ngo|ngách|hẻm|hem|kiệt|phố|pho)\s+[^,.;\n]{1,40})?"
    r"|\b\d+[\w/]*\s*,?\s*(?:đường|ngõ|ngách|hẻm|kiệt|phố)\s+[^,.;\n]{1,40}",
    re.IGNORECASE,
)


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
