"""What is odd is said on the case, and nothing is lost: stickers, endless texts, changed minds, blocked pages, units that end."""

from datetime import timedelta

import pytest
from django.test import Client

from caunoi.cases import actions as cases
from caunoi.cases import queries, referrals, successions
from caunoi.cases.models import Case, Reader
from caunoi.cases.terms import Kind, NotYourCase
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.duty.models import Alarm
from caunoi.inbox import intake
from caunoi.inbox.models import Message
from caunoi.journeys import ask_and_answer, work
from caunoi.outbox import delivery
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Bao giờ xã tôi có nước sạch?"
LATER = TUESDAY


@pytest.fixture
def loopback(place):
    connector = registry.connector_for("loopback")
    connector.world.reset()
    channels.register_app(
        connector_key="loopback", app_id="a", secrets={"secret": "s"}, by=None, at=MONDAY
    )
    channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="loopback",
        external_id="page",
        name="MTTQ xã Bích Hào",
        secrets={"access_token": "t", "refresh_token": "r"},
        token_expires_at=MONDAY + timedelta(days=60),
        by=None,
        at=MONDAY,
    )
    return connector


def arrives(loopback, *events, at=MONDAY):
    raw = loopback.delivery(*events, at=at, secret="s")
    taken = intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=at
    )
    work.work_inbox_once(worker="w", at=at)
    return taken


def changed(what, ref, text="", at=TUESDAY):
    return {"what": what, "account": "page", "id": ref, "text": text, "at": at.isoformat()}


def page_of(case, viewer):
    return client_for(viewer).get(f"/vu-viec/{case.number}/").content.decode()


def send_all(at=MONDAY):
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass


# Edited, deleted


def test_an_edited_comment_shows_both_wordings_on_the_case(loopback, an):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))
    arrives(loopback, changed("edited", "c1", "Bao giờ xóm 4 có nước sạch?"), at=TUESDAY)

    case = Case.objects.get()
    words = page_of(case, an)

    assert case.text == QUESTION
    assert "Người hỏi đã sửa tin." in words
    assert QUESTION in words
    assert "Bao giờ xóm 4 có nước sạch?" in words


def test_an_edit_that_cries_for_help_rings(loopback, an):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))

    arrives(loopback, changed("edited", "c1", "Cứu với, nước lên tới mái rồi"), at=TUESDAY)

    assert Alarm.objects.count() == 1
    assert set(Case.objects.values_list("kind", flat=True)) == {Kind.QUESTION, Kind.EMERGENCY}


def test_an_edit_that_accuses_is_sealed_and_the_old_page_is_no_longer_public(loopback, an):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))
    first = Case.objects.get()

    arrives(loopback, changed("edited", "c1", "Tôi tố cáo trưởng thôn ăn chặn tiền"), at=TUESDAY)

    first.refresh_from_db()
    assert not first.is_public
    assert Case.objects.filter(kind=Kind.DENUNCIATION).count() == 1
    assert Client().get(f"/hoi/{first.number}/").status_code == 302


def test_a_deleted_comment_is_said_on_the_case_and_leaves_the_public(loopback, an):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))
    arrives(loopback, changed("removed", "c1"), at=TUESDAY)
    arrives(loopback, changed("removed", "c1"), at=TUESDAY)

    case = Case.objects.get()

    assert not case.is_public
    assert Message.objects.get(external_id="c1").text == ""
    assert case.steps.filter(kind="removed").count() == 1
    assert "Người hỏi đã xoá tin." in page_of(case, an)
    assert Client().get(f"/hoi/{case.number}/").status_code == 302


# Blocked, refused


def test_an_asker_who_blocked_the_page_is_said_on_the_case_with_what_to_do(loopback, place, an):
    binh = make_staff(name="Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    send_all()
    case = Case.objects.get()
    cases.save_draft(case=case, text="Tháng 12 có nước.", by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    ask_and_answer.answer_and_publish(case=case, approver=binh, at=MONDAY)
    loopback.world.faults.append("refuse")
    send_all(TUESDAY)

    words = page_of(case, an)

    assert "Không gửi được cho người hỏi qua kênh này." in words
    assert "Câu trả lời vẫn có trên trang công khai." in words
    assert "Tháng 12 có nước." in Client().get(f"/hoi/{case.number}/").content.decode()


# Stickers, files, endless texts


def wordless(loopback, monkeypatch, kind):
    """Let the next message come with a file of that kind and without a word."""
    from dataclasses import replace

    from caunoi.channels.contract import Attachment

    read = type(loopback).read

    def with_file(self, raw):
        return [
            replace(m, attachments=(Attachment(kind, "https://x.invalid/1"),))
            for m in read(self, raw)
        ]

    monkeypatch.setattr(type(loopback), "read", with_file)
    arrives(loopback, loopback.message("page", "m1", "", at=MONDAY))


def test_a_sticker_is_kept_and_answered_with_a_request_for_words(loopback, monkeypatch):
    wordless(loopback, monkeypatch, "sticker")
    send_all()

    assert not Case.objects.exists()
    assert Message.objects.get(external_id="m1").attachments[0]["kind"] == "sticker"
    assert "nhắn bằng chữ" in loopback.world.sent[0]["text"]


def test_a_picture_without_a_word_is_a_case_that_says_so(loopback, monkeypatch, an):
    wordless(loopback, monkeypatch, "image")

    case = Case.objects.get()

    assert case.title
    assert "Chỉ có hình hoặc tệp, không có chữ." in page_of(case, an)


def test_a_text_of_thirty_thousand_letters_is_a_case_that_says_it_was_cut(loopback, an):
    arrives(loopback, loopback.message("page", "m1", "Đường hỏng. " * 2500, at=MONDAY))

    case = Case.objects.get()

    assert len(case.text) <= 10_000
    assert "phần sau đã bị cắt" in page_of(case, an)


def test_a_delivery_of_a_million_letters_is_refused_and_counted(loopback):
    from caunoi.inbox.models import Refusal

    taken = arrives(loopback, loopback.message("page", "m1", "a" * 1_000_000, at=MONDAY))

    assert taken.status == 413
    assert sum(Refusal.objects.values_list("count", flat=True)) == 1


def test_a_million_letters_in_the_form_come_back_with_a_word_and_are_not_lost(place):
    text = "Đường vào xóm hỏng. " * 50_000

    answer = Client().post("/hoi/", {"step": "words", "text": text})

    words = answer.content.decode()
    assert "5.000 chữ" in words
    assert text[:2000] in words
    assert not Case.objects.exists()


# Units that end


def asked(place, text=QUESTION, key="f1"):
    return ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=text, form_key=key, at=MONDAY
    )


def merged(place, on):
    return units.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="91001",
        on=on,
        legal_reference="NQ thử",
        by=None,
        at=MONDAY,
    )


def test_a_case_of_a_merged_unit_moves_to_the_successor_with_its_clock(place):
    case = asked(place)
    due = case.due_at
    heir = merged(place, LATER.date())
    assert successions.move_orphans(at=MONDAY) == 0

    moved = successions.move_orphans(at=LATER)
    again = successions.move_orphans(at=LATER)

    case.refresh_from_db()
    assert (moved, again) == (1, 0)
    assert case.owner_id == heir.pk
    assert case.due_at == due
    assert case.steps.get(kind="moved").to_unit_id == heir.pk
    officer = make_staff(name="Mới", unit_id=heir.pk, role=Role.CASE_OFFICER, on=LATER.date())
    assert list(queries.visible_cases(officer, on=LATER.date())) == [case]
    assert "Chuyển sang Xã Bích Lễ" in Client().get(f"/hoi/{case.number}/").content.decode()


def test_a_sealed_case_moves_too(place):
    case = asked(place, "Tôi khiếu nại quyết định số 5")
    heir = merged(place, LATER.date())

    successions.move_orphans(at=LATER)

    chi = make_staff(name="Chi", unit_id=heir.pk, role=Role.SEALED_OFFICER, on=LATER.date())
    assert list(queries.sealed_cases(chi)) == [case]


def test_an_alarm_that_still_rings_rings_at_the_successor(place):
    case = asked(place, "Cứu với, nước lũ đang lên, nhà tôi có 3 người kẹt trên mái")
    heir = merged(place, LATER.date())
    officer = make_staff(name="Mới", unit_id=heir.pk, role=Role.CASE_OFFICER, on=LATER.date())

    successions.move_orphans(at=LATER)

    (alarm,) = Alarm.objects.filter(case_id=case.pk, taken_at=None)
    assert alarm.unit_id == heir.pk
    assert alarm.pages.filter(account_id=officer.account_id, unit_id=heir.pk).exists()


def test_a_unit_that_handed_a_case_on_and_ends_leaves_its_sight_to_the_successor(place, an):
    case = asked(place)
    referrals.refer_case(
        case=case, to_unit_id=place["tri_le"].pk, reason="Việc xã bạn", by=an, at=MONDAY
    )
    heir = merged(place, LATER.date())

    successions.move_orphans(at=LATER)

    assert Reader.objects.filter(case=case, unit_id=heir.pk).exists()


def split(place):
    units.dissolve_unit(
        unit_id=place["village"].pk,
        successor_id=None,
        on=LATER.date(),
        legal_reference="NQ thử",
        by=None,
        at=MONDAY,
    )
    return units.split_unit(
        unit_id=place["bich_hao"].pk,
        into=[("Xã Bích Đông", "91002"), ("Xã Bích Tây", "91003")],
        on=LATER.date(),
        legal_reference="NQ thử",
        by=None,
        at=MONDAY,
    )


def test_a_case_of_a_split_unit_waits_in_a_list_until_a_person_chooses(place):
    case = asked(place)
    east, west = split(place)
    minh = make_staff(name="Minh", unit_id=place["nghe_an"].pk, role=Role.APPROVER, on=LATER.date())
    stranger = make_staff(
        name="Páo", unit_id=place["cao_son"].pk, role=Role.APPROVER, on=LATER.date()
    )

    assert successions.move_orphans(at=LATER) == 0
    (waiting,) = successions.orphans(minh, at=LATER)
    assert {h.id for h in waiting.heirs} == {east.pk, west.pk}
    assert successions.orphans(stranger, at=LATER) == []
    with pytest.raises(NotYourCase):
        successions.settle(number=case.number, to_unit_id=west.pk, by=stranger, at=LATER)

    successions.settle(number=case.number, to_unit_id=west.pk, by=minh, at=LATER)

    case.refresh_from_db()
    assert case.owner_id == west.pk
    assert successions.orphans(minh, at=LATER) == []


def test_a_case_whose_successor_nobody_knows_waits_too(place):
    asked(place)
    units.dissolve_unit(
        unit_id=place["village"].pk, successor_id=None, on=LATER.date(),
        legal_reference="NQ", by=None, at=MONDAY,
    )  # fmt: skip
    units.dissolve_unit(
        unit_id=place["bich_hao"].pk, successor_id=None, on=LATER.date(),
        legal_reference="NQ", by=None, at=MONDAY,
    )  # fmt: skip
    minh = make_staff(name="Minh", unit_id=place["nghe_an"].pk, role=Role.APPROVER, on=LATER.date())

    (waiting,) = successions.orphans(minh, at=LATER)

    assert waiting.heirs == ()
    assert waiting.old_name == "Xã Bích Hào"


# The ask page


def test_the_ask_page_shows_what_each_number_is_for_and_says_so_louder_after_a_cry(place):
    plain = Client().get("/hoi/").content.decode()
    cried = (
        Client()
        .post("/hoi/", {"step": "words", "text": "Nước lên nhanh, nhà tôi mắc kẹt, cứu với"})
        .content.decode()
    )

    assert 'href="tel:112"' in plain
    assert "Cấp cứu: bị thương" in plain
    assert "Hãy gọi điện trước, viết sau." in cried


def test_who_denounces_reads_before_sending_that_it_stays_secret(place):
    page = Client().post("/hoi/", {"step": "words", "text": "Tôi muốn tố cáo trưởng thôn"})

    assert "không công khai" in page.content.decode()
