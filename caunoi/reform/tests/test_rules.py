"""Decisions about plans."""

from datetime import date

import pytest

from caunoi.reform import rules
from caunoi.reform.terms import NO_SUCCESSOR, NOT_DECIDED, Counted, PlanState, Way


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


def test_steps_share_a_transaction_by_holder_and_outcome_and_never_weigh_too_much():
    steps = [
        Counted(1, "channels", 1, "kept"),
        Counted(2, "channels", 1, "kept"),
        Counted(3, "channels", 1, "closed"),
        Counted(4, "cases", 900, "kept"),
        Counted(5, "cases", 200, "kept"),
        Counted(6, "cases", 5000, "kept"),
    ]

    found = rules.groups(steps, most=2, things=1000)

    assert [[s.pk for s in group] for group in found] == [[1, 2], [3], [4], [5], [6]]


@pytest.mark.parametrize(
    ("way", "heirs", "known", "target", "stale"),
    [
        (Way.ONE, [1], Way.ONE, 1, False),
        (Way.ONE, [2], Way.ONE, 1, True),
        (Way.SPLIT, [1, 2], Way.SPLIT, 9, False),
        (Way.SPLIT, [3, 4], Way.SPLIT, 1, True),
        (Way.UNKNOWN, [], Way.UNKNOWN, 5, False),
        (Way.UNKNOWN, [], Way.ONE, 1, True),
    ],
)
def test_what_was_decided_for_another_tree_does_not_hold(way, heirs, known, target, stale):
    assert rules.is_stale(way=way, heirs=heirs, known=known, target=target, keepers=[9]) is stale


def test_the_words_to_pin_say_who_took_over_why_and_where_to_go():
    words = rules.moved_words(
        old="Xã Bích Hào", new="Xã Bích Lễ", on=date(2026, 12, 1), legal_reference="NQ 12", address="https://x.vn/xa/xa-bich-hao/",
        taker="MTTQ xã Bích Lễ", taker_address="",
    )  # fmt: skip

    assert words.splitlines() == [
        "Từ ngày 01/12/2026, Xã Bích Lễ tiếp nhận công việc của Xã Bích Hào.",
        "Căn cứ: NQ 12.",
        "Trang này không đăng tin mới. Tin cũ vẫn giữ để bà con xem lại.",
        "Bà con theo dõi tiếp tại MTTQ xã Bích Lễ",
        "Nơi xem tin và gửi câu hỏi: https://x.vn/xa/xa-bich-hao/",
    ]
