"""Petitions from an XLSX sheet: text, voter's name, place in the first three columns."""

from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from caunoi.kit import sheets
from caunoi.voters.terms import MAX_ROWS, TooManyRows, UnreadableSheet

HEADER = ("Nội dung kiến nghị", "Cử tri", "Nơi ở")
EXAMPLE = ("Đề nghị tỉnh sớm sửa cầu treo vào bản Huồi Mới", "Vi Văn Khăm", "Bản Huồi Mới")


def lines_of_sheet(body: bytes) -> list[list[str]]:
    """Return the rows of the first sheet as cells. Raises UnreadableSheet, TooManyRows."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        rows = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableSheet("The file is no XLSX sheet we can read.") from error
    if len(rows) > MAX_ROWS + 1:
        raise TooManyRows("More than 500 petitions at once; split the sheet.")
    return [[str(cell) if cell is not None else "" for cell in row[:3]] for row in rows]


def pattern() -> bytes:
    """Return an empty sheet with its header and one example."""
    return sheets.write(HEADER, [EXAMPLE])
