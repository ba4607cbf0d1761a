"""The story of the same question: asked under a post, in a chat and on the web; answered once, told to each where she asked."""

import pytest

from caunoi.answers import actions as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import DraftState, Kind, NotNow, State, TwoPersons
from caunoi.handling.terms import DraftMoved
from caunoi.journeys import ask_and_answer, kinds, same_question, writing
from caunoi.kit import clock
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_ask_and_answer import arrives, send_all

pytestmark = pytest.mark.django_db
ASKED = [
    "Nhà em ở xóm 4 bao giờ có nước sạch vậy cán bộ?",
    "bao gio xom minh moi co nuoc sach vay ad",
    "Khi mô thôn tui có nước sạch rứa?",
]
ANSWER = "Tháng 12 xã đóng điện trạm bơm, bà con có nước sạch."


@pytest.fixture
def three(loopback, place):
    """Three people ask the same: under a post, in a chat, on the web."""
    arrives(loopback, loopback.comment("page", "c1", ASKED[0], at=MONDAY, name="Dung", post="p1"))
    arrives(loopback, loopback.message("page", "m1", ASKED[1], at=MONDAY, sender="hoa"))
    web = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text=ASKED[2], form_key="w1", at=MONDAY
    )
    send_all()
    by_text = {c.text: c for c in Case.objects.all()}
    return [by_text[ASKED[0]], by_text[ASKED[1]], web]


def answer(case, an, binh, text=ANSWER, at=TUESDAY):
    cases.save_draft(case=case, text=text, by=an, at=at)
    cases.submit_draft(case=case, by=an, at=at)
    return ask_and_answer.answer_and_publish(case=case, approver=binh, at=at)


def joined(three, by, at=MONDAY):
    main, *others = three
    for case in others:
        same_question.join_and_tell(case=case, into=main, by=by, at=at)
    return main, others


def test_three_ask_one_answer_goes_to_each_where_she_asked(loopback, three, an, binh):
    before = len(loopback.world.sent)
    main, (chat, web) = joined(three, an)
    send_all()
    told = loopback.world.sent[before:]
    assert [(m["kind"], m["target_ref"]) for m in told] == [("private_message", "hoa")]
    assert main.number in told[0]["text"]

    answer(main, an, binh)
    send_all(TUESDAY)

    last = loopback.world.sent[before + 1 :]
    assert {m["target_ref"] for m in last} == {"c1", "hoa"}
    assert all("trạm bơm" in m["text"] for m in last)
    for case in (chat, web):
        case.refresh_from_db()
        assert (case.state, case.answered_at) == (State.ANSWERED, TUESDAY)
    assert PublishedAnswer.objects.count() == 1


def test_each_keeps_her_page_and_it_shows_the_common_answer(client, three, an, binh):
    main, (_chat, web) = joined(three, an)
    waiting = client.get(f"/hoi/{web.number}/").content.decode()
    assert f"/hoi/{main.number}/" in waiting
    assert "Chờ trả lời chung" in waiting
    assert "mo-lai" not in waiting

    answer(main, an, binh)
    page = client.get(f"/hoi/{web.number}/").content.decode()

    assert "trạm bơm" in page
    assert ASKED[2] in page
    assert f"/hoi/{main.number}/" in page
    assert "application/ld+json" not in page
    assert "application/ld+json" in client.get(f"/hoi/{main.number}/").content.decode()


def test_nobody_is_told_anything_twice(loopback, three, an, binh):
    main, others = joined(three, an)
    joined(three, an, at=TUESDAY)

    draft_text = answer(main, an, binh)
    same_question.answer_the_others(
        main=main,
        published=draft_text,
        draft=main.drafts.get(),
        by=binh,
        at=TUESDAY,
    )

    sent = OutboundMessage.objects.filter(reference__startswith=f"case:{others[0].pk}:")
    assert sent.count() == 3  # received, joined, answered


def test_taken_out_again_she_is_told_and_waits_for_her_own_answer(loopback, three, an, binh):
    main, (chat, _web) = joined(three, an)
    same_question.part_and_tell(case=chat, by=an, at=TUESDAY)
    send_all(TUESDAY)
    assert "trả lời riêng" in loopback.world.sent[-1]["text"]

    answer(main, an, binh)

    chat.refresh_from_db()
    assert chat.state == State.OPEN
    assert chat.answered_at is None


def test_when_the_main_question_is_sealed_the_others_are_told_and_learn_nothing_of_it(
    loopback, three, an
):
    main, (chat, web) = joined(three, an)
    send_all()

    kinds.change_kind(case=main, kind=Kind.DENUNCIATION, reason="Là tố cáo", by=an, at=TUESDAY)
    send_all(TUESDAY)

    told = [m for m in loopback.world.sent if m["target_ref"] == "hoa"][-1]
    assert "trả lời riêng" in told["text"]
    assert main.number not in told["text"]
    assert "tố cáo" not in told["text"]
    for case in (chat, web):
        case.refresh_from_db()
        assert (case.state, case.closed_at) == (State.OPEN, None)


def test_when_the_main_question_is_handed_over_the_others_are_told(loopback, three, an):
    main, (chat, _web) = joined(three, an)

    kinds.hand_over(case=main, to="Công an xã", document="Biên nhận 5", by=an, at=TUESDAY)
    send_all(TUESDAY)

    assert [m["target_ref"] for m in loopback.world.sent if "trả lời riêng" in m["text"]] == ["hoa"]
    chat.refresh_from_db()
    assert chat.state == State.OPEN


def test_a_main_case_made_private_answers_nobody_else(three, an, binh):
    main, (chat, web) = joined(three, an)
    Case.objects.filter(pk=main.pk).update(is_public=False)

    answer(main, an, binh)

    for case in (chat, web):
        case.refresh_from_db()
        assert (case.state, case.answered_at) == (State.OPEN, None)
    assert OutboundMessage.objects.filter(reference__contains=":parted-").exists()


@pytest.fixture
def published(place):
    from caunoi.answers.tests.factories import BINH

    return answers.publish_answer(
        number="NA-2025-000777",
        unit_id=place["nghe_an"].pk,
        title="Bao giờ có nước sạch?",
        question="Bao giờ thôn có nước sạch?",
        answer=ANSWER,
        agency="Mặt trận tỉnh",
        by=BINH,
        at=MONDAY,
    )


def test_an_officer_answers_with_a_published_answer_in_one_step_and_a_second_person_approves(
    three, published, binh, place
):
    chi = make_staff(name="Chi", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
    case = three[2]

    draft = same_question.answer_with(
        case=case, number=published.number, base="", submit=True, by=binh, at=TUESDAY
    )

    assert draft.state == DraftState.SUBMITTED
    assert ANSWER in draft.text
    assert f"/hoi/{published.number}/" in draft.text
    case.refresh_from_db()
    with pytest.raises(TwoPersons):
        ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)
    assert ask_and_answer.answer_and_publish(case=case, approver=chi, at=TUESDAY)


def test_words_already_written_stay_above_and_a_colleagues_are_never_written_over(
    three,
    published,
    an,
    binh,
):
    case = three[2]
    cases.save_draft(case=case, text="Chào bác,", by=an, at=MONDAY)
    seen = writing.base_of(case.drafts.get())

    draft = same_question.answer_with(
        case=case, number=published.number, base=seen, submit=False, by=an, at=TUESDAY
    )

    assert draft.text.startswith("Chào bác,")
    with pytest.raises(DraftMoved):
        same_question.answer_with(
            case=case, number=published.number, base=seen, submit=False, by=binh, at=TUESDAY
        )


def test_an_answer_that_no_longer_holds_cannot_be_answered_with(three, published, an, binh):
    answers.withdraw_answer(published=published, why="Sai", by=binh, at=MONDAY)

    with pytest.raises(NotNow):
        same_question.answer_with(
            case=three[2], number=published.number, base="", submit=False, by=an, at=TUESDAY
        )


def test_the_desk_shows_joins_answers_and_takes_apart_through_its_buttons(
    three,
    published,
    place,
):
    officer = client_for(
        make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)
    )
    main, chat, web = three
    at = f"/vu-viec/{main.number}/"

    alike = officer.get(f"{at}giong/").content.decode()
    assert published.number in alike
    assert chat.number in alike
    assert web.number in alike
    officer.post(f"{at}giong/gop/", {"case": [chat.number, web.number]})
    page = officer.get(at).content.decode()
    assert chat.number in page
    officer.post(f"/vu-viec/{web.number}/giong/tach/")
    officer.post(f"{at}giong/tra-loi/", {"answer": published.number, "base": ""})

    web.refresh_from_db(), chat.refresh_from_db()
    assert (web.state, chat.state) == (State.OPEN, State.CLOSED)
    assert ANSWER in main.drafts.get().text


def test_the_part_htmx_loads_is_the_part_of_the_page(three, published, place):
    officer = client_for(
        make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)
    )
    address = f"/vu-viec/{three[0].number}/giong/"

    part = officer.get(address, headers={"HX-Request": "true", "HX-Target": "alike"})

    assert part.content.decode().strip().startswith('<div id="alike"')
    assert "<html" not in part.content.decode()


def test_while_typing_answers_are_proposed_and_one_tap_ends_it_there(client, published):
    text = "bao gio thon co nuoc sach"

    part = client.post(
        "/hoi/tuong-tu/", {"text": text}, headers={"HX-Request": "true", "HX-Target": "similar"}
    ).content.decode()
    assert published.title in part
    assert "<html" not in part
    done = client.post(f"/hoi/{published.number}/giup-duoc/")

    assert done.status_code == 200
    assert not Case.objects.exists()
    assert published.tallies.get().helped == 1


def test_without_javascript_the_second_step_asks_whether_an_answer_fits(client, published):
    page = client.post("/hoi/", {"step": "words", "text": "Bao giờ thôn có nước sạch?"})

    assert published.title in page.content.decode()
    assert "Đúng rồi" in page.content.decode()


@pytest.mark.parametrize(
    "text",
    ["Tôi tố cáo cán bộ, bao giờ thôn có nước sạch?", "Cứu với, nhà tôi mắc kẹt, nước lên nhanh"],
)
def test_cries_for_help_and_accusations_get_no_proposals(client, published, text):
    on = clock.local_date(clock.now())

    assert same_question.already_answered(text=text, unit_id=None, on=on) == []
    assert published.title not in client.post("/hoi/tuong-tu/", {"text": text}).content.decode()
