"""The sheet somebody filled in: its lines, read one after the other and bounded; what stands in a cell: a day, a whole number.

A reader that lays a sheet out whole is no use here: one cell in the last corner of a file of five kilobytes asks for half a terabyte.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any, Literal

from openpyxl import load_workbook

FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")
MAX_UNPACKED, MAX_COLUMNS, LAST_ROW = 120 * 1024 * 1024, 60, 1_048_576


class NoSheet(Exception):
    """The bytes are no XLSX sheet, or unfold to more than we open."""


class TooManyLines(Exception):
    """A line is filled further down than was allowed."""


def lines(body: bytes, *, most: int) -> list[list[Any]]:
    """Return the rows of the first sheet to the last filled one, each to its last filled cell of the first sixty, empty cells as "".

    most  so many lines may follow the first row
    Raises NoSheet, TooManyLines
    """
    found: list[list[Any]] = []
    for number, row in enumerate(_rows(body), 1):
        width = max((place for place, c in enumerate(row, 1) if c not in ("", None)), default=0)
        if width and number > most + 1:
            raise TooManyLines
        if number > LAST_ROW:
            break
        if width:
            found += [[] for _gap in range(number - len(found) - 1)]
            found.append(["" if c is None else c for c in row[:width]])
    return found


def _rows(body: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > MAX_UNPACKED:
            raise NoSheet
        sheet: Any = load_workbook(BytesIO(body), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file claims of its own size
        yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except NoSheet:
        raise
    except Exception as error:  # whatever a stranger's file makes the library say
        raise NoSheet from error


def day(cell: Any) -> date | Literal[False] | None:
    """Return the day, False for an empty cell, None for what is no day."""
    if cell in ("", None):
        return False
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in FORMS:
        try:
            return datetime.strptime(str(cell).strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def whole(text: str) -> int | None:
    """Return the number, its thousands parted by points or spaces or not at all; None for what is none."""
    plain = text.replace(".", "").replace(" ", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else None
