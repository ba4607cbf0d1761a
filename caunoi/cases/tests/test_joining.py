"""Cases of different people that ask the same: answered once, and taken apart again."""

from datetime import timedelta

import pytest

from caunoi.cases import actions, actions_kind, actions_merge, joining, queries, same
from caunoi.cases.joining_models import Joining
from caunoi.cases.models import Case, Step
from caunoi.cases.terms import CannotJoin, Kind, NotNow, NotYourCase, State
from caunoi.cases.tests.factories import make_case
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ON = MONDAY.date()
WATER = "Bao giờ thôn tôi có nước sạch?"


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)


def join(case, into, by, at=MONDAY):
    return joining.join_case(case=case, into=into, by=by, at=at)


def test_the_joined_case_leaves_the_desk_and_the_earlier_deadline_holds(tree, an):
    early = make_case(unit=tree["bich_hao"], due_at=MONDAY + DAY)
    main = make_case(unit=tree["tri_le"], due_at=MONDAY + 5 * DAY)

    join(early, main, an)

    early.refresh_from_db(), main.refresh_from_db()
    todo = queries.inbox(an, filters=queries.Filters(view="todo"), at=MONDAY, on=ON)
    assert [c.pk for c in todo] == [main.pk]
    assert main.due_at == MONDAY + DAY
    assert AuditEntry.objects.filter(event="cases.case.joined").count() == 1


def test_joining_twice_is_joining_once(tree, an):
    case, main = make_case(unit=tree["bich_hao"]), make_case(unit=tree["bich_hao"])

    assert join(case, main, an) == join(case, main, an, at=TUESDAY)
    assert Step.objects.filter(kind="joined").count() == 1


def test_taken_out_again_it_is_what_it_was(tree, an):
    case = make_case(unit=tree["bich_hao"], state="referred", due_at=MONDAY + 3 * DAY)
    join(case, make_case(unit=tree["bich_hao"]), an)

    joining.part_case(case=case, by=an, at=TUESDAY)

    case.refresh_from_db()
    assert (case.state, case.closed_at, case.due_at) == (State.REFERRED, None, MONDAY + 3 * DAY)
    assert not Joining.objects.exists()


def test_what_was_joined_with_a_case_goes_along_when_it_is_joined_itself(tree, an):
    first, second, main = (make_case(unit=tree["bich_hao"]) for _ in range(3))
    join(first, second, an)

    join(second, main, an)

    assert {c.pk for c in joining.waiting_for(case=main)} == {first.pk, second.pk}


def test_all_are_answered_when_the_main_case_is(tree, an):
    case, main = make_case(unit=tree["bich_hao"]), make_case(unit=tree["bich_hao"])
    join(case, main, an)

    answered = joining.answer_joined(main=main, by=an, at=TUESDAY)
    again = joining.answer_joined(main=main, by=an, at=TUESDAY)

    case.refresh_from_db()
    assert [c.pk for c in answered] == [case.pk]
    assert again == []
    assert (case.state, case.answered_at, case.closed_at) == (State.ANSWERED, TUESDAY, None)
    with pytest.raises(NotNow):
        joining.part_case(case=case, by=an, at=TUESDAY)


def test_an_answered_case_taken_up_again_stands_on_its_own(tree, an):
    case, main = make_case(unit=tree["bich_hao"]), make_case(unit=tree["bich_hao"])
    join(case, main, an)
    joining.answer_joined(main=main, by=an, at=TUESDAY)

    actions.reopen_case(case=case, by=an, at=TUESDAY + DAY)

    assert joining.joined_with(case=case) is None


def refused(tree, an, what):
    home = tree["bich_hao"]
    pairs = {
        "itself": lambda: (lambda c: (c, c))(make_case(unit=home)),
        "sealed": lambda: (make_case(unit=home), make_case(unit=home, kind=Kind.EMERGENCY)),
        "private": lambda: (make_case(unit=home), make_case(unit=home, is_public=False)),
        "province": lambda: (make_case(unit=home), make_case(unit=tree["cao_son"])),
        "answered": lambda: (
            make_case(unit=home),
            make_case(unit=home, state="answered", answered_at=MONDAY),
        ),
        "closed": lambda: (
            make_case(unit=home, state="closed", closed_at=MONDAY),
            make_case(unit=home),
        ),
        "submitted": lambda: (make_case(unit=home, state="submitted"), make_case(unit=home)),
    }
    return pairs[what]()


@pytest.mark.parametrize("what", ["itself", "sealed", "private", "province"])
def test_what_cannot_be_answered_together_is_refused(tree, what):
    everywhere = make_staff(name="Chi", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)
    if what == "province":
        from caunoi.staff.models import RoleGrant
        from caunoi.staff.queries import viewer_for

        grant = RoleGrant.objects.get(account_id=everywhere.account_id)
        RoleGrant.objects.create(
            account=grant.account, unit=tree["lao_cai"], role=grant.role, valid=grant.valid
        )
        everywhere = viewer_for(account=grant.account, on=ON, has_second_factor=True)
    case, into = refused(tree, everywhere, what)

    with pytest.raises(CannotJoin):
        join(case, into, everywhere)


@pytest.mark.parametrize("what", ["answered", "closed", "submitted"])
def test_what_is_no_longer_or_not_yet_open_is_refused(tree, an, what):
    case, into = refused(tree, an, what)

    with pytest.raises(NotNow):
        join(case, into, an)


def test_a_case_that_waits_for_another_answer_takes_no_others(tree, an):
    first, second, main = (make_case(unit=tree["bich_hao"]) for _ in range(3))
    join(second, main, an)

    with pytest.raises(CannotJoin):
        join(first, second, an)


def test_both_cases_must_be_the_officers_to_hand_on(tree):
    local = make_staff(name="Bình", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    with pytest.raises(NotYourCase):
        join(make_case(unit=tree["bich_hao"]), make_case(unit=tree["tri_le"]), local)


def test_a_case_others_wait_for_cannot_be_closed_or_merged_away(tree, an):
    case, main, third = (make_case(unit=tree["bich_hao"]) for _ in range(3))
    join(case, main, an)

    with pytest.raises(NotNow):
        actions.close_case(case=main, reason="Thôi", by=an, at=MONDAY)
    with pytest.raises(NotNow):
        actions_merge.merge_case(case=main, into=third, by=an, at=MONDAY)


def test_a_main_case_that_becomes_a_complaint_lets_the_others_go(tree, an):
    case, main = make_case(unit=tree["bich_hao"]), make_case(unit=tree["bich_hao"])
    join(case, main, an)

    actions_kind.change_kind(case=main, kind=Kind.COMPLAINT, reason="Khiếu nại", by=an, at=MONDAY)

    case.refresh_from_db()
    assert case.state == State.OPEN
    assert not Joining.objects.exists()


def test_more_words_of_the_asker_belong_to_her_joined_case(tree, an):
    import uuid

    thread = uuid.uuid4()
    case = make_case(unit=tree["bich_hao"], thread_id=thread)
    join(case, make_case(unit=tree["bich_hao"]), an)

    assert queries.running_case(thread_id=thread, kind=Kind.QUESTION).pk == case.pk


def test_open_cases_that_ask_the_same_are_proposed_and_others_are_not(tree, an):
    case = make_case(unit=tree["bich_hao"], text=WATER)
    twin = make_case(unit=tree["tri_le"], text="thon em bao gio moi co nuoc sach")
    make_case(unit=tree["bich_hao"], text="Xe rác mấy ngày mới đến một lần?")
    make_case(unit=tree["bich_hao"], text=WATER, kind=Kind.COMPLAINT)
    make_case(unit=tree["bich_hao"], text=WATER, state="answered", answered_at=MONDAY)
    make_case(unit=tree["cao_son"], text=WATER)

    found = same.ask_the_same(an, case=case, on=ON)

    assert [t.case.pk for t in found] == [twin.pk]


def test_proposals_of_open_cases_ask_a_bounded_number_of_questions(
    tree, an, django_assert_max_num_queries
):
    for n in range(60):
        make_case(unit=tree["bich_hao"], text=f"{WATER} Nhà {n}.")
    case = Case.objects.latest("pk")

    with django_assert_max_num_queries(6):
        assert len(same.ask_the_same(an, case=case, on=ON)) == 5
