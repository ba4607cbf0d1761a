"""The desk: two officers on one case, one asker twice, one message with two questions."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caunoi.cases import actions as cases
from caunoi.cases import actions_merge
from caunoi.cases.models import Case, Draft
from caunoi.cases.terms import State
from caunoi.cases.tests.factories import make_case
from caunoi.handling import actions_canned, queries_writing
from caunoi.handling.models import Scratch
from caunoi.handling.terms import DraftMoved, Field
from caunoi.journeys import ask_and_answer, merging, writing
from caunoi.kit import clock
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests import htmx
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_ask_and_answer import arrives

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def case(place):
    return make_case(unit=place["bich_hao"], asker_name="Giàng A Sình")


def address(case, name="case"):
    return reverse(f"journeys:{name}", args=[case.number])


def kept(case, by, text, base="", submit=False, at=MONDAY):
    return writing.save_answer(
        case=case, text=text, agency="", base=base, submit=submit, by=by, at=at
    )


def test_nobody_writes_over_a_colleagues_words_without_having_seen_them(case, an, binh):
    kept(case, binh, "Bình viết: tháng 12.")

    with pytest.raises(DraftMoved):
        kept(case, an, "An viết: tháng 1.", base="", at=MONDAY + MINUTE)

    seen = writing.base_of(Draft.objects.get())
    kept(case, an, "An viết: tháng 1.", base=seen, at=MONDAY + MINUTE)
    assert Draft.objects.get().text == "An viết: tháng 1."


def test_the_page_shows_both_texts_side_by_side_and_loses_neither(case, an, binh):
    client = client_for(an)
    before = htmx.whole(client, address(case))
    kept(case, binh, "Bình viết: tháng 12.")

    answer = client.post(
        address(case, "case_save"),
        {"text": "An viết: tháng 1.", "base": before.select_one("[name=base]")["value"]},
    )

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Trần Văn Bình" in said
    assert "Bình viết: tháng 12." in said
    assert "An viết: tháng 1.</textarea>" in said
    assert Draft.objects.get().text == "Bình viết: tháng 12."


def test_what_was_typed_comes_back_and_is_gone_once_it_is_kept(case, an):
    client = client_for(an)
    fields = {"field": "answer", "text": "Chào bác, xã", "agency": "", "seen": "0"}
    answer = client.post(address(case, "case_scratch"), fields)
    assert "Đã lưu lúc 09:00" in answer.content.decode()

    assert "Chào bác, xã</textarea>" in client.get(address(case)).content.decode()
    stale = client.post(address(case, "case_scratch"), fields | {"text": "khác"})
    assert stale.status_code == 409
    assert "Chào bác, xã" in stale.content.decode()
    client.post(address(case, "case_save"), {"text": "Chào bác, xã trả lời.", "submit": "1"})

    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert not Scratch.objects.exists()


def test_a_canned_answer_is_offered_after_a_slash_and_put_in_without_javascript(case, an, binh):
    canned = actions_canned.save_canned(
        unit_id=case.owner_id,
        title="Nước sạch",
        shortcut="nuoc",
        text="Chào {tên}, câu {số}.",
        by=binh,
        at=MONDAY,
    )
    client = client_for(an)

    offered = client.get(address(case, "case_canned"), {"q": "nuoc"}).content.decode()
    assert f"Chào Giàng A Sình, câu {case.number}." in offered
    client.post(address(case, "case_save"), {"text": "Mở đầu.", "canned": canned.pk, "insert": "1"})

    typed = queries_writing.scratches_of(an, case=case)[Field.ANSWER].text
    assert typed == f"Mở đầu.\n\nChào Giàng A Sình, câu {case.number}."
    assert not Draft.objects.exists()


def test_a_colleague_sees_who_is_writing(case, an, binh):
    client_for(binh).post(address(case, "case_here"), {"doing": "writing"})

    assert "Trần Văn Bình đang soạn" in client_for(an).get(address(case)).content.decode()
    assert "đang soạn" not in client_for(binh).get(address(case)).content.decode()


def test_a_note_with_a_name_waits_on_the_desk_of_whoever_is_named(case, an, binh):
    client_for(binh).post(
        address(case, "case_note"), {"note": "@Nguyễn Thị An xem giúp nhé", "mention": []}
    )
    client = client_for(an)

    listed = htmx.whole(client, reverse("handling:mentions"))
    assert listed.select(".dot")
    assert "xem giúp nhé" in listed.get_text()
    client.get(address(case))
    assert not htmx.whole(client, reverse("handling:mentions")).select(".dot")


def test_hands_days_and_topics_are_set_on_the_case_page(case, an, binh):
    client = client_for(an)

    client.post(address(case, "case_assign"), {"account": binh.account_id})
    client.post(address(case, "case_snooze"), {"when": "day", "day": "2026-11-27"})
    client.post(address(case, "case_topic"), {"topic": "nha_o"})

    case.refresh_from_db()
    assert (case.assignee_id, case.topic) == (binh.account_id, "nha_o")
    assert case.snoozed_until.isoformat() == "2026-11-27T00:00:00+00:00"
    page = client.get(address(case)).content.decode()
    for said in ("Tạm gác đến 27/11/2026", "Chủ đề: Nhà ở"):
        assert said in page
    client.post(address(case, "case_snooze"), {"when": "day", "day": "2026-11-01"})
    case.refresh_from_db()
    assert case.snoozed_until is not None


def test_a_case_is_given_only_to_somebody_who_works_in_its_unit(place, case, an):
    stranger = make_staff(name="Páo", unit_id=place["tri_le"].pk, role=Role.CASE_OFFICER)

    client_for(an).post(address(case, "case_assign"), {"account": stranger.account_id})

    case.refresh_from_db()
    assert case.assignee_id is None


def test_one_answer_goes_to_both_places_where_one_asker_asked(loopback, an, binh):
    ask = "Bao giờ xã tôi có nước sạch?"
    arrives(loopback, loopback.comment("page", "c1", ask, at=MONDAY, sender="dung"))
    arrives(
        loopback, loopback.message("page", "m1", ask + " Trả lời giúp.", at=MONDAY, sender="dung")
    )
    comment, message = (
        Case.objects.get(origin="comment"),
        Case.objects.get(origin="private_message"),
    )
    actions_merge.merge_case(case=message, into=comment, by=an, at=MONDAY)
    cases.save_draft(case=comment, text="Tháng 12 có nước.", by=an, at=MONDAY)
    cases.submit_draft(case=comment, by=an, at=MONDAY)

    ask_and_answer.answer_and_publish(case=comment, approver=binh, at=TUESDAY)

    answers = OutboundMessage.objects.filter(reference__startswith=f"case:{comment.pk}:answer")
    assert sorted(a.kind for a in answers) == ["comment_reply", "private_message"]
    assert all("Tháng 12 có nước." in a.text for a in answers)


def test_the_page_proposes_the_other_case_of_the_same_conversation(loopback, an):
    arrives(loopback, loopback.message("page", "m1", "Bao giờ có nước sạch?", at=MONDAY))
    first = Case.objects.get()
    Case.objects.filter(pk=first.pk).update(closed_at=MONDAY, state="closed")
    arrives(loopback, loopback.message("page", "m2", "Bao giờ có nước sạch vậy ạ?", at=MONDAY))
    second = Case.objects.exclude(pk=first.pk).get()
    Case.objects.filter(pk=first.pk).update(closed_at=None, state="open")
    client = client_for(an)

    offered = htmx.whole(client, address(second, "case_merge"))
    assert first.number in offered.get_text()
    both = htmx.whole(client, f"{address(second, 'case_merge')}?vao={first.number}")
    assert "được đóng và dẫn sang số kia" in both.get_text()
    client.post(address(second, "case_merge"), {"into": first.number})

    second.refresh_from_db()
    assert second.state == State.CLOSED
    client.post(address(second, "case_unmerge"))
    second.refresh_from_db()
    assert second.state == State.OPEN


def test_the_asker_is_told_the_second_number_where_she_asked(loopback, an):
    two = "Bao giờ có nước sạch? Và đường xóm 4 bao giờ sửa?"
    arrives(loopback, loopback.message("page", "m1", two, at=MONDAY, sender="dung"))
    case = Case.objects.get()

    part = merging.split_and_tell(
        case=case, first_text="Bao giờ có nước sạch?", second_text="Đường xóm 4?", by=an, at=MONDAY
    )

    told = OutboundMessage.objects.get(reference=f"case:{part.pk}:received")
    assert part.number in told.text
    assert told.target_ref == "dung"


def test_the_split_page_refuses_two_equal_halves(loopback, an):
    arrives(loopback, loopback.message("page", "m1", "Bao giờ có nước? Còn đường?", at=MONDAY))
    case = Case.objects.get()
    client = client_for(an)

    same = client.post(address(case, "case_split"), {"first": case.text, "second": case.text})
    assert same.status_code == 422
    client.post(address(case, "case_split"), {"first": "Bao giờ có nước?", "second": "Còn đường?"})

    assert Case.objects.count() == 2


@pytest.mark.parametrize("tab", ["answer", "note"])
def test_each_tab_has_its_own_address_and_the_part_equals_the_page(case, an, tab):
    client = client_for(an)
    there = f"{address(case)}?tab={tab}"

    answer = htmx.part(client, there, "case")

    page = htmx.whole(client, there)
    assert answer.select_one("#case").prettify() == page.select_one("#case").prettify()
    assert page.select_one(f'[data-tab="{tab}"]')["aria-current"] == "page"


def test_the_case_page_costs_the_same_with_a_long_story(
    case, an, binh, django_assert_max_num_queries
):
    from caunoi.handling import actions_writing

    for n in range(30):
        actions_writing.leave_note(
            case=case, text=f"Ghi chú {n}", mentioned=[an.account_id], by=binh, at=MONDAY
        )
    client = client_for(an)

    with django_assert_max_num_queries(29):
        client.get(address(case))
