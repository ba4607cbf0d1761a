"""Reading petitions from pasted lines: pure."""

import re
from collections.abc import Iterable, Sequence

from caunoi.kit.text import clean, fold
from caunoi.voters.terms import LONGEST, Row

NUMBERING = re.compile(r"^\s*(?:\d{1,3}[.)/]|[-–•*+])\s*")
SHORTEST_LETTERS = 8
HEADINGS = {"noi dung kien nghi", "noi dung", "kien nghi"}


def rows_of(lines: Iterable[Sequence[str]]) -> list[Row]:
    """Return one row a line (text, voter's name, place); headings and empty lines are passed over, numbering is taken off."""
    rows: list[Row] = []
    known: set[str] = set()
    for number, cells in enumerate(lines, start=1):
        text, name, place = ([clean(str(c or "")).strip() for c in cells] + ["", "", ""])[:3]
        text = NUMBERING.sub("", text).strip()
        if not text or fold(text) in HEADINGS:
            continue
        rows.append(Row(number, text, name[:120], place[:160], _problem(text, known)))
        known.add(fold(text))
    return rows


def lines_of(text: str) -> list[list[str]]:
    """Return pasted text as lines of cells; a table copied from a sheet has tabs between its columns."""
    return [line.split("\t") for line in text.splitlines()]


def as_text(rows: Iterable[Row]) -> str:
    """Return rows as text that ``lines_of`` reads back."""
    return "\n".join("\t".join((r.text.replace("\n", " "), r.name, r.place)) for r in rows)


def _problem(text: str, known: set[str]) -> str:
    if sum(c.isalpha() for c in text) < SHORTEST_LETTERS:
        return "too_short"
    if len(text) > LONGEST:
        return "too_long"
    return "twice" if fold(text) in known else ""
