"""Who may launch what, for how long; sent back, ended early, published, settled."""

from datetime import date, timedelta

import pytest

from caunoi.campaigns import actions, actions_running, queries
from caunoi.campaigns.models import LaunchRule
from caunoi.campaigns.terms import NoReason, NotLaunched, NotSettled, State, WrongState
from caunoi.campaigns.tests import ground
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

AFTER = MONDAY + timedelta(days=80)


def test_a_commune_does_not_launch_relief_until_a_rule_says_so(tree, staff):
    fields = ground.FIELDS | {"area_id": tree["bich_hao"].pk}
    unit = tree["bich_hao"].pk
    draft = actions.write(unit_id=unit, fields=fields, by=staff["binh"], at=MONDAY)

    with pytest.raises(NotLaunched, match="93/2021"):
        actions.submit(campaign=draft, by=staff["binh"], at=MONDAY)

    actions_running.rule_launching(
        kind="relief",
        level="commune",
        valid_from=MONDAY.date(),
        body="Ban Vận động cứu trợ xã",
        source="Nghị định mới, ngày 20/11/2026",
        unit_id=tree["nghe_an"].pk,
        by=staff["phuc"],
        at=MONDAY,
    )
    assert actions.submit(campaign=draft, by=staff["binh"], at=MONDAY).state == State.SUBMITTED
    assert LaunchRule.objects.filter(kind="relief", level="commune").count() == 2


def test_relief_of_more_than_ninety_days_is_not_handed_in(tree, staff):
    long = ground.draft(tree, staff, ends_on=date(2027, 2, 28), hand_out_by=None)

    with pytest.raises(NotLaunched, match="90"):
        actions.submit(campaign=long, by=staff["hanh"], at=MONDAY)


def test_what_is_sent_back_is_a_draft_again_with_the_reason(tree, staff):
    draft = ground.draft(tree, staff)
    actions.submit(campaign=draft, by=staff["hanh"], at=MONDAY)
    with pytest.raises(NoReason):
        actions.send_back(campaign=draft, reason=" ", by=staff["phuc"], at=MONDAY)

    back = actions.send_back(
        campaign=draft, reason="Thiếu số tài khoản", by=staff["phuc"], at=MONDAY
    )

    assert (back.state, back.sent_back_because) == (State.DRAFT, "Thiếu số tài khoản")


def test_ended_early_it_takes_nothing_from_tomorrow_and_publishing_comes_sooner(campaign, staff):
    before = {p.duty: p.due_on for p in queries.publications_of(campaign=campaign)}

    ended = actions_running.end_early(
        campaign=campaign, reason="Đã đủ", by=staff["phuc"], at=MONDAY
    )

    assert ended.ends_on == date(2026, 11, 23)
    after = {p.duty: p.due_on for p in queries.publications_of(campaign=ended)}
    assert after["received"] == date(2026, 12, 8) < before["received"]
    with pytest.raises(WrongState):
        actions_running.end_early(campaign=ended, reason="nữa", by=staff["phuc"], at=MONDAY)


def test_it_is_settled_when_all_is_published_and_nothing_lies_anywhere(campaign, staff):
    gift = actions.promise(campaign=campaign, commodity="goat", amount=2, at=MONDAY, fields={})
    with pytest.raises(WrongState):
        actions_running.settle(campaign=campaign, by=staff["phuc"], at=MONDAY)
    with pytest.raises(NotSettled):
        actions_running.settle(campaign=campaign, by=staff["phuc"], at=AFTER)

    actions.lapse_gifts(at=AFTER)
    for row in queries.publications_of(campaign=campaign):
        actions_running.publish(
            publication=row,
            done_on=date(2026, 11, 23),
            proof="https://nghean.example/cong-khai",
            by=staff["hanh"],
            at=AFTER,
        )
    settled = actions_running.settle(campaign=campaign, by=staff["phuc"], at=AFTER)

    gift.refresh_from_db()
    assert (settled.state, gift.state) == (State.SETTLED, "lapsed")


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(tree, staff):
    typed = {k: v for k, v in ground.FIELDS.items() if not k.endswith("_on")} | {
        "area": "tinh-nghe-an",
        "starts_on": "2026-11-23",
        "ends_on": "2027-06-01",
        "account_number": "1017 5888 88/8",
    }
    page = client_for(staff["hanh"]).post("/quan-tri/van-dong/moi/", typed)
    text = page.content.decode()

    assert page.status_code == 422
    assert "tối đa 90 ngày" in text
    assert "19 chữ số" in text or "Chọn ngân hàng" in text
    assert "Chung tay sau lũ quét Kỳ Sơn" in text


def test_an_overdue_publication_stands_on_the_page_of_today(campaign, staff):
    assert queries.waiting(staff["hanh"], on=date(2027, 3, 1)).to_publish == 2
    assert queries.waiting(staff["binh"], on=date(2027, 3, 1)).to_publish == 0
