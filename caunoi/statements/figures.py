"""Amounts and days as banks write them. Pure."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from caunoi.statements.terms import UnreadableFile

MOST = 10**15
_DONG = re.compile(r"(?:vnd|vnđ|đồng|dong|đ|d)\s*$", re.IGNORECASE)
_FIGURE = re.compile(r"[\d.,'\s]*\d[\d.,'\s]*")
_DAY = re.compile(r"\s*(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})")
_EXCEL_BEGAN = date(1899, 12, 30)


def is_formula(cell: Any) -> bool:
    """True of a formula over several cells, which a reader of sheets gives as an object of its own."""
    return getattr(cell, "t", None) in {"array", "dataTable"}


def amount_of(cell: Any) -> int | None:
    """Return how many đồng a cell says; None of an empty one.

    Raises UnreadableFile with a sentence that says what is wrong
    """
    if cell is None or (isinstance(cell, int) and not isinstance(cell, bool)):
        return _bounded(cell)
    if isinstance(cell, float):
        return _whole(cell)
    text = "=" if is_formula(cell) else str(cell).strip().replace("\u00a0", " ").replace("−", "-")
    if text.startswith("="):
        raise UnreadableFile("a formula stands where an amount belongs")
    if not text or text in {"-", "–"}:
        return None
    return _read(_DONG.sub("", text).strip())


def _read(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return _bounded(int(text)) if len(text) < 20 else _bounded(MOST + 1)
    less = text.startswith(("-", "(")) or text.endswith("-")
    bare = text.strip("()+- ")
    if not _FIGURE.fullmatch(bare):
        foreign = re.search(r"[A-Za-z$€£¥]", bare)
        raise UnreadableFile(
            "the amount is in another currency" if foreign else "the amount is no number"
        )
    found = _plain(re.sub(r"[\s']", "", bare))
    return -found if less else found


def _plain(bare: str) -> int:
    """Read "1.250.000", "1,250,000.00" or "1250000,00": the last sign parts off a fraction when one or two figures follow it."""
    cut = max(bare.rfind("."), bare.rfind(","))
    tail = bare[cut + 1 :]
    signs = {c for c in bare if not c.isdigit()}
    if cut >= 0 and (len(tail) in {1, 2} or (len(signs) == 2 and len(tail) != 3)):
        if tail.strip("0"):
            raise UnreadableFile("the amount is no whole number of đồng")
        bare = bare[:cut]
    figures = re.sub(r"[.,]", "", bare)
    if not figures or len(figures) > 19:
        raise UnreadableFile("the amount is no number")
    found = _bounded(int(figures))
    return found or 0


def _whole(number: float) -> int | None:
    if number != number or abs(number) > MOST or number != int(number):
        raise UnreadableFile("the amount is no whole number of đồng")
    return int(number)


def _bounded(number: int | None) -> int | None:
    if number is not None and abs(number) > MOST:
        raise UnreadableFile("the amount is beyond all measure")
    return number


def day_of(cell: Any, *, month_first: bool = False) -> date | None:
    """Return the day a cell says, None when it says none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and 30_000 < cell < 80_000:
        return _EXCEL_BEGAN + timedelta(days=int(cell))
    match = _DAY.match(str(cell or ""))
    if match is None:
        return None
    one, two, three = (int(g) for g in match.groups())
    if len(match[1]) == 4:
        year, month, day = one, two, three
    else:
        year = three + 2000 if three < 100 else three
        day, month = (two, one) if month_first else (one, two)
    try:
        return date(year, month, day)
    except ValueError:
        return None
