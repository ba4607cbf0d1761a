"""Old questions and answers come in by a sheet, and lists go out as sheets: 10,000 rows both ways, nothing runs, nothing twice."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from caunoi.answers import actions_import, importing
from caunoi.answers import queries as answers
from caunoi.answers.models import AnswerImport, IndexedQuestion, PublishedAnswer, TermCount
from caunoi.answers.terms import ImportState
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.kit import sheets
from caunoi.routing.models import Topic
from caunoi.staff.tests.factories import client_for
from caunoi.units.tests.factories import small_tree
from tests import libreoffice
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/hoi-dap/nhap/"
DANGEROUS = ("=1+1", "+84 là đầu số", "-5 độ", "@ai", "=cmd|'/c calc'!A1", "\uff1d1+1")
GOOD = ("Bao giờ thôn Sơn Hà có nước sạch?", "Tháng 12 có nước.", "UBND xã", "", date(2023, 5, 17))


@pytest.fixture
def place():
    return small_tree()


def sheet_of(rows, name="so-cu.xlsx"):
    body = BytesIO(sheets.write(importing.HEADER, rows))
    body.name = name
    return body


def looked_at(client, rows):
    answer = client.post(PAGE, {"file": sheet_of(rows)})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return AnswerImport.objects.order_by("-made_at").first()


def published(client, rows):
    made = looked_at(client, rows)
    client.post(f"{PAGE}{made.pk}/chay/")
    work_off(made)
    return made


def work_off(made):
    while actions_import.work_on(made=made, at=MONDAY):
        pass
    made.refresh_from_db()


def many_rows(n):
    for k in range(n):
        yield (
            f"Đường vào xóm {k} của bản Huồi {k % 97} bao giờ được sửa?",
            f"Xã đã có kế hoạch số {k}, sửa trong quý {k % 4 + 1}.",
            "UBND xã",
            "",
            date(2020, 1, 1) + timedelta(days=k % 1500),
        )


def test_nothing_is_published_before_somebody_looked(binh):
    client = client_for(binh)

    made = looked_at(client, [GOOD])

    assert not PublishedAnswer.objects.exists()
    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert GOOD[0] in page
    assert "Đăng 1 câu trả lời" in page


def test_a_good_line_is_an_answer_of_the_unit_with_its_own_day(binh, place):
    client = client_for(binh)

    made = published(client, [GOOD])

    answer = PublishedAnswer.objects.get()
    assert made.state == ImportState.DONE
    assert answer.unit_id == place["bich_hao"].pk
    assert answer.published_at.date() == date(2023, 5, 17)
    page = client.get(f"/hoi/{answer.number}/").content.decode()
    assert "Tháng 12 có nước." in page
    assert "17/05/2023" in page


def test_it_is_found_by_who_asks_the_same(binh, place):
    published(client_for(binh), [GOOD])

    found = answers.similar(
        text="bao gio thon son ha co nuoc sach", on=MONDAY.date(), unit_id=place["bich_hao"].pk
    )

    assert found[0].answer.question == GOOD[0]


def test_the_same_sheet_twice_changes_nothing(binh):
    client = client_for(binh)
    published(client, [GOOD])

    made = looked_at(client, [GOOD])

    assert actions_import.progress(made) == {"known": 1}
    client.post(f"{PAGE}{made.pk}/chay/")
    work_off(made)
    assert PublishedAnswer.objects.count() == 1


def test_personal_data_is_masked_before_a_line_is_kept(binh):
    published(client_for(binh), [("Gọi tôi số 0912 345 678 khi nào có điện?", *GOOD[1:])])

    assert "0912" not in PublishedAnswer.objects.get().question


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", *GOOD[1:]), "thiếu câu hỏi"),
        ((GOOD[0], "", *GOOD[2:]), "thiếu câu trả lời"),
        ((*GOOD[:4], "hôm nọ"), "thiếu ngày trả lời"),
        ((*GOOD[:4], date(2090, 1, 1)), "trong tương lai"),
        ((*GOOD[:3], "Không có chủ đề này", GOOD[4]), "không có chủ đề"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_and_given_back_as_a_file(binh, row, said):
    client = client_for(binh)
    made = looked_at(client, [GOOD, row])

    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    file = load_workbook(BytesIO(client.get(f"{PAGE}{made.pk}/loi.xlsx").content)).active

    assert said in page
    lines = list(file.iter_rows(values_only=True))
    assert lines[1][5] == 3
    assert said in lines[1][6]


def test_a_line_twice_in_one_sheet_is_kept_once(binh):
    made = looked_at(client_for(binh), [GOOD, GOOD])

    assert actions_import.progress(made) == {"todo": 1, "bad": 1}


def test_a_topic_is_known_by_its_name(binh):
    topic = Topic.objects.first()

    published(client_for(binh), [(*GOOD[:3], topic.name.upper(), GOOD[4])])

    assert PublishedAnswer.objects.get().topic == topic.pk


@pytest.mark.parametrize("body", [b"no sheet", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_is_said(binh, body):
    file = BytesIO(body)
    file.name = "x.xlsx"

    answer = client_for(binh).post(PAGE, {"file": file})

    assert answer.status_code == 422
    assert "không đọc được" in answer.content.decode()


def test_other_columns_are_refused(binh):
    body = BytesIO(sheets.write(["A", "B"], [["x", "y"]]))
    body.name = "x.xlsx"

    assert "tên cột" in client_for(binh).post(PAGE, {"file": body}).content.decode()


def test_the_empty_sheet_can_be_brought_in_as_it_is(binh):
    client = client_for(binh)
    file = BytesIO(client.get(f"{PAGE}mau.xlsx").content)
    file.name = "mau.xlsx"

    assert client.post(PAGE, {"file": file}).status_code == 302


def test_within_a_day_all_of_it_is_taken_back_and_the_index_is_as_before(binh):
    client = client_for(binh)
    made = published(client, [GOOD, *many_rows(40)])
    AnswerImport.objects.filter(pk=made.pk).update(finished_at=MONDAY + timedelta(days=3650))

    client.post(f"{PAGE}{made.pk}/bo/")
    work_off(made)

    assert made.state == ImportState.UNDONE
    assert not PublishedAnswer.objects.exists()
    assert not IndexedQuestion.objects.exists()
    assert set(TermCount.objects.values_list("texts", flat=True)) <= {0}


def test_what_was_corrected_since_stays(binh):
    made = published(client_for(binh), [GOOD])
    PublishedAnswer.objects.update(corrected_at=MONDAY)
    AnswerImport.objects.filter(pk=made.pk).update(finished_at=MONDAY)
    made.refresh_from_db()

    actions_import.undo_import(made=made, by=binh, at=MONDAY)
    work_off(made)

    assert PublishedAnswer.objects.count() == 1


def test_after_a_day_it_stays(binh):
    made = published(client_for(binh), [GOOD])

    assert not actions_import.may_undo(made, MONDAY + timedelta(hours=25))


def test_a_run_cut_off_goes_on_where_it_stopped(binh):
    client = client_for(binh)
    made = looked_at(client, list(many_rows(30)))
    client.post(f"{PAGE}{made.pk}/chay/")

    actions_import.work_on(made=made, at=MONDAY, limit=10)

    assert PublishedAnswer.objects.count() == 10
    work_off(made)
    assert PublishedAnswer.objects.count() == 30


def test_ten_thousand_lines_come_in_and_go_out(binh):
    client = client_for(binh)
    made = published(client, list(many_rows(10_000)))

    file = client.get("/quan-tri/hoi-dap/?xlsx=1")
    table = load_workbook(BytesIO(file.content), read_only=True).active
    rows = list(table.iter_rows(values_only=True))

    assert actions_import.progress(made) == {"done": 10_000}
    assert len(rows) == 10_001
    assert {r[1] for r in rows[1:]} == {r[0] for r in many_rows(10_000)}


def test_one_line_more_is_refused(binh):
    answer = client_for(binh).post(PAGE, {"file": sheet_of(list(many_rows(10_001)))})

    assert "10.000" in answer.content.decode()


def csv_of(client, address):
    return b"".join(client.get(address).streaming_content)


_files = {}


@pytest.fixture
def ten_thousand_out(binh, place):
    """The inbox with 10,006 cases as the files an officer takes away; made once, both tests only read them."""
    if not _files:
        many_cases(unit=place["bich_hao"], n=10_000)
        for text in DANGEROUS:
            make_case(unit=place["bich_hao"], text=text)
        client = client_for(binh)
        _files["hop-thu.xlsx"] = client.get("/hop-thu/?xlsx=1").content
        _files["hop-thu.csv"] = csv_of(client, "/hop-thu/?csv=1")
    return _files


@pytest.mark.xdist_group("ten_thousand_out")
def test_ten_thousand_cases_go_out_as_they_stand_on_the_screen(ten_thousand_out, binh, place):
    whole = load_workbook(BytesIO(ten_thousand_out["hop-thu.xlsx"]), read_only=True)
    lines = ten_thousand_out["hop-thu.csv"].decode("utf-8-sig")

    assert sum(1 for _row in whole.active.iter_rows()) == 10_007
    assert len(list(csv.reader(StringIO(lines)))) == 10_007


def test_only_what_was_filtered_goes_out_with_a_head_that_stays(binh, place):
    make_case(unit=place["bich_hao"], kind="report", text="Cầu treo đứt cáp rồi")
    many_cases(unit=place["bich_hao"], n=3)

    some = load_workbook(BytesIO(client_for(binh).get("/hop-thu/?kind=report&xlsx=1").content))

    assert some.active.max_row == 2
    assert some.active.freeze_panes == "A2"
    assert "Xã Bích Hào" in some.active.oddHeader.center.text
    assert some.active["K2"].is_date


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_stays_text(place, binh, text):
    make_case(unit=place["bich_hao"], text=f"{text} và hơn nữa")
    client = client_for(binh)

    cell = load_workbook(BytesIO(client.get("/hop-thu/?xlsx=1").content)).active["B2"]
    lines = csv_of(client, "/hop-thu/?csv=1").decode("utf-8-sig")
    in_csv = list(csv.reader(StringIO(lines)))[1][1]

    assert (cell.data_type, cell.value) == ("s", f"{text} và hơn nữa")
    assert in_csv == f"'{text} và hơn nữa"


@libreoffice.needed
@pytest.mark.xdist_group("ten_thousand_out")
def test_libreoffice_opens_ten_thousand_lines_and_runs_nothing(ten_thousand_out, tmp_path):
    for name, body in ten_thousand_out.items():
        (tmp_path / name).write_bytes(body)

    sheet = libreoffice.kept_as("ods", tmp_path / "hop-thu.xlsx")
    again = libreoffice.kept_as("xlsx", tmp_path / "hop-thu.xlsx")
    from_csv = libreoffice.kept_as("ods", tmp_path / "hop-thu.csv", opened_as=libreoffice.UTF8_CSV)

    inside = libreoffice.cells(sheet)
    assert sum(1 for _, _, text in inside if text.startswith("TH-2026-")) == 10_006
    assert {formula for _, formula, _ in inside} == {""}
    assert [kind for kind, _, text in inside if text in DANGEROUS] == ["string"] * len(DANGEROUS)
    kept = [
        c for row in load_workbook(again).active.iter_rows() for c in row if c.value in DANGEROUS
    ]
    assert {c.value for c in kept} == set(DANGEROUS)
    assert {c.data_type for c in kept} == {"s"}
    inside = libreoffice.cells(from_csv)
    assert {formula for _, formula, _ in inside} == {""}
    assert {f"'{text}" for text in DANGEROUS} <= {
        text for kind, _, text in inside if kind == "string"
    }
