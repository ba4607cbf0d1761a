"""Voters' petitions: from a meeting into cases, one by one, pasted or from a sheet, and onto a public list."""

from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from caunoi.cases.models import Case
from caunoi.cases.terms import Kind
from caunoi.deadlines.rules import HERE
from caunoi.kit import sheets
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from caunoi.voters import actions, queries, rules
from caunoi.voters.models import VoterPetition
from caunoi.voters.terms import Delegates, NothingToKeep, NotYourMeeting
from tests.cast import MONDAY

LINES = """1. Đề nghị tỉnh sớm sửa cầu treo vào bản Huồi Mới
2) Kiến nghị tăng phụ cấp cho cán bộ thôn\tVi Văn Khăm\tBản Hoà Sơn
- Đề nghị tỉnh sớm sửa cầu treo vào bản Huồi Mới
ok
"""
ACCUSED = "Tôi tố cáo kế toán xã biển thủ tiền quỹ"


def test_numbering_is_taken_off_columns_are_kept_and_repeats_are_seen():
    rows = rules.rows_of(rules.lines_of(LINES))

    assert [r.text for r in rows[:2]] == [
        "Đề nghị tỉnh sớm sửa cầu treo vào bản Huồi Mới",
        "Kiến nghị tăng phụ cấp cho cán bộ thôn",
    ]
    assert (rows[1].name, rows[1].place) == ("Vi Văn Khăm", "Bản Hoà Sơn")
    assert [r.problem for r in rows] == ["", "", "twice", "too_short"]


def test_the_heading_of_a_sheet_is_no_petition():
    assert (
        rules.rows_of([["Nội dung kiến nghị", "Cử tri"], ["Sửa đường vào xóm 4", ""]])[0].number
        == 2
    )


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_and_what_is_good_reads_back_as_good(text):
    rows = rules.rows_of(rules.lines_of(text))

    again = rules.rows_of(rules.lines_of(rules.as_text(rows)))

    assert all(r.text for r in rows)
    assert sum(not r.problem for r in again) <= sum(not r.problem for r in rows)


@pytest.fixture
def place(db):
    return small_tree()


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def meeting(place, an):
    return actions.hold_meeting(
        unit_id=place["bich_hao"].pk,
        held_on=MONDAY.date(),
        place="Nhà văn hoá xóm 4",
        level=Delegates.NATIONAL,
        delegates="Bà Lô Thị Mai",
        minutes_number="05/BB",
        by=an,
        at=MONDAY,
    )


def kept(meeting, an, text=LINES):
    rows = rules.rows_of(rules.lines_of(text))
    return actions.keep_petitions(meeting=meeting, rows=rows, by=an, at=MONDAY)


def test_each_petition_is_a_case_with_a_number_and_forty_days(meeting, an):
    first, second = kept(meeting, an)

    assert (first.kind, first.origin) == (Kind.VOTER_PETITION, "voter_meeting")
    assert first.due_at.astimezone(HERE).strftime("%d/%m/%Y") == "04/01/2027"
    assert second.place == "Bản Hoà Sơn"
    assert queries.meeting_of_case(case_id=first.pk) == meeting


def test_the_case_page_leads_back_to_the_meeting(meeting, an):
    (first, *_rest) = kept(meeting, an)
    page = client_for(an).get(f"/vu-viec/{first.number}/").content.decode()
    assert f"/quan-tri/cu-tri/{meeting.pk}/" in page


def test_the_same_petitions_pasted_again_open_nothing_new(meeting, an):
    kept(meeting, an)

    assert kept(meeting, an) == []
    assert Case.objects.count() == 2
    assert list(VoterPetition.objects.values_list("place_in_list", flat=True)) == [1, 2]


def test_a_line_that_accuses_is_sealed_and_on_no_list(meeting, an):
    kept(meeting, an, f"{LINES}\n{ACCUSED}")

    assert Case.objects.get(kind=Kind.DENUNCIATION)
    assert len(queries.petitions_of(meeting=meeting)) == 2
    assert queries.sealed_count(meeting=meeting) == 1
    page = Client().get(f"/tiep-xuc-cu-tri/{meeting.pk}/").content.decode()
    assert "biển thủ" not in page


def test_nothing_to_keep_is_said(meeting, an):
    with pytest.raises(NothingToKeep):
        kept(meeting, an, "ok")


def test_a_commune_enters_no_meeting_of_another(place, an):
    with pytest.raises(NotYourMeeting):
        actions.hold_meeting(
            unit_id=place["tri_le"].pk,
            held_on=MONDAY.date(),
            place="x",
            level=Delegates.COMMUNE,
            delegates="y",
            by=an,
            at=MONDAY,
        )


def test_everybody_reads_what_was_asked_and_where_it_is_without_names(meeting, an):
    kept(meeting, an, "Đề nghị sửa cầu, gọi tôi số 0912 345 678\tVi Văn Khăm\tXóm 4")

    page = Client().get(f"/tiep-xuc-cu-tri/{meeting.pk}/").content.decode()

    assert "Đề nghị sửa cầu" in page
    assert "0912" not in page
    assert "Khăm" not in page
    assert "04/01/2027" in page
    assert "Nhà văn hoá xóm 4" in Client().get("/tiep-xuc-cu-tri/").content.decode()


def test_pasted_petitions_are_looked_at_before_they_are_kept(meeting, an):
    client, address = client_for(an), f"/quan-tri/cu-tri/{meeting.pk}/kien-nghi/"

    looked = client.post(address, {"lines": f"{LINES}\n{ACCUSED}"}).content.decode()
    assert not Case.objects.exists()
    client.post(address, {"lines": LINES, "keep": "1"})

    assert "3 kiến nghị sẽ thành vụ việc" in looked
    assert "trùng, giữ một" in looked
    assert "ngắn quá, bỏ qua" in looked
    assert "tố cáo, tố giác: niêm phong" in looked
    assert Case.objects.count() == 2


def sheet_of(*rows):
    body = BytesIO(sheets.write(["Nội dung kiến nghị", "Cử tri", "Nơi ở"], rows))
    body.name = "kien-nghi.xlsx"
    return body


def test_a_sheet_is_looked_at_the_same_way(meeting, an):
    file = sheet_of(
        ["Đề nghị làm đường bê tông", "Vi Văn Khăm", "Xóm 4"], ["Sửa cầu treo bản Cát", "", ""]
    )

    looked = client_for(an).post(f"/quan-tri/cu-tri/{meeting.pk}/tep/", {"file": file})

    words = looked.content.decode()
    assert "2 kiến nghị sẽ thành vụ việc" in words
    assert "Vi Văn Khăm" in words


def test_a_file_that_is_no_sheet_is_refused_with_a_word(meeting, an):
    file = BytesIO(b"%PDF-1.7")
    file.name = "kien-nghi.xlsx"

    answer = client_for(an).post(f"/quan-tri/cu-tri/{meeting.pk}/tep/", {"file": file})

    assert answer.status_code == 422
    assert "Hãy lưu lại dạng .xlsx" in answer.content.decode()


def test_the_meeting_is_entered_on_its_page(place, an):
    answer = client_for(an).post(
        "/quan-tri/cu-tri/moi/",
        {
            "unit": str(place["bich_hao"].pk),
            "held_on": "2026-11-20",
            "place": "Hội trường xã",
            "level": "province",
            "delegates": "Ông Vi Văn Sơn",
        },
    )

    assert answer.status_code == 302
    assert client_for(an).get(answer.headers["Location"]).status_code == 200


def test_the_list_of_meetings_asks_the_database_the_same_number_of_times(
    place, an, django_assert_max_num_queries
):
    for n in range(25):
        meeting = actions.hold_meeting(
            unit_id=place["bich_hao"].pk, held_on=MONDAY.date(), place=f"Nơi {n}",
            level=Delegates.COMMUNE, delegates="x", by=an, at=MONDAY,
        )  # fmt: skip
        kept(meeting, an, f"Kiến nghị thứ {n} về đường sá")

    client = client_for(an)
    with django_assert_max_num_queries(20):
        client.get("/quan-tri/cu-tri/")
    with django_assert_max_num_queries(10):
        Client().get("/tiep-xuc-cu-tri/")
