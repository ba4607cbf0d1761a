"""Each kind goes its own way: where it is read, what is said in public, by when it is due, who is called."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases import actions_clock, queries
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind, NoExtension, NotNow, Origin, TooLong
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.deadlines.rules import HERE
from caunoi.duty import paging
from caunoi.duty.models import Alarm
from caunoi.inbox import intake
from caunoi.inbox.models import Thread
from caunoi.journeys import ask_and_answer, hiding, kinds, recalling, work
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.kit.terms import Foreseen
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Bao giờ xã tôi có nước sạch?"
DENOUNCED = "Tôi muốn tố cáo trưởng thôn Tèo thu tiền làm đường không hoá đơn"
COMPLAINED = "Tôi khiếu nại quyết định thu hồi đất số 12 của xã"
TIPPED = "Đêm nào cũng có xe chở cá lạnh từ đường mòn sang, báo ai để giữ kín tên"
CRIED = "Nước suối lên nhanh, nhà tôi mắc kẹt ở bản Sơn Hà, cứu với"


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


def officer(place, name, role, unit="bich_hao"):
    return make_staff(name=name, unit_id=place[unit].pk, role=role)


@pytest.fixture
def an(place):
    return officer(place, "Nguyễn Thị An", Role.CASE_OFFICER)


@pytest.fixture
def binh(place):
    return officer(place, "Trần Văn Bình", Role.APPROVER)


@pytest.fixture
def chi(place):
    return officer(place, "Lô Thị Chi", Role.SEALED_OFFICER)


def arrives(loopback, *events, at=MONDAY):
    raw = loopback.delivery(*events, at=at, secret="s")
    intake.receive(connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=at)
    work.work_inbox_once(worker="w", at=at)


def commented(loopback, text, ref="c1", at=MONDAY):
    arrives(loopback, loopback.comment("page", ref, text, at=at, name="Lê Thị Dung"), at=at)
    return Case.objects.get(origin_ref__endswith=f":{ref}")


def written(loopback, text, ref="m1", at=MONDAY, sender="dung"):
    arrives(loopback, loopback.message("page", ref, text, at=at, sender=sender), at=at)
    return Case.objects.get(origin_ref__endswith=f":{ref}")


def asked(place, text=QUESTION, key="f1", **more):
    return ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=text, form_key=key, at=MONDAY, **more
    )


def send_all(at=MONDAY):
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass


def due_day(case):
    case.refresh_from_db()
    return case.due_at.astimezone(HERE).strftime("%d/%m/%Y")


def minutes_later(minutes):
    then = MONDAY + timedelta(minutes=minutes)
    paging.page_once(now=lambda: then)


# Question, report, petition


def test_a_question_is_answered_within_fifteen_days_in_public(place):
    case = asked(place)

    assert (case.kind, case.is_public) == (Kind.QUESTION, True)
    assert due_day(case) == "08/12/2026"


def test_fifteen_days_begin_again_with_the_first_forwarding_and_never_with_the_second(place, an):
    case = asked(place)
    province = officer(place, "Hoàng Thị Minh", Role.CASE_OFFICER, unit="nghe_an")
    thursday, next_monday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=7)

    cases.refer_case(
        case=case, to_unit_id=place["nghe_an"].pk, reason="Việc của tỉnh", by=an, at=thursday
    )
    assert due_day(case) == "11/12/2026"

    cases.refer_case(
        case=case, to_unit_id=place["tri_le"].pk, reason="x", by=province, at=next_monday
    )
    assert due_day(case) == "11/12/2026"


def test_forwarding_late_buys_no_time(place, an):
    case = asked(place)
    much_later = MONDAY + timedelta(days=20)

    cases.refer_case(
        case=case, to_unit_id=place["nghe_an"].pk, reason="Việc của tỉnh", by=an, at=much_later
    )

    assert case.forwarded_at is None
    assert due_day(case) == "16/12/2026"


def test_a_report_and_a_petition_are_called_what_they_are(place):
    report = asked(place, "Trại lợn đầu xóm xả thải ra suối hôi thối", key="f1")
    petition = asked(place, "Đề nghị xã công khai thu chi quỹ vì người nghèo", key="f2")

    assert (report.kind, petition.kind) == (Kind.REPORT, Kind.PETITION)
    assert report.is_public


# Complaint and denunciation


def test_a_denunciation_under_a_post_gets_a_neutral_word_in_public_and_the_rest_in_private(
    loopback, chi
):
    case = commented(loopback, DENOUNCED)
    send_all()

    public, private = sorted(loopback.world.sent, key=lambda s: s["kind"])
    assert (public["kind"], public["target_ref"]) == ("comment_reply", "c1")
    assert case.number not in public["text"]
    assert "tố cáo" not in public["text"]
    assert "trả lời riêng" in public["text"]
    assert (private["kind"], private["target_ref"]) == ("private_reply", "c1")
    assert case.number in private["text"]
    assert case.follow_code in private["text"]


def test_a_channel_without_private_replies_still_gets_the_neutral_word(loopback, monkeypatch, chi):
    from caunoi.channels.contract import Capability

    fewer = loopback.capabilities - {Capability.PRIVATE_REPLY}
    monkeypatch.setattr(type(loopback), "capabilities", fewer)

    commented(loopback, DENOUNCED)
    send_all()

    assert [s["kind"] for s in loopback.world.sent] == ["comment_reply"]


def test_a_denunciation_is_nowhere_but_in_the_sealed_queue(loopback, place, an, binh, chi):
    case = commented(loopback, DENOUNCED)
    auditor = officer(place, "Võ Thị Giang", Role.AUDITOR)

    for page in (
        "/hop-thu/?view=all",
        "/hop-thu/?view=all&q=trưởng+thôn",
        "/hop-thu/?view=all&xlsx=1",
        "/hom-nay/",
        "/tim/?q=trưởng thôn",
        "/quan-tri/gui-di/",
    ):
        words = client_for(an).get(page).content
        assert "Tèo".encode() not in words, page
        assert case.number.encode() not in words, page
        assert "Tèo".encode() not in client_for(binh).get(page).content, page
    for page in ("/", "/hoi-dap/?q=trưởng+thôn", f"/hoi/{case.number}/", "/don-vi/xa-bich-hao/"):
        assert "Tèo".encode() not in Client().get(page, follow=True).content, page
    assert client_for(an).get(f"/vu-viec/{case.number}/").status_code == 404
    assert client_for(an).get(f"/hop-thu/niem-phong/{case.number}/").status_code == 404
    assert "Tèo".encode() not in client_for(auditor).get("/quan-tri/nhat-ky/").content
    queue = client_for(chi).get("/hop-thu/niem-phong/").content
    assert case.number.encode() in queue
    assert "Tèo".encode() not in queue
    assert "Tèo".encode() in client_for(chi).get(f"/hop-thu/niem-phong/{case.number}/").content


def test_every_opening_is_recorded_and_shown_on_the_case(loopback, binh, chi):
    case = commented(loopback, DENOUNCED)
    address = f"/hop-thu/niem-phong/{case.number}/"

    client_for(chi).get(address)
    page = client_for(binh).get(address).content.decode()

    assert [o.by_id for o in queries.openings_of(case=case)] == [binh.account_id, chi.account_id]
    assert "Lô Thị Chi" in page
    assert AuditEntry.objects.filter(event="cases.sealed.opened").count() == 2


def test_the_province_sees_only_how_many(loopback, place):
    case = commented(loopback, DENOUNCED)
    province = client_for(officer(place, "Minh", Role.APPROVER, unit="nghe_an"))

    page = province.get("/hop-thu/niem-phong/").content.decode()

    assert case.number not in page
    assert "Xã Bích Hào" in page
    assert "1 vụ việc niêm phong chưa xong" in page
    assert province.get(f"/hop-thu/niem-phong/{case.number}/").status_code == 404


def test_a_denunciation_told_to_a_village_lies_in_the_commune(place):
    case = ask_and_answer.ask_on_web(
        unit_id=place["village"].pk, text=DENOUNCED, form_key="v", at=MONDAY
    )

    assert case.owner_id == place["bich_hao"].pk
    assert case.opened_unit_id == place["village"].pk


def test_a_denunciation_is_accepted_in_seven_working_days_and_decided_in_thirty(place, chi):
    case = asked(place, DENOUNCED)
    assert due_day(case) == "03/12/2026"

    actions_clock.accept_case(case=case, document="Số 12/TB", by=chi, at=MONDAY + timedelta(days=4))

    assert due_day(case) == "28/12/2026"


def test_a_complaint_is_accepted_in_ten_days_decided_in_thirty_or_more_when_it_is_complex(
    place, chi
):
    case = asked(place, COMPLAINED)
    assert due_day(case) == "03/12/2026"

    actions_clock.accept_case(case=case, by=chi, at=MONDAY)
    assert due_day(case) == "23/12/2026"

    actions_clock.choose_deadline(
        case=case,
        code="complaint.first.remote_complex",
        reason="Vùng sâu, nhiều hộ",
        by=chi,
        at=MONDAY,
    )
    assert due_day(case) == "22/01/2027"


def test_a_denunciation_may_be_extended_twice_and_not_three_times(place, chi):
    case = asked(place, DENOUNCED)
    actions_clock.accept_case(case=case, by=chi, at=MONDAY)
    assert due_day(case) == "23/12/2026"

    for _time in range(2):
        actions_clock.extend_case(case=case, amount=30, reason="Phức tạp", by=chi, at=MONDAY)

    assert due_day(case) == "22/02/2027"
    with pytest.raises(NoExtension):
        actions_clock.extend_case(case=case, amount=30, reason="Phức tạp", by=chi, at=MONDAY)


def test_an_extension_is_never_longer_than_the_table_and_never_too_late(place, an):
    case = asked(place)

    with pytest.raises(TooLong):
        actions_clock.extend_case(case=case, amount=11, reason="x", by=an, at=MONDAY)
    with pytest.raises(NotNow):
        actions_clock.extend_case(
            case=case, amount=5, reason="x", by=an, at=MONDAY + timedelta(days=30)
        )


def test_a_sealed_case_is_answered_privately_by_two_people(loopback, binh, chi, monkeypatch):
    # the chat's window to answer is counted from Monday
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    case = written(loopback, COMPLAINED)
    address = f"/hop-thu/niem-phong/{case.number}/"
    answer = {"text": "Mời bà con đến trụ sở.", "agency": "", "submit": "1"}

    client_for(chi).post(address + "tra-loi/", answer)
    client_for(binh).post(address + "duyet/")
    over = clock.now() + timedelta(seconds=10)
    recalling.carry_out_due(at=over)
    send_all(over)

    case.refresh_from_db()
    assert case.state == "answered"
    assert not PublishedAnswer.objects.exists()
    assert "Mời bà con" in loopback.world.sent[-1]["text"]
    assert loopback.world.sent[-1]["kind"] == "private_message"


def test_the_asker_of_a_denunciation_reads_the_answer_with_number_and_code(loopback, binh, chi):
    case = commented(loopback, DENOUNCED)
    cases.save_draft(case=case, text="Đã thụ lý.", by=chi, at=MONDAY)
    cases.submit_draft(case=case, by=chi, at=MONDAY)
    ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)
    send_all(TUESDAY)
    asker = Client()

    asker.post("/theo-doi/", {"number": case.number, "code": case.follow_code})
    page = asker.get(f"/hoi/{case.number}/").content.decode()

    assert "Đã thụ lý." in page
    assert all("Đã thụ lý." not in s["text"] for s in loopback.world.sent)


def test_the_sealed_page_has_a_place_to_write_and_keeps_what_was_written(place, chi):
    case = asked(place, COMPLAINED)
    address = f"/hop-thu/niem-phong/{case.number}/"
    empty = client_for(chi).get(address).content.decode()

    client_for(chi).post(address + "tra-loi/", {"text": "Đang xem hồ sơ.", "agency": ""})
    page = client_for(chi).get(address).content.decode()

    assert '<textarea name="text"' in empty
    assert '<textarea name="note"' in empty
    assert "Đang xem hồ sơ.</textarea>" in page


def test_an_agency_that_was_asked_is_called_back_when_the_case_is_sealed(place, an):
    from caunoi.cases import referrals
    from caunoi.cases.models import AgencyLink, Referral
    from caunoi.routing.models import Body

    body = Body.objects.create(
        unit=place["bich_hao"],
        name="Điện lực Thanh Chương",
        kind="other",
        email="dien@x.example",
        valid_from=MONDAY.date(),
    )
    case = asked(place)
    referrals.refer_out(case=case, body=body, reason="Nhờ trả lời", by=an, at=MONDAY)

    kinds.change_kind(case=case, kind=Kind.COMPLAINT, reason="Là khiếu nại", by=an, at=MONDAY)

    assert Referral.objects.get(case=case).done_at is not None
    assert not AgencyLink.objects.filter(revoked_at=None).exists()


# Tip-off and emergency


def test_a_tip_off_calls_a_person_is_sealed_and_is_handed_over_with_a_receipt(loopback, an, chi):
    case = written(loopback, TIPPED)
    minutes_later(0.9)
    send_all()

    assert len(mail.outbox) == 1
    assert Alarm.objects.get().is_sealed
    assert "113" in loopback.world.sent[-1]["text"]
    assert not queries.visible_cases(an, on=MONDAY.date()).exists()

    answer = client_for(chi).post(
        f"/hop-thu/niem-phong/{case.number}/ban-giao/",
        {"to": "Đồn biên phòng Na Loi", "document": "Biên nhận 07, 23/11/2026"},
    )

    case.refresh_from_db()
    assert answer.status_code == 302
    assert case.state == "closed"
    assert case.steps.get(kind="handed_over").note.startswith("Đồn biên phòng")


def test_an_emergency_shows_the_numbers_and_what_each_is_for(loopback, an):
    commented(loopback, CRIED)
    send_all()

    said = loopback.world.sent[-1]["text"]
    for words in ("112 – cứu nạn", "113 – công an", "114 – cứu hoả", "115 – cấp cứu"):
        assert words in said


def test_a_cry_in_the_middle_of_another_conversation_opens_a_case_of_its_own(loopback, an):
    first = written(loopback, QUESTION)

    second = written(loopback, CRIED, ref="m2")

    assert (first.kind, second.kind) == (Kind.QUESTION, Kind.EMERGENCY)
    assert Alarm.objects.count() == 1


def test_one_word_of_five_letters_is_heard(loopback, an):
    arrives(loopback, loopback.message("page", "m1", "cứu", at=MONDAY))

    assert Case.objects.get().kind == Kind.EMERGENCY


def test_a_second_cry_in_the_same_chat_rings_again_after_somebody_took_the_first(loopback, an):
    from caunoi.duty import actions as duty
    from caunoi.staff.models import Account

    written(loopback, CRIED)
    duty.take_alarm(
        alarm=Alarm.objects.get(), account=Account.objects.get(pk=an.account_id), at=MONDAY
    )

    arrives(
        loopback,
        loopback.message("page", "m2", "Nước lên tới mái rồi cứu với", at=MONDAY, sender="dung"),
    )

    assert Case.objects.count() == 1
    assert Alarm.objects.filter(taken_at=None).count() == 1


def test_an_emergency_from_the_web_form_and_from_a_walk_in_calls_somebody_too(place, an):
    asked(place, CRIED, key="f1")
    ask_and_answer.take_walk_in(
        unit_id=place["bich_hao"].pk, text=CRIED, form_key="w1", by=an, at=MONDAY
    )

    minutes_later(0)

    assert len(mail.outbox) == 2


# Changing the kind


def test_a_question_that_turns_out_to_be_a_denunciation_leaves_the_public_at_once(
    loopback, place, an, binh, chi
):
    case = commented(loopback, "Trưởng thôn làm đường kiểu gì vậy")
    cases.save_draft(case=case, text="Xã đang xem.", by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    ask_and_answer.answer_and_publish(case=case, approver=binh, at=MONDAY)
    assert PublishedAnswer.objects.filter(number=case.number).exists()

    kinds.change_kind(
        case=case, kind=Kind.DENUNCIATION, reason="Nội dung là tố cáo", by=an, at=MONDAY
    )
    send_all()

    case.refresh_from_db()
    assert (case.kind, case.is_public, case.sensitive) == ("denunciation", False, "denunciation")
    assert not PublishedAnswer.objects.exists()
    assert not queries.visible_cases(an, on=MONDAY.date()).exists()
    assert list(queries.sealed_cases(chi)) == [case]
    assert case.steps.get(kind="kind_changed").note == "Nội dung là tố cáo"
    entry = AuditEntry.objects.get(event="cases.kind.changed")
    assert (entry.before["kind"], entry.after["kind"]) == ("question", "denunciation")
    assert [s for s in loopback.world.sent if s["kind"] == "private_reply"]
    public = [s["text"] for s in loopback.world.sent if s["kind"] == "comment_reply"]
    assert "trả lời riêng" in public[-1]
    assert Client().get(f"/hoi/{case.number}/").status_code == 302


def sealed_comment(loopback, an):
    case = commented(loopback, "Trưởng thôn làm đường kiểu gì vậy")
    kinds.change_kind(case=case, kind=Kind.DENUNCIATION, reason="Tố cáo", by=an, at=MONDAY)
    case.refresh_from_db()
    return case


def test_the_comment_of_a_sealed_case_is_hidden_by_an_officer_who_confirms_it(loopback, an, chi):
    case = sealed_comment(loopback, an)
    address = f"/hop-thu/niem-phong/{case.number}/"
    assert "Ẩn bình luận" in client_for(chi).get(address).content.decode()
    assert loopback.world.hidden == {}

    for _ in range(2):
        client_for(chi).post(address + "an-binh-luan/")
    send_all(clock.now())

    assert list(loopback.world.hidden) == ["c1"]
    assert OutboundMessage.objects.filter(kind="hide_comment").count() == 1
    page = client_for(chi).get(address).content.decode()
    assert "Vâng, ẩn đi" not in page
    assert "chỉ người viết còn thấy" in page
    entry = AuditEntry.objects.filter(event="cases.comment.hidden").first()
    assert entry.actor_name == chi.name


def test_where_the_provider_cannot_hide_a_person_is_told_to_with_the_link(
    loopback, an, chi, monkeypatch
):
    case = sealed_comment(loopback, an)
    Thread.objects.update(permalink="https://example.invalid/post/1")
    without = loopback.capabilities - {Capability.HIDE_COMMENT}
    monkeypatch.setattr(type(loopback), "capabilities", without)
    address = f"/hop-thu/niem-phong/{case.number}/"

    page = client_for(chi).get(address).content.decode()
    client_for(chi).post(address + "an-binh-luan/")

    assert "https://example.invalid/post/1" in page
    assert "Vâng, ẩn đi" not in page
    assert not OutboundMessage.objects.filter(kind="hide_comment").exists()


def test_nothing_but_the_comment_of_a_sealed_case_can_be_hidden(loopback, place, an, chi):
    question = commented(loopback, "Bao giờ xóm 4 có nước sạch?")
    in_chat = written(loopback, COMPLAINED)

    for case, by in ((question, an), (question, chi), (in_chat, chi)):
        with pytest.raises(Foreseen):
            hiding.hide_comment(case=case, by=by, at=MONDAY)


def test_the_deadline_follows_the_kind(place, an, chi):
    case = asked(place)
    kinds.change_kind(case=case, kind=Kind.COMPLAINT, reason="Là khiếu nại", by=an, at=MONDAY)
    assert due_day(case) == "03/12/2026"

    kinds.change_kind(
        case=case, kind=Kind.QUESTION, reason="Chỉ là hỏi", is_public=True, by=chi, at=MONDAY
    )

    assert due_day(case) == "08/12/2026"
    assert case.is_public or Case.objects.get(pk=case.pk).is_public


def test_a_kind_that_becomes_an_emergency_rings(place, an):
    case = asked(place)

    kinds.change_kind(case=case, kind=Kind.EMERGENCY, reason="Gọi lại: đang kẹt", by=an, at=MONDAY)

    assert Alarm.objects.get().case_id == case.pk


def test_the_officer_changes_the_kind_on_its_page_and_is_led_away_from_a_sealed_one(place, an):
    case = asked(place)
    page = f"/vu-viec/{case.number}/loai/"

    without = client_for(an).post(page + "loai/", {"kind": "denunciation", "reason": ""})
    done = client_for(an).post(page + "loai/", {"kind": "denunciation", "reason": "Tố cáo"})

    assert without.status_code == 422
    assert done.headers["Location"] == "/hop-thu/"


# Waiting for the asker


def test_the_clock_stands_still_while_the_asker_is_asked_and_runs_again_with_her_answer(
    loopback, an
):
    case = written(loopback, QUESTION)
    assert due_day(case) == "08/12/2026"

    kinds.ask_asker(case=case, text="Nhà ở xóm nào ạ?", days=10, by=an, at=MONDAY)
    send_all()
    assert due_day(case) == "18/12/2026"
    assert "Nhà ở xóm nào ạ?" in loopback.world.sent[-1]["text"]

    thursday = MONDAY + timedelta(days=3)
    arrives(
        loopback, loopback.message("page", "m2", "Xóm 4 ạ", at=thursday, sender="dung"), at=thursday
    )

    assert due_day(case) == "11/12/2026"
    assert case.waits_until is None
    assert [s.kind for s in queries.steps_of(case=case, public_only=True)][-1] == "resumed"


def test_a_wait_ends_by_itself_and_the_case_is_not_late_meanwhile(loopback, an):
    case = written(loopback, QUESTION)
    friday_before = MONDAY + timedelta(days=14)

    kinds.ask_asker(case=case, text="Ở đâu ạ?", days=5, by=an, at=friday_before)

    case.refresh_from_db()
    assert case.due_at > friday_before + timedelta(days=5)
    overdue = queries.counts(an, at=friday_before + timedelta(days=3), on=MONDAY.date())["overdue"]
    assert overdue == 0


def test_the_asker_reads_why_more_time_was_taken(place, an):
    case = asked(place)
    actions_clock.extend_case(
        case=case, amount=5, reason="Chờ sở Nông nghiệp trả lời", by=an, at=MONDAY
    )

    page = Client().get(f"/hoi/{case.number}/").content.decode()

    assert "Đã gia hạn" in page
    assert "Chờ sở Nông nghiệp trả lời" in page


def test_origins_of_every_kind_are_kept(place):
    case, _new = cases.open_case(
        unit_id=place["bich_hao"].pk,
        text="Cử tri kiến nghị giải quyết khiếu nại kéo dài",
        origin=Origin.WALK_IN,
        origin_ref="x",
        at=MONDAY,
        kind=Kind.VOTER_PETITION,
    )

    assert case.kind == Kind.VOTER_PETITION
    assert due_day(case) == "04/01/2027"
