"""Tables as XLSX: frozen header, real dates, and no cell that a spreadsheet would run.

openpyxl takes half a second to load, so it is imported where it is used: a process that writes no sheet starts without it.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d")


def write(header: Sequence[str], rows: Iterable[Sequence[Any]], *, heading: str = "") -> bytes:
    """Return one sheet; texts that begin like a formula stay text, aware times become Việt Nam's.

    heading   whose list it is: printed at the head of every page, so that the first row stays the names of the columns
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bảng")
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    if heading:
        sheet.oddHeader.center.text = heading.replace("&", "&&")
        book.properties.title = heading
    titles = []
    for title in header:
        cell = WriteOnlyCell(sheet, value=title)
        cell.font = Font(bold=True)
        titles.append(cell)
    sheet.append(titles)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and value.startswith(DANGEROUS):
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return value


def answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, heading: str = ""
) -> HttpResponse:
    """Return the sheet as a download called ``name``.xlsx."""
    response = HttpResponse(write(header, rows, heading=heading), content_type=KIND)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def answer_csv(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Return the same table as CSV, line by line while it is read: UTF-8 with its mark, days as 2026-11-23, formulas as text."""
    response = StreamingHttpResponse(
        _csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def wanted(request: HttpRequest) -> bool:
    """True when the page was asked for as a file (``?xlsx`` or ``?csv``)."""
    return "xlsx" in request.GET or "csv" in request.GET


def as_asked(
    request: HttpRequest,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    heading: str = "",
) -> HttpResponseBase:
    """Return the table as the address asks for it: CSV with ``?csv``, else XLSX."""
    if "csv" in request.GET:
        return answer_csv(name, header, rows)
    return answer(name, header, rows, heading=heading)


def _csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    line = StringIO()
    out = csv.writer(line)
    line.write("\ufeff")
    out.writerow(header)
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        out.writerow([_csv_cell(value) for value in row])
        yield line.getvalue()


def _csv_cell(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula, in CSV too: an apostrophe before it keeps it text."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value
