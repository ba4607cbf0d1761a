"""When a notice that is sent again and again goes out: pure, in Việt Nam's time, which knows no summer time."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_TIMES = 6
"""Times of one day."""
LONGEST = timedelta(days=366)
"""After a year somebody looks at it again."""
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{2})?|giờ(?:\s*(\d{2}))?)?", re.IGNORECASE)


class Every(StrEnum):
    """On which days it goes out."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Times of the day, on which days, from the first to the last day.

    days  of a week 0 (Monday) to 6; of a month 1 to 31, where a day that a month lacks is its last
    """

    every: Every
    times: tuple[time, ...]
    first: date
    last: date
    days: tuple[int, ...] = ()

    @property
    def grace(self) -> timedelta:
        """How late it may still go out: a gong for getting up at nine would be a wrong one, a monthly reminder at noon is none."""
        return timedelta(hours=1 if self.every == Every.DAY else 12)

    @property
    def gap(self) -> timedelta:
        """How long the last one holds."""
        return timedelta(days={Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 31}[self.every])


def moments(rhythm: Rhythm, *, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when it goes out later than ``after`` and not later than ``until``, in order."""
    day = max(rhythm.first, after.astimezone(_VIETNAM).date())
    end = min(rhythm.last, until.astimezone(_VIETNAM).date())
    while day <= end:
        if _meant(rhythm, day):
            for at in sorted(set(rhythm.times)):
                moment = datetime.combine(day, at, _VIETNAM)
                if after < moment <= until:
                    yield moment
        day += timedelta(days=1)


def next_after(rhythm: Rhythm, at: datetime) -> datetime | None:
    """Return the first moment later than ``at``, or None when it is over."""
    return next(moments(rhythm, after=at, until=_end(rhythm)), None)


def last_until(rhythm: Rhythm, at: datetime) -> datetime | None:
    """Return the newest moment not later than ``at``, within the time it may be late; else None."""
    found = list(moments(rhythm, after=at - rhythm.grace - timedelta(seconds=1), until=at))
    return found[-1] if found else None


def all_moments(rhythm: Rhythm) -> list[datetime]:
    """Return every moment from the first day to the last."""
    before = datetime.combine(rhythm.first, time.min, _VIETNAM) - timedelta(seconds=1)
    return list(moments(rhythm, after=before, until=_end(rhythm)))


def read_times(words: str) -> tuple[time, ...] | None:
    """Return the times of "5:00, 19h và 22 giờ", in order, each once; None when something else stands there."""
    found = set()
    for word in re.split(r"[,;]|\bvà\b", words):
        if not word.strip():
            continue
        match = _TIME.fullmatch(word.strip())
        hour, minute = (int(match[1]), int(match[2] or match[3] or 0)) if match else (99, 0)
        if hour > 23 or minute > 59:
            return None
        found.add(time(hour, minute))
    return tuple(sorted(found))


def read_days(words: str) -> tuple[int, ...] | None:
    """Return the days of "1, 15", in order, each once; None when something else stands there."""
    found = set()
    for word in re.split(r"[,;\s]+|\bvà\b", words):
        if word and not (word.isdecimal() and len(word) < 3 and 1 <= int(word) <= 31):
            return None
        if word:
            found.add(int(word))
    return tuple(sorted(found))


def _end(rhythm: Rhythm) -> datetime:
    return datetime.combine(rhythm.last, time.max, _VIETNAM)


def _meant(rhythm: Rhythm, day: date) -> bool:
    if rhythm.every == Every.DAY:
        return True
    if rhythm.every == Every.WEEK:
        return day.weekday() in rhythm.days
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day in {min(n, last) for n in rhythm.days}
