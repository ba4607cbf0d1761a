"""The library's pages: found with and without accents, on paper, in feeds, by search engines."""

from datetime import timedelta
from io import BytesIO

import feedparser
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from caunoi.answers import actions
from caunoi.answers.models import HelpTally
from caunoi.answers.tests.factories import BINH, publish
from caunoi.kit import clock
from caunoi.routing.models import Topic
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as unit_actions
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
BIRTH = "Làm khai sinh ở đâu khi bỏ huyện?"


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def birth(place):
    return publish(unit_id=place["bich_hao"].pk, question=BIRTH, answer="Ở xã.", topic="thu_tuc")


@pytest.fixture
def rubbish(place):
    return publish(
        unit_id=place["cao_son"].pk, question="Xe rác mấy ngày mới đến?", answer="Ba ngày."
    )


def titles(client, address):
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [b.text for b in page.select("main .rows .row-link b")]


@pytest.mark.parametrize("words", ["khai sinh", "Khai Sinh", "khai bo huyen", "ở xã"])
def test_an_answer_is_found_with_or_without_accents(client, birth, rubbish, words):
    assert titles(client, f"/hoi-dap/?q={words}") == [BIRTH]


def test_the_library_narrows_by_unit_and_topic(client, place, birth, rubbish):
    Topic.objects.get_or_create(pk="thu_tuc", defaults={"name": "Thủ tục"})

    assert titles(client, "/hoi-dap/?don-vi=tinh-nghe-an") == [BIRTH]
    assert titles(client, "/hoi-dap/?don-vi=cao son") == [rubbish.title]
    assert titles(client, "/hoi-dap/?chu-de=thu_tuc") == [BIRTH]
    assert titles(client, "/hoi-dap/?chu-de=thu_tuc&don-vi=xa-cao-son") == []


def test_a_unit_nobody_knows_is_said_so(client, birth):
    page = client.get("/hoi-dap/?don-vi=khong dau ca").content.decode()

    assert "Không có đơn vị nào tên" in page


def test_answers_of_a_dissolved_commune_stand_in_its_successors_library(client, place, birth):
    on = clock.local_date(clock.now())
    unit_actions.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk],
        full_name="Xã Mới",
        code="99001",
        on=on,
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )

    assert titles(client, "/hoi-dap/?don-vi=xa-moi") == [BIRTH]


def test_what_no_longer_holds_is_left_out_until_asked_for(client, birth):
    actions.set_validity(
        published=birth,
        valid_from=None,
        valid_until=clock.local_date(clock.now()) - timedelta(days=1),
        by=BINH,
        at=MONDAY,
    )

    assert titles(client, "/hoi-dap/?q=khai sinh") == []
    assert titles(client, "/hoi-dap/?q=khai sinh&ca-cu=1") == [BIRTH]


def test_the_list_turns_pages_and_asks_the_same_number_of_questions_for_any_size(
    client, place, django_assert_max_num_queries
):
    for n in range(45):
        publish(unit_id=place["bich_hao"].pk, question=f"Câu hỏi số {n} về khai sinh")
    client.get("/hoi-dap/")

    with django_assert_max_num_queries(32):
        assert len(titles(client, "/hoi-dap/?q=khai sinh")) == 20
    assert len(titles(client, "/hoi-dap/?q=khai sinh&page=3")) == 5


def test_the_history_shows_what_was_struck_out_and_put_in(client, birth):
    actions.correct_answer(
        published=birth, answer="Ở bất kỳ xã nào.", why="Luật mới", by=BINH, at=TUESDAY
    )

    page = BeautifulSoup(client.get(f"/hoi/{birth.number}/lich-su/").content, "html.parser")

    assert "xã." in page.find("del").text
    assert "bất kỳ xã nào." in page.find("ins").text
    assert "Luật mới" in page.text


def test_the_sheet_carries_question_answer_number_and_code_to_scan(client, birth):
    page = client.get(f"/hoi/{birth.number}/to-in/").content.decode()

    assert BIRTH in page
    assert "Ở xã." in page
    assert birth.number in page
    assert "data:image/svg+xml" in page


@pytest.mark.parametrize(
    "address",
    [
        "/hoi-dap/atom.xml",
        "/hoi-dap/don-vi/tinh-nghe-an/atom.xml",
        "/hoi-dap/chu-de/thu_tuc/atom.xml",
    ],
)
def test_a_feed_reader_reads_the_feeds(client, birth, rubbish, address):
    Topic.objects.get_or_create(pk="thu_tuc", defaults={"name": "Thủ tục"})
    actions.correct_answer(published=birth, answer="Ở mọi xã <&>", why="Luật", by=BINH, at=TUESDAY)

    feed = feedparser.parse(client.get(address).content)

    assert feed.bozo is False
    assert feed.version == "atom10"
    found = next(e for e in feed.entries if e.title == BIRTH)
    assert found.link.endswith(f"/hoi/{birth.number}/")
    assert found.updated.startswith("2026-11-24")
    assert "Ở mọi xã <&>" in found.summary or "Ở mọi xã" in found.summary


def test_an_empty_feed_and_the_feed_of_one_question_are_well_formed(client, birth):
    one = feedparser.parse(client.get(f"/hoi/{birth.number}/atom.xml").content)
    none = feedparser.parse(client.get("/hoi-dap/don-vi/xa-cao-son/atom.xml").content)

    assert (one.bozo, none.bozo) == (False, False)
    assert (len(one.entries), len(none.entries)) == (1, 0)


def test_the_site_map_names_every_answer_that_stands(client, birth, rubbish):
    actions.withdraw_answer(published=rubbish, why="Sai", by=BINH, at=TUESDAY)

    parts = client.get("/sitemap.xml").content.decode()
    listed = client.get("/sitemap-hoi-dap.xml").content.decode()

    assert "/sitemap-hoi-dap.xml" in parts
    assert f"/hoi/{birth.number}/" in listed
    assert rubbish.number not in listed
    assert "Sitemap:" in client.get("/robots.txt").content.decode()


def test_that_an_answer_helped_counts_once_a_session(client, birth):
    for _ in range(3):
        assert client.post(f"/hoi/{birth.number}/giup-duoc/").status_code == 200

    assert HelpTally.objects.get(answer=birth).helped == 1


def test_the_keeper_corrects_marks_and_withdraws_through_the_forms(place, birth):
    chi = client_for(make_staff(name="Chi", unit_id=place["bich_hao"].pk, role=Role.APPROVER))
    at = f"/quan-tri/hoi-dap/{birth.number}/"

    chi.post(f"{at}sua/", {"answer": "Ở mọi xã.", "why": "Luật mới"})
    chi.post(
        f"{at}hieu-luc/", {"valid-valid_from": "01/07/2025", "valid-valid_until": "31/12/2030"}
    )
    chi.post(f"{at}luat/", {"law-note": "Luật 97"})
    birth.refresh_from_db()

    assert (birth.answer, birth.state) == ("Ở mọi xã.", "corrected")
    assert str(birth.valid_until) == "2030-12-31"
    assert birth.law_note == "Luật 97"
    page = chi.get(at)
    assert "Luật 97" in page.content.decode()
    refused = chi.post(f"{at}sua/", {"answer": "Ở mọi xã.", "why": "Lại"})
    assert refused.status_code == 422
    assert "vẫn như cũ" in refused.content.decode()
    chi.post(f"{at}rut/", {"withdraw-why": "Trùng"})
    assert titles(chi, "/quan-tri/hoi-dap/?xem=withdrawn") == [BIRTH]


def test_the_keepers_list_comes_as_a_file(place, birth):
    chi = client_for(make_staff(name="Chi", unit_id=place["bich_hao"].pk, role=Role.APPROVER))

    answer = chi.get("/quan-tri/hoi-dap/?xlsx=1")

    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.django_db
def test_words_that_are_no_topic_in_the_address_show_the_whole_library(client):
    assert client.get("/hoi-dap/", {"chu-de": "không phải chủ đề"}).status_code == 200


def test_what_the_list_shows_goes_out_as_a_sheet(client, birth, rubbish):
    page = client.get("/hoi-dap/?q=khai+sinh&page=1").content.decode()
    links = [
        a["href"] for a in BeautifulSoup(page, "html.parser").select('a[href^="/hoi-dap/bang/"]')
    ]
    assert len(links) == 2
    told = client.get(next(href for href in links if "csv" in href))
    lines = b"".join(told.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Số,Ngày trả lời,Đơn vị")
    assert len(lines) == 2
    assert birth.number in lines[1]
    assert "còn hiệu lực" in lines[1]
    book = load_workbook(BytesIO(client.get("/hoi-dap/bang/").content))
    assert {row[0].value for row in book.active.iter_rows(min_row=2)} == {
        birth.number,
        rubbish.number,
    }
