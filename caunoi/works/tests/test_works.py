"""What people give to public works: in the books, taken back by its contrary, added up by unit and day."""

import uuid
from datetime import date, timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from caunoi.documents import drawing
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds.models import Fund, Posting
from caunoi.funds.terms import PeriodClosed
from caunoi.kit import jobs
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit, small_tree
from caunoi.works import actions, actions_forgetting, queries, rules
from caunoi.works.models import Contribution, Project
from caunoi.works.terms import (
    CodeTaken,
    Land,
    MoreThanAgreed,
    NoLandType,
    NotYourWork,
    OutsideDays,
    Row,
    TakenBack,
    Thing,
)
from tests.cast import MONDAY

DAY = date(2026, 11, 23)
FIELDS = {
    "code": "duong-xom-4",
    "kind": "road",
    "name": "Đường bê tông xóm 4",
    "starts_on": date(2026, 10, 1),
    "ends_on": None,
    "estimate": 300_000_000,
}


@pytest.fixture
def tree(db):
    return small_tree()


@pytest.fixture
def binh(tree):
    return make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)


@pytest.fixture
def road(tree, binh):
    return actions.begin(unit_id=tree["bich_hao"].pk, fields=FIELDS, by=binh, at=MONDAY)


def give(road, by, *rows, at=MONDAY, **more):
    return actions.give(project=road, rows=rows, by=by, at=at, **more)


def money(n, **more):
    return Row(1, "Lô Thị Mai", "VND", n, on=DAY, **more)


def land(n, sort=Land.AGRICULTURAL):
    return Row(1, "Vi Văn Khăm", "m2", n, sort.value, on=DAY)


def test_a_commune_has_one_set_of_books_for_all_its_works_villages_too(tree, binh, road):
    canal = FIELDS | {"code": "kenh-1", "kind": "canal", "name": "Kênh"}
    second = actions.begin(unit_id=tree["village"].pk, fields=canal, by=binh, at=MONDAY)
    assert second.book_id == road.book_id == tree["bich_hao"].pk
    assert Fund.objects.count() == 1
    with pytest.raises(CodeTaken):
        actions.begin(unit_id=tree["bich_hao"].pk, fields=canal, by=binh, at=MONDAY)


def test_money_land_and_labour_stand_in_the_books_as_the_page_says(road, binh):
    give(
        road,
        binh,
        money(2_000_000),
        money(500_000),
        land(120),
        Row(1, "Xóm 4", "labour-day", 30, on=DAY),
    )
    sums = queries.sums_of(projects=[road.pk], on=DAY)[road.pk]
    assert (sums.money, sums.land, sums.labour) == (2_500_000, 120, 30)
    assert queries.in_books(project=road) == {
        Thing.MONEY: 2_500_000,
        Thing.LAND: 120,
        Thing.LABOUR: 30,
    }


def test_a_mistake_is_taken_back_by_its_reversal_and_stays(road, binh):
    (row,) = give(road, binh, money(20_000_000))
    give(road, binh, money(2_000_000))
    actions.take_back(contribution=row, because="Ghi thừa một số 0", by=binh, at=MONDAY)
    assert queries.in_books(project=road)[Thing.MONEY] == 2_000_000
    assert queries.sums_of(projects=[road.pk], on=DAY)[road.pk].money == 2_000_000
    assert (Posting.objects.count(), Contribution.objects.count()) == (3, 2)
    with pytest.raises(TakenBack):
        actions.take_back(contribution=row, because="x", by=binh, at=MONDAY)


def test_before_its_reversal_the_sums_read_as_they_did(road, binh):
    (row,) = give(road, binh, money(20_000_000))
    later = MONDAY + timedelta(days=3)
    actions.take_back(contribution=row, because="Nhầm", by=binh, at=later)
    assert queries.sums_of(projects=[road.pk], on=DAY)[road.pk].money == 20_000_000
    assert queries.sums_of(projects=[road.pk], on=DAY + timedelta(days=3))[road.pk].money == 0


def test_one_key_is_one_contribution(road, binh):
    key = uuid.uuid4()
    for _twice in range(2):
        give(road, binh, money(1_000), key=key)
    assert Contribution.objects.count() == Posting.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (Row(1, "A", "m2", 10, on=DAY), NoLandType),
        (Row(1, "A", "VND", 10, "forest", on=DAY), NoLandType),
        (Row(1, "A", "VND", 10, on=date(2026, 9, 30)), OutsideDays),
        (Row(1, "A", "VND", 10, on=date(2026, 11, 24)), OutsideDays),
    ],
)
def test_what_does_not_fit_writes_nothing(road, binh, row, error):
    with pytest.raises(error):
        give(road, binh, money(5), row)
    assert not Posting.objects.exists()


def test_closed_books_take_nothing(road, binh):
    funds.close_books(fund_id=road.book.fund_id, through=DAY, at=MONDAY)
    with pytest.raises(PeriodClosed):
        give(road, binh, money(5))


def test_another_commune_writes_nothing_here(tree, road):
    other = make_staff(name="Lô Văn Tri", unit_id=tree["tri_le"].pk, role=Role.APPROVER)
    with pytest.raises(NotYourWork):
        give(road, other, money(5))
    assert queries.project(other, pk=road.pk, on=DAY) is None


def test_no_more_land_is_handed_over_than_was_agreed(road, binh):
    about = {"project": road, "land": Land.FOREST, "on": DAY, "by": binh, "at": MONDAY}
    first = actions.clear(agreed=29_890, cleared=20_000, **about)
    with pytest.raises(MoreThanAgreed, match=r"9\.890"):
        actions.clear(agreed=0, cleared=9_891, **about)
    second = actions.clear(agreed=0, cleared=9_890, **about)
    with pytest.raises(MoreThanAgreed):
        actions.take_clearing_back(row=first, by=binh, at=MONDAY)
    actions.take_clearing_back(row=second, by=binh, at=MONDAY)
    sums = queries.sums_of(projects=[road.pk], on=DAY)[road.pk]
    assert sums.by_land == {"forest": (29_890, 20_000)}


def test_the_areas_of_the_district_add_up_by_sort_of_land(road, binh):
    # Printed: 29.168 ha = 25.653 agricultural + 2.989 forest + 0.526 residential.
    parts = {Land.AGRICULTURAL: 256_530, Land.FOREST: 29_890, Land.RESIDENTIAL: 5_260}
    for sort, area in parts.items():
        actions.clear(
            project=road, land=sort, agreed=area, cleared=area, on=DAY, by=binh, at=MONDAY
        )
    sums = queries.sums_of(projects=[road.pk], on=DAY)[road.pk]
    assert sums.cleared == sum(parts.values()) == 291_680


def test_initials_are_the_first_letters_of_the_words():
    assert rules.shown_name("Lô Thị Mai", initials=True) == "L. T. M."
    assert rules.shown_name(" Lô  Thị Mai ", initials=False) == "Lô Thị Mai"


def test_a_dissolved_commune_counts_under_its_successor_and_as_it_was_before(tree, road, binh):
    give(road, binh, money(4_220_000))
    units.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk], full_name="Xã Bích Lễ", code="17000",
        on=date(2026, 12, 1), legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip
    province = tree["nghe_an"].pk
    (before,) = queries.roll_up(root_id=province, on=DAY)
    (after,) = queries.roll_up(root_id=province, on=date(2026, 12, 2))
    assert (before.name, after.name) == ("Xã Bích Hào", "Xã Bích Lễ")
    assert before.money == after.money == 4_220_000
    assert queries.roll_up(root_id=province, on=date(2026, 9, 1)) == []


def test_thousands_of_contributions_are_asked_for_as_few_times_as_ten(tree, binh, road):
    client, anybody = client_for(binh), Client()
    pages = (
        (client, f"/quan-tri/cong-trinh/{road.pk}/"), (client, "/quan-tri/cong-trinh/"),
        (client, "/quan-tri/cong-trinh/tong-hop/"), (anybody, f"/cong-trinh/{road.pk}/"),
        (anybody, "/cong-trinh/?don-vi=xa-bich-hao"),
    )  # fmt: skip
    give(road, binh, *[money(1000 + n) for n in range(10)])
    asked = [count(c, a) for c, a in pages]
    give(road, binh, *[money(1000 + n) for n in range(2000)])
    for n in range(40):
        unit = make_unit(name=f"Xóm {100 + n}", level=Level.VILLAGE, parent=tree["bich_hao"])
        actions.begin(unit_id=unit.pk, fields=FIELDS | {"code": f"d-{n}"}, by=binh, at=MONDAY)
    assert Project.objects.count() == 41
    assert all(count(c, a) <= before + 1 for (c, a), before in zip(pages, asked, strict=True))


def count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_giver_who_asks_is_shown_with_initials_and_it_is_on_record(road, binh):
    (row,) = give(road, binh, money(2_000_000))
    page = f"/quan-tri/cong-trinh/{road.pk}/"
    client_for(binh).post(f"{page}viet-tat/", {"contribution": str(row.pk)})
    shown = Client().get(f"/cong-trinh/{road.pk}/").content.decode()
    assert rules.shown_name(row.giver, initials=True) in shown
    assert row.giver not in shown
    assert AuditEntry.objects.get(event="works.giver.initials").object_id == str(row.pk)
    assert client_for(binh).post(f"{page}viet-tat/", {"contribution": "x"}).status_code == 404


def test_givers_are_forgotten_five_years_after_the_work_ended_and_amounts_stay(road, binh):
    (row, wrong) = give(road, binh, money(2_000_000), money(20_000_000))
    actions.take_back(contribution=wrong, because="Bà Mai ghi nhầm", by=binh, at=MONDAY)
    assert actions_forgetting.forget_due(at=MONDAY + timedelta(days=4000)) == 0
    Project.objects.filter(pk=road.pk).update(ends_on=DAY)
    assert actions_forgetting.forget_due(at=MONDAY + timedelta(days=5 * 365)) == 0

    late = MONDAY + timedelta(days=5 * 365 + 9)
    assert [actions_forgetting.forget_due(at=late, limit=1) for _night in range(2)] == [1, 1]
    assert jobs.run("works.forget_givers", at=late) == 0
    for kept in (row, wrong):
        kept.refresh_from_db()
        assert (kept.giver, kept.note) == (actions_forgetting.NO_NAME, "")
    assert "Mai" not in wrong.because
    assert queries.in_books(project=road)[Thing.MONEY] == 2_000_000
    assert queries.sums_of(projects=[road.pk], on=DAY)[road.pk].money == 2_000_000
    assert AuditEntry.objects.filter(event="works.givers.forgotten").count() == 2


def test_the_sheet_for_the_board_opens_the_page_of_the_work(road, binh, monkeypatch):
    give(
        road, binh, money(2_000_000), Row(2, "Lô Thị Mai", "m2", 120, "forest", DAY, initials=True)
    )
    real = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *a, **_k: real(*a, kind="png", ppi=150))
    picture = Image.open(BytesIO(Client().get(f"/cong-trinh/{road.pk}/to-niem-yet/").content))
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == f"{settings.PUBLIC_URL}/cong-trinh/{road.pk}/"


def test_the_home_page_of_a_commune_leads_to_its_works(road, tree):
    here, there = (
        Client().get(f"/don-vi/{u}/").content.decode() for u in ("xa-bich-hao", "xa-tri-le")
    )
    assert f"/cong-trinh/{road.pk}/" in here
    assert "/cong-trinh/" not in there


def test_what_people_gave_to_a_project_is_paid_out_by_voucher(road, binh, tree):
    """Five million lie with the project; the treasurer pays the builder of the road, chosen by its name."""
    give(road, binh, money(5_000_000))
    quy = make_staff(name="Đặng Thị Quý", unit_id=tree["bich_hao"].pk, role=Role.TREASURER)
    page, fund_id = client_for(quy), road.book.fund_id
    address = f"/quan-tri/quy/{fund_id}/phieu"
    assert "Đường bê tông xóm 4" in page.get(f"{address}/allocate/").content.decode()
    assert "Đường bê tông xóm 4" not in page.get(f"{address}/take_in/").content.decode()
    said = {"purpose": road.code, "place": "xa-bich-hao", "on": str(DAY), "reason": "Mua xi măng"}
    who = {"partner": "Tổ thợ xóm 4", "recipient": "Ông Khăm", "witness": "Bà Hoa", "means": "cash"}
    for kind in ("allocate", "hand_over"):
        sent = said | who | {"amount": "2.000.000", "key": str(uuid.uuid4())}
        answer = page.post(f"{address}/{kind}/", sent)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert queries.in_books(project=road)[Thing.MONEY] == 5_000_000
    stands = {
        a.place: v for a, v in books.balances(fund_id=fund_id).items() if a.commodity == "VND"
    }
    assert (stands["on_hand"], stands["handed_over"]) == (3_000_000, 2_000_000)
