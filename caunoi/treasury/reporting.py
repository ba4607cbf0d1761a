"""The report of a fund: the same facts for paper, Word and spreadsheet (``report_sheet``). Texts are content of an official paper, so always Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from caunoi.documents.rules import MOTTO, date_line
from caunoi.documents.terms import Head
from caunoi.funds import queries as funds
from caunoi.funds.models import Fund
from caunoi.funds.terms import Column, Move
from caunoi.kit.templatetags.kit import vi_date, vi_number
from caunoi.treasury import queries
from caunoi.units import queries as units


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the report; ``widths`` are shares of the line."""

    title: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report says."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]


def report_of(*, fund: Fund, since: date, until: date) -> Report:
    """Return what came, was allocated, handed over and is left in a time; it adds up by its very form."""
    return Report(
        title=f"Tình hình tiếp nhận, phân phối, sử dụng {fund.name}",
        paragraphs=(
            f"Thời gian: từ ngày {vi_date(since)} đến hết ngày {vi_date(until)}. Đơn vị tính tiền: đồng.",
            f"Số liệu lấy từ sổ cái công khai, đến bút toán số {fund.seq}. Ai cũng có thể tải sổ và tự kiểm tra.",
        ),
        tables=(
            Table("I. Tiền", ("Nội dung", "Số tiền"), (7, 3), _money_rows(fund, since, until)),
            Table(
                "II. Bốn cột công khai, từ đầu đợt đến nay",
                ("Khoản", "Đăng ký", "Tiếp nhận", "Phân bổ", "Đã trao"),
                (4, 2, 3, 3, 3),
                _column_rows(fund),
            ),
            Table(
                "III. Theo đơn vị, từ đầu đợt đến nay",
                ("Đơn vị, khoản", "Phân bổ", "Đã trao", "Chưa trao"),
                (5, 3, 3, 3),
                _unit_rows(fund, until),
            ),
        ),
    )


def _money_rows(fund: Fund, since: date, until: date) -> list[Sequence[Any]]:
    moved = queries.moves_of(fund=fund, since=since, until=until)
    before = queries.held_on(fund=fund, day=since - timedelta(days=1))
    after = queries.held_on(fund=fund, day=until)

    def of(*moves: Move) -> int:
        return sum(moved.get(m, 0) for m in moves)

    back = of(Move.GIVE_BACK, Move.GIVE_BACK_UNMATCHED)
    return [
        ("1. Số dư đầu kỳ", before),
        ("2. Tiếp nhận trong kỳ", of(Move.RECEIVE, Move.RECEIVE_UNMATCHED)),
        ("3. Đã trao trong kỳ", of(Move.HAND_OVER)),
        ("4. Hoàn trả người ủng hộ", back),
        ("5. Phí ngân hàng", of(Move.FEE)),
        ("6. Số dư cuối kỳ (1 + 2 − 3 − 4 − 5)", after),
        ("Phân bổ trong kỳ, đã trừ thu hồi", of(Move.ALLOCATE) - of(Move.RELEASE)),
    ]


def _column_rows(fund: Fund) -> list[Sequence[Any]]:
    told = funds.columns(fund_id=fund.pk)
    things = queries.things()
    codes = sorted({code for by in told.values() for code in by})
    return [
        (
            f"{things.get(c, (c, ''))[0]} ({things.get(c, (c, ''))[1]})",
            *(told[column].get(c, 0) for column in Column),
        )
        for c in codes
    ]


def _unit_rows(fund: Fund, on: date) -> list[Sequence[Any]]:
    told = queries.by_unit(fund=fund)
    names = units.names_of(unit_ids=list(told), on=on)
    things = queries.things()
    rows: list[Sequence[Any]] = []
    for unit_id in sorted(told, key=lambda u: names.get(u, "")):
        for code, n in sorted(told[unit_id].items()):
            words = f"{names.get(unit_id, '')}: {things.get(code, (code, ''))[0].lower()}"
            rows.append((words, n["allocated"], n["delivered"], n["allocated"] - n["delivered"]))
    return rows


def docx_of(report: Report, *, head: Head, by: str, on: date) -> bytes:
    """Return the report as a Word file that can still be changed."""
    from docx import Document  # loads slowly, and few processes ever write one
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm, Pt

    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)

    def line(words: str, *, bold: bool = False, align: Any = ALIGN.CENTER) -> None:
        paragraph = paper.add_paragraph()
        paragraph.alignment = align
        paragraph.add_run(words).bold = bold

    left, right = paper.add_table(rows=1, cols=2).rows[0].cells
    left.text = "\n".join([*head.upper_lines, head.body_line])
    right.text = "\n".join([*MOTTO, date_line(place=head.place, on=on)])
    for cell in (left, right):
        cell.paragraphs[0].alignment = ALIGN.CENTER
    line("BÁO CÁO", bold=True)
    line(report.title, bold=True)
    for words in report.paragraphs:
        line(words, align=ALIGN.JUSTIFY)
    for table in report.tables:
        line(table.title, bold=True, align=ALIGN.LEFT)
        _word_table(paper, table)
    line("")
    signs = paper.add_table(rows=1, cols=2).rows[0].cells
    signs[0].text = f"NGƯỜI LẬP\n\n\n\n{by}"
    signs[1].text = f"{head.authority}\n{head.signer_title}\n\n\n\n{head.signer_name}"
    for cell in signs:
        cell.paragraphs[0].alignment = ALIGN.CENTER
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _word_table(paper: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    drawn = paper.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for cell, words in zip(drawn.rows[0].cells, table.head, strict=True):
        cell.text = words
        cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        cells = drawn.add_row().cells
        for number, value in enumerate(row):
            cells[number].text = vi_number(value) if isinstance(value, int) else str(value)
            if number:
                cells[number].paragraphs[0].alignment = ALIGN.RIGHT
