"""The board adds up: by unit of today, with units that were dissolved, in a constant number of queries."""

from datetime import date, timedelta

import pytest

from caunoi.houses import actions, queries
from caunoi.houses.models import Household, Review
from caunoi.houses.terms import Row
from caunoi.houses.tests.ground import DAY, named, programme_of, world
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from tests.cast import MONDAY


@pytest.fixture
def ground(db):
    tree, staff = world()
    return tree, staff, programme_of(tree["nghe_an"], staff["phuc"])


def review_of(programme, unit, by):
    return Review.objects.create(
        programme=programme, village=unit, met_on=DAY, minutes_number="1", households=500, present=400,
        written_at=MONDAY, written_by_id=by.account_id,
    )  # fmt: skip


def settle(households, review, *, done=0, registered=0):
    """Let so many of them be handed over, and so many more be agreed to."""
    ids = [h.pk for h in households]
    of = Household.objects.filter
    of(pk__in=ids[:done]).update(state="done", stage="hand_over", done_on=DAY, review=review)
    of(pk__in=ids[done : done + registered]).update(state="approved", news_on=DAY, review=review)


def test_the_real_figures_stand_on_the_board_under_the_commune_that_took_over(ground):
    tree, _staff, _programme = ground
    lung_khau_nhin = make_unit(
        name="Xã Lùng Khấu Nhin", level=Level.COMMUNE, parent=tree["lao_cai"], code="02785"
    )
    sua = make_staff(name="Thào Seo Sùa", unit_id=tree["lao_cai"].pk, role=Role.APPROVER)
    programme = programme_of(tree["lao_cai"], sua)
    rows = [
        Row(number=n, code=f"LKN-{n:03d}", head=f"Giàng A Sình {n}", unit_id=lung_khau_nhin.pk)
        for n in range(1, 364)
    ]
    houses = actions.bring_in(programme=programme, rows=rows, by=sua, at=MONDAY)
    settle(houses, review_of(programme, lung_khau_nhin, sua), done=173, registered=44)
    units.merge_units(
        unit_ids=[lung_khau_nhin.pk, tree["cao_son"].pk], full_name="Xã Cao Sơn", code="02783",
        on=date(2026, 11, 1), legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip

    rows = queries.board(programme=programme, root_id=tree["lao_cai"].pk, on=DAY)
    (commune,) = rows
    assert commune.name == "Xã Cao Sơn"
    assert (commune.needed, commune.done, commune.registered, commune.waiting) == (
        363,
        173,
        44,
        146,
    )
    assert queries.in_total(rows).needed == 363
    before = queries.board(programme=programme, root_id=tree["lao_cai"].pk, on=date(2026, 10, 1))
    assert [(t.name, t.needed) for t in before] == [("Xã Lùng Khấu Nhin", 363)]

    page = client_for(sua).get(f"/nha/{programme.slug}/").content.decode()
    assert "173 đã bàn giao + 0 đang làm + 44 đã duyệt + 146 chờ bình xét = 363 nhà cần làm" in page


def test_a_house_without_news_for_a_month_is_late(ground):
    tree, staff, programme = ground
    houses = named(programme, tree["village"], staff["duc"], 3)
    settle(houses, review_of(programme, tree["village"], staff["duc"]), registered=2)
    Household.objects.filter(pk=houses[0].pk).update(news_on=DAY - timedelta(days=31))
    Household.objects.filter(pk=houses[1].pk).update(due_on=DAY - timedelta(days=1))

    (commune,) = queries.board(programme=programme, root_id=tree["nghe_an"].pk, on=DAY)
    chosen = queries.Filters(late=True)
    late = queries.households(staff["duc"], programme=programme, on=DAY, filters=chosen)

    assert (commune.name, commune.late) == ("Xã Bích Hào", 2)
    assert {h.code for h in late} == {"H-001", "H-002"}


@pytest.fixture
def many(ground):
    """Three thousand houses in fifty villages."""
    tree, staff, programme = ground
    villages = [
        make_unit(name=f"Bản {n}", level=Level.VILLAGE, parent=tree["bich_hao"]) for n in range(50)
    ]
    rows = [
        Row(number=n, code=f"M-{n:05d}", head=f"Vi Văn Khăm {n}", unit_id=villages[n % 50].pk)
        for n in range(3000)
    ]
    houses = actions.bring_in(programme=programme, rows=rows, by=staff["phuc"], at=MONDAY)
    settle(houses, review_of(programme, villages[0], staff["phuc"]), done=900, registered=600)
    return programme


def test_thousands_of_houses_are_asked_for_as_few_times_as_ten(
    ground, many, django_assert_max_num_queries
):
    _tree, staff, _programme = ground
    client, desk = client_for(staff["phuc"]), f"/quan-tri/nha/{many.pk}/"
    client.get(desk)
    for address, most in (
        (desk, 24),
        (f"{desk}?don-vi=xa-bich-hao", 24),
        (f"{desk}ho/", 26),
        (f"{desk}ho/?late=1&don-vi=xa-bich-hao&text=kham", 28),
        (f"{desk}binh-xet/", 24),
        ("/quan-tri/nha/di-tham/", 26),
        (f"/nha/{many.slug}/", 16),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_the_board_goes_down_to_villages_and_out_as_a_sheet(ground, many):
    _tree, staff, _programme = ground
    client = client_for(staff["phuc"])
    page = client.get(f"/quan-tri/nha/{many.pk}/?don-vi=xa-bich-hao").content.decode()
    assert "Bản 49" in page
    assert client.get(f"/quan-tri/nha/{many.pk}/?xlsx=1").content[:2] == b"PK"


def test_a_commune_sees_its_own_part_of_the_provinces_programme(ground, many):
    tree, _staff, _programme = ground
    other = make_staff(name="Lô Văn Tri", unit_id=tree["tri_le"].pk, role=Role.APPROVER)
    assert not queries.households(other, programme=many, on=DAY).exists()
    client = client_for(other)
    assert client.get(f"/quan-tri/nha/{many.pk}/?don-vi=xa-bich-hao").status_code == 404
    assert client.get(f"/quan-tri/nha/{many.pk}/").status_code == 200


def test_a_second_programme_with_books_of_one_name_is_told_so_and_loses_nothing_typed(ground):
    _tree, staff, programme = ground
    typed = {"name": programme.name, "year": "2026", "source": "Quyết định số 02", "fund_id": ""}
    typed |= {"new_support": "60.000.000", "repair_support": "30.000.000"}
    typed |= {"posting_days": "7", "silent_days": "30"}

    page = client_for(staff["phuc"]).post("/quan-tri/nha/moi/", typed)

    assert page.status_code == 422
    assert "Đơn vị đã có sổ quỹ mang tên này" in page.content.decode()
    assert "Quyết định số 02" in page.content.decode()
    assert type(programme).objects.count() == 1
