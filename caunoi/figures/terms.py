"""Words about the public service figures."""

from dataclasses import dataclass
from enum import StrEnum

FEWEST = 5
"""Of fewer questions than these no share and no median is shown: it would speak of single people."""
ACKNOWLEDGED_WORKING_DAYS = 2
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.vi"


class Period(StrEnum):
    """Over which days is counted; each ends with the day before the counting."""

    MONTH = "30"
    QUARTER = "91"
    YEAR = "365"

    @property
    def days(self) -> int:
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Face:
    """How many gave one face; None where it is hidden."""

    good: int | None
    soso: int | None
    bad: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What everybody may know of one unit and everything below it. Shares are whole percents, None below five questions."""

    asked: int
    acknowledged_pct: int | None
    in_time_pct: int | None
    answered: int
    median_working_days: float | None
    waiting: int
    overdue: int
    reopened: int
    faces: Face


@dataclass(frozen=True, slots=True)
class Done:
    """What a unit answered within a period, for its own colleagues: not guarded like ``Figures``."""

    answered: int = 0
    median_working_days: float | None = None
