"""Handing on: down, up, out, to co-units, and back; what agencies send; who is reminded."""

from datetime import timedelta

import pytest
from django.core import mail

from caunoi.cases import actions, agencies, agency_links, mailing, passport, referrals, reminders
from caunoi.cases import rules as case_rules
from caunoi.cases.models import (
    AgencyLink,
    AgencyReply,
    Case,
    Draft,
    Reader,
    Referral,
    Reminder,
    Step,
)
from caunoi.cases.terms import (
    AlreadyAsked,
    EmptyAnswer,
    LinkSpent,
    NotNow,
    NotWaiting,
    NotYourCase,
    Origin,
    Outcome,
    Part,
    RemindedToday,
    ReplyKind,
    State,
    Way,
)
from caunoi.routing.models import Body
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def binh(place):
    return make_staff(name="Trần Văn Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)


@pytest.fixture
def chi(place):
    return make_staff(name="Lê Chi", unit_id=place["nghe_an"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def em(place):
    return make_staff(name="Vi Văn Em", unit_id=place["tri_le"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def health(place):
    return make_body(place["nghe_an"], "Sở Y tế tỉnh Nghệ An", email="soyte@na.example")


def make_body(unit, name, *, email="", kind="department", days=None):
    return Body.objects.create(
        unit=unit, name=name, kind=kind, email=email, days=days, valid_from=MONDAY.date()
    )


def opened(unit, text="Bao giờ có phụ cấp chống dịch cho cộng tác viên?", ref="t-1", at=MONDAY):
    case, _ = actions.open_case(
        unit_id=unit.pk, text=text, origin=Origin.WEB_FORM, origin_ref=ref, at=at
    )
    return case


def out(case, body, by, *, at=MONDAY, **more):
    return referrals.refer_out(
        case=case, body=body, reason="Thuộc ngành y tế", by=by, at=at, **more
    )


def link_of(hop):
    return AgencyLink.objects.filter(referral=hop).latest("made_at")


def test_up_and_down_the_tree_each_holder_stands_in_the_chain(place, an, chi):
    case = opened(place["bich_hao"])
    referrals.refer_case(
        case=case, to_unit_id=place["nghe_an"].pk, reason="Cấp tỉnh", by=an, at=MONDAY
    )
    referrals.refer_case(
        case=case, to_unit_id=place["tri_le"].pk, reason="Của Tri Lễ", by=chi, at=TUESDAY
    )

    up, down = passport.hops_of(case=case)

    assert [up.way, down.way] == [Way.UP, Way.DOWN]
    assert (up.to_name, up.outcome, up.done_at) == ("Tỉnh Nghệ An", Outcome.PASSED_ON, TUESDAY)
    assert down.done_at is None
    assert set(Reader.objects.values_list("unit_id", flat=True)) == {
        place["bich_hao"].pk,
        place["nghe_an"].pk,
    }


def test_a_unit_that_is_not_competent_gives_the_case_back_with_a_reason(place, an, em):
    case = opened(place["bich_hao"])
    referrals.refer_case(
        case=case, to_unit_id=place["tri_le"].pk, reason="Của Tri Lễ", by=an, at=MONDAY
    )
    with pytest.raises(EmptyAnswer):
        referrals.return_referral(case=case, reason=" ", by=em, at=TUESDAY)

    referrals.return_referral(case=case, reason="Bản này thuộc Bích Hào", by=em, at=TUESDAY)

    case.refresh_from_db()
    first, back = passport.hops_of(case=case)
    assert case.owner_id == place["bich_hao"].pk
    assert (first.outcome, first.outcome_note) == (Outcome.RETURNED, "Bản này thuộc Bích Hào")
    assert (back.way, back.to_name) == (Way.BACK, "Xã Bích Hào")
    with pytest.raises(NotYourCase):
        referrals.return_referral(case=case, reason="Nữa", by=em, at=TUESDAY)


def test_who_never_was_handed_a_case_cannot_give_it_back(place, an):
    with pytest.raises(NotNow):
        referrals.return_referral(case=opened(place["bich_hao"]), reason="?", by=an, at=MONDAY)


def test_receiving_is_noted_once_by_the_button_or_by_starting_to_write(place, an, em):
    case = opened(place["bich_hao"])
    referrals.refer_case(case=case, to_unit_id=place["tri_le"].pk, reason="x", by=an, at=MONDAY)
    case.refresh_from_db()

    actions.save_draft(case=case, text="Đang xem", by=em, at=TUESDAY)

    assert passport.holding(case=case).received_at == TUESDAY
    with pytest.raises(NotNow):
        referrals.accept_referral(case=case, by=em, at=TUESDAY)


def test_a_co_unit_reads_the_case_and_gives_its_opinion_which_the_lead_sees(place, an, em):
    case = opened(place["bich_hao"])
    hop = referrals.ask_opinion(
        case=case, to_unit_id=place["tri_le"].pk, reason="Bên đó có thu không?", by=an, at=MONDAY
    )
    with pytest.raises(AlreadyAsked):
        referrals.ask_opinion(
            case=case, to_unit_id=place["tri_le"].pk, reason="?", by=an, at=MONDAY
        )
    with pytest.raises(NotYourCase):
        referrals.give_opinion(referral=hop, text="Tôi nghĩ…", by=an, at=TUESDAY)

    referrals.give_opinion(referral=hop, text="Bên tôi đã trả.", by=em, at=TUESDAY)
    referrals.give_opinion(referral=hop, text="Bổ sung: trả ngày 1/11.", by=em, at=FRIDAY)

    hop.refresh_from_db()
    case.refresh_from_db()
    assert case.owner_id == place["bich_hao"].pk
    assert hop.outcome == Outcome.CONTRIBUTED
    assert hop.opinion == "Bên tôi đã trả.\n\nBổ sung: trả ngày 1/11."
    assert "opinion" not in {s.kind for s in Step.objects.filter(case=case) if s.kind in PUBLIC}


PUBLIC = {"opened", "referred", "co_asked", "sent_out", "replied"}


def test_an_agency_without_account_gets_a_signed_link_by_mail_that_names_no_word_of_the_case(
    place, an, health
):
    case = opened(place["bich_hao"], "Bà Lê Thị Dung chưa được trả phụ cấp")
    hop = out(case, health, an)
    link = link_of(hop)

    assert mailing.mail_agency_link(link_id=link.pk, at=MONDAY)
    assert not mailing.mail_agency_link(link_id=link.pk, at=MONDAY)

    (letter,) = mail.outbox
    assert letter.to == ["soyte@na.example"]
    assert agency_links.token_of(link) in letter.body
    assert "Dung" not in letter.body + letter.subject
    assert hop.due_at.date() == MONDAY.date() + timedelta(days=15)


def test_a_link_nobody_signed_opens_nothing(place, an, health):
    token = agency_links.token_of(link_of(out(opened(place["bich_hao"]), health, an)))

    assert agency_links.link_by_token(token) is not None
    assert agency_links.link_by_token(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert agency_links.link_by_token("nonsense") is None


def test_the_agencys_answer_becomes_a_draft_that_an_officer_submits_and_another_approves(
    place, an, binh, health
):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    agencies.answer_by_link(
        link=link_of(hop), text="Chi trả trước 15/12.", document="12/SYT", at=TUESDAY
    )

    draft = Draft.objects.get(case=case)
    case.refresh_from_db()
    assert (draft.text, draft.author) == ("Chi trả trước 15/12.", None)
    assert draft.agency == "Sở Y tế tỉnh Nghệ An, văn bản 12/SYT"
    assert case.state == State.DRAFTED
    actions.submit_draft(case=case, by=an, at=TUESDAY)
    actions.approve_answer(case=case, by=binh, at=TUESDAY)
    draft.refresh_from_db()
    assert draft.author_id == an.account_id
    assert [h.outcome for h in passport.hops_of(case=case)] == [Outcome.ANSWERED, Outcome.ANSWERED]


def test_a_second_answer_through_the_same_link_is_refused_and_kept(place, an, health):
    case = opened(place["bich_hao"])
    link = link_of(out(case, health, an))
    agencies.answer_by_link(link=link, text="Câu thứ nhất.", at=TUESDAY)

    with pytest.raises(LinkSpent):
        agencies.answer_by_link(link=link, text="Câu thứ hai.", at=FRIDAY)

    late = AgencyReply.objects.get(kind=ReplyKind.LATE)
    assert late.text == "Câu thứ hai."
    assert Draft.objects.get(case=case).text == "Câu thứ nhất."


def test_words_through_a_leaked_link_fill_nothing(place, an, health):
    link = link_of(out(opened(place["bich_hao"]), health, an))
    agencies.answer_by_link(link=link, text="Câu thứ nhất.", at=TUESDAY)

    for _ in range(9):
        with pytest.raises(LinkSpent):
            agencies.answer_by_link(link=link, text="Lặp lại mãi.", at=TUESDAY)

    assert AgencyReply.objects.filter(kind=ReplyKind.LATE).count() == 5


def test_an_expired_or_withdrawn_link_takes_no_answer_but_keeps_the_words(place, an, health):
    hop = out(opened(place["bich_hao"]), health, an)
    link = link_of(hop)
    with pytest.raises(LinkSpent):
        agencies.answer_by_link(link=link, text="Muộn quá.", at=link.expires_at)

    renewed = agency_links.renew_link(referral=hop, email="moi@na.example", by=an, at=TUESDAY)

    link.refresh_from_db()
    assert link.revoked_at == TUESDAY
    with pytest.raises(LinkSpent):
        agencies.answer_by_link(link=link, text="Bằng đường dẫn cũ.", at=TUESDAY)
    agencies.answer_by_link(link=renewed, text="Bằng đường dẫn mới.", at=TUESDAY)
    assert AgencyReply.objects.filter(kind=ReplyKind.LATE).count() == 2


def test_an_answer_never_overwrites_what_an_officer_was_writing(place, an, health):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    case.refresh_from_db()
    actions.save_draft(case=case, text="Tôi đang viết dở", by=an, at=MONDAY)

    reply = agencies.answer_by_link(link=link_of(hop), text="Trả lời của Sở.", at=TUESDAY)
    assert Draft.objects.get(case=case).text == "Tôi đang viết dở"

    agencies.use_reply(reply=reply, by=an, at=TUESDAY)

    assert Draft.objects.get(case=case).text == "Trả lời của Sở."
    assert "Tôi đang viết dở" in Step.objects.get(case=case, kind="note").note


def test_not_ours_with_a_reason_puts_the_case_back_in_the_units_hands(place, an, health):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    with pytest.raises(EmptyAnswer):
        agencies.return_by_link(link=link_of(hop), reason=" ", at=TUESDAY)

    agencies.return_by_link(link=link_of(hop), reason="Thuộc Sở Nội vụ", at=TUESDAY)

    hop.refresh_from_db()
    assert (hop.outcome, hop.outcome_note) == (Outcome.RETURNED, "Thuộc Sở Nội vụ")
    assert passport.holding(case=case).to_unit_id == place["bich_hao"].pk
    assert not Draft.objects.exists()
    out(case, make_body(place["nghe_an"], "Sở Nội vụ"), an, at=TUESDAY)


def test_an_agency_that_answered_the_wrong_case_is_asked_again_and_its_words_stay(
    place, an, health
):
    case = opened(place["bich_hao"])
    reply = agencies.answer_by_link(
        link=link_of(out(case, health, an)), text="Về đường xóm 4…", at=TUESDAY
    )

    again = agencies.ask_again(reply=reply, reason="Nhầm vụ việc", by=an, at=TUESDAY)

    assert Draft.objects.get(case=case).text == ""
    assert agency_links.is_open(link_of(again), at=TUESDAY)
    reply.refresh_from_db()
    assert (reply.text, reply.set_aside_at) == ("Về đường xóm 4…", TUESDAY)


def test_members_of_a_body_answer_signed_in_and_need_no_link(place, an, em, health):
    health.members.add(Account.objects.get(pk=em.account_id))
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    assert not AgencyLink.objects.exists()
    with pytest.raises(NotYourCase):
        agencies.answer_as_member(referral=hop, text="Tôi trả lời thay.", by=an, at=TUESDAY)

    agencies.answer_as_member(referral=hop, text="Chi trả trong tháng.", by=em, at=TUESDAY)

    assert Draft.objects.get(case=case).text == "Chi trả trong tháng."
    with pytest.raises(NotWaiting):
        agencies.answer_as_member(referral=hop, text="Lần nữa.", by=em, at=TUESDAY)


def test_one_agency_leads_while_several_give_their_opinion(place, an, health):
    case = opened(place["bich_hao"])
    out(case, health, an)
    social = make_body(place["nghe_an"], "Sở Nội vụ")
    with pytest.raises(AlreadyAsked):
        out(case, social, an)

    hop = out(case, social, an, part=Part.CO)
    agencies.answer_by_link(link=link_of(hop), text="Ý kiến: đúng đối tượng.", at=TUESDAY)

    hop.refresh_from_db()
    assert hop.opinion == "Ý kiến: đúng đối tượng."
    assert not Draft.objects.exists()
    assert passport.holding(case=case).to_name == "Sở Y tế tỉnh Nghệ An"


def test_calling_back_closes_the_link_and_needs_a_reason(place, an, health):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    with pytest.raises(EmptyAnswer):
        referrals.recall(referral=hop, reason="", by=an, at=TUESDAY)

    referrals.recall(referral=hop, reason="Gửi nhầm", by=an, at=TUESDAY)

    assert not agency_links.is_open(link_of(hop), at=TUESDAY)
    assert passport.holding(case=case).to_unit_id == place["bich_hao"].pk
    with pytest.raises(NotWaiting):
        referrals.recall(referral=hop, reason="Lần nữa", by=an, at=TUESDAY)


def test_a_sealed_case_never_leaves_by_link(place, health):
    case = opened(place["bich_hao"], "Tôi muốn tố cáo trưởng thôn thu tiền")
    sealed = make_staff(name="Đinh Kín", unit_id=place["bich_hao"].pk, role=Role.SEALED_OFFICER)

    with pytest.raises(NotNow):
        out(case, health, sealed)

    assert not AgencyLink.objects.exists()


def test_the_delegation_gets_forty_days_and_a_body_its_own(place, an):
    delegation = make_body(place["nghe_an"], "Đoàn ĐBQH tỉnh Nghệ An", kind="na_delegation")
    quick = make_body(place["bich_hao"], "Phòng Kinh tế", days=5)
    forty = out(opened(place["bich_hao"]), delegation, an)
    five = out(opened(place["bich_hao"], ref="t-2"), quick, an)

    assert (forty.due_at.date() - MONDAY.date()).days >= 40
    assert (five.due_at.date() - MONDAY.date()).days in {5, 7}


@pytest.mark.parametrize(
    ("left", "kind"),
    [(5, None), (1, "soon"), (0, "due"), (-1, "late"), (-2, None), (-3, "late"), (-5, "late"), (-6, None), (-10, "late")],
)  # fmt: skip
def test_when_somebody_is_reminded(left, kind):
    assert case_rules.reminder_kind(left) == kind


def test_each_working_morning_reminds_once_before_on_and_after_the_day(place, an, binh):
    case = opened(place["bich_hao"])
    due = case.due_at
    told = []
    for days in range(-4, 12):
        morning = (due + timedelta(days=days)).replace(hour=1)
        reminders.remind_round(at=morning)
        again = reminders.remind_round(at=morning + timedelta(hours=1))
        assert again == 0
        told += [(r.kind, days) for r in Reminder.objects.filter(case=case, at=morning)]

    kinds = [k for k, _ in told]
    assert kinds[:2] == ["soon", "due"]
    assert kinds.count("late") >= 3
    assert Step.objects.filter(case=case, kind="reminded").count() == kinds.count("late")


def test_the_letter_of_the_morning_goes_to_the_unit_or_only_to_the_officer_in_charge(
    place, an, binh, chi
):
    mine, ours = opened(place["bich_hao"]), opened(place["bich_hao"], ref="t-2")
    actions.assign_case(case=mine, to=Account.objects.get(pk=an.account_id), by=an, at=MONDAY)
    reminders.remind_round(at=ours.due_at - timedelta(hours=8))

    handled = mailing.mail_reminders(at=ours.due_at)
    again = mailing.mail_reminders(at=ours.due_at)

    assert (handled, again) == (2, 0)
    letters = {m.to[0]: m.body for m in mail.outbox}
    assert set(letters) == {an.email, binh.email}
    assert mine.number in letters[an.email]
    assert ours.number in letters[an.email]
    assert mine.number not in letters[binh.email]
    assert "phụ cấp" not in str(letters)


def test_the_agency_is_reminded_with_its_own_link(place, an, health):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    reminders.urge(case=case, by=an, at=TUESDAY, note="Bà con hỏi nhiều")
    with pytest.raises(RemindedToday):
        reminders.urge(case=case, by=an, at=TUESDAY)

    mailing.mail_reminders(at=TUESDAY)

    letter = next(m for m in mail.outbox if m.to == ["soyte@na.example"])
    assert agency_links.token_of(link_of(hop)) in letter.body
    assert "Bà con hỏi nhiều" in letter.body


def test_the_unit_above_reminds_in_one_tap_and_a_unit_beside_cannot(place, an, chi, em):
    case = opened(place["bich_hao"])

    reminders.urge(case=case, by=chi, at=TUESDAY)

    with pytest.raises(NotYourCase):
        reminders.urge(case=case, by=em, at=TUESDAY)
    with pytest.raises(NotYourCase):
        reminders.urge(case=case, by=an, at=TUESDAY)
    step = Step.objects.get(case=case, kind="reminded")
    assert (step.unit_id, step.to_unit_id) == (place["nghe_an"].pk, place["bich_hao"].pk)
    (shown,) = passport.reminders(an, at=TUESDAY, on=TUESDAY.date())
    assert shown.by_id == chi.account_id


def test_a_finished_case_ends_every_hop_and_link(place, an, health):
    case = opened(place["bich_hao"])
    hop = out(case, health, an)
    case.refresh_from_db()

    actions.close_case(case=case, reason="Đã trả lời miệng", by=an, at=TUESDAY)

    hop.refresh_from_db()
    assert hop.outcome == Outcome.CLOSED
    assert not agency_links.is_open(link_of(hop), at=TUESDAY)
    assert not Referral.objects.filter(done_at=None).exists()
    with pytest.raises(LinkSpent):
        agencies.answer_by_link(link=link_of(hop), text="Muộn mất rồi.", at=FRIDAY)
    assert Case.objects.get().state == State.CLOSED


def test_the_round_of_a_province_takes_few_queries(place, an, django_assert_max_num_queries):
    for number in range(40):
        opened(place["bich_hao"], ref=f"t-{number}")
    due = Case.objects.first().due_at

    with django_assert_max_num_queries(16):
        assert reminders.remind_round(at=due - timedelta(hours=8)) == 40
