"""The list of people and the page of one person."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from openpyxl import load_workbook

from caunoi.kit import clock
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_account, make_staff
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit, small_tree

pytestmark = pytest.mark.django_db
TODAY = clock.local_date(clock.now())
ADDRESS = "/quan-tri/nguoi/"


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def chi(tree):
    return client_for(
        make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    )


def names(answer):
    return [p.full_name for p in answer.context["page"]]


def in_unit(tree, word, *people, role=Role.CASE_OFFICER):
    return [make_staff(name=name, unit_id=tree[word].pk, role=role) for name in people]


def test_people_stand_by_given_name_in_vietnamese_order(tree, chi):
    in_unit(tree, "bich_hao", "Võ Văn Ân", "Lê Thị Ánh", "Trần An", "Ngô Đào", "Bùi Dũng")

    assert names(chi.get(ADDRESS)) == [
        "Trần An",
        "Lê Thị Ánh",
        "Võ Văn Ân",
        "Hoàng Thị Chi",
        "Bùi Dũng",
        "Ngô Đào",
    ]


@pytest.mark.parametrize("text", ["anh", "ÁNH", "le thi", "le-thi-anh"])
def test_a_part_of_a_name_without_marks_or_of_an_address_finds_the_person(tree, chi, text):
    in_unit(tree, "bich_hao", "Lê Thị Ánh", "Bùi Dũng")

    assert names(chi.get(ADDRESS, {"q": text})) == ["Lê Thị Ánh"]


def test_the_list_narrows_by_role_and_unit_of_one_and_the_same_role(tree, chi):
    in_unit(tree, "bich_hao", "Lê Thị Ánh", role=Role.APPROVER)
    in_unit(tree, "village", "Bùi Dũng", role=Role.CONTRIBUTOR)
    (both,) = in_unit(tree, "tri_le", "Ngô Đào", role=Role.APPROVER)
    RoleGrant.objects.create(
        account_id=both.account_id,
        unit_id=tree["bich_hao"].pk,
        role=Role.VIEWER,
        valid=DateRange(TODAY, None),
    )

    inside = chi.get(ADDRESS, {"unit": "xã bích hào"})
    approvers = chi.get(ADDRESS, {"unit": "17818", "role": "approver"})

    assert names(inside) == ["Lê Thị Ánh", "Bùi Dũng", "Ngô Đào"]
    assert names(approvers) == ["Lê Thị Ánh"]


def test_a_unit_name_that_fits_several_is_asked_again(tree, chi):
    make_unit(name="Xã Bích Hào", level=Level.COMMUNE, parent=tree["lao_cai"])

    page = chi.get(ADDRESS, {"unit": "bich hao"})

    assert "Có nhiều đơn vị hợp" in page.content.decode()
    assert names(page) == []


def test_closed_accounts_can_be_listed(tree, chi):
    (gone,) = in_unit(tree, "bich_hao", "Bùi Dũng")
    Account.objects.filter(pk=gone.account_id).update(is_active=False)

    assert names(chi.get(ADDRESS, {"active": "no"})) == ["Bùi Dũng"]


def test_nobody_of_another_province_is_listed(tree, chi):
    in_unit(tree, "cao_son", "Giàng A Sình")

    assert names(chi.get(ADDRESS)) == ["Hoàng Thị Chi"]


def test_the_list_is_exported_as_filtered_with_roles(tree, chi):
    in_unit(tree, "bich_hao", "=Lê Thị Ánh", "Bùi Dũng")

    file = chi.get(ADDRESS, {"q": "anh", "xlsx": "1"})

    table = list(load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True))
    assert table[0][0] == "Họ và tên"
    assert [r[0] for r in table[1:]] == ["=Lê Thị Ánh"]
    assert table[1][3] == "Cán bộ xử lý – Xã Bích Hào"


def test_hundreds_of_people_cost_as_many_queries_as_one(tree, chi, django_assert_max_num_queries):
    for number in range(120):
        account = make_account(name=f"Nguyễn Văn {number}", second_factor=False)
        RoleGrant.objects.create(
            account=account,
            unit_id=tree["bich_hao"].pk,
            role=Role.VIEWER,
            valid=DateRange(TODAY, None),
        )

    with django_assert_max_num_queries(18):
        page = chi.get(ADDRESS)

    assert len(names(page)) == 50
    assert "Trang 1 trên 3" in page.content.decode()


def test_the_page_of_a_person_shows_roles_with_days_and_what_was_done(tree, chi):
    (staff,) = in_unit(tree, "bich_hao", "Lê Thị Ánh")
    for start, end, role in (
        (TODAY + timedelta(days=3), None, Role.APPROVER),
        (TODAY - timedelta(days=90), TODAY - timedelta(days=30), Role.EDITOR),
    ):
        RoleGrant.objects.create(
            account_id=staff.account_id,
            unit_id=tree["bich_hao"].pk,
            role=role,
            valid=DateRange(start, end),
        )
    chi.post(f"{ADDRESS}{staff.account_id}/dang-xuat/")

    page = chi.get(f"{ADDRESS}{staff.account_id}/")

    assert [(g.role, when) for g, _role, _unit, when in page.context["grants"]] == [
        ("approver", "later"),
        ("editor", "over"),
        ("case_officer", "now"),
    ]
    assert "Đăng xuất mọi nơi" in [h["title"] for h in page.context["history"]]
