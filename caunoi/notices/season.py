"""The steps of a season calendar, typed one a line ("15/1/2027 – 25/1/2027: gieo mạ"), and moments as they are typed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

MOST_STEPS = 60
_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
_LINE = re.compile(rf"\s*{_DAY}(?:\s*(?:-|–|—|đến|tới)\s*{_DAY})?\s*:\s*(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done from the first to the last day, both counted."""

    first: date
    last: date
    what: str

    @property
    def days(self) -> str:
        """15/01/2027, or 15/01/2027 – 25/01/2027."""
        first, last = self.first.strftime("%d/%m/%Y"), self.last.strftime("%d/%m/%Y")
        return first if first == last else f"{first} – {last}"


def steps_of(details: Mapping[str, str]) -> list[Step]:
    """Return the steps in the order of their days; lines that are none are left out."""
    found = [step for line in details.get("steps", "").splitlines() if (step := _read(line))]
    return sorted(found, key=lambda s: (s.first, s.last))[:MOST_STEPS]


def wrong_lines(details: Mapping[str, str]) -> list[str]:
    """Return the lines in which no day is found, or one that ends before it begins."""
    return [
        line.strip()
        for line in details.get("steps", "").splitlines()
        if line.strip() and _read(line) is None
    ]


def as_text(details: Mapping[str, str]) -> str:
    """Return the steps as lines for surfaces that have no table."""
    return "\n".join(f"{step.days}: {step.what}" for step in steps_of(details))


def moment_of(word: str) -> datetime | None:
    """Return the moment as it was typed ("2026-12-05T08:00"), in Việt Nam's time, or None."""
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        return None
    zone = timezone.get_default_timezone()
    return at.astimezone(zone) if timezone.is_aware(at) else timezone.make_aware(at, zone)


def _read(line: str) -> Step | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    first = _date(match[1], match[2], match[3])
    last = _date(match[4], match[5], match[6]) if match[4] else first
    if first is None or last is None or last < first:
        return None
    return Step(first, last, match[7].strip()[:300])


def _date(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
