"""Lists of households from and to XLSX, and the A4 sheet for the village's notice board."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from caunoi.houses import rules
from caunoi.houses.terms import Grade, Row, UnreadableSheet, Work
from caunoi.kit import cells, sheets
from caunoi.kit.text import clean, fold

HEADER = (
    *("Mã hộ", "Chủ hộ", "Thôn, bản", "Số người", "Hoàn cảnh", "Nơi ở (ghi chú riêng)"),
    *("Loại nhà (tạm, dột nát)", "Làm mới hay sửa", "Dự toán (đồng)", "Đã bàn giao ngày"),
)
EXAMPLE = (
    *("H-001", "Lầu Y Mỷ", "Xóm 4", 5, "Hộ nghèo", "Cạnh nhà văn hoá"),
    *("dột nát", "làm mới", 120_000_000, ""),
)
GRADE_WORDS = {"tam": Grade.TEMPORARY, "dot nat": Grade.DILAPIDATED, "": Grade.DILAPIDATED}
WORK_WORDS = {"lam moi": Work.NEW, "moi": Work.NEW, "sua": Work.REPAIR, "sua chua": Work.REPAIR}


def pattern() -> bytes:
    """Return the empty sheet with its header and one example."""
    return sheets.write(HEADER, [EXAMPLE])


def rows_of(body: bytes) -> list[Row]:
    """Return the households of the first sheet, each with what is wrong with it. Raises UnreadableSheet."""
    try:
        table = cells.lines(body, most=rules.MOST_ROWS)
    except cells.NoSheet as error:
        raise UnreadableSheet(
            _("The file is no XLSX sheet we can read. Save it as .xlsx again.")
        ) from error
    except cells.TooManyLines as error:
        raise UnreadableSheet(_("More than 3,000 households at once; split the sheet.")) from error
    return list(_rows(table))


def _rows(table: list[list[Any]]) -> Iterator[Row]:
    for number, line in enumerate(table, 1):
        words = [*line[: len(HEADER)], *[""] * (len(HEADER) - len(line))]
        first = fold(_text(words[0]))
        if first == fold(HEADER[0]) or not any(_text(w) for w in words):
            continue
        yield _row(number, words)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(clean(str(cell)).split()) if cell is not None else ""


def _row(number: int, words: list[Any]) -> Row:
    wrong: list[str] = []
    texts = [_text(w) for w in words]
    people, grade, work = (
        cells.whole(texts[3] or "1"),
        GRADE_WORDS.get(fold(texts[6])),
        _work(texts[7]),
    )
    estimate, finished = cells.whole(texts[8] or "0"), cells.day(words[9])
    if not texts[0] or len(texts[0]) > 24:
        wrong.append(_("the household code is missing or longer than 24 letters"))
    if not texts[1] or len(texts[1]) > 120:
        wrong.append(_("the head of the household is missing"))
    if people is None or not 1 <= people <= rules.MOST_PEOPLE:
        wrong.append(_("the number of people is no number from 1 to 60"))
    if grade is None:
        wrong.append(_("the grade is “tạm” or “dột nát”"))
    if work is None:
        wrong.append(_("write “làm mới” or “sửa”"))
    if estimate is None or estimate > rules.MOST_MONEY:
        wrong.append(_("the estimate is no whole number of đồng"))
    if finished is None:
        wrong.append(_("the day of handing over is no day, like 31/12/2024"))
    return Row(
        number=number,
        code=texts[0],
        head=texts[1],
        place=texts[2],
        people=people or 1,
        hardship=texts[4][:200],
        address=texts[5][:300],
        grade=(grade or Grade.DILAPIDATED).value,
        work=(work or Work.NEW).value,
        estimate=estimate or 0,
        finished=finished or None,
        problems=tuple(wrong),
    )


def _work(text: str) -> Work | None:
    return WORK_WORDS.get(fold(text)) if text else Work.NEW


def judged(rows: Iterable[Row], *, places: dict[str, UUID], known: Iterable[str]) -> list[Row]:
    """Return the rows with their village found and what is wrong beside: an unknown place, a code that stands twice.

    places  the units in which the viewer keeps houses, by folded name and by code
    """
    found = list(rows)
    double = rules.doubles(found, known)
    return [_placed(row, places, row.number in double) for row in found]


def _placed(row: Row, places: dict[str, UUID], is_double: bool) -> Row:
    unit_id = places.get(fold(row.place))
    wrong = list(row.problems)
    if unit_id is None:
        wrong.append(_("no village of yours has this name or code"))
    if is_double and row.code:
        wrong.append(_("the household code stands twice, or is known in the programme"))
    return replace(row, unit_id=unit_id, problems=tuple(wrong))


def packed(rows: Iterable[Row]) -> list[list[Any]]:
    """Return the rows as plain values that go through a form and back."""
    return [
        [
            *(r.number, r.code, r.head, str(r.unit_id), r.people, r.hardship, r.address),
            *(r.grade, r.work, r.estimate, r.finished.isoformat() if r.finished else ""),
        ]
        for r in rows
    ]


def unpacked(plain: list[list[Any]]) -> list[Row]:
    """Return what ``packed`` gave. ValueError when it is something else."""
    try:
        return [
            Row(
                number=int(p[0]),
                code=str(p[1])[:24],
                head=str(p[2])[:120],
                unit_id=UUID(p[3]),
                people=min(max(int(p[4]), 1), rules.MOST_PEOPLE),
                hardship=str(p[5])[:200],
                address=str(p[6])[:300],
                grade=Grade(p[7]).value,
                work=Work(p[8]).value,
                estimate=min(max(int(p[9]), 0), rules.MOST_MONEY),
                finished=date.fromisoformat(p[10]) if p[10] else None,
            )
            for p in plain[: rules.MOST_ROWS]
        ]
    except (TypeError, IndexError, AttributeError) as error:
        raise ValueError("not what was packed") from error
