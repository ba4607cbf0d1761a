"""Sending, decided."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.outbox import rules
from caunoi.outbox.terms import SendState as S


@given(st.lists(st.sampled_from(list(S)), max_size=12))
def test_nothing_leaves_the_arrows(states):
    now = S.QUEUED
    for then in states:
        if rules.may_become(now, then):
            now = then
    assert now in S


def test_what_is_sent_is_never_queued_again():
    assert not rules.may_become(S.SENT, S.QUEUED)
    assert not rules.may_become(S.CONFIRMED, S.QUEUED)


def test_the_schedule_and_its_end():
    pauses = [rules.retry_pause(attempts=n, dice=0.0) for n in range(1, 11)]

    assert [p.total_seconds() for p in pauses[:-1]] == [
        5,
        300,
        1800,
        7200,
        18000,
        36000,
        50400,
        72000,
        86400,
    ]
    assert pauses[-1] is None


@given(st.floats(0, 1), st.integers(1, 9))
def test_jitter_is_at_most_ten_per_cent(dice, attempts):
    base = rules.RETRY_SECONDS[attempts - 1]

    assert (
        base <= rules.retry_pause(attempts=attempts, dice=dice).total_seconds() <= base * 1.1 + 1e-6
    )


def test_the_providers_wish_wins():
    assert rules.retry_pause(attempts=1, dice=0.0, wanted_seconds=77) == timedelta(seconds=77)


@pytest.mark.parametrize(
    ("in_a_row", "outcomes", "opens"),
    [(5, "", True), (4, "0" * 4, False), (1, "01" * 10, False), (1, "0" * 11 + "1" * 9, True)],
)
def test_when_a_channel_is_spared(in_a_row, outcomes, opens):
    assert rules.breaker_opens(in_a_row=in_a_row, last_outcomes=outcomes) is opens


def test_a_spared_channel_is_probed_ever_later_up_to_a_quarter_hour():
    assert [rules.probe_pause(n).total_seconds() for n in (1, 2, 3, 9)] == [30, 60, 120, 900]
