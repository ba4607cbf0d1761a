from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.webhooks import rules
from caunoi.webhooks.terms import Verdict
from tests.cast import MONDAY


def test_the_tries_lie_as_far_apart_as_the_standard_says():
    waits = [
        rules.next_try_at(tries=n, at=MONDAY, retry_after=None, chance=0) for n in range(1, 10)
    ]

    seconds = [(w - MONDAY).total_seconds() for w in waits]
    assert seconds == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert sum(rules.RETRY_SECONDS) == timedelta(hours=75, minutes=35, seconds=5).total_seconds()


def test_after_the_tenth_try_it_is_given_up():
    assert rules.next_try_at(tries=10, at=MONDAY, retry_after=None, chance=0) is None


@given(st.integers(1, 9), st.floats(0, 1))
def test_jitter_adds_a_tenth_at_most(tries, chance):
    wait = rules.next_try_at(tries=tries, at=MONDAY, retry_after=None, chance=chance) - MONDAY

    plain = rules.RETRY_SECONDS[tries]
    assert plain <= wait.total_seconds() <= plain * 1.1 + 1e-6


def test_what_the_address_asks_for_holds_when_it_is_later():
    asked = rules.retry_after_of("900", at=MONDAY)

    assert rules.next_try_at(tries=1, at=MONDAY, retry_after=asked, chance=0) == MONDAY + timedelta(
        minutes=15
    )
    assert rules.next_try_at(tries=5, at=MONDAY, retry_after=asked, chance=0) == MONDAY + timedelta(
        hours=5
    )


def test_nobody_can_ask_us_to_wait_for_ever():
    asked = rules.retry_after_of("9999999", at=MONDAY)

    then = rules.next_try_at(tries=1, at=MONDAY, retry_after=asked, chance=0)
    assert then == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("text", ["", "soon", "-5", "1e9", "Mon, 99 Foo"])
def test_an_unreadable_retry_after_says_nothing(text):
    assert rules.retry_after_of(text, at=MONDAY) is None


def test_retry_after_may_be_a_date():
    found = rules.retry_after_of("Mon, 23 Nov 2026 02:01:00 GMT", at=MONDAY)

    assert found == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (302, Verdict.LATER),
        (400, Verdict.LATER),
        (410, Verdict.GONE),
        (429, Verdict.THROTTLED),
        (502, Verdict.THROTTLED),
        (504, Verdict.THROTTLED),
        (500, Verdict.LATER),
        (None, Verdict.LATER),
    ],
)
def test_what_an_answer_means(status, verdict):
    assert rules.verdict_of(status) == verdict


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/hook",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
        "https://db.internal/",
        "https://may-chu/",
        "https://a:b@example.com/",
        "https://example.com:22/",
        "ftp://example.com/",
        "https://",
        "https://[",
    ],
)
def test_addresses_inside_or_unsafe_are_refused(address):
    assert rules.address_problem(address, loopback_only=False)


def test_a_public_https_address_may_be_called():
    assert rules.address_problem("https://example.com/hook", loopback_only=False) is None
    assert rules.address_problem("https://8.8.8.8/hook", loopback_only=False) is None
