"""How long personal data is kept: a table, a night job in small steps, a look beforehand, and a report in numbers."""

from datetime import timedelta

import pytest

from caunoi.cases.models import Case
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.privacy import actions_retention as retention
from caunoi.privacy.models import Erasure, Sweep
from caunoi.privacy.terms import Kept
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
YEAR_AGO = MONDAY - timedelta(days=400)
PAGE = "/quan-tri/du-lieu-ca-nhan/thoi-han/"


@pytest.fixture
def chi(place):
    return make_staff(name="Phạm Thị Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)


def closed(place, *, at=YEAR_AGO, **more):
    return make_case(
        unit=place["bich_hao"],
        at=at,
        state="closed",
        closed_at=at,
        asker_name="Lê Thị Dung",
        **more,
    )


def test_a_year_after_closing_the_asker_is_forgotten(place):
    old, young = closed(place), closed(place, at=MONDAY - timedelta(days=300))

    retention.sweep(at=MONDAY)

    old.refresh_from_db()
    young.refresh_from_db()
    assert old.asker_name == ""
    assert young.asker_name == "Lê Thị Dung"
    assert Erasure.objects.get().why == "retention"


def test_what_was_taken_up_again_is_not_finished(place):
    case = closed(place)
    Case.objects.filter(pk=case.pk).update(state="open", closed_at=None)

    retention.sweep(at=MONDAY)

    assert not Erasure.objects.exists()


def test_a_hold_keeps_it_and_says_why(place, chi):
    case = closed(place)
    retention.hold_case(case=case, reason="Đang có khiếu nại", by=chi, at=MONDAY)

    retention.sweep(at=MONDAY)

    assert not Erasure.objects.exists()
    retention.lift_hold(case=case, by=chi, at=MONDAY)
    retention.sweep(at=MONDAY)
    assert Erasure.objects.exists()


def test_a_longer_time_in_the_table_keeps_it_longer(place, chi):
    closed(place)
    retention.change_rule(
        code=Kept.QUESTION, days=730, source="Quyết định thử", does="erase", by=chi, at=MONDAY
    )

    retention.sweep(at=MONDAY)

    assert not Erasure.objects.exists()


def test_only_the_province_changes_the_table(place):
    here = make_staff(name="Vi Thị Hoa", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)

    answer = client_for(here).post(
        f"{PAGE}{Kept.QUESTION}/", {"days": 1, "source": "x", "does": "erase"}
    )

    assert answer.status_code == 422


def test_the_look_beforehand_changes_nothing_and_says_how_many(place, chi):
    closed(place)

    page = client_for(chi).get(PAGE).content.decode()

    assert "Đêm nay" in page
    assert not Erasure.objects.exists()


def test_one_night_is_bounded_and_the_next_goes_on(place):
    many_cases(unit=place["bich_hao"], n=30, at=YEAR_AGO, state="closed", closed_at=YEAR_AGO)

    first = retention.sweep(at=MONDAY, at_most=20)
    second = retention.sweep(at=MONDAY + timedelta(days=1), at_most=20)

    assert (first, second) == (20, 10)


def test_the_report_of_a_night_is_numbers_by_unit(place, chi):
    closed(place)
    retention.sweep(at=MONDAY)

    row = Sweep.objects.get()
    sheet = client_for(chi).get(f"{PAGE}?xlsx=1")

    assert (row.unit, row.kind, row.erased) == (place["bich_hao"], Kept.QUESTION, 1)
    assert sheet.headers["Content-Disposition"].endswith('.xlsx"')


def test_the_page_costs_the_same_however_many_cases_there_are(
    place, chi, django_assert_max_num_queries
):
    many_cases(unit=place["bich_hao"], n=2000, at=YEAR_AGO, state="closed", closed_at=YEAR_AGO)
    client = client_for(chi)
    client.get(PAGE)

    with django_assert_max_num_queries(40):
        client.get(PAGE)
