"""Search by words, and whose cases a list shows, whichever way the database is asked."""

import string
import unicodedata

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from caunoi.cases import finding, queries
from caunoi.cases.queries import Filters
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.kit.text import words
from caunoi.staff.rules import Staff
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)


def found(viewer, text):
    return {c.number for c in queries.find(viewer, text=text, on=ON, limit=50)}


@pytest.mark.parametrize(
    "asked", ["nước sạch", "nuoc sach", "SẠCH nước", "bao giờ có nước sạc", "chay", "cháy"]
)
def test_words_are_found_in_any_order_with_or_without_marks(tree, an, asked):
    case = make_case(unit=tree["bich_hao"], text="Bao giờ có nước sạch? Máy bơm cháy rồi.")

    assert found(an, asked) == {case.number}


def test_the_inbox_finds_whole_words_only(tree, an):
    make_case(unit=tree["bich_hao"], text="Bao giờ có nước sạch?")

    def shown(text):
        return queries.inbox(an, filters=Filters(text=text), at=MONDAY, on=ON).count()

    assert (shown("nuoc sach"), shown("nuoc sa")) == (1, 0)


@pytest.mark.parametrize("asked", ["nước bẩn", "ướ", "sạ nước", "?", "  ", "…", "'", "&|!"])
def test_a_text_that_does_not_fit_or_has_no_word_finds_nothing(tree, an, asked):
    make_case(unit=tree["bich_hao"], text="Bao giờ có nước sạch?")

    assert found(an, asked) == set()


@pytest.mark.parametrize("asked", ["nước' | 'x", "nước:*", "nước & !sạch", "<-> nước", "(nước"])
def test_signs_of_the_query_language_are_only_signs(tree, an, asked):
    make_case(unit=tree["bich_hao"], text="Bao giờ có nước sạch?")

    assert len(found(an, asked)) in {0, 1}


@pytest.mark.parametrize("asked", ["NA-2026-000873", "na 2026 000873", "000873", "873"])
def test_a_case_is_found_by_its_number_or_the_tail_of_it(tree, an, asked):
    case = make_case(unit=tree["bich_hao"], number="NA-2026-000873")
    make_case(unit=tree["bich_hao"], number="NA-2026-000874")

    assert found(an, asked) == {case.number}


VIETNAMESE = string.ascii_letters + "ÀÁẢÃẠĂẰẮẲẴẶÂẦĐÊỀÌÔƠỚƯỨỶỹỷữưởờộếđặẫàÐð"
WRITTEN = VIETNAMESE + string.digits + string.punctuation + " \n\t–—“”…•"


@given(st.text(alphabet=WRITTEN, max_size=60))
@example(
    "Xã Thanh Thuỷ, TỔ 5–6: “đường…” e-mail a@b.vn http://x.vn/y?z=1 <b>&amp;</b> 3,5kg 1e5 +84 -2"
)
@example(unicodedata.normalize("NFD", "Thuỷ Đường ỵ"))
def test_the_database_cuts_a_text_into_the_same_words_as_we_do(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(vi_words(%s))", [text])
        stored = cursor.fetchone()[0]

    assert set(stored) == set(words(text))


def test_a_wide_and_a_narrow_reach_show_the_same_cases(tree, an, monkeypatch):
    many_cases(unit=tree["bich_hao"], n=3)
    many_cases(unit=tree["village"], n=2)
    many_cases(unit=tree["cao_son"], n=4)

    def shown():
        return {c.pk for c in queries.inbox(an, filters=Filters(view="all"), at=MONDAY, on=ON)}

    narrow = shown()
    monkeypatch.setattr(finding, "FEW_OWNERS", 0)

    assert shown() == narrow
    assert len(narrow) == 5


def test_whoever_holds_no_role_sees_no_case(tree):
    make_case(unit=tree["bich_hao"])
    nobody = Staff(account_id=1, name="Dung", email="dung@caunoi.example")

    assert list(queries.inbox(nobody, filters=Filters(view="all"), at=MONDAY, on=ON)) == []
    assert queries.counts(nobody, at=MONDAY, on=ON)["todo"] == 0
