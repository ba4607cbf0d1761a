"""Vietnamese text: one form at the door (NFC), one folded form for search, one key for sorting.

Source: docs/decisions/0006-text.md; the database has ``vi_fold``, ``vi_words`` and ``vi_sort``.
"""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Cc without tab and newline, plus direction overrides and zero-width marks that hide text.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
STACKED = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")
# Halves of a character cut in two by somebody's length limit; UTF-8 cannot hold them.
HALVES = re.compile("[\ud800-\udfff]")

WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """Return ``text`` as we store it: NFC, Đ for the look-alike Ð, no NUL, half, hidden or piled-up marks."""
    text = HALVES.sub("\ufffd", text)
    text = HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = STACKED.sub(r"\1", text)
    return unicodedata.normalize("NFC", text.replace("\u00d0", "Đ").replace("\u00f0", "đ"))


def fold(text: str) -> str:
    """Return ``text`` for matching: lower case, no marks, đ→d, y→i, single spaces."""
    plain = unicodedata.normalize("NFD", clean(text).lower().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.replace("y", "i").split())


def words(text: str) -> list[str]:
    """Return the folded words of ``text`` without punctuation, as the database's ``vi_words`` knows them."""
    return WORD.findall(fold(text))


def slug(text: str) -> str:
    """Return ``text`` for an address: lower-case ASCII words joined by hyphens; y stays y."""
    plain = unicodedata.normalize("NFD", clean(text).lower().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def sort_key(text: str) -> tuple[list[int], list[int]]:
    """Return the Vietnamese dictionary key: letters first, tones (ngang huyền hỏi ngã sắc nặng) only as tie-break."""
    base: list[int] = []
    tone: list[int] = []
    for char in unicodedata.normalize("NFC", text.lower()):
        marks = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(c for c in marks if c not in TONES))
        base.append(
            ALPHABET.index(letter) + 10 if letter in ALPHABET else 1 if letter == " " else 5
        )
        tone.append(next((TONES[c] for c in marks if c in TONES), 0))
    return base, tone


def given_name_key(full_name: str) -> tuple[list[int], list[int]]:
    """Return the key by which lists of people sort: the given name (last word), then the rest."""
    *rest, given = full_name.split() or [""]
    return sort_key(" ".join([given, *rest]))
