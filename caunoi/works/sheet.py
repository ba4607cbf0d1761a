"""Contributions from XLSX, and the A4 sheet for the notice board."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from caunoi.documents import drawing
from caunoi.documents import rules as papers
from caunoi.kit import cells, sheets
from caunoi.kit.text import clean, fold
from caunoi.works import labels, rules
from caunoi.works.models import Contribution, Project
from caunoi.works.terms import Land, Row, Sums, Thing, UnreadableSheet

HEADER = (
    *("Hộ, nhóm đóng góp", "Góp gì (tiền, đất, ngày công)", "Số lượng", "Loại đất"),
    *("Ngày", "Viết tắt tên (x)", "Ghi chú"),
)
EXAMPLE = ("Lô Thị Mai", "đất", 120, "nông nghiệp", "20/11/2026", "", "Mở rộng đường")
THINGS = {
    "tien": Thing.MONEY,
    "dat": Thing.LAND,
    fold("ngày công"): Thing.LABOUR,
    "cong": Thing.LABOUR,
}
LANDS = {
    "nong nghiep": Land.AGRICULTURAL,
    "dat o": Land.RESIDENTIAL,
    "o": Land.RESIDENTIAL,
    "lam nghiep": Land.FOREST,
    "rung": Land.FOREST,
    "khac": Land.OTHER,
}


def pattern() -> bytes:
    """Return the empty sheet with its header and one example."""
    return sheets.write(HEADER, [EXAMPLE])


def rows_of(body: bytes, *, project: Project, today: date) -> list[Row]:
    """Return the contributions of the first sheet, each with what is wrong with it. Raises UnreadableSheet."""
    try:
        table = cells.lines(body, most=rules.MOST_ROWS)
    except cells.NoSheet as error:
        raise UnreadableSheet(
            _("The file is no XLSX sheet we can read. Save it as .xlsx again.")
        ) from error
    except cells.TooManyLines as error:
        raise UnreadableSheet(_("More than 3,000 rows at once; split the sheet.")) from error
    return list(_rows(table, project, today))


def _rows(table: list[list[Any]], project: Project, today: date) -> Iterator[Row]:
    for number, line in enumerate(table, 1):
        words = [*line[: len(HEADER)], *[""] * (len(HEADER) - len(line))]
        if fold(_text(words[0])) == fold(HEADER[0]) or not any(_text(w) for w in words):
            continue
        yield _row(number, words, project, today)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(clean(str(cell)).split()) if cell is not None else ""


def _row(number: int, words: list[Any], project: Project, today: date) -> Row:
    texts = [_text(w) for w in words]
    thing, land = THINGS.get(fold(texts[1])), LANDS.get(fold(texts[3])) if texts[3] else None
    amount, on = cells.whole(texts[2]), cells.day(words[4])
    wrong: list[str] = []
    if not texts[0] or len(texts[0]) > 120:
        wrong.append(_("the name of the household or group is missing"))
    if thing is None:
        wrong.append(_("what was given is “tiền”, “đất” or “ngày công”"))
    if not amount or (thing and amount > rules.MOST[thing]):
        wrong.append(_("how much is no whole number, or far too large"))
    if thing and not rules.fits(thing=thing, land=land or texts[3]):
        wrong.append(_("land needs its sort, money and labour have none"))
    elif texts[3] and land is None:
        wrong.append(_("the sort of land is “nông nghiệp”, “đất ở”, “lâm nghiệp” or “khác”"))
    if on is None:
        wrong.append(_("the day is no day, like 20/11/2026"))
    elif not rules.takes(starts_on=project.starts_on, ends_on=project.ends_on, on=on or today) or (
        on and on > today
    ):
        wrong.append(_("the project takes nothing on that day"))
    return Row(
        number=number,
        giver=texts[0],
        thing=(thing or Thing.MONEY).value,
        amount=amount or 0,
        land=(land or "") if thing == Thing.LAND else "",
        on=on or today,
        initials=fold(texts[5]) in {"x", "co", "1"},
        note=texts[6][:200],
        problems=tuple(wrong),
    )


def packed(rows: list[Row]) -> list[list[Any]]:
    """Return the rows as plain values that go through a form and back."""
    return [
        [r.number, r.giver, r.thing, r.amount, r.land, f"{r.on}", r.initials, r.note] for r in rows
    ]


def unpacked(plain: list[list[Any]]) -> list[Row]:
    """Return what ``packed`` gave. ValueError when it is something else."""
    try:
        return [
            Row(
                number=int(p[0]),
                giver=str(p[1])[:120],
                thing=Thing(p[2]).value,
                amount=min(max(int(p[3]), 1), rules.MOST[Thing(p[2])]),
                land=Land(p[4]).value if p[4] else "",
                on=date.fromisoformat(p[5]),
                initials=bool(p[6]),
                note=str(p[7])[:200],
            )
            for p in plain[: rules.MOST_ROWS]
        ]
    except (TypeError, IndexError, AttributeError) as error:
        raise ValueError("not what was packed") from error


def board_sheet(
    project: Project, given: list[Contribution], sums: Sums, *, address: str, place: str, on: date
) -> bytes:
    """Return the list of contributions as an A4 sheet; content, so Vietnamese."""
    with translation.override("vi"):
        return _board_sheet(project, given, sums, address=address, place=place, on=on)


def _board_sheet(
    project: Project, given: list[Contribution], sums: Sums, *, address: str, place: str, on: date
) -> bytes:
    svg = segno.make(address, error="m").svg_inline(scale=4, border=1)
    stands = [c for c in given if not c.reversal_id]
    areas = [
        (
            f"Giải phóng {labels.LANDS[Land(sort)]}",
            f"{_dots(a)} m² thoả thuận, {_dots(c)} m² bàn giao",
        )
        for sort, (a, c) in sums.by_land.items()
    ]
    return drawing.board_pdf(
        issuer=("ỦY BAN MTTQ VIỆT NAM", place.upper()),
        title="CÔNG KHAI ĐÓNG GÓP CÔNG TRÌNH",
        subtitle=project.name,
        facts=[
            ("Tính đến", f"{on:%d/%m/%Y}"),
            ("Tiền", f"{_dots(sums.money)} đồng"),
            ("Đất hiến", f"{_dots(sums.land)} m²"),
            ("Ngày công", _dots(sums.labour)),
            *areas,
        ],
        columns=[
            ("STT", "right"),
            ("Hộ, nhóm", "wide"),
            ("Ngày", "left"),
            ("Góp", "left"),
            ("Số lượng", "right"),
        ],
        rows=[
            [
                str(n),
                rules.shown_name(c.giver, initials=c.initials),
                f"{c.on:%d/%m/%Y}",
                str(labels.LANDS[Land(c.land)]) if c.land else str(labels.THINGS[Thing(c.thing)]),
                f"{_dots(c.amount)} {labels.UNIT_WORDS[Thing(c.thing)]}",
            ]
            for n, c in enumerate(stands, 1)
        ],
        notes=[
            "Ai thấy thiếu hoặc sai, xin báo ban công tác Mặt trận. Quét mã để xem bản mới nhất."
        ],
        address=address,
        qr_svg=svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        date_line=papers.date_line(place=place, on=on),
        signer="BAN CÔNG TÁC MẶT TRẬN",
    )


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")
