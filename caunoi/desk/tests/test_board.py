"""The board: true figures by unit and colleague, down the tree, and a way from each number to its cases."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from caunoi.cases.terms import Kind, State
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.desk import board
from caunoi.figures import actions as nightly
from caunoi.kit import clock
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import queries as units
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()
BOARD = "/quan-tri/tien-do/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def chi(tree):
    return make_staff(name="Lê Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def table(viewer, unit, **more):
    root = units.as_of(unit_id=unit.pk, on=ON)
    rows = board.tables(viewer, root=root, at=MONDAY, on=ON, **more).units
    return {"own" if r.own else r.unit.id: r.figures for r in rows}


def answered(unit, *, days_ago, took, **more):
    done = MONDAY - days_ago * DAY
    return make_case(
        unit=unit, state=State.ANSWERED.value, at=done - took * DAY, answered_at=done, **more
    )


def test_each_figure_counts_what_it_says(tree, chi):
    unit = tree["bich_hao"]
    make_case(unit=unit, at=MONDAY - 9 * DAY, due_at=MONDAY - DAY)
    make_case(unit=tree["village"], due_at=MONDAY + timedelta(hours=2), state=State.SUBMITTED.value)
    make_case(unit=unit, due_at=MONDAY + 3 * DAY, snoozed_until=MONDAY + DAY)
    make_case(unit=unit, due_at=MONDAY + 30 * DAY, reopened_at=MONDAY - DAY)
    make_case(unit=unit, text="Tôi tố cáo ông A", kind=Kind.DENUNCIATION)

    f = table(chi, tree["nghe_an"])[unit.pk]

    assert (f.waiting, f.today, f.week, f.overdue, f.approval) == (3, 1, 2, 1, 1)
    assert (f.oldest, f.reopened) == (MONDAY - 9 * DAY, 1)


def test_what_was_answered_was_counted_in_the_night_with_everything_below(tree, chi):
    for took in (1, 3, 10):
        answered(tree["village"], days_ago=10, took=took)
    answered(tree["bich_hao"], days_ago=60, took=20)
    answered(tree["bich_hao"], days_ago=120, took=50)
    assert table(chi, tree["nghe_an"])[tree["bich_hao"].pk].answered == 0

    nightly.count(at=MONDAY)

    commune = table(chi, tree["nghe_an"])[tree["bich_hao"].pk]
    assert (commune.answered, commune.median_short, commune.median_long) == (4, 3.0, 5.5)
    below = table(chi, tree["bich_hao"])
    assert (below["own"].answered, below["own"].median_short) == (1, None)
    assert below[tree["village"].pk].answered == 3


def test_narrowed_to_a_topic_nothing_is_said_of_answers(tree, chi):
    answered(tree["bich_hao"], days_ago=10, took=3)
    make_case(unit=tree["bich_hao"], topic="nha_o")
    nightly.count(at=MONDAY)

    page = htmx.whole(client_for(chi), BOARD + "?topic=nha_o")

    heads = page.select_one("table.board thead").get_text(" ", strip=True)
    assert "Trung vị" not in heads
    assert page.select_one("table.board td[data-label='Cần trả lời']").get_text() == "1"


def test_down_the_tree_to_the_units_very_own_cases(tree, chi):
    make_case(unit=tree["bich_hao"])
    make_case(unit=tree["village"])
    make_case(unit=tree["cao_son"])

    below = table(chi, tree["nghe_an"])
    commune = table(chi, tree["bich_hao"])

    assert below[tree["bich_hao"].pk].waiting == 2
    assert (commune[tree["village"].pk].waiting, commune["own"].waiting) == (1, 1)
    assert sum(f.waiting for f in below.values()) == 2


def test_every_number_leads_to_exactly_its_cases(tree, chi):
    many_cases(unit=tree["bich_hao"], n=3, due_at=MONDAY - DAY)
    many_cases(unit=tree["bich_hao"], n=2, due_at=MONDAY + timedelta(hours=1))
    many_cases(unit=tree["tri_le"], n=4, due_at=MONDAY + 2 * DAY)
    client = client_for(chi)

    page = htmx.whole(client, BOARD)

    links = page.select("table.board td > a")
    assert len(links) >= 5
    for link in links:
        listed = htmx.whole(client, link["href"])
        assert len(listed.select(".mail")) == int(link.get_text().replace(".", "")), link["href"]


def test_colleagues_stand_in_the_order_of_names_with_their_desk_only(tree, an):
    binh = make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)
    mine = Account.objects.get(pk=binh.account_id)
    many_cases(unit=tree["bich_hao"], n=3, assignee=mine, due_at=MONDAY - DAY)
    many_cases(unit=tree["bich_hao"], n=2)
    root = units.as_of(unit_id=tree["bich_hao"].pk, on=ON)

    rows = board.tables(an, root=root, at=MONDAY, on=ON).officers

    named = [(r.account.full_name if r.account else "", r.figures.waiting) for r in rows]
    assert named == [("Nguyễn Thị An", 0), ("Trần Văn Bình", 3), ("", 2)]
    assert all(r.figures.median_short is None and r.figures.answered == 0 for r in rows)


def test_who_only_reads_sees_no_colleague_and_strangers_see_nothing(tree):
    reader = make_staff(name="Xem", unit_id=tree["bich_hao"].pk, role=Role.VIEWER)
    root = units.as_of(unit_id=tree["bich_hao"].pk, on=ON)

    assert board.tables(reader, root=root, at=MONDAY, on=ON).officers == []
    assert client_for(reader).get(BOARD, {"don-vi": root.slug}).status_code == 200
    for word in ("nghe_an", "tri_le", "cao_son"):
        slug = units.as_of(unit_id=tree[word].pk, on=ON).slug
        assert client_for(reader).get(BOARD, {"don-vi": slug}).status_code == 404


def test_narrowed_and_sorted_by_what_stands_in_the_address(tree, chi):
    many_cases(unit=tree["tri_le"], n=2, due_at=MONDAY - DAY, kind=Kind.PETITION.value)
    many_cases(unit=tree["bich_hao"], n=1, due_at=MONDAY - DAY)
    client = client_for(chi)

    narrowed = htmx.whole(client, BOARD + "?kind=petition&xep=overdue")
    nonsense = client.get(BOARD + "?kind=x&topic=y&xep=;drop")

    figures = [
        td.get_text(strip=True) for td in narrowed.select_one("table.board").select("td.board-bad")
    ]
    assert figures == ["2"]
    assert "Bích Hào" in narrowed.select_one("details").get_text()
    assert "Tri Lễ" in narrowed.select("tbody th")[0].get_text()
    assert nonsense.status_code == 200


def test_the_sheet_says_the_same(tree, chi):
    many_cases(unit=tree["bich_hao"], n=3, due_at=MONDAY - DAY)

    sheet = load_workbook(BytesIO(client_for(chi).get(BOARD + "?xlsx=1").content)).active

    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["Xã Bích Hào"][2] == 3


@pytest.mark.parametrize("n", [1, 4000])
def test_thousands_of_cases_cost_as_many_queries_as_one(tree, chi, n, django_assert_num_queries):
    many_cases(unit=tree["bich_hao"], n=n, due_at=MONDAY - DAY)
    many_cases(unit=tree["tri_le"], n=n, state=State.ANSWERED.value, answered_at=MONDAY - DAY)
    root = units.as_of(unit_id=tree["nghe_an"].pk, on=ON)

    with django_assert_num_queries(7):
        board.tables(chi, root=root, at=MONDAY, on=ON)
    with django_assert_num_queries(5):
        board.tables(chi, root=root, at=MONDAY, on=ON, narrowed=board.Narrowed(topic="nha_o"))
