"""Decisions about plans."""

from datetime import date

import pytest

from caunoi.reform import rules
from caunoi.reform.terms import NO_SUCCESSOR, NOT_DECIDED, PlanState, Way


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MTTQ xã Bích Hào", "MTTQ xã Bích Lễ"),
        ("Xã Bích Hào – trang cộng đồng", "Xã Bích Lễ – trang cộng đồng"),
        ("XÃ BÍCH HÀO", "Xã Bích Lễ"),
        ("Mặt trận quê tôi", "Mặt trận quê tôi (Xã Bích Lễ)"),
        ("MTTQ xã Bích Lễ", "MTTQ xã Bích Lễ"),
    ],
)
def test_a_channel_that_goes_on_bears_the_new_units_name(name, said):
    assert rules.renamed(name, old="Xã Bích Hào", new="Xã Bích Lễ") == said


def test_a_longer_name_that_begins_the_same_is_left_alone():
    assert rules.renamed("Xóm 12 A", old="Xóm 1", new="Xóm 3") == "Xóm 12 A (Xóm 3)"


def test_nobody_one_or_several_took_over():
    assert [rules.way_of(h) for h in ([], [1], [1, 2])] == [Way.UNKNOWN, Way.ONE, Way.SPLIT]


def test_a_plan_waits_for_units_and_things():
    assert [b.code for b in rules.blockers(units=2, without_successor=1, undecided=3)] == [
        NO_SUCCESSOR,
        NOT_DECIDED,
    ]
    assert rules.blockers(units=2, without_successor=0, undecided=0) == []


def test_signatures_go_back_until_the_day_and_not_on_it():
    day = date(2026, 12, 1)

    def may(state, today):
        return rules.may_take_back(state=state, on_date=day, today=today)

    assert may(PlanState.SIGNED, date(2026, 11, 30))
    assert not may(PlanState.SIGNED, day)
    assert not may(PlanState.DRAFT, date(2026, 11, 30))
