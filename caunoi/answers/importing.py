"""A sheet of old questions and answers: what it may hold, what is wrong with a line, and the empty sheet to fill in."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from caunoi.answers.rules import redact
from caunoi.answers.terms import UnreadableSheet, WrongColumns
from caunoi.kit import cells, sheets
from caunoi.kit.text import clean, fold

HEADER = ("Câu hỏi", "Trả lời", "Cơ quan trả lời", "Chủ đề", "Ngày trả lời")
EXAMPLE = (
    "Bao giờ xã có nước sạch?",
    "Trạm bơm đóng điện tháng 12, bà con dùng nước từ ngày 20/12.",
    "UBND xã",
    "",
    date(2024, 5, 17),
)
MAX_ROWS, MAX_BYTES = 10_000, 8 * 1024 * 1024
MAX_QUESTION, MAX_ANSWER, LEAST = 5_000, 10_000, 8
EARLIEST = date(1990, 1, 1)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it will be kept; ``problem`` is an English sentence with a Vietnamese, empty when nothing is wrong."""

    line: int
    question: str
    answer: str
    agency: str
    topic: str
    answered_on: date | None
    number: str
    problem: str = ""


def rows_of(body: bytes) -> list[list[Any]]:
    """Return the cells below the header. Raises UnreadableSheet, WrongColumns."""
    try:
        rows = cells.lines(body, most=MAX_ROWS)
    except cells.TooManyLines as error:
        raise UnreadableSheet("More than 10,000 lines; split the sheet.") from error
    except cells.NoSheet as error:
        raise UnreadableSheet("The file is no XLSX sheet we can read.") from error
    names = [fold(str(cell)) for cell in rows[0][: len(HEADER)]] if rows else []
    if names != [fold(name) for name in HEADER]:
        raise WrongColumns("The first row must name the columns as in the empty sheet.")
    return [[*row, *[""] * len(HEADER)][: len(HEADER)] for row in rows[1:]]


def lines_of(
    rows: Iterable[Sequence[Any]], *, unit_id: UUID, topics: Mapping[str, str], today: date
) -> list[Line]:
    """Return every line that says something, personal data masked, with what is wrong with it.

    topics  folded names and codes of topics → code
    The same question and answer twice in one sheet is kept once.
    """
    found: list[Line] = []
    seen: set[str] = set()
    for place, row in enumerate(rows, start=2):
        if not any(str(cell).strip() for cell in row):
            continue
        line = _line(place, row, unit_id, topics, today)
        if not line.problem and line.number in seen:
            line = replace(line, problem=_("stands in this sheet twice"))
        seen.add(line.number)
        found.append(line)
    return found


def _line(
    place: int, row: Sequence[Any], unit_id: UUID, topics: Mapping[str, str], today: date
) -> Line:
    question, answer = _text(row[0]), _text(row[1])
    day = cells.day(row[4]) or None
    named = fold(_text(row[3]))
    topic = topics.get(named, "") if named else ""
    line = Line(
        line=place,
        question=redact(question).text,
        answer=redact(answer).text,
        agency=_text(row[2])[:160],
        topic=topic,
        answered_on=day,
        number=number_of(unit_id=unit_id, question=question, answer=answer),
    )
    problem = _problem(question, answer, day, bool(named and not topic), today)
    return replace(line, problem=problem)


def _problem(question: str, answer: str, day: date | None, no_topic: bool, today: date) -> str:
    if sum(c.isalpha() for c in question) < LEAST:
        return _("the question is missing or too short")
    if len(question) > MAX_QUESTION or len(answer) > MAX_ANSWER:
        return _("the question or the answer is too long")
    if not any(c.isalpha() for c in answer):
        return _("the answer is missing")
    if day is None:
        return _("the day of the answer is missing or no day; write it like 17/05/2024")
    if not EARLIEST <= day <= today:
        return _("the day of the answer lies in the future or too far back")
    return _("there is no topic of that name") if no_topic else ""


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean(str(cell)).strip() if cell is not None else ""


def number_of(*, unit_id: UUID, question: str, answer: str) -> str:
    """Return the number of an imported answer: made from what it says, so that the same sheet twice changes nothing."""
    said = f"{unit_id}\x00{fold(question)}\x00{fold(answer)}".encode()
    value = int.from_bytes(hashlib.sha256(said).digest()[:8], "big")
    digits = ""
    for _n in range(12):
        value, rest = divmod(value, len(LETTERS))
        digits = LETTERS[rest] + digits
    return f"CU-{digits}"


def pattern() -> bytes:
    """Return the empty sheet with its header and one example."""
    return sheets.write(HEADER, [EXAMPLE])
