"""Needs as a table: read from a sheet line by line with what is wrong, and written into one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from caunoi.campaigns import rules
from caunoi.campaigns.terms import MAX_ROWS, NeedRow, Priority, UnreadableSheet
from caunoi.kit import cells, sheets
from caunoi.kit.text import clean, fold

HEADER = ("Đơn vị", "Thứ cần", "Số lượng", "Mức độ", "Số hộ", "Cần trước ngày", "Ghi chú")
EXAMPLE = (
    "Xã Bích Hào",
    "Gạo",
    120,
    "gấp",
    40,
    date(2026, 12, 15),
    "Bao 10 kg, chở đến nhà văn hoá",
)
PRIORITY_WORDS = {
    "": Priority.SOON,
    "gap": Priority.URGENT,
    "khan cap": Priority.URGENT,
    "som": Priority.SOON,
    "sau": Priority.LATER,
}


def pattern(names: Sequence[str]) -> bytes:
    """Return an empty sheet with its header and one example."""
    del names
    return sheets.write(HEADER, [EXAMPLE])


def rows_of_sheet(body: bytes) -> list[list[Any]]:
    """Return the lines below the header. Raises UnreadableSheet."""
    try:
        lines = cells.lines(body, most=MAX_ROWS)
    except cells.NoSheet as error:
        raise UnreadableSheet(_("The file is no XLSX sheet that we can read.")) from error
    except cells.TooManyLines as error:
        raise UnreadableSheet(_("More than 500 needs at once; split the sheet.")) from error
    return [line for line in lines[1:] if any(str(c).strip() for c in line)]


def judged(
    lines: Sequence[Sequence[Any]], *, things: Mapping[str, str], units: Mapping[str, Any]
) -> list[NeedRow]:
    """Read each line; what is wrong with it stands in ``problem``.

    things  code of each thing by its folded name or code
    units   what each folded unit name means: the unit, or None where it is unknown or stands for several
    """
    return [_row(n, line, things, units) for n, line in enumerate(lines, 2)]


def _row(
    number: int, line: Sequence[Any], things: Mapping[str, str], units: Mapping[str, Any]
) -> NeedRow:
    padded = [*line, *[""] * len(HEADER)][: len(HEADER)]
    texts = tuple(_text(cell) for cell in padded)
    unit, thing, amount, priority, households, _day, note = texts
    day = cells.day(padded[5])
    count = rules.read_amount(amount)
    people = rules.read_amount(households) if households else 0
    problems = {
        _("The unit is not known, or not yours."): units.get(fold(unit)) is None,
        _("This thing is not in the list of things."): fold(thing) not in things,
        _("The amount is no whole number above zero."): not count or count > rules.MOST_OF_ALL,
        _("How soon: write gấp, sớm or sau."): fold(priority) not in PRIORITY_WORDS,
        _("The number of households is no number."): people is None or people > 1_000_000,
        _("The day is none; write 15/12/2026."): day is None,
    }
    return NeedRow(
        number=number,
        cells=texts,
        problem=" ".join(words for words, wrong in problems.items() if wrong),
        unit_name=fold(unit),
        commodity=things.get(fold(thing), ""),
        amount=count or 0,
        priority=PRIORITY_WORDS.get(fold(priority), Priority.SOON).value,
        households=people or 0,
        needed_by=day or None,
        note=note[:300],
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return clean(str(cell)).strip()[:400] if cell is not None else ""
