"""Sealed cases: who sees them, and who sees only that there are some."""

import pytest

from caunoi.cases import actions, queries
from caunoi.cases.terms import Kind, NotYourCase, Origin
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()
DENOUNCED = "Tôi muốn tố cáo trưởng thôn thu tiền làm đường không hoá đơn"


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def sealed(place):
    return opened(place["bich_hao"], DENOUNCED)


def opened(unit, text, ref="m:1:1"):
    case, _ = actions.open_case(
        unit_id=unit.pk, text=text, origin=Origin.WEB_FORM, origin_ref=ref, at=MONDAY
    )
    return case


def test_an_officer_without_the_permission_finds_a_sealed_case_nowhere(place, sealed):
    an = make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)

    assert sealed.kind == Kind.DENUNCIATION
    assert not queries.visible_cases(an, on=ON).exists()
    assert queries.case_by_number(an, number=sealed.number, on=ON) is None
    shown = queries.inbox(an, filters=queries.Filters(view="all"), at=MONDAY, on=ON)
    assert not shown.exists()
    assert queries.counts(an, at=MONDAY, on=ON)["todo"] == 0
    assert not queries.sealed_cases(an).exists()
    assert queries.sealed_counts(an, on=ON) == {}


def test_an_officer_without_the_permission_can_do_nothing_to_it(place, sealed):
    an = make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)

    with pytest.raises(NotYourCase):
        actions.save_draft(case=sealed, text="Trả lời", by=an, at=MONDAY)


def test_the_sealed_officer_of_the_unit_sees_it_in_her_queue_only(place, sealed):
    chi = make_staff(name="Chi", unit_id=place["bich_hao"].pk, role=Role.SEALED_OFFICER)

    assert list(queries.sealed_cases(chi)) == [sealed]
    assert not queries.visible_cases(chi, on=ON).exists()


def test_the_unit_above_sees_how_many_and_nothing_else(place, sealed):
    province = make_staff(name="Minh", unit_id=place["nghe_an"].pk, role=Role.APPROVER)

    assert queries.sealed_counts(province, on=ON) == {place["bich_hao"].pk: 1}
    assert not queries.sealed_cases(province).exists()
    with pytest.raises(NotYourCase):
        actions.save_draft(case=sealed, text="Trả lời", by=province, at=MONDAY)


def test_an_emergency_is_never_public_but_every_officer_of_the_unit_sees_it(place):
    an = make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)
    case = opened(place["bich_hao"], "Nước lên nhanh, nhà em mắc kẹt, cứu với")

    assert case.kind == Kind.EMERGENCY
    assert not case.is_public
    assert list(queries.visible_cases(an, on=ON)) == [case]
