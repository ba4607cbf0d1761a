"""The register of units as staff see it: any day, any old name, and where it is now."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit, small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
REFORM = date(2025, 7, 1)
LAW = {"on": REFORM, "legal_reference": "Nghị quyết 1678/NQ", "by": None, "at": MONDAY}
ADDRESS = "/quan-tri/don-vi/"


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return client_for(
        make_staff(name="Nguyễn Thị An", unit_id=tree["nghe_an"].pk, role=Role.VIEWER)
    )


@pytest.fixture
def admin(tree):
    staff = make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    return client_for(staff)


def merged(tree):
    return actions.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="17000",
        **LAW,
    )


def table(answer):
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("text", ["tri le", "TRI LỄ", "Xã Tri Lễ", "16780"])
def test_an_old_name_or_code_shows_who_took_over(tree, an, text):
    merged(tree)

    page = an.get(ADDRESS, {"q": text}).content.decode()

    assert "ngày ấy không có" in page
    assert 'href="/quan-tri/don-vi/xa-bich-le/"' in page


def test_a_part_and_an_unknown_successor_are_said_as_such(tree, an):
    actions.split_unit(unit_id=tree["tri_le"].pk, into=[("Xã Tri", "1"), ("Xã Lễ", "2")], **LAW)
    actions.dissolve_unit(unit_id=tree["cao_son"].pk, successor_id=None, **LAW)

    part = an.get(ADDRESS, {"q": "tri le"}).content.decode()
    unknown = an.get(ADDRESS, {"q": "cao son"}).content.decode()

    assert part.count("(một phần)") == 2
    assert "chưa rõ" in unknown


def test_on_the_day_before_the_old_units_are_alive(tree, an):
    merged(tree)

    page = an.get(ADDRESS, {"cap": "commune", "ngay": "2025-06-30"}).content.decode()

    assert "Xã Tri Lễ" in page
    assert "Xã Bích Lễ" not in page
    assert "Đang xem như ngày 30/06/2025" in page


def test_a_listing_is_exported_with_parents_and_days(tree, an):
    sheet = table(an.get(ADDRESS, {"cap": "commune", "xlsx": "1"}))

    assert sheet[0][:4] == ("Mã", "Tên đầy đủ", "Cấp", "Thuộc")
    assert [row[1] for row in sheet[1:]] == ["Xã Bích Hào", "Xã Cao Sơn", "Xã Tri Lễ"]
    assert sheet[1][3] == "Tỉnh Nghệ An"


def test_a_search_is_exported_with_successors(tree, an):
    merged(tree)

    sheet = table(an.get(ADDRESS, {"q": "tri le", "xlsx": "1"}))

    assert sheet[1][-1] == "Xã Bích Lễ (toàn bộ)"


def test_the_list_below_one_unit_holds_nothing_else(tree, an):
    page = an.get(ADDRESS, {"cap": "commune", "trong": tree["lao_cai"].slug}).content.decode()

    assert "Xã Cao Sơn" in page
    assert "Xã Tri Lễ" not in page


def test_a_unit_tells_its_history_in_words(tree, an):
    new = merged(tree)
    actions.rename_unit(
        unit_id=new.pk,
        full_name="Phường Bích Lễ",
        on=date(2026, 1, 1),
        legal_reference="Nghị quyết 2",
        by=None,
        at=MONDAY,
    )

    told = [h["it"].title for h in an.get(f"{ADDRESS}{new.slug}/").context["history"]]
    village = an.get(f"{ADDRESS}{tree['village'].slug}/").context["history"]

    assert told == [
        "Xã Bích Lễ đổi tên thành Phường Bích Lễ",
        "Kế thừa từ Xã Bích Hào, Xã Tri Lễ",
    ]
    assert [h["it"].title for h in village] == ["Từ đây thuộc Xã Bích Lễ", "Bắt đầu"]


def test_a_unit_that_comes_later_has_a_page_already(tree, an):
    new = make_unit(
        name="Xã Mới", level=Level.COMMUNE, parent=tree["nghe_an"], valid_from=date(2099, 1, 1)
    )

    page = an.get(f"{ADDRESS}{new.slug}/").content.decode()

    assert "Đơn vị này bắt đầu từ ngày 01/01/2099." in page


@pytest.mark.parametrize("words", ["Xã Bích Hào", "bich hao", "17818", "xa-bich-hao"])
def test_an_unknown_successor_is_named_by_any_word_that_is_clear(tree, admin, words):
    actions.dissolve_unit(unit_id=tree["tri_le"].pk, successor_id=None, **LAW)

    admin.post(
        f"{ADDRESS}{tree['tri_le'].slug}/ke-thua/",
        {"successor": words, "legal_reference": "Công văn 7"},
    )

    page = admin.get(f"{ADDRESS}{tree['tri_le'].slug}/")
    assert [s.unit.full_name for s in page.context["successors"]] == ["Xã Bích Hào"]


def test_a_name_that_fits_several_units_is_asked_again_and_kept(tree, admin):
    make_unit(name="Xã Bích Hào", level=Level.COMMUNE, parent=tree["lao_cai"])
    actions.dissolve_unit(unit_id=tree["tri_le"].pk, successor_id=None, **LAW)

    page = admin.post(
        f"{ADDRESS}{tree['tri_le'].slug}/ke-thua/",
        {"successor": "Xã Bích Hào", "legal_reference": "Công văn 7"},
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert "Có nhiều đơn vị hợp" in text
    assert "Tỉnh Lào Cai" in text
    assert 'value="Công văn 7"' in text


def test_fifty_old_communes_are_found_in_a_few_queries(tree, an, django_assert_max_num_queries):
    for number in range(50):
        unit = make_unit(name=f"Xã Cũ {number}", level=Level.COMMUNE, parent=tree["nghe_an"])
        actions.dissolve_unit(unit_id=unit.pk, successor_id=tree["bich_hao"].pk, **LAW)

    with django_assert_max_num_queries(16):
        page = an.get(ADDRESS, {"q": "xã cũ"})

    assert page.content.decode().count("Nay là:") == 50
