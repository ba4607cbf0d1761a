"""Who answers how fast: counted by the case, rolled up the tree, carried on in the successor, guarded when small."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from caunoi.cases.models import Case, Merge, Satisfaction, Step
from caunoi.cases.terms import Kind
from caunoi.cases.tests.factories import make_case
from caunoi.figures import actions, queries, tasks
from caunoi.figures.models import FiguresDay, FiguresPeriod
from caunoi.figures.terms import Period
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units import actions as unit_actions
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
ASKED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Thứ Hai 02/11/2026."""
COUNTED = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""01:00 on the 24th in Việt Nam."""


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def case(unit, *, opened=ASKED, due_days=14, answered_days=None, by=None, looked_days=None, **more):
    answered = opened + timedelta(days=answered_days) if answered_days is not None else None
    made = make_case(unit=unit)
    fields = {
        "opened_at": opened,
        "due_at": opened + timedelta(days=due_days),
        "answered_at": answered,
        "state": "answered" if answered else "open",
    } | more
    Case.objects.filter(pk=made.pk).update(**fields)
    Step.objects.filter(case=made).update(at=opened)
    if looked_days is not None:
        at = opened + timedelta(days=looked_days)
        Step.objects.create(case=made, kind="topic", at=at, by_id=by.account_id)
    return made


def of(unit, period=Period.MONTH):
    actions.count(at=COUNTED)
    return queries.of_unit(unit_id=unit.pk, period=period)


def test_the_figures_of_one_commune(tree, an):
    unit = tree["bich_hao"]
    for days in (1, 3, 8, 11, 18):
        case(unit, answered_days=days, by=an, looked_days=1)
    case(unit, by=an, looked_days=4)
    case(unit, due_days=60)

    found = of(unit)

    assert (found.asked, found.answered) == (7, 5)
    assert found.median_working_days == 6  # 8 days after a Monday: the next Tuesday
    assert found.acknowledged_pct == 71  # 5 of 7 within two working days
    assert found.in_time_pct == 67  # of the six due by yesterday, four were answered by then
    assert (found.waiting, found.overdue) == (2, 1)


def test_below_five_there_is_no_share_and_no_median(tree, an):
    for _ in range(4):
        case(tree["bich_hao"], answered_days=1, by=an, looked_days=1)

    found = of(tree["bich_hao"])

    assert (found.asked, found.answered) == (4, 4)
    assert found.acknowledged_pct is found.in_time_pct is found.median_working_days is None
    page = Client().get("/don-vi/xa-bich-hao/tra-loi/?ky=30").content.decode()
    assert "quá ít" in page
    assert "100 %" not in page


def test_everything_below_counts_for_the_units_above_and_not_beside(tree):
    case(tree["village"], answered_days=1)
    case(tree["tri_le"], answered_days=1)
    case(tree["cao_son"])

    actions.count(at=COUNTED)
    found = queries.of_units(unit_ids=[u.pk for u in tree.values()], period=Period.MONTH)

    asked = {name: found[unit.pk].asked for name, unit in tree.items()}
    assert asked == {"nghe_an": 2, "bich_hao": 1, "tri_le": 1, "village": 1, "lao_cai": 1, "cao_son": 1}  # fmt: skip


def test_what_is_never_public_and_what_was_said_twice_is_not_counted(tree, an):
    unit, main = tree["bich_hao"], case(tree["bich_hao"])
    twice = case(unit, state="closed", closed_at=ASKED)
    Merge.objects.create(case=twice, into=main, state_before="open", at=ASKED, by_id=an.account_id)
    make_case(unit=unit, kind=Kind.COMPLAINT)
    Case.objects.filter(kind="complaint").update(opened_at=ASKED)

    found = of(unit)

    assert (found.asked, found.waiting) == (1, 1)


def test_a_merged_unit_carries_on_in_its_successor(tree, an):
    case(tree["bich_hao"], answered_days=1)
    case(tree["tri_le"], answered_days=1)
    unit_actions.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="17000",
        on=date(2026, 11, 20),
        legal_reference="Nghị quyết",
        by=None,
        at=ASKED,
    )

    actions.count(at=COUNTED)

    heir = FiguresPeriod.objects.get(unit__versions__full_name="Xã Bích Lễ", period="30")
    assert heir.asked == 2
    assert not FiguresPeriod.objects.filter(unit=tree["bich_hao"]).exists()
    gone = Client().get("/don-vi/xa-bich-hao/tra-loi/")
    assert (gone.status_code, gone.url) == (302, "/don-vi/xa-bich-hao/")


def test_faces_are_counted_and_small_cells_hidden(tree):
    for number, face in enumerate(["good"] * 6 + ["bad"] * 2):
        Satisfaction.objects.create(
            key=bytes([number]), unit=tree["bich_hao"], month=date(2026, 11, 1), face=face, first_on=date(2026, 11, 5)
        )  # fmt: skip

    found = of(tree["bich_hao"])

    assert found.faces.total == 8
    assert found.faces.bad is None


def test_counting_twice_changes_nothing(tree, an):
    case(tree["village"], answered_days=2, by=an, looked_days=0)
    actions.count(at=COUNTED)
    before = list(
        FiguresDay.objects.order_by("day").values_list("unit", "day", "asked", "answer_days")
    )

    assert tasks.count(COUNTED) == 3

    after = list(
        FiguresDay.objects.order_by("day").values_list("unit", "day", "asked", "answer_days")
    )
    assert before == after


def test_the_page_says_how_it_is_counted_and_when(tree):
    case(tree["village"])
    actions.count(at=COUNTED)

    page = Client().get("/don-vi/tinh-nghe-an/tra-loi/").content.decode()

    assert "Cách tính" in page
    assert "24/11/2026" in page
    assert "Xã Bích Hào" in page
    assert "CC BY 4.0" in page
    assert "tra-loi/" in Client().get("/don-vi/xa-bich-hao/").content.decode()


def test_a_unit_without_questions_says_so(tree):
    page = Client().get("/don-vi/xa-bich-hao/tra-loi/").content.decode()

    assert "Chưa có câu hỏi nào" in page
    assert Client().get("/don-vi/khong-co/tra-loi/").status_code == 404
    assert Client().get("/don-vi/xa-bich-hao/tra-loi/so-lieu.exe").status_code == 404


def test_the_figures_are_open_data_in_three_formats(tree):
    for _ in range(5):
        case(tree["village"], answered_days=2)
    actions.count(at=COUNTED)
    address = "/don-vi/tinh-nghe-an/tra-loi/so-lieu."

    as_json = Client().get(address + "json").json()
    as_csv = list(
        csv.DictReader(StringIO(Client().get(address + "csv").content.decode("utf-8-sig")))
    )
    sheet = load_workbook(BytesIO(Client().get(address + "xlsx").content)).active

    assert as_json["giay_phep"] == "CC BY 4.0"
    assert [r["don_vi"] for r in as_csv[:2]] == ["Tỉnh Nghệ An", "Xã Bích Hào"]
    assert as_csv[0]["tra_loi_dung_han_pct"] == "100"
    assert {r["giay_phep"] for r in as_csv} == {"CC BY 4.0"}
    assert sheet.max_row == len(as_csv) + 1 == len(as_json["so_lieu"]) + 1


def test_a_page_asks_the_same_number_of_questions_however_many_units(
    tree, django_assert_max_num_queries
):
    from caunoi.units.terms import Level
    from caunoi.units.tests.factories import make_unit

    for number in range(60):
        unit = make_unit(name=f"Xã Số {number}", level=Level.COMMUNE, parent=tree["nghe_an"])
        case(unit)
    actions.count(at=COUNTED)

    with django_assert_max_num_queries(8):
        page = Client().get("/don-vi/tinh-nghe-an/tra-loi/").content.decode()
    assert "Xã Số 59" in page
