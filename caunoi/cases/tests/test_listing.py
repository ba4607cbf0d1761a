"""Both ways of reading a page give the same page, and a total that is never too high."""

from datetime import timedelta

import pytest

from caunoi.cases import listing, queries
from caunoi.cases.queries import VIEWS, Filters
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def cases(tree):
    """Sixty cases of two units, one in five about land, some late, some laid aside, some answered."""
    for n in range(60):
        make_case(
            unit=tree["bich_hao" if n % 2 else "tri_le"],
            at=MONDAY - n * DAY,
            due_at=MONDAY + (n % 20 - 5) * DAY,
            topic="dat_dai" if n % 5 == 0 else "dien_nuoc",
            state="answered" if n % 3 == 0 else "open",
            answered_at=MONDAY - (n % 10) * DAY if n % 3 == 0 else None,
            snoozed_until=MONDAY + DAY if n % 7 == 1 else None,
        )


def page(viewer, number="1", **chosen):
    return queries.inbox_page(viewer, filters=Filters(**chosen), at=MONDAY, on=ON, page=number)


def plain(viewer, **chosen):
    return list(queries.inbox(viewer, filters=Filters(**chosen), at=MONDAY, on=ON))


CHOICES = [
    {"view": v, "sort": s, **more}
    for v in VIEWS
    for s in ("", "oldest")
    for more in ({}, {"topic": "dat_dai"}, {"text": "đường hỏng"}, {"due": "week"})
]


@pytest.mark.parametrize("window", [0, 7, 8_000])
def test_a_page_holds_what_the_plain_list_holds_however_far_it_looks_first(
    cases, an, monkeypatch, window
):
    monkeypatch.setattr(listing, "WINDOW", window)
    monkeypatch.setattr(listing, "WINDOW_A_ROW", 1)

    for chosen in CHOICES:
        expected = plain(an, **chosen)
        shown = page(an, **chosen)
        assert shown.rows == expected[:50], chosen
        assert shown.has_next == (len(expected) > 50), chosen
        assert shown.total <= len(expected)
        assert shown.total_is_more or shown.total == len(expected)


def test_a_short_list_knows_its_total_and_a_long_one_says_at_least(cases, tree, an, monkeypatch):
    assert (page(an, view="all").total, page(an, view="all").total_is_more) == (60, False)
    many_cases(unit=tree["bich_hao"], n=1100)

    shown = page(an, view="all")

    assert (shown.total, shown.total_is_more, shown.has_next) == (1000, True, True)


def test_pages_follow_each_other_without_gap_or_repetition(cases, an):
    first, second = page(an, view="all"), page(an, "2", view="all")

    assert [*first.rows, *second.rows] == plain(an, view="all")
    assert not second.has_next
    assert page(an, "3", view="all").rows == []
    assert page(an, "3", view="all").total == 60
    assert page(an, "là lá la", view="all").rows == first.rows


@pytest.mark.parametrize("n", [20, 3000])
def test_a_page_costs_as_many_queries_with_three_thousand_cases_as_with_twenty(
    tree, an, n, django_assert_num_queries
):
    many_cases(unit=tree["bich_hao"], n=n)

    for chosen in ({}, {"view": "all", "text": "đường"}, {"topic": "khong_co"}):
        with django_assert_num_queries(3 if "topic" not in chosen else 2):
            page(an, **chosen)
