"""Pieces of what stands on a surface: both texts together, the link below, the first lines. Pure."""

import unicodedata
from collections.abc import Mapping

from caunoi.notices.terms import Surface

LIMITS: Mapping[Surface, int] = {Surface.GROUP: 2_000, Surface.A4: 3_000}
"""Letters of what no connector carries: a message in a group that a person posts, and one page. All others say theirs themselves."""
MOST_SEGMENTS = 3
LONGEST_SCRIPT_SECONDS = 120


def without_accents(text: str) -> str:
    """Return Vietnamese as telephones without accents write it: "Thông báo" is "Thong bao"; three times shorter to send."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    for fancy, simple in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("–", "-"), ("—", "-"), ("…", "..."), ("\u00a0", " ")):  # fmt: skip
        plain = plain.replace(fancy, simple)
    plain = unicodedata.normalize("NFD", plain)
    return "".join(c for c in plain if not unicodedata.combining(c))


def sms(text: str, address: str) -> str:
    """Return an SMS with the address behind it."""
    return text if not address or address in text else f"{text} {address}"


def leading_on(text: str, address: str) -> str:
    """Return a text with the address below it, unless it names it already."""
    return text if not address or address in text else f"{text}\n\n{address}"


def whole(short_text: str, long_text: str) -> str:
    """Return all that is said: the short text leads the long one, unless the long one says it in the same words."""
    if not long_text or not short_text or short_text in long_text:
        return long_text or short_text
    return f"{short_text}\n\n{long_text}"


def first_lines(text: str, limit: int) -> str:
    """Return the beginning of a text, cut at a word."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
