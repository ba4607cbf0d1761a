"""What we hold of somebody who asked: she reads it, has it corrected, has it erased; the public answer stays without her."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.inbox import intake
from caunoi.inbox.models import Message, RawDelivery, Thread
from caunoi.journeys import ask_and_answer, redacting, work
from caunoi.kit import keyring
from caunoi.kit.models import AuditEntry
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.privacy import actions as privacy
from caunoi.privacy.models import Request
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Bao giờ xã tôi có nước sạch? Tôi là Lê Thị Dung, gọi số 0912 345 678."
TRACES = ("Lê Thị Dung", "0912 345 678", "0912345678", "dung-psid")


def asked_in_chat(loopback, *, at=MONDAY, message="m1"):
    event = loopback.message(
        "page", message, QUESTION, at=at, name="Lê Thị Dung", sender="dung-psid"
    )
    raw = loopback.delivery(event, at=at, secret="s")
    intake.receive(connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=at)
    work.work_inbox_once(worker="w", at=at)
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass
    return Case.objects.get()


def asked_on_web(place):
    return ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk,
        text=QUESTION,
        form_key="f1",
        name="Lê Thị Dung",
        contact="0912345678",
        place="Xóm 4",
        at=MONDAY,
    )


def answered(case, an, binh, text="Tháng 12 có nước, bà Lê Thị Dung nhé."):
    cases.save_draft(case=case, text=text, by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    redacting.confirm(case=case, answer=text, by=an, at=MONDAY)
    ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)
    while delivery.deliver_once(worker="w", now=lambda: TUESDAY):
        pass


def opened(case):
    client = Client()
    client.post(f"/hoi/{case.number}/du-lieu/", {"code": case.follow_code})
    return client


def everything_stored():
    """Every value of every table except the audit trail's numbers, as one text."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        for row in model._default_manager.all().values():
            found += [
                v.tobytes().decode("utf-8", "ignore") if isinstance(v, memoryview) else str(v)
                for v in row.values()
            ]
            found += [v.decode("utf-8", "ignore") for v in row.values() if isinstance(v, bytes)]
    return "\n".join(found)


def test_with_number_and_code_she_reads_everything_we_hold(place, an):
    case = asked_on_web(place)
    cases.reveal_contact(case=case, by=an, at=TUESDAY)

    page = opened(case).get(f"/hoi/{case.number}/du-lieu/").content.decode()

    for held in ("Lê Thị Dung", "0912345678", "Xóm 4", "Nguyễn Thị An", "nước sạch"):
        assert held in page


def test_without_the_code_nothing_is_shown(place):
    case = asked_on_web(place)
    client = Client()

    page = client.get(f"/hoi/{case.number}/du-lieu/")
    wrong = client.post(f"/hoi/{case.number}/du-lieu/", {"code": "WRONGWRO"})
    file = client.get(f"/hoi/{case.number}/du-lieu/tep.json")

    assert "Lê Thị Dung" not in page.content.decode() + wrong.content.decode()
    assert file.status_code == 302


def test_wrong_codes_are_counted_as_at_the_door_of_following(place):
    case, client = asked_on_web(place), Client()
    for _ in range(10):
        client.post(f"/hoi/{case.number}/du-lieu/", {"code": "WRONGWRO"})

    right = client.post("/theo-doi/", {"number": case.number, "code": case.follow_code})

    assert right.status_code == 429


def test_she_takes_it_home_as_a_file(place):
    case = asked_on_web(place)

    file = opened(case).get(f"/hoi/{case.number}/du-lieu/tep.json")

    told = json.loads(file.content)
    assert told["number"] == case.number
    assert any("0912345678" in piece["text"] for piece in told["held"])
    assert "attachment" in file.headers["Content-Disposition"]


def test_from_the_chat_she_gets_a_link_that_opens_once(loopback):
    case = asked_in_chat(loopback)
    Client().post(f"/hoi/{case.number}/du-lieu/gui-duong-dan/")
    text = OutboundMessage.objects.get(reference__contains="data-link").text
    address = next(w for w in text.split() if "/du-lieu/mo/" in w)
    address = address[address.index("/du-lieu/") :]
    client = Client()

    looked_at_by_the_chat = Client().get(address)
    client.post(address)
    page = client.get(f"/hoi/{case.number}/du-lieu/").content.decode()
    again = Client().post(address)

    assert looked_at_by_the_chat.status_code == 200
    assert "Lê Thị Dung" in page
    assert again.status_code == 410


def test_a_correction_waits_for_somebody_and_is_applied(place, binh):
    case = asked_on_web(place)
    opened(case).post(
        f"/hoi/{case.number}/du-lieu/sua/",
        {"name": "Lê Thị Dương", "phone": "0987654321", "place": "Xóm 5", "words": "Ghi nhầm"},
    )
    request = Request.objects.get()

    client_for(binh).post(
        f"/quan-tri/du-lieu-ca-nhan/{request.pk}/", {"decision": "grant", "reason": "Đúng lời"}
    )

    case.refresh_from_db()
    assert (case.asker_name, case.place) == ("Lê Thị Dương", "Xóm 5")
    contact = keyring.load().open(case.sealed_contact, context=f"case:{case.pk}")
    assert contact == "0987654321"
    assert "0987654321" not in everything_stored()


def test_the_request_is_due_as_the_law_says(place):
    case = asked_on_web(place)

    request = privacy.ask_erasure(case=case, words="", at=MONDAY)

    # two working days (Decree 356/2025); 24 November is a public holiday
    assert request.due_at.date().isoformat() == "2026-11-26"


def test_after_erasure_no_table_holds_her_and_the_answer_stands(loopback, an, binh):
    case = asked_in_chat(loopback)
    answered(case, an, binh)
    request = privacy.ask_erasure(case=case, words="Xin xoá", at=TUESDAY)

    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    stored = everything_stored()
    assert [t for t in TRACES if t in stored] == []
    published = PublishedAnswer.objects.get()
    assert "Tháng 12 có nước" in published.answer
    assert Client().get(f"/hoi/{case.number}/").status_code == 200


def test_the_same_delivery_again_brings_nothing_back(loopback, an, binh):
    case = asked_in_chat(loopback)
    answered(case, an, binh)
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)
    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    event = loopback.message(
        "page", "m1", QUESTION, at=MONDAY, name="Lê Thị Dung", sender="dung-psid"
    )
    raw = loopback.delivery(event, at=MONDAY, secret="s")
    intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=TUESDAY
    )
    work.work_inbox_once(worker="w", at=TUESDAY)

    assert Case.objects.count() == 1
    assert Thread.objects.get().sender_ref == ""
    assert [m.text for m in Message.objects.filter(direction="in")] == [""]
    assert all(not bytes(d.body) for d in RawDelivery.objects.all())


def test_a_question_without_answer_is_closed_when_it_is_erased(place, binh):
    case = asked_on_web(place)
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)

    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    case.refresh_from_db()
    assert case.state == "closed"
    assert not case.asker_name
    assert case.sealed_contact is None
    assert not any(t in everything_stored() for t in TRACES)


def test_a_refusal_says_why_and_nothing_is_lost(place, binh):
    case = asked_on_web(place)
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)

    privacy.refuse(request=request, reason="Hồ sơ khiếu nại phải lưu", by=binh, at=TUESDAY)

    page = opened(case).get(f"/hoi/{case.number}/du-lieu/").content.decode()
    assert "Hồ sơ khiếu nại phải lưu" in page
    assert "Lê Thị Dung" in page


def test_the_record_keeps_that_it_happened_and_never_what_was_erased(loopback, an, binh):
    case = asked_in_chat(loopback)
    answered(case, an, binh)
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)
    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    told = [f"{e.before} {e.after}" for e in AuditEntry.objects.all()]
    assert AuditEntry.objects.filter(event="privacy.case.erased").exists()
    assert not any(trace in words for words in told for trace in TRACES)


def test_under_a_public_comment_only_her_own_words_are_erased(loopback, an, binh):
    hers = loopback.comment(
        "page", "c1", QUESTION, at=MONDAY, name="Lê Thị Dung", sender="dung-psid", post="p1"
    )
    neighbour = loopback.comment(
        "page",
        "c2",
        "Xóm tôi cũng thế",
        at=MONDAY + timedelta(minutes=1),
        name="Vi Văn Khăm",
        sender="kham",
        parent="c1",
        post="p1",
    )
    for event in (hers, neighbour):
        raw = loopback.delivery(event, at=MONDAY, secret="s")
        intake.receive(
            connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=MONDAY
        )
        work.work_inbox_once(worker="w", at=MONDAY)
    case = Case.objects.get()
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)

    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    stored = everything_stored()
    assert not any(t in stored for t in TRACES)
    assert "Xóm tôi cũng thế" in stored


def test_a_conversation_that_carries_another_question_keeps_its_way_back(loopback, binh):
    first = asked_in_chat(loopback)
    Case.objects.filter(pk=first.pk).update(state="closed", closed_at=MONDAY)
    event = loopback.message(
        "page", "m2", "Bao giờ có chợ mới?", at=TUESDAY, name="Lê Thị Dung", sender="dung-psid"
    )
    raw = loopback.delivery(event, at=TUESDAY, secret="s")
    intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=TUESDAY
    )
    work.work_inbox_once(worker="w", at=TUESDAY)
    request = privacy.ask_erasure(case=first, words="", at=TUESDAY)

    privacy.grant(request=request, reason="Theo yêu cầu", by=binh, at=TUESDAY)

    assert Thread.objects.get().sender_ref == "dung-psid"
    assert {m.text for m in Message.objects.filter(direction="in")} == {"", "Bao giờ có chợ mới?"}


def test_sealed_questions_are_decided_by_their_readers_only(place, binh):
    case = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk,
        text="Tôi khiếu nại quyết định số 5",
        form_key="s",
        at=MONDAY,
    )
    request = privacy.ask_erasure(case=case, words="", at=TUESDAY)
    chi = make_staff(name="Phạm Thị Chi", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)

    assert (
        request.case.number
        not in client_for(chi).get("/quan-tri/du-lieu-ca-nhan/").content.decode()
    )
    assert client_for(binh).get(f"/quan-tri/du-lieu-ca-nhan/{request.pk}/").status_code == 200
