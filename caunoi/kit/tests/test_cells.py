"""Sheets of strangers are read line by line: what they claim of their size costs nothing, and nothing is left out in silence."""

import io
import resource
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from caunoi.kit import cells

NINE = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - a sheet knows no zone


def sheet(**filled):
    book = Workbook()
    for place, value in filled.items():
        book.active[place] = value
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def test_lines_come_as_they_stand_with_their_gaps():
    read = cells.lines(sheet(A1="Mã", B1="Ngày", A3=7, B3=NINE), most=5)

    assert read == [["Mã", "Ngày"], [], [7, NINE]]


@pytest.mark.parametrize("corner", ["XFD1048576", "BH1048576"])
def test_one_cell_in_the_last_corner_costs_no_memory(corner):
    body = sheet(A1="Mã", A2="x", **{corner: "x"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    if corner == "XFD1048576":  # beyond the columns that anybody asks for
        assert cells.lines(body, most=500) == [["Mã"], ["x"]]
    else:
        with pytest.raises(cells.TooManyLines):
            cells.lines(body, most=500)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_as_many_lines_as_allowed_are_read_and_one_more_is_refused():
    assert len(cells.lines(sheet(A1="Mã", A11="x"), most=10)) == 11
    with pytest.raises(cells.TooManyLines):
        cells.lines(sheet(A1="Mã", A12="x"), most=10)


def test_what_unfolds_to_too_much_and_what_is_no_sheet_are_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (cells.MAX_UNPACKED + 1))
    for body in (bomb.getvalue(), b"", b"PK\x03\x04", b"%PDF-1.7", sheet(A1="x")[:900]):
        with pytest.raises(cells.NoSheet):
            cells.lines(body, most=10)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("", False),
        (None, False),
        ("17/05/2024", date(2024, 5, 17)),
        ("17-05-2024", date(2024, 5, 17)),
        (NINE, date(2026, 12, 1)),
        ("31/02/2024", None),
        ("hôm qua", None),
    ],
)
def test_a_day_is_a_day_none_or_wrong(cell, day):
    assert cells.day(cell) is day if day in (False, None) else cells.day(cell) == day


def test_no_room_reads_a_strangers_sheet_in_another_way():
    """The reader that lays a sheet out whole is for the house's own files on the command line only."""
    house = Path(cells.__file__).parents[1]
    whole = {
        f.relative_to(house) for f in house.rglob("*.py") if "python_calamine" in f.read_text()
    }

    assert {str(f) for f in whole if "tests" not in f.parts} == {"units/load.py"}
