# ruff: noqa: F811  the cast of the other stories is taken over
"""Ten seconds to take back: an approval does nothing outside before they are over; a closing is undone with all that it ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases import agency_links, referrals
from caunoi.cases.models import AgencyLink, Draft, Referral
from caunoi.cases.terms import DraftState, State
from caunoi.handling import actions_recall
from caunoi.handling.models import Recall
from caunoi.handling.terms import RecallState
from caunoi.journeys import recalling, redacting
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.outbox.models import OutboundMessage
from caunoi.routing.models import Body
from caunoi.staff.models import RoleGrant
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY
from tests.journeys.test_ask_and_answer import send_all
from tests.journeys.test_same_question import joined, three  # noqa: F401

pytestmark = pytest.mark.django_db
ANSWER = "Tháng 12 xã đóng điện trạm bơm, bà con có nước sạch."


@pytest.fixture
def now(monkeypatch, place):
    """A clock that the story moves on by itself."""

    class Clock:
        at = MONDAY

        def seconds(self, number):
            self.at += timedelta(seconds=number)
            return self.at

    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def main(three, an, now):
    """A question whose answer waits for approval, and two others that are answered together with it."""
    case, _others = joined(three, an)
    cases.save_draft(case=case, text=ANSWER, by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    return case


def approve(case, by):
    prints = redacting.review_of(case=case, answer=ANSWER).prints
    client = client_for(by)
    client.post(reverse("journeys:case_approve", args=[case.number]), {"prints": prints})
    return client, Recall.objects.filter(case=case).order_by("-made_at").first()


def page_of(client, case):
    return client.get(reverse("journeys:case", args=[case.number])).content.decode()


def answers_queued():
    return OutboundMessage.objects.filter(reference__contains="answer").count()


def events():
    return set(AuditEntry.objects.values_list("event", flat=True))


def test_an_approved_answer_stays_inside_until_its_seconds_are_over(three, main, binh, now):
    client, recall = approve(main, binh)

    now.seconds(9)
    assert recalling.carry_out_due(at=now.at) == 0
    main.refresh_from_db()
    assert main.state == State.SUBMITTED
    assert answers_queued() == 0
    assert "trạm bơm" not in Client().get(f"/hoi/{main.number}/").content.decode()
    assert "Hoàn tác" in page_of(client, main)

    now.seconds(1)
    assert recalling.carry_out_due(at=now.at) == 1
    main.refresh_from_db()
    recall.refresh_from_db()
    assert (main.state, recall.state, recall.params) == (State.ANSWERED, RecallState.DONE, {})
    assert answers_queued() == 2
    assert "trạm bơm" in Client().get(f"/hoi/{main.number}/").content.decode()
    assert recalling.carry_out_due(at=now.seconds(60)) == 0


def test_an_approval_taken_back_leaves_nothing_sent_and_nothing_published(
    loopback, three, main, binh, now
):
    before = OutboundMessage.objects.count()
    client, recall = approve(main, binh)

    now.seconds(8)
    client.post(reverse("journeys:take_back", args=[recall.pk]))

    recalling.carry_out_due(at=now.seconds(600))
    send_all(now.at)
    assert OutboundMessage.objects.count() == before
    assert PublishedAnswer.objects.count() == 0
    assert Draft.objects.get(case=main).state == DraftState.SUBMITTED
    states = {c.number: (c.refresh_from_db(), c.state)[1] for c in three}
    assert states.pop(main.number) == State.SUBMITTED
    assert set(states.values()) == {State.CLOSED}
    for case in three:
        assert "trạm bơm" not in Client().get(f"/hoi/{case.number}/").content.decode()
    assert {"handling.approval.given", "handling.approval.taken_back"} <= events()
    assert "cases.answer.approved" not in events()
    _again, second = approve(main, binh)
    assert second.state == RecallState.WAITING


def test_what_could_not_be_approved_is_said_at_once_and_nothing_waits(main, an, binh, now):
    approver_too = make_staff(name="Em", unit_id=main.owner_id, role=Role.APPROVER)
    cases.return_draft(case=main, because="Thiếu ngày", by=binh, at=now.at)
    cases.save_draft(case=main, text=ANSWER, by=approver_too, at=now.at)
    cases.submit_draft(case=main, by=approver_too, at=now.at)

    client, recall = approve(main, approver_too)

    assert recall is None
    assert "không thể tự duyệt" in page_of(client, main) or "người" in page_of(client, main)
    assert "cases.answer.approved" not in events()


def test_two_cannot_approve_the_same_answer_and_nobody_takes_back_for_another(main, binh, now):
    _client, recall = approve(main, binh)
    dao = make_staff(name="Hoàng Đạo", unit_id=main.owner_id, role=Role.APPROVER)

    approve(main, dao)
    stranger = client_for(dao).post(reverse("journeys:take_back", args=[recall.pk]))

    assert Recall.objects.filter(case=main).count() == 1
    assert stranger.status_code == 404
    recall.refresh_from_db()
    assert recall.state == RecallState.WAITING


def test_after_its_seconds_nothing_is_taken_back(main, binh, now):
    client, recall = approve(main, binh)
    recalling.carry_out_due(at=now.seconds(10))

    now.seconds(1)
    page = client.post(reverse("journeys:take_back", args=[recall.pk]), follow=True)

    main.refresh_from_db()
    assert main.state == State.ANSWERED
    assert "quá lâu" in page.content.decode()


def test_words_given_back_meanwhile_are_not_sent_and_the_page_says_why(main, an, binh, now):
    client, recall = approve(main, binh)
    cases.return_draft(case=main, because="Thiếu ngày", by=binh, at=now.seconds(3))

    assert recalling.carry_out_due(at=now.seconds(7)) == 0

    recall.refresh_from_db()
    assert (recall.state, PublishedAnswer.objects.count()) == (RecallState.FAILED, 0)
    assert "chưa gửi được" in page_of(client, main)


def test_whoever_loses_the_role_in_between_sends_nothing(main, binh, now):
    approve(main, binh)
    RoleGrant.objects.filter(account_id=binh.account_id).delete()

    assert recalling.carry_out_due(at=now.seconds(10)) == 0
    main.refresh_from_db()
    assert main.state == State.SUBMITTED


def test_whoever_reads_slowly_may_wait_longer(main, binh, now):
    actions_recall.set_habits(single_keys=True, recall_seconds=60, by=binh, at=MONDAY)
    approve(main, binh)

    assert recalling.carry_out_due(at=now.seconds(59)) == 0
    assert recalling.carry_out_due(at=now.seconds(1)) == 1


def test_undoing_a_closing_brings_back_the_open_hop_and_its_link(three, an, now):
    case = three[2]
    body = Body.objects.create(
        unit=case.owner, kind="office", name="Điện lực", email="dl@x.vn", valid_from=MONDAY.date()
    )
    hop = referrals.refer_out(case=case, body=body, reason="Lưới điện", by=an, at=MONDAY)
    link = AgencyLink.objects.get(referral=hop)
    client = client_for(an)
    now.seconds(60)
    client.post(
        reverse("journeys:case_close", args=[case.number]), {"close-reason": "Bà con đã rút"}
    )
    link.refresh_from_db()
    assert not agency_links.is_open(link, at=now.at)
    assert "Hoàn tác" in page_of(client, case)

    now.seconds(30)
    client.post(reverse("journeys:take_back", args=[Recall.objects.get(case=case).pk]))

    case.refresh_from_db()
    assert (case.state, case.closed_at) == (State.REFERRED, None)
    hop = Referral.objects.get(case=case, done_at=None)
    assert (hop.to_body, hop.received_at) == (body, None)
    link = AgencyLink.objects.select_related("referral").get(pk=link.pk)
    assert agency_links.is_open(link, at=now.at)
    token = agency_links.token_of(link)
    assert "textarea" in Client().get(reverse("journeys:agency", args=[token])).content.decode()
