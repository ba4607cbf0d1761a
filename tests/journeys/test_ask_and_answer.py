"""The first story: Dung asks, An drafts, Bình approves, and the answer stands where it was asked."""

from datetime import timedelta

import pytest

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import State, TwoPersons
from caunoi.channels import actions as channels
from caunoi.inbox import intake
from caunoi.journeys import ask_and_answer, redacting, work
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Bao giờ xã tôi có nước sạch? Gọi tôi số 0912 345 678."


def arrives(loopback, *events, at=MONDAY, secret="s"):
    raw = loopback.delivery(*events, at=at, secret=secret)
    taken = intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=at
    )
    work.work_inbox_once(worker="w", at=at)
    return taken


def send_all(at=MONDAY):
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass


def answered_by(an, binh, text="Tháng 12 xã đóng điện trạm bơm, bà con có nước sạch."):
    case = Case.objects.get()
    cases.save_draft(case=case, text=text, by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    redacting.confirm(case=case, answer=text, by=an, at=MONDAY)
    return ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)


def test_a_question_under_a_post_is_answered_under_it_and_on_a_permanent_page(loopback, an, binh):
    arrives(
        loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY, name="Lê Thị Dung", post="p1")
    )
    send_all()
    (received,) = loopback.world.sent
    case = Case.objects.get()

    published = answered_by(an, binh)
    send_all(TUESDAY)

    assert case.number == "NA-2026-000001"
    assert received["target_ref"] == "c1"
    assert case.number in received["text"]
    answer = loopback.world.sent[-1]
    assert (answer["kind"], answer["target_ref"]) == ("comment_reply", "c1")
    assert "có nước sạch" in answer["text"]
    assert published.number == case.number
    assert "0912" not in published.question
    assert "[số điện thoại đã ẩn]" in published.question


def test_a_private_message_is_answered_in_the_chat(loopback, an, binh):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY, sender="dung"))

    answered_by(an, binh)
    send_all(TUESDAY)

    assert [(s["kind"], s["target_ref"]) for s in loopback.world.sent] == [
        ("private_message", "dung")
    ] * 2


def test_the_web_form_and_the_walk_in_are_answered_on_the_page(place, an, binh):
    asked = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=QUESTION, form_key="f1", at=MONDAY
    )
    again = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=QUESTION, form_key="f1", at=MONDAY
    )
    told = ask_and_answer.take_walk_in(
        unit_id=place["bich_hao"].pk,
        text="Bản tôi chưa có điện, bao giờ có?",
        form_key="w1",
        by=an,
        at=MONDAY,
    )

    assert asked == again
    assert Case.objects.count() == 2
    assert told.origin == "walk_in"
    assert not OutboundMessage.objects.exists()


def test_the_same_message_delivered_twice_opens_one_case(loopback):
    event = loopback.message("page", "m1", QUESTION, at=MONDAY)
    arrives(loopback, event)
    arrives(loopback, event, at=TUESDAY)
    arrives(
        loopback,
        event,
        loopback.message("page", "m2", "Đường xóm 4 hỏng rồi", at=MONDAY, sender="khac"),
    )

    assert Case.objects.count() == 2


def test_a_forged_delivery_is_refused_and_leaves_nothing_but_a_count(loopback):
    from caunoi.inbox.models import RawDelivery, Refusal

    taken = arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY), secret="wrong")

    assert taken.status == 403
    assert not RawDelivery.objects.exists()
    assert sum(Refusal.objects.values_list("count", flat=True)) == 1


def test_one_bad_part_does_not_harm_its_neighbours(loopback):
    arrives(
        loopback,
        {"what": "message", "account": "page"},
        loopback.message("stranger", "m0", QUESTION, at=MONDAY),
        loopback.message("page", "m1", QUESTION, at=MONDAY),
    )

    assert Case.objects.count() == 1


def test_thanks_and_greetings_open_no_case(loopback):
    arrives(loopback, loopback.message("page", "m1", "Cảm ơn ad ạ!", at=MONDAY))
    arrives(loopback, loopback.message("page", "m2", "👍", at=MONDAY))

    assert not Case.objects.exists()


def test_more_words_in_the_same_chat_join_the_running_case(loopback):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    arrives(loopback, loopback.message("page", "m2", "Nhà tôi ở xóm 4 ạ", at=MONDAY))

    assert Case.objects.get().steps.filter(kind="more").get().note == "Nhà tôi ở xóm 4 ạ"


def test_a_reply_that_comes_before_its_comment_waits_for_it(loopback):
    arrives(loopback, loopback.comment("page", "r1", "Tôi cũng muốn biết", at=MONDAY, parent="c1"))
    assert not Case.objects.exists()

    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))

    assert Case.objects.get().thread_id is not None


def test_a_reply_whose_comment_never_comes_opens_its_own_thread_after_ten_minutes(loopback):
    arrives(loopback, loopback.comment("page", "r1", "Bao giờ có điện ạ?", at=MONDAY, parent="c1"))

    work.work_inbox_once(worker="w", at=MONDAY + timedelta(minutes=11))

    assert Case.objects.get().text == "Bao giờ có điện ạ?"


def test_who_wrote_the_answer_cannot_approve_it(loopback, binh):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    case = Case.objects.get()
    cases.save_draft(case=case, text="Tháng 12.", by=binh, at=MONDAY)
    cases.submit_draft(case=case, by=binh, at=MONDAY)

    with pytest.raises(TwoPersons):
        ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)

    case.refresh_from_db()
    assert case.state == State.SUBMITTED


def test_a_denunciation_is_never_published(loopback, place, binh):
    an = make_staff(name="Lô Thị Chi", unit_id=place["bich_hao"].pk, role=Role.SEALED_OFFICER)
    arrives(
        loopback,
        loopback.comment(
            "page", "c1", "Tôi muốn tố cáo trưởng thôn thu tiền không hoá đơn", at=MONDAY
        ),
    )

    published = answered_by(an, binh, "Mời bà con đến trụ sở.")
    send_all(TUESDAY)

    assert published is None
    assert not PublishedAnswer.objects.exists()
    assert all("Mời bà con" not in s["text"] for s in loopback.world.sent)


def test_an_answer_whose_receipt_was_lost_is_looked_up_and_not_sent_twice(loopback, an, binh):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    loopback.world.faults.append("drop")
    send_all()
    assert OutboundMessage.objects.get().state == "uncertain"

    send_all(MONDAY + timedelta(seconds=10))

    assert OutboundMessage.objects.get().state == "sent"
    assert len(loopback.world.sent) == 1


def test_a_lost_token_makes_sends_wait_and_drops_nothing(loopback):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    loopback.world.faults += ["reconnect", "reconnect"]
    send_all()
    channel = OutboundMessage.objects.get().channel
    assert channel.state == "reconnect_needed"

    channels.change_secrets(
        channel=channel,
        secrets={"access_token": "n", "refresh_token": "r"},
        by=None,
        at=MONDAY,
        token_expires_at=MONDAY + timedelta(days=30),
    )
    send_all()

    assert len(loopback.world.sent) == 1
