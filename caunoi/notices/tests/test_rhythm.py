"""When a notice goes out again: the days, the times, and what a clock that jumps changes. No database."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.notices.rhythm import (
    Every,
    Rhythm,
    all_moments,
    last_until,
    moments,
    next_after,
    read_days,
    read_times,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
GONGS = Rhythm(Every.DAY, (time(5), time(19), time(22)), date(2026, 12, 1), date(2027, 11, 30))


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=VIETNAM)


def test_three_gongs_a_day_are_three_on_every_day_of_the_year_at_the_same_hour():
    found = all_moments(GONGS)

    assert len(found) == 365 * 3
    assert {(m.hour, m.utcoffset()) for m in found} == {
        (h, timedelta(hours=7)) for h in (5, 19, 22)
    }
    assert all(a < b for a, b in pairwise(found))


def test_weekdays_and_days_of_the_month_and_a_day_the_month_lacks_is_its_last():
    weekly = Rhythm(Every.WEEK, (time(7),), date(2026, 12, 1), date(2026, 12, 15), (0, 3))
    monthly = Rhythm(Every.MONTH, (time(7),), date(2027, 1, 1), date(2027, 4, 30), (1, 30, 31))

    assert [m.day for m in all_moments(weekly)] == [3, 7, 10, 14]
    assert [(m.month, m.day) for m in all_moments(monthly)] == [
        (1, 1), (1, 30), (1, 31), (2, 1), (2, 28), (3, 1), (3, 30), (3, 31), (4, 1), (4, 30),
    ]  # fmt: skip


def test_what_is_too_late_is_not_sent_and_of_what_was_missed_only_the_newest():
    assert last_until(GONGS, at("2026-12-02T05:59")) == at("2026-12-02T05:00")
    assert last_until(GONGS, at("2026-12-02T06:01")) is None
    assert last_until(GONGS, at("2026-12-08T22:30")) == at("2026-12-08T22:00")
    assert next_after(GONGS, at("2027-11-30T22:00")) is None


@given(
    minutes=st.integers(0, 60 * 24 * 420),
    hours=st.integers(0, 100),
)
def test_the_next_one_is_the_first_of_those_that_follow(minutes, hours):
    since = at("2026-11-01T00:00") + timedelta(minutes=minutes)
    following = list(moments(GONGS, after=since, until=since + timedelta(hours=hours)))
    upcoming = next_after(GONGS, since)

    if following:
        assert following[0] == upcoming
    elif upcoming is not None:
        assert upcoming > since + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("5:00, 19:00, 22:00", (time(5), time(19), time(22))),
        ("19h, 5h30 và 22 giờ", (time(5, 30), time(19), time(22))),
        ("7;7.00", (time(7),)),
        ("25:00", None),
        ("sáng sớm", None),
        ("", ()),
    ],
)
def test_times_are_read_as_people_write_them(words, read):
    assert read_times(words) == read


def test_days_are_read_as_people_write_them():
    assert read_days("1, 15 và 31") == (1, 15, 31)
    assert read_days("0, 5") is None
    assert read_days("32") is None
