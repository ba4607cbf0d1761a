"""The inbox as its reader meets it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import Origin
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.handling.models import Reading
from caunoi.kit import clock
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
INBOX = "/hop-thu/"


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
def page(an):
    client = client_for(an)
    return lambda query="": htmx.whole(client, INBOX + query)


def opened(unit, text, at=MONDAY):
    case, _ = cases.open_case(
        unit_id=unit.pk, text=text, origin=Origin.WEB_FORM, origin_ref=f"t:{text}", at=at
    )
    return case


def test_a_row_says_who_asked_what_by_when_and_whose_it_is(tree, an, page):
    make_case(
        unit=tree["bich_hao"],
        text="Bao giờ có nước sạch?",
        asker_name="Giàng A Sình",
        place="Xóm 4",
        due_at=MONDAY + timedelta(hours=5),
        assignee_id=an.account_id,
    )

    (row,) = page().select(".mail")

    assert row.select(".door > svg")
    assert row.select(".chip-warn > svg")
    said = row.get_text(" ", strip=True)
    assert "<" not in said
    for words in ("Giàng A Sình", "Bao giờ có nước sạch?", "Còn 5 giờ", "Xóm 4", "Nguyễn Thị An"):
        assert words in said


def test_filters_in_the_address_are_shown_as_chips_that_can_be_taken_away(tree, page):
    make_case(unit=tree["bich_hao"], due_at=MONDAY - timedelta(days=1), kind="petition")

    found = page("?view=all&kind=petition&due=late&topic=&page=1")

    chips = {c.get_text(" ", strip=True): c["href"] for c in found.select(".chips a")}
    assert list(chips.values()) == [
        "/hop-thu/?view=all&kind=petition",
        "/hop-thu/?view=all&due=late",
    ]
    assert any("Kiến nghị" in words for words in chips)
    assert len(found.select(".mail")) == 1


@pytest.mark.parametrize(
    "query",
    ["?view=nonsense&page=-3&due=soon", "?assignee=%27%3B--&unit=nowhere&kind=x", "?page=99999999"],
)
def test_what_makes_no_sense_in_the_address_is_dropped(tree, page, query):
    make_case(unit=tree["bich_hao"])

    assert page(query).select("h1")


def test_what_came_since_the_officer_looked_carries_a_dot_until_she_opens_it(tree, an, page):
    case = opened(tree["bich_hao"], "Đường vào xóm hỏng rồi")
    assert page().select(".mail-new")

    client_for(an).get(reverse("journeys:case", args=[case.number]))
    assert not page().select(".mail-new")

    later = MONDAY + timedelta(minutes=5)
    cases.add_words(case=Case.objects.get(), text="Nhà tôi ở xóm 4", at=later)
    assert page().select(".mail-new")


def test_what_one_officer_read_is_still_new_to_another(tree, an, page):
    case = opened(tree["bich_hao"], "Đường vào xóm hỏng rồi")
    binh = make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    client_for(binh).get(reverse("journeys:case", args=[case.number]))

    assert Reading.objects.count() == 1
    assert page().select(".mail-new")


def test_the_list_says_how_many_came_meanwhile_and_does_not_move(tree, an):
    client = client_for(an)
    before = (MONDAY - timedelta(minutes=3)).isoformat()
    address = reverse("handling:arrivals")
    assert "pill-new" not in client.get(address, {"since": before}).content.decode()

    opened(tree["bich_hao"], "Đường vào xóm hỏng rồi")
    opened(tree["cao_son"], "Việc của xã khác, không hiện ở đây")

    said = client.get(address, {"since": before}).content.decode()
    assert "1 mới" in said
    assert "pill-new" not in client.get(address, {"since": MONDAY.isoformat()}).content.decode()
    assert client.get(address, {"since": "yesterday"}).status_code == 200


def test_fifty_cases_stand_on_a_page_and_the_filters_survive_turning_it(tree, page):
    many_cases(unit=tree["bich_hao"], n=120)

    first, third = page("?view=all&sort=oldest"), page("?view=all&sort=oldest&page=3")

    assert len(first.select(".mail")) == 50
    assert len(third.select(".mail")) == 20
    assert first.select_one("[rel=next]")["href"] == "?view=all&sort=oldest&page=2"
    assert "1–50 trong 120" in first.select_one(".pager").get_text(" ", strip=True)


def test_the_part_htmx_swaps_is_the_part_of_the_reloaded_page(tree, an):
    client = client_for(an)
    many_cases(unit=tree["bich_hao"], n=3)
    first = htmx.whole(client, INBOX)
    make_case(unit=tree["bich_hao"], due_at=MONDAY - timedelta(days=1))

    answer = htmx.part(client, INBOX, "inbox-list")

    again = htmx.whole(client, INBOX)
    assert answer.select_one("#inbox-list").prettify() == again.select_one("#inbox-list").prettify()
    assert len(htmx.swapped(first, answer, "inbox-list")) > 0


def test_filters_are_made_when_opened_and_the_same_without_javascript(tree, an, page):
    make_case(unit=tree["bich_hao"], topic="nha_o", assignee_id=an.account_id)
    closed = page("?topic=nha_o")
    assert not closed.select("#inbox-filter select")
    link = closed.select_one("#inbox-filter a")["href"]

    part = htmx.part(client_for(an), link, "inbox-filter")
    opened = htmx.whole(client_for(an), link)

    assert part.select_one("form").prettify() == opened.select_one("#inbox-filter").prettify()
    assert part.select_one("[name=topic] [selected]")["value"] == "nha_o"
    assert "Nguyễn Thị An" in part.select_one("[name=assignee]").get_text()
    assert opened.select_one("details.drop").has_attr("open")


def test_views_are_counted_apart_and_the_same_without_javascript(tree, an, page):
    many_cases(unit=tree["bich_hao"], n=3, due_at=MONDAY - timedelta(days=1))
    plain = page().select_one("#inbox-counts")
    assert not plain.select(".n")
    assert plain.select_one("noscript a")["href"] == plain["hx-get"] == "/hop-thu/?dem=1"

    part = htmx.part(client_for(an), plain["hx-get"], "inbox-counts")
    whole = page("?dem=1")

    side, pills = part.select_one("#inbox-counts"), part.select_one("#inbox-pills")
    assert side.prettify() == whole.select_one("#inbox-counts").prettify()
    assert side.select_one("a[href='/hop-thu/?view=overdue'] .n").get_text() == "3"
    assert pills["hx-swap-oob"] == "true"
    assert [a["href"] for a in pills.select("a")] == [
        a["href"] for a in whole.select("#inbox-pills a")
    ]


def test_a_chip_says_the_name_of_a_colleague_only(tree, an, page):
    stranger = make_staff(name="Lạ Mặt", unit_id=tree["cao_son"].pk, role=Role.CASE_OFFICER)

    chips = [
        page(f"?assignee={who.account_id}").select_one(".chips").get_text(" ", strip=True)
        for who in (an, stranger)
    ]

    assert "Nguyễn Thị An" in chips[0]
    assert "Lạ Mặt" not in chips[1]


def test_the_case_beside_the_list_is_the_case_of_its_own_page(tree, an):
    client = client_for(an)
    case = opened(tree["bich_hao"], "Đường vào xóm hỏng rồi")
    address = reverse("journeys:case", args=[case.number])

    answer = htmx.part(client, address, "case")

    page = htmx.whole(client, address)
    assert answer.select_one("#case").prettify() == page.select_one("#case").prettify()


def test_the_view_can_be_taken_away_as_a_table_in_words(tree, an):
    make_case(unit=tree["bich_hao"], text="=1+1 là bao nhiêu?", kind="report")
    many_cases(unit=tree["bich_hao"], n=3, state="closed", closed_at=MONDAY)

    answer = client_for(an).get(INBOX, {"xlsx": "1"})

    sheet = load_workbook(BytesIO(answer.content)).active
    header, *rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert header[:4] == ["Số", "Câu hỏi", "Loại", "Chủ đề"]
    assert [row[1:3] for row in rows] == [["=1+1 là bao nhiêu?", "Phản ánh"]]
    assert sheet["B2"].data_type == "s"


@pytest.mark.parametrize("n", [1, 4000])
def test_the_page_costs_the_same_with_one_case_and_with_thousands(
    tree, an, n, django_assert_max_num_queries
):
    many_cases(unit=tree["bich_hao"], n=n, topic="nha_o", assignee_id=an.account_id)
    client = client_for(an)

    with django_assert_max_num_queries(14):
        assert client.get(INBOX + "?view=all&topic=nha_o").status_code == 200
    with django_assert_max_num_queries(13):
        client.get(INBOX + "?dem=1", headers={"HX-Request": "true", "HX-Target": "inbox-counts"})
    with django_assert_max_num_queries(9):
        client.get(INBOX + "?loc=1", headers={"HX-Request": "true", "HX-Target": "inbox-filter"})
