"""The same words on each surface: what is shown, how long it may be, how an SMS is counted. Pure."""

import unicodedata
from collections.abc import Mapping

from caunoi.notices.terms import Surface

LIMITS: Mapping[Surface, int] = {
    Surface.FACEBOOK: 60_000,
    Surface.ZALO: 2_000,
    Surface.GROUP: 2_000,
    Surface.A4: 3_000,
}
"""Letters a surface carries; Zalo's 2,000 are those of one message, A4's those of one page."""
MOST_SEGMENTS = 3
LONGEST_SCRIPT_SECONDS = 120


def without_accents(text: str) -> str:
    """Return Vietnamese as telephones without accents write it: "Thông báo" is "Thong bao"; three times shorter to send."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    for fancy, simple in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("–", "-"), ("—", "-"), ("…", "..."), ("\u00a0", " ")):  # fmt: skip
        plain = plain.replace(fancy, simple)
    plain = unicodedata.normalize("NFD", plain)
    return "".join(c for c in plain if not unicodedata.combining(c))


def render_for(
    surface: Surface,
    *,
    title: str,
    short_text: str = "",
    long_text: str = "",
    address: str = "",
    own: str = "",
) -> str:
    """Return what stands on that surface: its own text where one was written, else made from the notice's texts.

    address  the notice's permanent address; every post leads to it, except where it cannot be tapped (loudspeaker, paper)
    Not done here  the loudspeaker's numbers in words (``speech.loudspeaker_script``)
    """
    body = whole(short_text, long_text)
    brief = short_text or _first_lines(long_text, 280)
    link = "" if not address else f"\n\n{address}"
    if surface == Surface.SMS:
        said = own or without_accents(f"{title}. {brief}" if brief else title)
        return said if not address or address in said else f"{said} {address}"
    if surface == Surface.LOUDSPEAKER:
        return own or f"{title}.\n{body}"
    if surface == Surface.A4:
        return own or body
    if surface == Surface.WEB:
        return own or body
    said = own or f"{title}\n\n{body if surface in LONG_SURFACES else brief}".strip()
    return said if address and address in said else said + link


def whole(short_text: str, long_text: str) -> str:
    """Return all that is said: the short text leads the long one, unless the long one says it in the same words."""
    if not long_text or not short_text or short_text in long_text:
        return long_text or short_text
    return f"{short_text}\n\n{long_text}"


LONG_SURFACES = frozenset({Surface.FACEBOOK, Surface.EMAIL})


def _first_lines(text: str, limit: int) -> str:
    """Return the beginning of a text, cut at a word."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
