"""Petitions from an XLSX sheet: text, voter's name, place in the first three columns."""

from caunoi.kit import cells, sheets
from caunoi.voters.terms import MAX_ROWS, TooManyRows, UnreadableSheet

HEADER = ("Nội dung kiến nghị", "Cử tri", "Nơi ở")
EXAMPLE = ("Đề nghị tỉnh sớm sửa cầu treo vào bản Huồi Mới", "Vi Văn Khăm", "Bản Huồi Mới")


def lines_of_sheet(body: bytes) -> list[list[str]]:
    """Return the rows of the first sheet as cells. Raises UnreadableSheet, TooManyRows."""
    try:
        rows = cells.lines(body, most=MAX_ROWS)
    except cells.NoSheet as error:
        raise UnreadableSheet("The file is no XLSX sheet we can read.") from error
    except cells.TooManyLines as error:
        raise TooManyRows("More than 500 petitions at once; split the sheet.") from error
    return [[str(cell) for cell in row[:3]] for row in rows]


def pattern() -> bytes:
    """Return an empty sheet with its header and one example."""
    return sheets.write(HEADER, [EXAMPLE])
