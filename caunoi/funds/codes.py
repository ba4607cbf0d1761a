"""The short code a giver puts into her transfer: typed by hand, read over the telephone, mangled by banks.

``UH`` and seven characters of an alphabet without I, L, O, U and Z; the last is a check digit that finds every wrong character
and every two that were swapped. Read, O is taken for 0, I and L for 1, U for V, Z for 2.
"""

import re
from collections.abc import Iterator

PREFIX = "UH"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""Thirty-one characters: a prime number, so that one check digit is enough."""
LENGTH = 6
MOST = len(ALPHABET) ** LENGTH
_VALUE = {c: n for n, c in enumerate(ALPHABET)}
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "Z": "2"})
_CANDIDATE = re.compile(rf"(?={PREFIX}([A-Z0-9]{{{LENGTH + 1}}}))")


def code_of(number: int) -> str:
    """Return the code of a number below ``MOST``. ValueError above it."""
    if not 0 <= number < MOST:
        raise ValueError(number)
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return f"{PREFIX}{letters}{_check(letters)}"


def number_of(text: str) -> int | None:
    """Read a code as it was typed: small letters, spaces, O for 0. None when it is none."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    return _read(bare.removeprefix(PREFIX)) if bare.startswith(PREFIX) else None


def found_in(memo: str) -> Iterator[int]:
    """Yield the numbers of the codes in the words of a transfer, wherever a bank put spaces and signs."""
    bare = re.sub(r"[^A-Z0-9]", "", memo.upper())
    seen = set()
    for match in _CANDIDATE.finditer(bare):
        number = _read(match[1])
        if number is not None and number not in seen:
            seen.add(number)
            yield number


def _read(letters: str) -> int | None:
    meant = letters.translate(_MEANT)
    if len(meant) != LENGTH + 1 or not set(meant) <= _VALUE.keys():
        return None
    if _check(meant[:LENGTH]) != meant[LENGTH]:
        return None
    number = 0
    for letter in meant[:LENGTH]:
        number = number * len(ALPHABET) + _VALUE[letter]
    return number


def _check(letters: str) -> str:
    """Weights 2, 3, 4 … below a prime: a changed character or two swapped ones change the sum."""
    return ALPHABET[sum((n + 2) * _VALUE[c] for n, c in enumerate(letters)) % len(ALPHABET)]
