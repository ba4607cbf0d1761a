"""A bank's sheet, XLSX or CSV, turned into movements: bounded, from bytes of the outside, changing nothing.

opened = reading.open_file(body)          # which kind it is; its table or its movements
head = reading.table_of(opened)           # the row that names the columns, found by looking
for row in reading.rows_of(opened, columns, found): …
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.kit.text import clean, fold
from caunoi.statements import figures, layouts, legacy, reading_bank
from caunoi.statements.terms import Column, Found, Kind, Layout, Row, Table, UnreadableFile

MAX_ROWS, MAX_UNPACKED, MAX_CELL, MAX_COLUMNS = 1_000_000, 300 * 1024 * 1024, 2_000, 60
HEADER_WITHIN, EMPTY_ROWS, SAMPLE = 60, 500, 5
ROW_XLSX = 1_048_576
"""The last row a sheet can have; a file that names a later one lies."""
ROWS_BEFORE = 400
PROBLEMS = (
    gettext_noop("a formula stands where an amount belongs"),
    gettext_noop("a formula stands where words belong"),
    gettext_noop("the amount is in another currency"),
    gettext_noop("the amount is no number"),
    gettext_noop("the amount is no whole number of đồng"),
    gettext_noop("the amount is beyond all measure"),
    gettext_noop("the amount is missing"),
    gettext_noop("both in and out stand in one line"),
    gettext_noop("what came in is less than nothing"),
    gettext_noop("the day is missing or no day"),
    gettext_noop("the day lies in the future"),
    gettext_noop("the line is no movement"),
    gettext_noop("the balance does not follow from the line before"),
    gettext_noop("the line is cut off"),
    gettext_noop("the transfers of the entry do not add up to it"),
)
"""What can be wrong with one line of a file."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose kind is known. ``text`` is decoded; ``written_in`` says from what."""

    kind: Kind
    body: bytes = b""
    text: str = ""
    written_in: str = "utf-8"


def open_file(body: bytes) -> Opened:
    """Tell the kind of a file by what it holds. A ZIP with one file in it is opened first. Raises UnreadableFile."""
    if body[:4] == b"PK\x03\x04":
        names, size = _packed(body)
        if "[Content_Types].xml" not in names:
            return open_file(_only_one(body, names, size))
        if size > MAX_UNPACKED:
            raise UnreadableFile(_("The file is too large; split it by days."))
        return Opened(Kind.XLSX, body=body)
    _refuse_others(body)
    if reading_bank.is_camt(body):
        return Opened(Kind.CAMT, body=body)
    text, written_in = legacy.decode(body)
    if reading_bank.is_mt940(text):
        return Opened(Kind.MT940, text=text, written_in=written_in)
    if "\x00" in text[:4000]:
        raise UnreadableFile(_("The file is neither XLSX nor CSV, CAMT.053 or MT940."))
    return Opened(Kind.CSV, text=text, written_in=written_in)


def _refuse_others(body: bytes) -> None:
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFile(_("This is an old XLS file. Open it and save it as XLSX or CSV."))
    if body[:5] == b"%PDF-":
        raise UnreadableFile(
            _("A PDF cannot be read line by line. Ask the bank for XLSX, CSV, CAMT.053 or MT940.")
        )
    if not body.strip():
        raise UnreadableFile(_("The file is empty."))


def _packed(body: bytes) -> tuple[list[str], int]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(_("The file is cut off or damaged. Download it again from the bank.")) from error  # fmt: skip
    return [p.filename for p in parts], sum(p.file_size for p in parts)


def _only_one(body: bytes, names: Sequence[str], size: int) -> bytes:
    if len(names) != 1 or size > MAX_UNPACKED:
        raise UnreadableFile(_("A ZIP must hold exactly one statement, not too large."))
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            inner = packed.read(names[0])
    except (zipfile.BadZipFile, RuntimeError, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(_("The file is cut off or damaged. Download it again from the bank.")) from error  # fmt: skip
    if inner[:4] == b"PK\x03\x04" and b"[Content_Types].xml" not in inner[:4000]:
        raise UnreadableFile(_("A ZIP must hold exactly one statement, not too large."))
    return inner


# -- the table -----------------------------------------------------------------


def table_of(opened: Opened, layout: Layout) -> Table:
    """Return the head of the sheet: the first row that names a day and an amount. Raises UnreadableFile."""
    first: list[list[str]] = []
    best: tuple[int, int] = (0, -1)
    for cells in _cells(opened):
        first.append([_text(c) for c in cells])
        if len(first) >= HEADER_WITHIN + SAMPLE:
            break
    for place, row in enumerate(first[:HEADER_WITHIN]):
        found = layouts.guess(row, layout)
        if layouts.enough(found) and len(found) > best[0]:
            best = (len(found), place)
    place = best[1]
    merged = _two_rows(first, place, layout)
    if merged is not None:
        return merged
    if place < 0:
        place = max(range(len(first)), key=lambda n: (sum(bool(c) for c in first[n]), -n), default=-1)  # fmt: skip
    if place < 0 or not any(first[place]):
        raise UnreadableFile(_("There is no line in the file."))
    return Table(first[place], place + 1, first[:place], first[place + 1 : place + 1 + SAMPLE])


def _two_rows(first: list[list[str]], best: int, layout: Layout) -> Table | None:
    """Return the head that stands in two rows, "Số tiền" over "Nợ" and "Có"; None when one row says it all."""
    sides = {Column.CREDIT, Column.DEBIT}
    if best >= 0 and sides <= layouts.guess(first[best], layout).keys():
        return None
    for place, (over, under) in enumerate(pairwise(first[: HEADER_WITHIN + 1])):
        wide = max(len(over), len(under))
        upper, lower = over + [""] * (wide - len(over)), under + [""] * (wide - len(under))
        head = [below or above for above, below in zip(upper, lower, strict=True)]
        found = layouts.guess(head, layout)
        if sides | {Column.ON} <= found.keys() and Column.ON in layouts.guess(over, layout):
            return _table(first, place + 1, head)
    return None


def _table(first: list[list[str]], place: int, head: list[str]) -> Table:
    return Table(head, place + 1, first[: place - 1], first[place + 1 : place + 1 + SAMPLE])


def rows_of(
    opened: Opened,
    columns: Mapping[Column, int],
    found: Found,
    *,
    header_line: int = 1,
    month_first: bool = False,
) -> Iterator[Row]:
    """Yield the movements in the order of the file, those with a problem too; balances of the bank go into ``found``.

    Raises UnreadableFile, at once or on the way, when the file as a whole is of no use
    """
    if opened.kind == Kind.CAMT:
        yield from reading_bank.camt_rows(opened.body, found)
    elif opened.kind == Kind.MT940:
        yield from reading_bank.mt940_rows(opened.text, found)
    else:
        yield from _sheet_rows(opened, columns, found, header_line, month_first)


def _sheet_rows(
    opened: Opened,
    columns: Mapping[Column, int],
    found: Found,
    header_line: int,
    month_first: bool,
) -> Iterator[Row]:
    header: list[str] = []
    open_end = opened.kind == Kind.CSV and not opened.text.endswith(("\n", "\r"))
    before: Row | None = None
    for line, cells, is_last in _with_last(_cells(opened)):
        if line <= header_line:
            header = [_text(c) for c in cells]
            if line < header_line:
                _balances(header, found)
                _refuse_currency(header)
            continue
        if line - header_line > MAX_ROWS:
            raise UnreadableFile(_("More than 1,000,000 lines; split the file by days."))
        if not any(c not in (None, "") for c in cells):
            continue
        row = _row(line, cells, columns, month_first)
        if row.on is None and (
            [_text(c) for c in cells] == header or _is_sum(cells, found, row.problem)
        ):
            continue
        if is_last and open_end and not row.problem:
            row = _of_open_end(row, before, found, short=len(cells) < len(header))
        before = row
        yield row


def _with_last(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any], bool]]:
    held: Sequence[Any] | None = None
    line = 0
    for line, row in enumerate(rows):
        if held is not None:
            yield line, held, False
        held = row
    if held is not None:
        yield line + 1, held, True


def _of_open_end(row: Row, before: Row | None, found: Found, *, short: bool) -> Row:
    """A file whose last line has no end may be cut off in the middle of an amount: its balance proves that it is whole, or that it is not."""
    if short:
        return replace(row, problem="the line is cut off")
    if row.balance is None or before is None or before.balance is None:
        found.cut = True
        return row
    follows = (before.balance + row.amount == row.balance) or (row.balance + before.amount == before.balance)  # fmt: skip
    return row if follows else replace(row, problem="the line is cut off")


_CURRENCY = ("loai tien", "tien te", "don vi tien", "currenc", "cci")


def _refuse_currency(texts: Sequence[str]) -> None:
    """Raise UnreadableFile when it stands above the table that the account is kept in another currency."""
    for place, text in enumerate(texts):
        if not fold(text).startswith(_CURRENCY):
            continue
        said = " ".join([text.partition(":")[2], *texts[place + 1 : place + 3]])
        code = re.search(r"\b[A-Z]{3}\b", said.upper())
        if code is not None and code[0] != "VND" and "VN" not in said.upper():
            raise UnreadableFile(
                _("The account of this statement is kept in %(code)s. Only accounts in đồng are read.")
                % {"code": code[0]}
            )  # fmt: skip


_SUMS = ("tong", "cong", "so du", "total", "balance", "opening", "closing", "ngai in", "trang", "page", "ghi chu", "nguoi lap")  # fmt: skip


def _is_sum(cells: Sequence[Any], found: Found, problem: str) -> bool:
    """True of a line that only sums up or closes the page: it has no day and says so."""
    texts = [_text(c) for c in cells if c not in (None, "")]
    said = fold(" ".join(texts))
    _balances(texts, found)
    return said.startswith(_SUMS) or (problem != "" and len(texts) <= 1)


def _balances(texts: Sequence[str], found: Found) -> None:
    """Note what the bank says stood there at the beginning and at the end."""
    for place, text in enumerate(texts):
        said = fold(text)
        opening = said.startswith(("so du dau", "opening balance"))
        if not opening and not said.startswith(("so du cuoi", "closing balance")):
            continue
        rest = [text.rpartition(":")[2], *texts[place + 1 :]]
        value = next((v for v in map(_maybe, rest) if v is not None), None)
        if value is not None and opening:
            found.opening = value
        elif value is not None:
            found.closing = value


def _maybe(text: str) -> int | None:
    try:
        return figures.amount_of(text)
    except UnreadableFile:
        return None


def _row(line: int, cells: Sequence[Any], columns: Mapping[Column, int], month_first: bool) -> Row:
    said = {c: cells[n] if n < len(cells) else None for c, n in columns.items()}
    on = figures.day_of(said.get(Column.ON), month_first=month_first)
    problem, amount, balance = "", 0, None
    try:
        amount = _amount(said)
        balance = figures.amount_of(said.get(Column.BALANCE))
    except UnreadableFile as error:
        problem = str(error)
    words = {
        c: _text(said.get(c))
        for c in (Column.MEMO, Column.REFERENCE, Column.OTHER_NAME, Column.OTHER_ACCOUNT)
    }
    currency = fold(_text(said.get(Column.CURRENCY)))
    if currency and currency not in {"vnd", "dong", "d"}:
        problem = "the amount is in another currency"
    elif any(w.startswith("=") for w in words.values()):
        problem = "a formula stands where words belong"
    elif not problem and on is None:
        problem = "the day is missing or no day"
    elif not problem and amount == 0:
        problem = "the amount is missing"
    return Row(
        line=line,
        on=on,
        amount=amount,
        memo=words[Column.MEMO],
        reference=words[Column.REFERENCE][:80],
        other_name=words[Column.OTHER_NAME][:160],
        other_account=words[Column.OTHER_ACCOUNT][:40],
        balance=balance,
        problem=problem,
    )


def _amount(said: Mapping[Column, Any]) -> int:
    if Column.CREDIT not in said and Column.DEBIT not in said:
        return figures.amount_of(said.get(Column.AMOUNT)) or 0
    credit = figures.amount_of(said.get(Column.CREDIT)) or 0
    debit = figures.amount_of(said.get(Column.DEBIT)) or 0
    if credit and debit:
        raise UnreadableFile("both in and out stand in one line")
    if credit < 0:
        raise UnreadableFile("what came in is less than nothing")
    return credit or -abs(debit)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if figures.is_formula(cell):
        return "="
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable():
            return cell[:MAX_CELL].strip()
        return " ".join(clean(cell[:MAX_CELL]).split())
    if isinstance(cell, float) and cell == cell and abs(cell) < figures.MOST and cell == int(cell):
        return str(int(cell))
    return str(cell)[:MAX_CELL]


def _cells(opened: Opened) -> Iterator[Sequence[Any]]:
    return _csv_cells(opened.text) if opened.kind == Kind.CSV else _xlsx_cells(opened.body)


def _csv_cells(text: str) -> Iterator[Sequence[str]]:
    head = [line for line in text[:20_000].splitlines()[:HEADER_WITHIN] if line.strip()]
    sign = max(";\t,|", key=lambda s: _evenness(head, s))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        for cells in reader:
            yield [c.strip() for c in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise UnreadableFile(
            _("The file is cut off or damaged. Download it again from the bank.")
        ) from error


def _evenness(head: Sequence[str], sign: str) -> int:
    """Return how many cells the sign makes in lines that it parts into equally many: a comma inside amounts does not."""
    counts = Counter(n for line in head if (n := line.count(sign)))
    return max((n * times for n, times in counts.items()), default=0)


def _xlsx_cells(body: bytes) -> Iterator[Sequence[Any]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=False)
        sheet: Any = book.worksheets[0]
        if (sheet.max_row or 0) > ROW_XLSX:
            raise UnreadableFile(_("The sheet claims more rows than a sheet can have."))
        sheet.reset_dimensions()
        yield from _told(sheet.iter_rows(values_only=True, max_col=None))
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(_("The file is cut off or damaged. Download it again from the bank.")) from error  # fmt: skip


def _told(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield the rows up to a long run of empty ones; old encodings inside the cells are turned into Unicode."""
    rows = _until_empty(rows)
    ahead = list(islice(rows, ROWS_BEFORE))
    way = legacy.way_of(c for row in ahead for c in row if isinstance(c, str))
    for row in chain(ahead, rows):
        if way:
            row = [legacy.turn(c, way) if isinstance(c, str) else c for c in row]
        yield row


def _until_empty(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    empty = 0
    for row in rows:
        empty = 0 if any(c is not None for c in row) else empty + 1
        if empty > EMPTY_ROWS:
            return
        yield row[:MAX_COLUMNS]
