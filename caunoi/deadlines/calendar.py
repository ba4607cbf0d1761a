"""Which days people work in Việt Nam: weekends, public holidays (Tết by the lunar calendar), days swapped by decision."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from caunoi.deadlines.models import DayException
from caunoi.deadlines.rules import IsWorking
from caunoi.deadlines.terms import DayKind


@cache
def _year(year: int) -> Any:
    import holidays  # loads slowly, and most processes never count days

    return holidays.country_holidays("VN", years=year, language="vi")


def public_holidays(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their names. Source: the package holidays; Labour Code 2019 Art. 112."""
    return dict(sorted(_year(year).items()))


def swapped_days(year: int) -> list[date]:
    """Return the Saturdays and Sundays of the year on which people work by the government's decision."""
    return sorted(d for d in _year(year).weekend_workdays if d.year == year)


def is_working_by_law(day: date) -> bool:
    """True when people work on that day, our own list of exceptions left out."""
    return bool(_year(day.year).is_working_day(day))


def with_exceptions(exceptions: Mapping[date, str]) -> IsWorking:
    """Return the test for working days under these exceptions (day → DayKind)."""

    def is_working(day: date) -> bool:
        kind = exceptions.get(day)
        return is_working_by_law(day) if kind is None else kind == DayKind.WORK

    return is_working


def current() -> IsWorking:
    """Return the test for working days as the table of exceptions stands now."""
    return with_exceptions(dict(DayException.objects.values_list("day", "kind")))
