"""Where a unit stands, who is silent, what is added up, who sees names."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.outbox.terms import SendState
from caunoi.receipts import rules
from caunoi.receipts.terms import Group, Standing, Tally
from tests.cast import MONDAY

SENDS = st.dictionaries(
    st.tuples(st.sampled_from(["facebook_page", "zalo_oa"]), st.sampled_from(Group)),
    st.integers(0, 50),
)
TALLIES = st.builds(
    Tally,
    standing=st.dictionaries(st.sampled_from(Standing), st.integers(0, 50)),
    silent=st.integers(0, 50),
    reposted=st.integers(0, 50),
    opened=st.integers(0, 50),
    sends=SENDS,
)


def test_every_state_of_a_send_has_its_word_on_the_board():
    assert set(rules.GROUPS) == {s.value for s in SendState}


def test_what_a_person_declares_is_never_shown_as_seen_by_the_house():
    assert rules.group_of("confirmed", declared=True) is Group.DECLARED
    assert rules.group_of("confirmed", declared=False) is Group.POSTED
    assert rules.group_of("failed", declared=True) is Group.FAILED


@pytest.mark.parametrize(
    ("groups", "readings", "acknowledged", "there"),
    [
        ((), 0, False, Standing.NOTHING),
        ((Group.CANCELLED,), 0, False, Standing.NOTHING),
        ((Group.FAILED, Group.POSTED), 0, False, Standing.DELIVERED),
        ((Group.FAILED, Group.HANDED), 0, False, Standing.HANDED),
        ((Group.FAILED, Group.HANDED), 1, False, Standing.DELIVERED),
        ((Group.UNCERTAIN, Group.HANDED), 0, False, Standing.UNCERTAIN),
        ((Group.FAILED,), 0, True, Standing.ACKNOWLEDGED),
    ],
)
def test_a_unit_stands_where_the_best_known_thing_puts_it(groups, readings, acknowledged, there):
    assert rules.standing(groups, readings=readings, acknowledged=acknowledged) is there


def test_silence_begins_after_48_hours_and_ends_with_a_post_or_where_asked_with_a_word():
    late, early = MONDAY + timedelta(hours=48), MONDAY + timedelta(hours=47, minutes=59)

    def silent(where, at=late, asked=False, sent_at=MONDAY):
        return rules.is_silent(where, sent_at=sent_at, at=at, must_acknowledge=asked)

    assert silent(Standing.HANDED)
    assert not silent(Standing.HANDED, at=early)
    assert not silent(Standing.HANDED, sent_at=None)
    assert not silent(Standing.DELIVERED)
    assert silent(Standing.DELIVERED, asked=True)
    assert not silent(Standing.ACKNOWLEDGED, asked=True)


@given(st.lists(TALLIES, max_size=6))
def test_the_sum_of_branches_is_the_same_in_any_order_and_units_add_up(branches):
    total = rules.add_up(branches)

    assert total.units == sum(b.units for b in branches)
    assert total.silent == sum(b.silent for b in branches)
    assert rules.add_up(reversed(branches)) == total
    assert all(total.of(s) == sum(b.of(s) for b in branches) for s in Standing)


def test_names_are_seen_from_above_only():
    def sees(path, **held):
        return rules.may_see_names(path, **{"writes_in": (), "approves_in": (), **held})

    assert sees("province.commune", writes_in=("province",))
    assert not sees("province.commune", writes_in=("province.commune",))
    assert sees("province.commune", approves_in=("province.commune",))
    assert not sees("province.other", approves_in=("province.commune",))
    assert not sees("province", writes_in=("province.commune",))
    assert not sees("province.communes", writes_in=("province.commune",))


def test_the_sum_of_paper_is_what_its_formula_says():
    saved = rules.paper_saved(units=400, pages=2)

    assert (saved.letters, saved.sheets) == (400, 800)
    assert saved.vnd == 400 * (2 * 300 + 500 + 4000)


@pytest.mark.parametrize(
    "agent", ["", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1)"]
)
def test_a_preview_is_nobody(agent):
    assert not rules.is_person(agent)


def test_a_phone_is_somebody():
    assert rules.is_person("Mozilla/5.0 (Linux; Android 10; SM-A107F) Mobile Safari/537.36")
