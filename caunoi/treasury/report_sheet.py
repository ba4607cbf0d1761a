"""The report of a fund as a spreadsheet that is printed like the paper: head of the body, motto, title, tables, and who signs."""

from datetime import date
from io import BytesIO
from typing import Any

from caunoi.documents.rules import MOTTO, date_line
from caunoi.documents.terms import Head
from caunoi.kit import sheets
from caunoi.treasury.reporting import Report, Table

COLUMNS, LEFT, RIGHT = 5, (1, 2), (3, 5)
WIDTHS = (38, 15, 15, 15, 15)
MONEY = "#,##0"


def xlsx_of(report: Report, *, head: Head, by: str, on: date) -> bytes:
    """Return one sheet for A4: amounts are numbers that add up, texts never run."""
    from openpyxl import Workbook  # loads slowly, and few processes ever write one

    book = Workbook()
    page = book.active
    page.title = "Báo cáo"
    book.properties.title = report.title
    page.page_setup.paperSize, page.page_setup.fitToHeight = page.PAPERSIZE_A4, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, width in enumerate(WIDTHS):
        page.column_dimensions["ABCDE"[number]].width = width
    lines = Lines(page)
    sides = zip(
        [*head.upper_lines, head.body_line],
        [*MOTTO, date_line(place=head.place, on=on)],
        strict=False,
    )
    for left, right in sides:
        lines.beside(left, right, bold=True)
    lines.gap()
    for words in ("BÁO CÁO", report.title):
        lines.across(words, bold=True, middle=True)
    for words in report.paragraphs:
        lines.across(words)
    for table in report.tables:
        lines.gap()
        lines.across(table.title, bold=True)
        lines.table(table)
    lines.gap()
    lines.beside("NGƯỜI LẬP", f"{head.authority} {head.signer_title}".strip(), bold=True)
    lines.gap(4)
    lines.beside(by, head.signer_name, bold=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class Lines:
    """Writes line after line of a sheet."""

    def __init__(self, page: Any) -> None:
        self.page, self.row = page, 0

    def gap(self, lines: int = 1) -> None:
        self.row += lines

    def across(self, words: str, *, bold: bool = False, middle: bool = False) -> None:
        """One text over the whole width, as high as it needs."""
        self.row += 1
        self._text((1, COLUMNS), words, bold=bold, middle=middle)
        self.page.row_dimensions[self.row].height = 16 * (1 + len(words) // 95)

    def beside(self, left: str, right: str, *, bold: bool) -> None:
        """Two texts, each in the middle of its half."""
        self.row += 1
        self._text(LEFT, left, bold=bold, middle=True)
        self._text(RIGHT, right, bold=bold, middle=True)

    def table(self, table: Table) -> None:
        """A table with lines; a table of two columns uses the whole width too."""
        for row in (table.head, *table.rows):
            self.row += 1
            for number, value in enumerate(row):
                self._cell(number + 1, value, bold=row is table.head)

    def _text(self, columns: tuple[int, int], words: str, *, bold: bool, middle: bool) -> None:
        from openpyxl.styles import Alignment, Font

        first, last = columns
        if words:
            cell = self.page.cell(self.row, first, words)
            cell.data_type = "s"
            cell.font = Font(name="Times New Roman", size=12, bold=bold)
            cell.alignment = Alignment(
                horizontal="center" if middle else "left", vertical="top", wrap_text=True
            )
        self.page.merge_cells(
            start_row=self.row, end_row=self.row, start_column=first, end_column=last
        )

    def _cell(self, column: int, value: Any, *, bold: bool) -> None:
        from openpyxl.styles import Alignment, Border, Font, Side

        thin = Side(style="thin")
        cell = self.page.cell(self.row, column, value)
        cell.font = Font(name="Times New Roman", size=12, bold=bold)
        cell.border = Border(thin, thin, thin, thin)
        if isinstance(value, int):
            cell.number_format = MONEY
        else:
            cell.data_type = "s"
            cell.quotePrefix = str(value).startswith(sheets.DANGEROUS)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
