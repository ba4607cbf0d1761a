"""Working days in Việt Nam: weekends and public holidays, Tết by the lunar calendar included."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from caunoi.cases import rules

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
END_OF_DAY = time(17, 0)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year (observed days included). Source: the package holidays, Labour Code Art. 112."""
    return frozenset(holidays.country_holidays("VN", years=year))


def due_at(*, opened_at: datetime, amount: int, working: bool) -> datetime:
    """Return the moment an answer is due: 17:00 in Việt Nam on the last day."""
    opened = opened_at.astimezone(HERE).date()
    if working:
        free = public_holidays(opened.year) | public_holidays(opened.year + 1)
        day = rules.due_date(opened_date=opened, working_days=amount, holidays=free)
    else:
        day = opened + timedelta(days=amount)
    return datetime.combine(day, END_OF_DAY, HERE).astimezone(UTC)
