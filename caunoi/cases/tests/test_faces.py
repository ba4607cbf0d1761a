"""How content askers are: once an answer, changeable for a week, without identity, never below five."""

from datetime import timedelta

import pytest

from caunoi.cases import actions, faces, passport
from caunoi.cases.models import Case, Satisfaction
from caunoi.cases.terms import Face, NotNow, Origin
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY


@pytest.fixture
def place(db):
    return small_tree()


def answered(unit, ref="a-1"):
    case, _ = actions.open_case(
        unit_id=unit.pk, text="Bao giờ có nước sạch?", origin=Origin.WEB_FORM, origin_ref=ref,
        asker_name="Lê Thị Dung", at=MONDAY,
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(state="answered", answered_at=TUESDAY)
    case.refresh_from_db()
    return case


def test_a_second_face_replaces_the_first_for_seven_days(place):
    case = answered(place["bich_hao"])
    faces.rate_answer(case=case, face=Face.GOOD, text="Cảm ơn", at=TUESDAY)
    faces.rate_answer(case=case, face=Face.BAD, text="Chưa có nước", at=TUESDAY + timedelta(days=7))

    assert Satisfaction.objects.get().face == "bad"
    with pytest.raises(NotNow):
        faces.rate_answer(case=case, face=Face.GOOD, text="", at=TUESDAY + timedelta(days=9))


def test_nothing_in_the_row_leads_to_the_case_or_the_person(place):
    case = answered(place["bich_hao"])
    faces.rate_answer(case=case, face=Face.SOSO, text="Lê Thị Dung, 0912 345 678", at=TUESDAY)

    row = Satisfaction.objects.values().get()
    kept = " ".join(str(v) for v in row.values())
    assert case.number not in kept
    assert str(case.pk) not in kept
    assert "Dung" not in kept
    assert "0912" not in kept


def test_an_open_question_has_no_answer_to_rate(place):
    case, _ = actions.open_case(
        unit_id=place["bich_hao"].pk,
        text="Bao giờ?",
        origin=Origin.WEB_FORM,
        origin_ref="x",
        at=MONDAY,
    )

    with pytest.raises(NotNow):
        faces.rate_answer(case=case, face=Face.GOOD, text="", at=MONDAY)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([1, 1, 1], [None, None, None]),
        ([6, 0, 7], [6, 0, 7]),
        ([9, 2, 7], [9, None, None]),
        ([9, 2, 1], [9, None, None]),
        ([5, 0, 0], [5, 0, 0]),
    ],
)
def test_no_cell_below_five_is_shown_nor_can_be_computed(cells, shown):
    assert passport.shown_cells(cells) == shown


def test_counts_of_a_unit_appear_from_five_on(place):
    an = make_staff(name="Nguyễn Thị An", unit_id=place["nghe_an"].pk, role=Role.CASE_OFFICER)
    for number in range(4):
        case = answered(place["bich_hao"], ref=f"f-{number}")
        faces.rate_answer(case=case, face=Face.GOOD, text="Tốt", at=TUESDAY)
    on = TUESDAY.date()
    assert not passport.contentment(under=place["bich_hao"].pk, on=on).is_shown
    assert passport.words_of_askers(an, on=on) == []

    faces.rate_answer(
        case=answered(place["bich_hao"], ref="f-5"), face=Face.GOOD, text="Tốt", at=TUESDAY
    )

    found = passport.contentment(under=place["nghe_an"].pk, on=on)
    assert (found.total, found.good, found.bad) == (5, 5, 0)
    assert len(passport.words_of_askers(an, on=on)) == 5
