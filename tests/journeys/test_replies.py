# ruff: noqa: F811  the cast of the passport is taken over
"""What agencies answer by other doors: for the wrong case, by plain e-mail, on paper."""

import pytest
from django.urls import reverse

from caunoi.cases import agencies, agency_links, referrals
from caunoi.cases.models import AgencyLink, AgencyReply, Draft, Referral
from caunoi.cases.terms import NotWaiting, StepKind
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests import htmx
from tests.cast import MONDAY
from tests.journeys.test_passport import asked, body, do, now, staff  # noqa: F401

pytestmark = pytest.mark.django_db
POWER = "Điện lực Thanh Chương"
WORDS = "Trạm biến áp xóm 4 được thay trước ngày 20/12."


@pytest.fixture
def two(place, staff, now):
    """Two cases wait for the same agency; it wrote the second one's answer into the first one's link."""
    power = body(place["bich_hao"], POWER, email="dl@x.example")
    first = asked(place, text="Bao giờ thay cột điện ở xóm 2?")
    second = asked(place, key="f2", text="Trạm biến áp xóm 4 bao giờ thay?")
    for case in (first, second):
        referrals.refer_out(case=case, body=power, reason="Lưới điện", by=staff["an"], at=now.at)
    link = AgencyLink.objects.get(referral__case=first)
    agencies.answer_by_link(link=link, text=WORDS, at=now.days(1), signer="Phó giám đốc")
    return first, second


def steps(case):
    return list(case.steps.order_by("at", "pk").values_list("kind", "note"))


def test_an_answer_meant_for_another_case_is_moved_there_in_one_click(two, staff, now):
    first, second = two
    page = htmx.whole(client_for(staff["an"]), reverse("journeys:case", args=[first.number]))
    button = page.select_one("button[name=to]")
    assert button["value"] == second.number

    given = AgencyReply.objects.get()
    do(staff["an"], first, f"co-quan-tra-loi/{given.pk}", {"do": "move", "to": second.number})

    moved = AgencyReply.objects.get(referral__case=second)
    assert (moved.text, moved.signer) == (WORDS, "Phó giám đốc")
    assert Draft.objects.get(case=second).text == WORDS
    assert Draft.objects.get(case=first).text == ""
    assert not Referral.objects.filter(case=second, done_at=None, to_body__isnull=False).exists()
    again = Referral.objects.get(case=first, done_at=None)
    assert again.to_name == POWER
    assert agency_links.is_open(AgencyLink.objects.get(referral=again), at=now.at)
    assert (StepKind.REPLY_MOVED, second.number) in steps(first)
    assert (StepKind.REPLY_CAME, first.number) in steps(second)
    assert (
        "đã chuyển sang"
        in client_for(staff["an"]).get(f"/vu-viec/{first.number}/").content.decode()
    )


def test_it_is_moved_only_to_a_case_that_waits_for_the_same_agency(two, place, staff, now):
    _first, _second = two
    third = asked(place, key="f3", text="Đường liên thôn bao giờ sửa?")
    given = AgencyReply.objects.get()

    with pytest.raises(NotWaiting):
        agencies.move_reply(reply=given, to=third, by=staff["an"], at=now.at)

    given.refresh_from_db()
    assert (given.set_aside_at, given.moved_to) == (None, None)


def test_it_is_never_moved_into_a_case_of_strangers(two, place, staff, now):
    first, _second = two
    given = AgencyReply.objects.get()
    pao = make_staff(name="Páo", unit_id=place["cao_son"].pk, role=Role.CASE_OFFICER)

    answer = client_for(pao).post(
        reverse("journeys:case_reply", args=[first.number, given.pk]), {"do": "move"}
    )

    assert answer.status_code == 404


def test_an_answer_by_plain_mail_is_typed_in_and_its_link_closes(two, staff, now):
    _first, second = two
    hop = Referral.objects.get(case=second, done_at=None)
    link = AgencyLink.objects.get(referral=hop)
    fields = {
        "text": WORDS,
        "came_by": "email",
        "came_on": now.at.date().isoformat(),
        "signer": "Giám đốc",
        "document": "12/DL",
        "file_name": "tra-loi-tram-4.pdf",
    }

    do(staff["an"], second, f"chang/{hop.pk}/da-den", fields)

    reply = AgencyReply.objects.get(referral=hop)
    assert (reply.came_by, reply.file_name) == ("email", "tra-loi-tram-4.pdf")
    assert Draft.objects.get(case=second).agency == f"{POWER}, văn bản 12/DL"
    link.refresh_from_db()
    assert not agency_links.is_open(
        AgencyLink.objects.select_related("referral").get(pk=link.pk), at=now.at
    )
    page = client_for(staff["an"]).get(f"/vu-viec/{second.number}/").content.decode()
    assert "tra-loi-tram-4.pdf" in page


@pytest.mark.parametrize(
    ("field", "value"), [("text", " "), ("came_on", "2099-01-01"), ("came_on", "")]
)
def test_without_words_or_with_a_day_to_come_nothing_is_taken_in(two, staff, now, field, value):
    _first, second = two
    hop = Referral.objects.get(case=second, done_at=None)
    fields = {"text": WORDS, "came_by": "paper", "came_on": MONDAY.date().isoformat()}

    do(staff["an"], second, f"chang/{hop.pk}/da-den", fields | {field: value})

    assert not AgencyReply.objects.filter(referral=hop).exists()


def test_the_view_waiting_for_an_agency_shows_exactly_what_is_outside(two, staff):
    first, second = two

    page = htmx.whole(client_for(staff["an"]), "/hop-thu/?view=agency")

    assert {a["data-number"] for a in page.select(".mail")} == {second.number}
    assert first.number not in page.get_text()
