"""Amounts as people write them, days as the decree counts them, names as the public reads them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.campaigns import rules
from caunoi.campaigns.terms import Duty, GiftState


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000 đồng", 1_250_000),
        ("500 000đ", 500_000),
        ("2 triệu", 2_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("300k", 300_000),
        ("60", 60),
        ("1.25", None),
        ("-5", None),
        ("năm trăm", None),
        ("1e9", None),
        ("", None),
        ("9" * 40, None),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed, meant):
    assert rules.read_amount(typed) == meant


@given(st.text(alphabet="0123456789.,+-eE ²٣ktỷriệunghìđ\u00a0\n", max_size=40))
def test_any_text_is_an_amount_or_none(text):
    found = rules.read_amount(text)

    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("ends_on", "hand_out_by", "wrong"),
    [
        (date(2027, 1, 30), None, ""),
        (date(2027, 1, 31), None, "too_long"),
        (date(2026, 10, 31), None, "order"),
        (date(2027, 1, 30), date(2027, 2, 19), ""),
        (date(2027, 1, 30), date(2027, 2, 20), "hand_out_late"),
        (date(2027, 1, 30), date(2027, 1, 29), "order"),
        (None, None, ""),
    ],
)
def test_ninety_days_to_receive_and_twenty_to_hand_out(ends_on, hand_out_by, wrong):
    found = rules.wrong_days(
        starts_on=date(2026, 11, 1),
        ends_on=ends_on,
        hand_out_by=hand_out_by,
        longest=90,
        hand_out=20,
    )
    assert found == wrong


def test_what_must_be_published_and_until_when():
    days = {Duty.RECEIVED: 15, Duty.HANDED_OUT: 30}
    due = rules.duties(
        starts_on=date(2026, 11, 1),
        ends_on=date(2027, 1, 29),
        hand_out_by=date(2027, 2, 15),
        days=days,
    )

    assert due[Duty.APPEAL] == date(2026, 11, 1)
    assert due[Duty.RECEIVED] == date(2027, 2, 13)
    assert due[Duty.HANDED_OUT] == due[Duty.POSTED] == date(2027, 3, 17)
    standing = rules.duties(starts_on=date(2026, 11, 1), ends_on=None, hand_out_by=None, days=days)
    assert list(standing) == [Duty.APPEAL]


def test_what_lapsed_stays_lapsed_until_all_of_it_is_there():
    assert rules.state_of_more(was="lapsed", amount=60, came=20) == GiftState.LAPSED
    assert rules.state_of_more(was="lapsed", amount=60, came=60) == GiftState.FULFILLED
    assert rules.state_of_more(was="promised", amount=60, came=20) == GiftState.PARTLY


def test_a_name_as_initials():
    assert rules.shown_name(giver="Hoàng Thị Thảo", initials=True) == "H.T.T."
    assert rules.shown_name(giver="", initials=True) == ""
