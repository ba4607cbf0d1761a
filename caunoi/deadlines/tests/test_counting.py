"""Counting days: at Tết, at the ends of months and years, with standstills and extensions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.deadlines import calendar, rules
from caunoi.deadlines.terms import DueState, Span, Standstill, Term

BY_LAW = calendar.with_exceptions({})


def moment(year, month, day, hour=9, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=rules.HERE)


def term(amount, span):
    return Term("x", "x", amount, span, "received", "Luật")


def due(start, amount, span=Span.WORKING, *, is_working=BY_LAW, stood_still=(), extensions=()):
    return rules.due_at(
        start_at=start,
        term=term(amount, span),
        is_working=is_working,
        stood_still=stood_still,
        extensions=extensions,
    )


def test_a_deadline_ends_at_seventeen_in_viet_nam():
    assert due(datetime(2026, 11, 25, 2, 0, tzinfo=UTC), 1) == moment(2026, 11, 26, 17)


def test_the_day_is_viet_nams_also_when_it_is_still_yesterday_in_london():
    late_evening = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)

    assert due(late_evening, 1).date() == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        (moment(2026, 2, 13), 1, date(2026, 2, 23)),
        (moment(2026, 2, 12), 5, date(2026, 2, 26)),
        (moment(2027, 2, 3), 1, date(2027, 2, 11)),
        (moment(2027, 2, 3), 3, date(2027, 2, 15)),
    ],
)
def test_working_days_jump_over_tet(start, amount, last):
    assert due(start, amount).date() == last


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        (moment(2026, 2, 7), 10, date(2026, 2, 23)),
        (moment(2027, 1, 25), 15, date(2027, 2, 11)),
        (moment(2026, 2, 13), 15, date(2026, 3, 2)),
    ],
)
def test_calendar_days_that_end_at_tet_or_on_a_weekend_end_on_the_next_working_day(
    start, amount, last
):
    assert due(start, amount, Span.CALENDAR).date() == last


def test_the_thirty_first_of_december_is_followed_by_new_year():
    assert due(moment(2026, 12, 31), 1).date() == date(2027, 1, 4)
    assert due(moment(2026, 12, 30), 1).date() == date(2026, 12, 31)
    assert due(moment(2026, 12, 17), 15, Span.CALENDAR).date() == date(2027, 1, 4)


def test_the_twenty_eighth_of_february_is_a_last_day_in_2027_and_not_in_2028():
    assert due(moment(2027, 2, 26), 1).date() == date(2027, 3, 1)
    assert due(moment(2028, 2, 28), 1).date() == date(2028, 2, 29)
    assert due(moment(2027, 1, 29), 30, Span.CALENDAR).date() == date(2027, 3, 1)
    assert due(moment(2028, 1, 30), 30, Span.CALENDAR).date() == date(2028, 2, 29)


def test_a_saturday_on_which_people_work_by_decision_counts_and_its_monday_off_does_not():
    assert BY_LAW(date(2026, 8, 22))
    assert not BY_LAW(date(2026, 8, 31))
    assert due(moment(2026, 8, 21), 1).date() == date(2026, 8, 22)


def test_our_own_day_off_and_working_saturday_are_known():
    ours = calendar.with_exceptions({date(2026, 11, 26): "off", date(2026, 11, 28): "work"})

    assert due(moment(2026, 11, 25), 1, is_working=ours).date() == date(2026, 11, 27)
    assert due(moment(2026, 11, 25), 2, is_working=ours).date() == date(2026, 11, 28)


def test_hours_run_day_and_night_and_over_tet():
    assert due(moment(2027, 2, 6, 1, 30), 72, Span.HOURS) == moment(2027, 2, 9, 1, 30)


def test_days_before_an_event_are_counted_backwards():
    opening = moment(2026, 10, 20)

    assert due(opening, -15, Span.CALENDAR).date() == date(2026, 10, 5)
    assert due(opening, -16, Span.CALENDAR).date() == date(2026, 10, 2)
    assert due(opening, -3).date() == date(2026, 10, 15)


def test_a_wait_of_four_days_moves_the_deadline_by_four_days():
    waited = [Standstill(moment(2026, 11, 10), moment(2026, 11, 14))]

    plain = due(moment(2026, 11, 9), 14, Span.CALENDAR)
    longer = due(moment(2026, 11, 9), 14, Span.CALENDAR, stood_still=waited)

    assert (plain.date(), longer.date()) == (date(2026, 11, 23), date(2026, 11, 27))


def test_a_wait_that_ends_on_the_day_it_began_costs_nothing():
    waited = [Standstill(moment(2026, 11, 10, 8), moment(2026, 11, 10, 16))]

    assert due(moment(2026, 11, 9), 5, stood_still=waited) == due(moment(2026, 11, 9), 5)


def test_hours_stand_still_to_the_minute():
    waited = [Standstill(moment(2026, 11, 10, 8), moment(2026, 11, 10, 9, 30))]

    due_then = due(moment(2026, 11, 10, 7), 24, Span.HOURS, stood_still=waited)

    assert due_then == moment(2026, 11, 11, 8, 30)


def test_an_extension_is_counted_from_the_day_that_was_due():
    first = due(moment(2026, 10, 1), 30, Span.CALENDAR)

    extended = due(moment(2026, 10, 1), 30, Span.CALENDAR, extensions=[30])

    assert first.date() == date(2026, 11, 2)
    assert extended.date() == date(2026, 12, 2)


days = st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 12, 31))
amounts = st.integers(min_value=1, max_value=70)
spans = st.sampled_from([Span.WORKING, Span.CALENDAR])
pauses = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
        lambda p: (timedelta(days=p[0]), timedelta(days=p[0] + p[1]))
    ),
    max_size=3,
)


def at_nine(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=rules.HERE)


@given(days, amounts, spans)
def test_a_deadline_always_ends_on_a_working_day_after_its_beginning(day, amount, span):
    last = due(at_nine(day), amount, span).date()

    assert BY_LAW(last)
    assert last > day


@given(days, amounts, spans)
def test_one_day_more_is_never_due_earlier(day, amount, span):
    assert due(at_nine(day), amount + 1, span) >= due(at_nine(day), amount, span)


@given(days, amounts, spans)
def test_who_comes_a_day_later_is_never_due_earlier(day, amount, span):
    tomorrow = day + timedelta(days=1)

    assert due(at_nine(tomorrow), amount, span) >= due(at_nine(day), amount, span)


@given(days, amounts)
def test_working_days_are_never_due_before_as_many_calendar_days(day, amount):
    assert due(at_nine(day), amount) >= due(at_nine(day), amount, Span.CALENDAR)


@given(days, amounts)
def test_exactly_as_many_working_days_lie_between(day, amount):
    last = due(at_nine(day), amount).date()

    assert rules.working_days_between(first=day, last=last, is_working=BY_LAW) == amount


@given(days, amounts, spans, pauses)
def test_waiting_never_makes_anything_due_earlier(day, amount, span, waits):
    start = at_nine(day)
    waited = [Standstill(start + begin, start + end) for begin, end in waits]

    assert due(start, amount, span, stood_still=waited) >= due(start, amount, span)


@given(days, amounts, st.integers(1, 30), spans)
def test_an_extension_always_gives_time(day, amount, more, span):
    plain = due(at_nine(day), amount, span)

    assert due(at_nine(day), amount, span, extensions=[more]) > plain


@given(days, st.integers(1, 200), pauses)
def test_hours_gain_exactly_the_time_that_stood_still_before_they_ended(day, amount, waits):
    start = at_nine(day)
    (begin, end) = waits[0] if waits else (timedelta(0), timedelta(0))
    waited = [Standstill(start + begin, start + end)]
    plain = start + timedelta(hours=amount)

    gained = due(start, amount, Span.HOURS, stood_still=waited) - plain

    assert gained == (end - begin if start + begin < plain else timedelta(0))


def state(due_moment, at, **more):
    return rules.due_state(due_at=due_moment, at=at, is_working=BY_LAW, soon_days=2, **more)


def test_how_a_deadline_stands():
    friday = moment(2026, 11, 27, 17)

    assert state(friday, moment(2026, 11, 20)) == DueState.RUNNING
    assert state(friday, moment(2026, 11, 25)) == DueState.SOON
    assert state(friday, moment(2026, 11, 27, 8)) == DueState.TODAY
    assert state(friday, moment(2026, 11, 27, 18)) == DueState.LATE
    assert state(friday, moment(2026, 11, 30), is_done=True) == DueState.DONE
    waiting = state(friday, moment(2026, 11, 30), waits_until=moment(2026, 12, 2))
    assert waiting == DueState.WAITS


def test_soon_is_counted_in_working_days_so_before_tet_it_comes_early():
    after_tet = moment(2027, 2, 11, 17)

    assert state(after_tet, moment(2027, 2, 3)) == DueState.SOON
