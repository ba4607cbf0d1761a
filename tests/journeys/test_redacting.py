"""Nothing is public before a person looked at what is hidden in it."""

import pytest
from django.urls import reverse

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases.terms import NotYourCase, State
from caunoi.cases.tests.factories import make_case
from caunoi.handling.models import Redaction
from caunoi.handling.terms import NotDecided
from caunoi.journeys import approving, ask_and_answer, recalling, redacting
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Tôi là Lê Thị Dung, số 0912 345 678. Bao giờ có nước sạch?"
ANSWER = "Chào bà Dung. Tháng 12 có nước. Hỏi trực ban 0238 3842 456."


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def binh(tree):
    return make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)


def waiting(tree, an, question=QUESTION, answer=ANSWER, **fields):
    case = make_case(unit=tree["bich_hao"], text=question, asker_name="Lê Thị Dung", **fields)
    cases.save_draft(case=case, text=answer, by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    return case


def keys(case, *, without=(), answer=ANSWER):
    review = redacting.review_of(case=case, answer=answer)
    return [
        f"{p.name}:{m.key}"
        for p in (review.question, review.answer)
        for m in p.proposed
        if p.text[m.start : m.end] not in without
    ]


def test_approval_is_refused_until_somebody_looked_and_nothing_is_half_done(tree, an, binh):
    case = waiting(tree, an)

    with pytest.raises(NotDecided):
        ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)

    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert not PublishedAnswer.objects.exists()


def test_what_was_confirmed_is_hidden_and_what_was_unmasked_stays(tree, an, binh):
    case = waiting(tree, an)
    office = "0238 3842 456"
    redacting.decide(
        case=case, answer=ANSWER, hidden=keys(case, without=[office]), more="", by=an, at=MONDAY
    )

    published = ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)

    assert office in published.answer
    for hidden in ("0912", "Dung"):
        assert hidden not in published.question + published.answer + published.title
    assert "[tên đã ẩn]" in published.question


def test_on_record_stand_kinds_and_counts_and_no_word_of_the_text(tree, an):
    case = waiting(tree, an)

    redacting.decide(
        case=case,
        answer=ANSWER,
        hidden=keys(case, without=["0238 3842 456"]),
        more="trực ban",
        by=an,
        at=MONDAY,
    )

    entry = AuditEntry.objects.get(event="handling.redaction.decided")
    assert entry.after == {
        "hidden": {"name": 2, "phone": 1, "other": 1},
        "left_to_read": {"phone": 1},
    }
    kept = str(Redaction.objects.values().get())
    for word in ("Dung", "0912", "trực ban"):
        assert word not in kept + str(entry.after)


def test_other_words_need_another_look(tree, an, binh):
    case = waiting(tree, an)
    redacting.decide(case=case, answer=ANSWER, hidden=keys(case), more="", by=an, at=MONDAY)
    cases.return_draft(case=case, because="Thêm ngày", by=binh, at=MONDAY)
    cases.save_draft(case=case, text=ANSWER + " Gọi 0977 111 222.", by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)

    with pytest.raises(NotDecided):
        ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)


def test_where_nothing_is_to_hide_and_where_nothing_is_public_nobody_is_asked(tree, an, binh):
    plain = waiting(tree, an, "Bao giờ có nước sạch?", "Tháng 12 có nước.")
    private = waiting(tree, an, is_public=False)

    assert ask_and_answer.answer_and_publish(case=plain, approver=binh, at=TUESDAY) is not None
    assert ask_and_answer.answer_and_publish(case=private, approver=binh, at=TUESDAY) is None


def test_the_approver_decides_and_approves_in_one_step_on_the_words_she_saw(tree, an, binh):
    case = waiting(tree, an)
    prints = redacting.review_of(case=case, answer=ANSWER).prints
    fields = {"case": case, "hidden": keys(case), "more": "", "by": binh, "at": TUESDAY}

    with pytest.raises(NotDecided):
        approving.approve_reviewed(prints="other words", **fields)
    published = approving.approve_reviewed(prints=prints, **fields)

    assert "0912" not in published.question


def test_a_stranger_decides_nothing(tree, an):
    case = waiting(tree, an)
    pao = make_staff(name="Páo", unit_id=tree["tri_le"].pk, role=Role.CASE_OFFICER)

    with pytest.raises(NotYourCase):
        redacting.decide(case=case, answer=ANSWER, hidden=[], more="", by=pao, at=MONDAY)


def test_the_page_shows_each_piece_with_a_box_and_sends_what_was_ticked(tree, an, binh):
    case = waiting(tree, an)
    client = client_for(binh)
    address = reverse("journeys:case", args=[case.number])

    page = htmx.whole(client, address)
    boxes = {b["value"]: b.find_parent("label").mark.get_text() for b in page.select("[name=hide]")}
    assert set(boxes.values()) == {"Lê Thị Dung", "0912 345 678", "Dung", "0238 3842 456"}
    ticked = [k for k, piece in boxes.items() if piece != "0238 3842 456"]
    fields = {
        "prints": page.select_one("[name=prints]")["value"],
        "hide": ticked,
        "more": "nước sạch",
    }
    client.post(reverse("journeys:case_approve", args=[case.number]), fields)
    recalling.carry_out_due(at=TUESDAY)

    published = PublishedAnswer.objects.get()
    assert "0238 3842 456" in published.answer
    assert "[đã ẩn]" in published.question


def test_a_forged_mark_hides_and_shows_nothing_it_should_not(tree, an):
    case = waiting(tree, an)

    review = redacting.decide(
        case=case,
        answer=ANSWER,
        hidden=["question:0:9999:name", "answer:-5:3:phone", "nonsense"],
        more="",
        by=an,
        at=MONDAY,
    )

    assert review.question.decided == ()
    assert review.question.public == QUESTION
