"""Facts about the real tree through both reforms."""

from datetime import date

import pytest

from caunoi.units import load, queries
from caunoi.units.models import Unit
from caunoi.units.terms import Level, Share

BEFORE, BETWEEN, AFTER = date(2024, 9, 1), date(2025, 3, 1), date(2026, 11, 23)


@pytest.fixture(scope="module")
def real_tree(renew_database, django_db_blocker):
    with django_db_blocker.unblock():
        load.load_demo(scale="province")
        yield
        renew_database()


pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("real_tree"),
    pytest.mark.xdist_group("real_tree"),
]


def one(name, *, on=AFTER, level=None):
    found = queries.search(text=name, on=on, level=level)
    assert found, name
    return found[0].unit


def nghe_an():
    return one("Tỉnh Nghệ An")


@pytest.mark.parametrize(
    ("on", "districts", "communes"), [(BEFORE, 21, 460), (BETWEEN, 20, 412), (AFTER, None, 130)]
)
def test_nghe_an_at_three_dates(on, districts, communes):
    counted = queries.counts(on=on, under=nghe_an().id)

    assert counted.get(Level.DISTRICT) == districts
    assert counted[Level.COMMUNE] == communes
    assert counted[Level.VILLAGE] == 3804


def test_the_country_since_july_2025():
    counted = queries.counts(on=AFTER)

    assert counted[Level.PROVINCE] == 34
    assert counted[Level.COMMUNE] == 3321
    assert Level.DISTRICT not in counted


def test_thanh_chuong_had_38_communes_and_234_villages():
    district = one("Huyện Thanh Chương", on=BEFORE)

    counted = queries.counts(on=BEFORE, under=district.id)

    assert counted == {Level.DISTRICT: 1, Level.COMMUNE: 38, Level.VILLAGE: 234}


def test_sixteen_communes_of_muong_khuong_became_four():
    district = one("huyện mường khương", on=BEFORE)

    before = queries.counts(on=BEFORE, under=district.id)[Level.COMMUNE]
    after = {s.unit.full_name for s in queries.successors(unit_id=district.id, on=AFTER)}

    assert before == 16
    assert after == {"Xã Mường Khương", "Xã Pha Long", "Xã Cao Sơn", "Xã Bản Lầu"}


def test_code_15_meant_yen_bai_and_means_lao_cai():
    before = queries.by_code(code="15", level=Level.PROVINCE, on=BEFORE)
    after = queries.by_code(code="15", level=Level.PROVINCE, on=AFTER)

    assert before.full_name == "Tỉnh Yên Bái"
    assert after.full_name == "Tỉnh Lào Cai"
    assert before.id != after.id


def test_a_ward_of_vinh_is_followed_through_both_waves():
    doi_cung = one("Phường Đội Cung")

    ends = queries.successors(unit_id=doi_cung.id, on=AFTER)

    assert queries.as_of(unit_id=doi_cung.id, on=BETWEEN) is None
    assert [(e.unit.full_name, e.share, len(e.via)) for e in ends] == [
        ("Phường Thành Vinh", Share.WHOLE, 2)
    ]


def test_cua_lo_went_into_vinh_in_the_first_wave():
    town = one("Thị xã Cửa Lò", on=BEFORE)

    (heir,) = queries.successors(unit_id=town.id, on=BETWEEN)

    assert heir.unit.full_name == "Thành phố Vinh"


def test_a_split_commune_asks_which_part():
    ward = next(
        f.unit for f in queries.search(text="Phường Hạ Đình", on=AFTER) if "Hà Nội" in f.within
    )

    parts = queries.successors(unit_id=ward.id, on=AFTER)

    assert len(parts) > 1
    assert {p.share for p in parts} == {Share.PART}
    assert [p.is_default for p in parts].count(True) == 1


def test_six_communes_have_no_known_successor_and_nobody_guesses():
    unknown = queries.unknown_successors()

    assert [(u.code, u.name) for u in unknown] == [
        ("02872", "Tà Chải"),
        ("04267", "Hồng Hà"),
        ("04507", "Đào Thịnh"),
        ("04528", "Nga Quán"),
        ("04561", "Bảo Hưng"),
        ("04774", "Yên Bình"),
    ]
    for unit in unknown:
        assert [s.unit for s in queries.successors(unit_id=unit.id, on=AFTER)] == [None]


@pytest.mark.parametrize("asked", ["bich hao", "Bích Hào", "BÍCH HÀO", "xa bich hao", "17818"])
def test_a_commune_is_found_however_it_is_written(asked):
    names = [f.unit.full_name for f in queries.search(text=asked, on=AFTER)]

    assert "Xã Bích Hào" in names


@pytest.mark.parametrize("asked", ["ky son", "ki son", "Kỳ Sơn", "Kì Sơn"])
def test_i_and_y_are_one_in_search(asked):
    found = {(f.unit.full_name, f.within) for f in queries.search(text=asked, on=AFTER, limit=20)}

    assert ("Huyện Kỳ Sơn", "Tỉnh Nghệ An") in found


def test_d_with_and_without_its_bar_find_do_luong():
    assert one("do luong").name == one("Đô Lương").name == "Đô Lương"


def test_villages_follow_their_commune():
    village = queries.by_code(code="17821-01", level=Level.VILLAGE, on=BEFORE)

    above = [
        [u.full_name for u in queries.ancestors(unit_id=village.id, on=d)] for d in (BEFORE, AFTER)
    ]

    assert above == [
        ["Tỉnh Nghệ An", "Huyện Thanh Chương", "Xã Thanh Xuân"],
        ["Tỉnh Nghệ An", "Xã Bích Hào"],
    ]


def test_communes_sort_as_in_a_vietnamese_dictionary():
    names = [u.name for u in queries.children(unit_id=nghe_an().id, on=AFTER)]

    assert (
        names.index("Anh Sơn")
        < names.index("Bạch Hà")
        < names.index("Con Cuông")
        < names.index("Đô Lương")
    )
    assert names.index("Đô Lương") < names.index("Hải Châu")


def test_loading_again_changes_nothing():
    before = Unit.objects.count()

    outcome = load.load_demo(scale="province")

    assert outcome.units == 0
    assert Unit.objects.count() == before


def test_every_question_about_the_tree_is_few_queries(django_assert_max_num_queries):
    unit = nghe_an()

    with django_assert_max_num_queries(1):
        queries.children(unit_id=unit.id, on=AFTER)
    with django_assert_max_num_queries(2):
        queries.ancestors(unit_id=unit.id, on=AFTER)
    with django_assert_max_num_queries(5):
        queries.search(text="thanh", on=AFTER, limit=50)
    with django_assert_max_num_queries(1):
        queries.subtree_ids(unit_id=unit.id, on=AFTER)
    with django_assert_max_num_queries(4):
        queries.successors(unit_id=unit.id, on=AFTER)
