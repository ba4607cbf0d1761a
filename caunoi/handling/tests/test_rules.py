"""What a run leaves out, what braces mean."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from caunoi.handling import rules
from caunoi.handling.rules import CaseFacts
from caunoi.handling.terms import Do, LeftOut

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OPEN = CaseFacts(
    state="open",
    owner_id="u1",
    topic="nha_o",
    assignee_id=None,
    snoozed_until=None,
    has_draft=False,
    allowed=True,
)


@pytest.mark.parametrize("do", Do)
def test_foreign_and_finished_cases_are_always_left_out(do):
    params = {"account": 1, "unit": "u2", "topic": "dat_dai", "until": "", "canned": 1}

    assert rules.left_out(do, params, replace(OPEN, allowed=False)) == LeftOut.NOT_YOURS
    assert rules.left_out(do, params, replace(OPEN, state="answered")) == LeftOut.FINISHED


@pytest.mark.parametrize(
    ("do", "params", "case", "why"),
    [
        (Do.ASSIGN, {"account": 7}, OPEN, None),
        (Do.ASSIGN, {"account": 7}, replace(OPEN, assignee_id=7), LeftOut.SAME),
        (Do.ASSIGN, {"account": None}, OPEN, LeftOut.SAME),
        (Do.ASSIGN, {"account": 7}, replace(OPEN, theirs=False), LeftOut.NOT_THEIRS),
        (Do.REFER, {"unit": "u2"}, OPEN, None),
        (Do.REFER, {"unit": "u1"}, OPEN, LeftOut.SAME),
        (Do.REFER, {"unit": "u2"}, replace(OPEN, state="submitted"), LeftOut.SUBMITTED),
        (Do.TOPIC, {"topic": "nha_o"}, OPEN, LeftOut.SAME),
        (Do.TOPIC, {"topic": "dat_dai"}, OPEN, None),
        (Do.SNOOZE, {"until": ""}, OPEN, LeftOut.SAME),
        (Do.SNOOZE, {"until": NOW.isoformat()}, OPEN, None),
        (Do.SNOOZE, {"until": NOW.isoformat()}, replace(OPEN, snoozed_until=NOW), LeftOut.SAME),
        (Do.CLOSE, {}, replace(OPEN, state="submitted"), LeftOut.SUBMITTED),
        (Do.CLOSE, {}, OPEN, None),
        (Do.ANSWER, {"canned": 1}, replace(OPEN, has_draft=True), LeftOut.BEGUN),
        (Do.ANSWER, {"canned": 1}, replace(OPEN, state="submitted"), LeftOut.SUBMITTED),
        (Do.ANSWER, {"canned": 1}, OPEN, None),
    ],
)
def test_each_thing_has_its_own_reasons_to_leave_a_case_out(do, params, case, why):
    assert rules.left_out(do, params, case) == why


def test_what_was_sent_to_others_cannot_be_taken_back_and_the_rest_for_ten_minutes():
    for do in (Do.REFER, Do.ANSWER):
        assert not rules.may_undo(do=do, finished_at=NOW, at=NOW)
    for do in (Do.ASSIGN, Do.TOPIC, Do.SNOOZE, Do.CLOSE):
        assert rules.may_undo(do=do, finished_at=NOW, at=NOW + timedelta(minutes=10))
        assert not rules.may_undo(do=do, finished_at=NOW, at=NOW + timedelta(minutes=11))
        assert not rules.may_undo(do=do, finished_at=None, at=NOW)


def test_braces_are_filled_in_english_and_vietnamese_and_the_unknown_stays_to_be_seen():
    values = {"number": "NA-1", "name": "bác Dung", "unit": "Xã Bích Hào", "deadline": "30/11"}

    filled = rules.fill("Chào {tên}, câu {số}/{number}, {đơn vị}, {Hạn}. {khác} {}", values)

    assert filled == "Chào bác Dung, câu NA-1/NA-1, Xã Bích Hào, 30/11. {khác} {}"
    assert rules.unknown_placeholders("{tên} {khác} {x y}") == ["khác", "x y"]
    assert rules.fill("{name}", {"name": ""}) == "{name}"
