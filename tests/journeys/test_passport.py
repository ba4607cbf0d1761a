"""The petition passport: one number from the village to the National Assembly delegation, every hop visible to the asker."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases import agency_links, mailing, passport, referrals, reminders
from caunoi.cases.models import AgencyLink, AgencyReply, Case, Draft, Referral
from caunoi.cases.terms import Part, State
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.inbox import intake
from caunoi.journeys import ask_and_answer, recalling, redacting, same_question, work
from caunoi.kit import clock
from caunoi.outbox import delivery
from caunoi.routing.models import Body, Rule
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY
from tests.looks import as_shown

pytestmark = pytest.mark.django_db
QUESTION = (
    "Chúng tôi là cộng tác viên dân số, đi rà từng nhà mấy tháng chống dịch mà chưa được nhận phụ cấp. "
    "Bao giờ có? Gọi tôi 0912 345 678."
)
COMMENTED = "Ad ơi tiền phụ cấp chống dịch của cộng tác viên dân số xã mình bao giờ có ạ?"
ANSWER = "Phụ cấp trả một lần trước ngày 15/12 theo danh sách xã đã lập. Bà con không phải nộp thêm hồ sơ."


@pytest.fixture
def now(monkeypatch):
    """A clock that the story moves on by itself."""

    class Clock:
        at = MONDAY

        def days(self, number):
            self.at += timedelta(days=number)
            return self.at

    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def staff(place):
    def make(name, unit, role):
        return make_staff(name=name, unit_id=place[unit].pk, role=role)

    return {
        "cadre": make("Lô Văn Xóm", "village", Role.CONTRIBUTOR),
        "an": make("Nguyễn Thị An", "bich_hao", Role.CASE_OFFICER),
        "binh": make("Trần Văn Bình", "bich_hao", Role.APPROVER),
        "em": make("Vi Văn Em", "tri_le", Role.CASE_OFFICER),
        "chi": make("Lê Thị Chi", "nghe_an", Role.CASE_OFFICER),
        "dao": make("Hoàng Đạo", "nghe_an", Role.APPROVER),
    }


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
        token_expires_at=MONDAY + timedelta(days=90),
        by=None,
        at=MONDAY,
    )
    return connector


def comes_in(event, loopback, now):
    """A comment arrives as the provider sends it; the case it opens."""
    raw = loopback.delivery(event, at=now.at, secret="s")
    intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=now.at
    )
    work.work_inbox_once(worker="w", at=now.at)
    return Case.objects.get(origin="comment")


def body(unit, name, **more):
    return Body.objects.create(
        unit=unit, name=name, valid_from=MONDAY.date(), **({"kind": "department"} | more)
    )


def asked(place, *, key="f1", text=QUESTION, is_public=True):
    return ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=text, form_key=key, name="Lê Thị Dung", is_public=is_public, at=MONDAY
    )  # fmt: skip


def do(staff, case, what, fields=None):
    answer = client_for(staff).post(f"/vu-viec/{case.number}/{what}/", fields or {})
    assert answer.status_code in {302, 422}, (what, answer.status_code)
    case.refresh_from_db()
    return answer


def page_of(case, client=None):
    return (client or Client()).get(f"/hoi/{case.number}/").content.decode()


def agency_address(letter):
    return "/" + next(w for w in letter.body.split() if "/co-quan/tra-loi/" in w).split("/", 3)[3]


def mailed_link(now):
    for link in AgencyLink.objects.filter(mailed_at=None, revoked_at=None).exclude(email=""):
        mailing.mail_agency_link(link_id=link.pk, at=now.at)
    return agency_address(mail.outbox[-1])


def test_refer_up_and_down_is_seen_by_the_asker_with_every_holder_and_deadline(place, staff, now):
    case = asked(place)
    now.days(2)
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": "unit:tinh-nghe-an", "reason": "Thuộc cấp tỉnh", "due": "04/12/2026"},
    )
    do(staff["chi"], case, "nhan")
    now.days(3)
    do(staff["chi"], case, "chuyen", {"unit": "xa-tri-le", "to": "", "reason": "Việc của Tri Lễ"})

    page = page_of(case)

    for words in (
        "Tỉnh Nghệ An",
        "Xã Tri Lễ",
        "Xã Bích Hào",
        "Thuộc cấp tỉnh",
        "hẹn 9 ngày, làm 3 ngày",
        "Đang ở",
    ):
        assert words in page
    assert "0912" not in page
    assert client_for(staff["an"]).get(f"/vu-viec/{case.number}/").status_code == 200


def test_a_name_typed_in_part_is_asked_again_and_keeps_what_was_written(place, staff, now):
    case = asked(place)
    answer = client_for(staff["an"]).post(
        f"/vu-viec/{case.number}/chuyen/",
        {"to": "", "unit": "tri", "part": "co", "reason": "Cho biết ý kiến"},
    )

    page = answer.content.decode()
    assert "Xã Tri Lễ" in page
    assert "Cho biết ý kiến" in page


def test_a_unit_that_is_not_competent_gives_it_back_and_the_asker_reads_why(place, staff, now):
    case = asked(place)
    do(staff["an"], case, "chuyen", {"to": "", "unit": "xa-tri-le", "reason": "Của Tri Lễ"})
    now.days(1)
    do(staff["em"], case, "tra-ve", {"back-reason": "Bản này thuộc xã Bích Hào"})

    page = page_of(case)

    assert case.owner_id == place["bich_hao"].pk
    assert "Bản này thuộc xã Bích Hào" in page
    assert "không thuộc thẩm quyền" in page


def test_out_by_link_the_agency_answers_once_and_an_officer_publishes(place, staff, now):
    case = asked(place)
    health = body(place["nghe_an"], "Sở Y tế tỉnh Nghệ An", email="soyte@na.example")
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": f"body:{health.pk}", "reason": "Ngành y tế", "by_mail": "on"},
    )
    address = mailed_link(now)
    agency = Client()

    opened = agency.get(address).content.decode()
    assert "chưa được nhận phụ cấp" in opened
    assert "0912" not in opened
    assert "Lê Thị Dung" not in opened
    now.days(4)
    done = agency.post(
        address,
        {"do": "answer", "text": ANSWER, "signer": "Hồ Giám đốc", "document": "12/SYT-KHTC"},
    )
    assert "đã đến nơi" in done.content.decode()

    second = agency.post(address, {"do": "answer", "text": "Xin bổ sung: kể cả xóm 4."})
    assert "được giữ lại" in second.content.decode()
    assert agency.get(address).status_code == 410
    assert AgencyReply.objects.filter(kind="late", text__contains="kể cả xóm 4").exists()
    assert "kể cả xóm 4" in client_for(staff["an"]).get(f"/vu-viec/{case.number}/").content.decode()

    case.refresh_from_db()
    draft = Draft.objects.get(case=case)
    do(staff["an"], case, "tra-loi", {"text": draft.text, "agency": draft.agency, "submit": "1"})
    do(staff["binh"], case, "duyet", as_shown(case))
    now.at += timedelta(seconds=10)
    recalling.carry_out_due(at=now.at)
    case.refresh_from_db()
    page = page_of(case)
    assert ANSWER in page
    assert "Sở Y tế tỉnh Nghệ An, văn bản 12/SYT-KHTC" in page
    assert "làm 4 ngày" in page


def test_an_answer_that_names_another_case_is_asked_about_before_it_is_taken(place, staff, now):
    case = asked(place)
    health = body(place["nghe_an"], "Sở Y tế", email="soyte@na.example")
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": f"body:{health.pk}", "reason": "Ngành y tế", "by_mail": "on"},
    )
    address, agency = mailed_link(now), Client()
    strange = {"do": "answer", "text": "Về câu hỏi NA-2026-000777: sẽ trả trong tháng 12."}

    warned = agency.post(address, strange)
    assert warned.status_code == 422
    assert "NA-2026-000777" in warned.content.decode()
    assert not AgencyReply.objects.exists()

    agency.post(address, strange | {"sure": "yes"})
    reply = AgencyReply.objects.get()
    do(
        staff["an"],
        case,
        f"co-quan-tra-loi/{reply.pk}",
        {"do": "again", "reason": "Nhầm vụ việc, xin xem lại"},
    )
    fresh = mailed_link(now)

    assert fresh != address
    assert "Nhầm vụ việc" in agency.get(fresh).content.decode()
    agency.post(fresh, {"do": "answer", "text": ANSWER})
    assert Draft.objects.get(case=case).text == ANSWER
    assert AgencyReply.objects.filter(text__contains="000777").exists()


def test_an_agency_says_not_ours_with_a_reason_and_the_case_comes_back(place, staff, now):
    case = asked(place)
    health = body(place["nghe_an"], "Sở Y tế", email="soyte@na.example")
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": f"body:{health.pk}", "reason": "Ngành y tế", "by_mail": "on"},
    )
    address, agency = mailed_link(now), Client()
    assert agency.post(address, {"do": "return", "reason": ""}).status_code == 422

    agency.post(address, {"do": "return", "reason": "Thuộc Sở Nội vụ"})

    page = page_of(case)
    assert "Thuộc Sở Nội vụ" in page
    assert "trả lại" in page
    assert passport.holding(case=case).to_name == "Xã Bích Hào"


def test_a_printed_link_opens_the_same_door_and_a_withdrawn_one_none(place, staff, now):
    case = asked(place)
    police = body(place["bich_hao"], "Công an xã", kind="police")
    do(staff["an"], case, "chuyen", {"to": f"body:{police.pk}", "reason": "An ninh"})
    hop = Referral.objects.get(case=case)
    printed = client_for(staff["an"]).get(f"/vu-viec/{case.number}/chang/{hop.pk}/duong-dan/")
    assert printed.content.startswith(b"%PDF-")
    link = AgencyLink.objects.get()
    assert link.printed_at is not None
    address = f"/co-quan/tra-loi/{agency_links.token_of(link)}/"
    assert Client().get(address).status_code == 200

    do(staff["an"], case, f"chang/{hop.pk}", {"do": "withdraw"})

    assert Client().get(address).status_code == 410
    assert Client().get("/co-quan/tra-loi/khong-phai/").status_code == 404
    assert not mail.outbox


def test_members_of_an_agency_find_their_cases_and_answer_signed_in(place, staff, now):
    case = asked(place)
    health = body(place["nghe_an"], "Sở Y tế")
    member = make_staff(name="Phan Y Tế", unit_id=place["tri_le"].pk, role=Role.TREASURER)
    health.members.add(Account.objects.get(pk=member.account_id))
    do(staff["an"], case, "chuyen", {"to": f"body:{health.pk}", "reason": "Ngành y tế"})
    hop = Referral.objects.get(case=case)
    client = client_for(member)
    assert case.number in client.get("/co-quan/").content.decode()

    client.post(f"/co-quan/{hop.pk}/", {"do": "answer", "text": ANSWER, "signer": "Phan Y Tế"})

    assert Draft.objects.get(case=case).text == ANSWER
    assert client_for(staff["em"]).get(f"/co-quan/{hop.pk}/").status_code == 404


def test_co_units_give_their_opinion_to_the_lead_and_not_to_the_public(place, staff, now):
    case = asked(place)
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": "", "unit": "xa-tri-le", "part": Part.CO.value, "reason": "Bên đó thế nào?"},
    )
    hop = Referral.objects.get(case=case)
    assert case.owner_id == place["bich_hao"].pk

    do(
        staff["em"],
        case,
        f"chang/{hop.pk}/y-kien",
        {"opinion": "Xã Tri Lễ đã trả xong từ tháng 9."},
    )

    assert (
        "đã trả xong từ tháng 9"
        in client_for(staff["an"]).get(f"/vu-viec/{case.number}/").content.decode()
    )
    page = page_of(case)
    assert "đã trả xong từ tháng 9" not in page
    assert "Xin ý kiến Xã Tri Lễ" in page


def test_the_proposal_is_accepted_in_one_click_and_its_reason_stays(place, staff, now):
    health = body(place["nghe_an"], "Sở Y tế tỉnh Nghệ An")
    Rule.objects.create(
        place=place["nghe_an"], topic_id="y_te", to_body=health, valid_from=MONDAY.date()
    )
    case = asked(place)
    desk = client_for(staff["an"])
    assert (
        "Chuyển Sở Y tế tỉnh Nghệ An vì chủ đề"
        in desk.get(f"/vu-viec/{case.number}/").content.decode()
    )

    do(staff["an"], case, "de-xuat", {"do": "accept"})

    assert Referral.objects.get(case=case).to_body == health
    assert (
        "Chuyển Sở Y tế tỉnh Nghệ An vì chủ đề"
        in desk.get(f"/vu-viec/{case.number}/").content.decode()
    )


def test_slip_and_reminder_letter_are_issued_on_the_case_and_named_on_its_way(place, staff, now):
    case = asked(place)
    health = body(place["nghe_an"], "Sở Y tế tỉnh Nghệ An")
    do(staff["an"], case, "chuyen", {"to": f"body:{health.pk}", "reason": "Ngành y tế"})
    hop = Referral.objects.get(case=case)
    desk = client_for(staff["an"])

    slip = desk.post(f"/vu-viec/{case.number}/chang/{hop.pk}/van-ban/", {"loai": "slip"})
    letter = desk.post(f"/vu-viec/{case.number}/chang/{hop.pk}/van-ban/", {"loai": "reminder"})

    shown = desk.get(slip.headers["Location"]).content.decode()
    assert "01/PC-MTTQ-BTT" in shown
    assert "[số điện thoại đã ẩn]" in shown
    urging = desk.get(letter.headers["Location"]).content.decode()
    assert "Theo Phiếu chuyển số 01/PC-MTTQ-BTT" in urging
    assert desk.get(slip.headers["Location"] + "pdf/").content.startswith(b"%PDF-")
    assert "01/PC-MTTQ-BTT" in page_of(case)


def test_the_asker_opens_a_private_case_by_the_qr_on_her_slip(place, staff, now):
    case = asked(place, is_public=False)
    browser = Client()
    assert browser.get(f"/hoi/{case.number}/").status_code == 302
    assert browser.get(f"/hoi/{case.number}/?ma=WRONGONE").status_code == 302
    assert browser.get(f"/hoi/{case.number}/phieu/").headers["Location"].startswith("/theo-doi/")

    arrived = browser.get(f"/hoi/{case.number}/?ma={case.follow_code}", follow=True)

    assert "ma=" not in arrived.request["QUERY_STRING"]
    assert "chưa được nhận phụ cấp" in arrived.content.decode()
    slip = browser.get(f"/hoi/{case.number}/phieu/")
    assert slip.content.startswith(b"%PDF-")


def answered(case, staff, now, text=ANSWER):
    cases.save_draft(case=case, text=text, by=staff["an"], at=now.at)
    cases.submit_draft(case=case, by=staff["an"], at=now.at)
    redacting.confirm(case=case, answer=text, by=staff["an"], at=now.at)
    ask_and_answer.answer_and_publish(case=case, approver=staff["binh"], at=now.at)
    case.refresh_from_db()


def test_the_asker_asks_once_to_look_again_and_the_new_answer_says_so(place, staff, now):
    case = asked(place)
    now.days(1)
    answered(case, staff, now)
    browser, again = Client(), f"/hoi/{case.number}/mo-lai/"
    assert browser.post(again, {"reason": "Vẫn chưa có tiền", "code": "SAIMA"}).status_code == 422
    assert browser.post(again, {"reason": "", "code": case.follow_code}).status_code == 422
    now.days(1)

    browser.post(
        again, {"reason": "Vẫn chưa có tiền, danh sách thiếu tên tôi", "code": case.follow_code}
    )

    case.refresh_from_db()
    assert case.state == "open"
    assert case.due_at > now.at
    page = page_of(case)
    assert "đề nghị xem lại" in page
    assert "danh sách thiếu tên tôi" not in page
    now.days(2)
    answered(case, staff, now, "Xã đã bổ sung tên; nhận tiền ngày 20/12.")
    page = page_of(case)
    assert "nhận tiền ngày 20/12" in page
    assert "Trả lời lại sau khi người hỏi đề nghị xem lại." in page
    assert browser.post(again, {"reason": "Lần thứ hai nữa"}).status_code == 422


def test_tries_with_a_wrong_code_are_limited(place, staff, now, settings):
    settings.LIMITS_FACTOR = 1
    case = asked(place)
    answered(case, staff, now)
    browser = Client()

    codes = [
        browser.post(
            f"/hoi/{case.number}/mo-lai/", {"reason": "Xem lại giúp", "code": f"SAI{n:05d}"}
        ).status_code
        for n in range(14)
    ]

    assert codes[0] == 422
    assert codes[-1] == 429
    case.refresh_from_db()
    assert case.reopened_at is None


def test_three_faces_are_taken_with_the_code_and_counted_from_five(place, staff, now):
    case = asked(place)
    answered(case, staff, now)
    browser, rate = Client(), f"/hoi/{case.number}/hai-long/"
    assert browser.post(rate, {"face": "good"}).status_code == 422

    browser.post(rate, {"face": "good", "text": "Cảm ơn", "code": case.follow_code})
    browser.post(rate, {"face": "bad", "text": "Chưa thấy tiền"})

    assert "có thể đổi trong bảy ngày" in page_of(case, browser)
    assert "đã được đánh giá" not in page_of(case)
    for number in range(4):
        other = asked(place, key=f"x{number}")
        answered(other, staff, now)
        Client().post(f"/hoi/{other.number}/hai-long/", {"face": "bad", "code": other.follow_code})
    assert "5 câu trả lời đã được đánh giá" in page_of(case)


def test_the_unit_above_reminds_in_one_tap_and_everybody_sees_it(place, staff, now):
    case = asked(place)
    now.days(2)
    do(staff["chi"], case, "nhac", {"note": ""})
    do(staff["chi"], case, "nhac", {"note": ""})

    page = page_of(case)

    assert page.count("Đã nhắc Xã Bích Hào") == 1
    reminders.remind_round(at=case.due_at + timedelta(days=1))
    assert mailing.mail_reminders(at=now.at) >= 1
    assert {m.to[0] for m in mail.outbox} == {staff["an"].email, staff["binh"].email}


def test_unpaid_allowances_from_the_village_to_the_delegation_and_back(place, staff, now, loopback):
    """Source: the article's report on allowances of population officers, raised in parliament."""
    told = client_for(staff["cadre"]).post(
        "/tiep-dan/",
        {"text": QUESTION, "unit": "xa-bich-hao", "place": "Xóm 4", "name": "Lê Thị Dung", "contact": "", "public": "yes", "form_key": "w1"},
    )  # fmt: skip
    assert "NA-2026-000001" in told.content.decode()
    case = Case.objects.get(number="NA-2026-000001")
    delegation = body(
        place["nghe_an"],
        "Đoàn đại biểu Quốc hội tỉnh Nghệ An",
        kind="na_delegation",
        email="dbqh@na.example",
    )

    by_comment = comes_in(
        loopback.comment("page", "c1", COMMENTED, at=now.at, post="p1"), loopback, now
    )
    by_web = asked(
        place, key="web", text="Bao giờ trả phụ cấp chống dịch cho cộng tác viên dân số?"
    )

    # The two others asked the same: three questions wait for one answer, each with its own number.
    for other in (by_comment, by_web):
        same_question.join_and_tell(case=other, into=case, by=staff["an"], at=now.at)

    now.days(2)
    do(
        staff["an"],
        case,
        "chuyen",
        {"to": "unit:tinh-nghe-an", "reason": "Chính sách của tỉnh và trung ương"},
    )
    now.days(1)
    do(staff["chi"], case, "nhan")
    now.days(4)
    do(
        staff["chi"],
        case,
        "chuyen",
        {"to": f"body:{delegation.pk}", "reason": "Kiến nghị lên Quốc hội", "by_mail": "on"},
    )
    hop = Referral.objects.get(case=case, to_body=delegation)
    client_for(staff["chi"]).post(
        f"/vu-viec/{case.number}/chang/{hop.pk}/van-ban/", {"loai": "slip"}
    )
    address = mailed_link(now)
    now.days(20)
    do(staff["chi"], case, "nhac")
    now.days(14)
    Client().post(address, {"do": "answer", "text": ANSWER, "document": "45/ĐĐBQH"})
    case.refresh_from_db()
    draft = Draft.objects.get(case=case)
    do(staff["chi"], case, "tra-loi", {"text": draft.text, "agency": draft.agency, "submit": "1"})
    do(staff["dao"], case, "duyet", as_shown(case))
    now.at += timedelta(seconds=10)
    recalling.carry_out_due(at=now.at)
    case.refresh_from_db()

    page = page_of(case)
    order = [
        "Tiếp nhận" if "Tiếp nhận" in page else "Đã nhận",
        "Tỉnh Nghệ An",
        "Đoàn đại biểu Quốc hội tỉnh Nghệ An",
        "Kiến nghị lên Quốc hội",
    ]
    assert all(words in page for words in order)
    assert "01/PC-MTTQ-BTT" in page
    assert "làm 34 ngày" in page
    assert ANSWER in page
    assert "0912" not in page
    ways = [h.way for h in passport.hops_of(case=case)]
    assert ways == ["up", "out", "back"]
    assert referrals.Outcome.ANSWERED in {h.outcome for h in passport.hops_of(case=case)}

    while delivery.deliver_once(worker="w", now=lambda: now.at):
        pass
    told_under_the_post = loopback.world.sent[-1]
    assert (told_under_the_post["kind"], told_under_the_post["target_ref"]) == (
        "comment_reply",
        "c1",
    )
    assert ANSWER in told_under_the_post["text"]
    assert ANSWER in page_of(by_web)
    assert all(ANSWER in page_of(c) for c in Case.objects.all())
    assert Case.objects.count() == 3
    for other in (by_comment, by_web):
        other.refresh_from_db()
        assert (other.state, other.answered_at) == (State.ANSWERED, now.at)
    assert PublishedAnswer.objects.count() == 1


def test_a_member_of_an_agency_without_any_role_is_led_to_its_cases(place, staff, now):
    from django.test import RequestFactory

    from caunoi.staff.adapter import AccountAdapter
    from caunoi.staff.tests.factories import make_account

    member = make_account(name="Phan Y Tế")
    request = RequestFactory().get("/")
    request.user = member

    assert AccountAdapter(request).get_login_redirect_url(request) == "/co-quan/"
    request.user = Account.objects.get(pk=staff["an"].account_id)
    assert AccountAdapter(request).get_login_redirect_url(request) == "/hom-nay/"


def test_the_staff_page_of_contentment_shows_no_cell_below_five(place, staff, now):
    for number in range(6):
        case = asked(place, key=f"c{number}")
        answered(case, staff, now)
        face = "good" if number else "bad"
        words = {"face": face, "text": f"Lời {number}", "code": case.follow_code}
        Client().post(f"/hoi/{case.number}/hai-long/", words)

    page = client_for(staff["chi"]).get("/hai-long/").content.decode()

    assert "Xã Bích Hào" in page
    assert "&lt;5" in page
    assert "Lời 3" in page
    assert case.number not in page
    sheet = client_for(staff["chi"]).get("/hai-long/?xlsx=1")
    assert sheet.headers["Content-Disposition"].endswith('.xlsx"')
