"""The same paper as DOCX, which an officer can still change: same layout, real text, Times New Roman."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from caunoi.documents.rules import MOTTO
from caunoi.documents.terms import Sheet

FONT = "Times New Roman"


def docx_of(sheet: Sheet) -> bytes:
    """Return the paper as a Word file in the layout of Decree 30/2020."""
    paper = Document()
    _page(paper, sheet)
    _headings(paper, sheet)
    if sheet.title:
        _line(paper.add_paragraph(), sheet.title, size=14, bold=True, align=ALIGN.CENTER)
        subject = _line(
            paper.add_paragraph(), sheet.subject, size=14, bold=True, align=ALIGN.CENTER
        )
        _rule_under(subject, indent_mm=65)
    if not sheet.signers:
        addressee = _line(
            paper.add_paragraph(), f"Kính gửi: {sheet.addressee}", size=14, align=ALIGN.CENTER
        )
        addressee.paragraph_format.space_before = Pt(10)
        addressee.paragraph_format.space_after = Pt(10)
    for words in sheet.paragraphs:
        body = _line(paper.add_paragraph(), words, size=14, align=ALIGN.JUSTIFY)
        body.paragraph_format.first_line_indent = Mm(10)
        body.paragraph_format.space_after = Pt(6)
        body.paragraph_format.line_spacing = 1.15
    if sheet.table:
        _table(paper, sheet)
    if sheet.signers:
        _signers(paper, sheet)
    else:
        _signature(paper, sheet)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _page(paper: Any, sheet: Sheet) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    run = number.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run._r.append(_field(kind, text))
    paper.core_properties.title = f"{sheet.title} {sheet.number}".strip()
    paper.core_properties.author = sheet.head.body_line
    paper.core_properties.language = "vi-VN"


def _field(kind: str | None, text: str | None) -> Any:
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    return part


def _headings(paper: Any, sheet: Sheet) -> None:
    table = paper.add_table(rows=2, cols=2)
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(66), Mm(94)
    left, right = table.rows[0].cells
    _column(left, [(line, 12, False, False) for line in sheet.head.upper_lines])
    body = _line(left.add_paragraph(), sheet.head.body_line, size=12, bold=True, align=ALIGN.CENTER)
    _rule_under(body, indent_mm=22)
    _column(right, [(MOTTO[0], 12, True, False)])
    motto = _line(right.add_paragraph(), MOTTO[1], size=13, bold=True, align=ALIGN.CENTER)
    _rule_under(motto, indent_mm=21)
    below_left, below_right = table.rows[1].cells
    number: list[tuple[str, int, bool, bool]] = [(f"Số: {sheet.number}", 13, False, False)]
    if not sheet.title:
        number.append((f"V/v {sheet.subject}", 12, False, False))
    _column(below_left, number)
    _column(below_right, [(sheet.date_line, 13, False, True)])


def _column(cell: Any, lines: list[tuple[str, int, bool, bool]]) -> None:
    for place, (text, size, bold, italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _line(paragraph, text, size=size, bold=bold, italic=italic, align=ALIGN.CENTER)


def _table(paper: Any, sheet: Sheet) -> None:
    table = paper.add_table(rows=len(sheet.table), cols=len(sheet.table[0]))
    table.style = "Table Grid"
    for place, (row, cells) in enumerate(zip(table.rows, sheet.table, strict=True)):
        for cell, text in zip(row.cells, cells, strict=True):
            _line(cell.paragraphs[0], text, size=12, bold=place == 0)


def _signers(paper: Any, sheet: Sheet) -> None:
    paper.add_paragraph()
    row = paper.add_table(rows=1, cols=len(sheet.signers)).rows[0]
    for cell, (title, name) in zip(row.cells, sheet.signers, strict=True):
        _column(
            cell, [(title, 12, True, False), *[("", 13, False, False)] * 4, (name, 13, True, False)]
        )


def _signature(paper: Any, sheet: Sheet) -> None:
    paper.add_paragraph()
    left, right = paper.add_table(rows=1, cols=2).rows[0].cells
    if sheet.recipients:
        _line(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
        for line in sheet.recipients:
            _line(left.add_paragraph(), line, size=11)
    head = sheet.head
    signed = [(t, 13, True, False) for t in (head.authority, head.signer_title) if t]
    _column(right, [*signed, *[("", 13, False, False)] * 4, (head.signer_name, 14, True, False)])


def _line(
    paragraph: Any,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN | None = None,
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold, run.italic = Pt(size), FONT, bold, italic
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _rule_under(paragraph: Any, *, indent_mm: int) -> None:
    """Draw the thin line the layout asks for: a border below, as short as the indents leave it."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    line = paragraph._p.getparent().makeelement(qn("w:p"), {})
    paragraph._p.addnext(line)
    from docx.text.paragraph import Paragraph

    under = Paragraph(line, paragraph._parent)
    under.paragraph_format.left_indent = under.paragraph_format.right_indent = Mm(indent_mm)
    under.paragraph_format.line_spacing = Pt(4)
    under.paragraph_format.space_after = Pt(4)
    under._p.get_or_add_pPr().append(border)
