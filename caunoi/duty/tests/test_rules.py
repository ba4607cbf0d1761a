"""Whom to call, and when."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from caunoi.duty import rules
from caunoi.duty.terms import Post

COMMUNE, PROVINCE = UUID(int=1), UUID(int=2)
POSTS = [Post(COMMUNE, (11, 12, 13)), Post(PROVINCE, (21, 22))]


def called(minutes, posts=POSTS):
    return [
        (c.account_id, c.turn)
        for c in rules.calls_due(posts=posts, waited=timedelta(minutes=minutes))
    ]


def test_the_first_person_is_called_at_once():
    assert called(0) == [(11, 1)]


def test_the_next_person_follows_after_two_minutes():
    assert called(1.9) == [(11, 1)]
    assert called(2) == [(11, 1), (12, 1)]


def test_the_unit_above_is_called_after_five_minutes():
    assert called(4.9) == [(11, 1), (12, 1), (13, 1)]
    assert called(5) == [(11, 1), (12, 1), (13, 1), (21, 1)]
    assert called(7)[-1] == (22, 1)


def test_a_unit_without_people_is_passed_over_at_once():
    assert called(0, [Post(COMMUNE, ()), POSTS[1]]) == [(21, 1)]


def test_after_a_quarter_of_an_hour_everybody_is_called_again():
    again = [c for c in called(15) if c[1] == 2]

    assert [account for account, _turn in again] == [11, 12, 13, 21, 22]


def test_somebody_who_serves_both_units_is_called_once_a_turn():
    both = [Post(COMMUNE, (11,)), Post(PROVINCE, (11, 22))]

    assert called(10, both) == [(11, 1), (22, 1)]


posts = st.lists(
    st.lists(st.integers(1, 40), max_size=5).map(lambda ids: Post(UUID(int=9), tuple(ids))),
    max_size=4,
)
minutes = st.floats(min_value=0, max_value=180)


@given(posts, minutes, minutes)
def test_who_was_called_stays_called_as_time_goes_on(all_posts, sooner, more):
    before = set(called(sooner, all_posts))

    assert before <= set(called(sooner + more, all_posts))


@given(posts, minutes)
def test_nobody_is_called_twice_in_a_turn_and_somebody_always_at_once(all_posts, waited):
    calls = called(waited, all_posts)

    assert len(calls) == len(set(calls))
    if any(p.account_ids for p in all_posts):
        assert calls
