"""When its time is over a household keeps its numbers and loses its names; the board says the same as before."""

import uuid
from datetime import timedelta

import pytest

from caunoi.funds import actions as funds
from caunoi.houses import actions, actions_building, actions_review, queries
from caunoi.houses.actions_forgetting import NO_NAME, forget_due
from caunoi.houses.models import Household, HouseMoney, Objection
from caunoi.houses.terms import MoneyStands, NothingThere, Source, StageKind, Topic, Way
from caunoi.houses.tests.ground import (
    DAY,
    LATER,
    agreed,
    gift,
    named,
    programme_of,
    reviewed,
    world,
)
from caunoi.kit import jobs
from caunoi.kit.models import AuditEntry
from tests.cast import MONDAY

FIVE_YEARS = timedelta(days=5 * 365 + 30)


@pytest.fixture
def ground(db):
    tree, staff = world()
    return tree, staff, programme_of(tree["nghe_an"], staff["phuc"])


@pytest.fixture
def house(ground):
    """Agreed to, with everything that names somebody."""
    tree, staff, programme = ground
    (one,) = named(
        programme, tree["village"], staff["duc"], hardship="Hộ nghèo", address="Cạnh nhà văn hoá"
    )
    agreed([one], keeper=staff["duc"], approver=staff["binh"])
    duc = {"by": staff["duc"], "at": MONDAY}
    for topic in Topic:
        actions.agree(
            household=one, topic=topic, way=Way.SIGNED, given_on=DAY, given_by="Lầu Y Mỷ", **duc
        )
    actions_building.declare(
        household=one, source=Source.CLAN, commodity="VND", amount=5_000_000, on=DAY,
        giver="Họ Lầu", note="anh Pó đưa", **duc,
    )  # fmt: skip
    return one


def handed_over(house, by):
    actions_building.tell(
        household=house, stage=StageKind.HAND_OVER, on=DAY, finished=True, note="Bà Mỷ nhận nhà", by=by, at=LATER
    )  # fmt: skip


def test_five_years_after_the_hand_over_names_go_and_numbers_stay(ground, house):
    tree, staff, programme = ground
    handed_over(house, staff["duc"])
    board = queries.board(programme=programme, root_id=tree["nghe_an"].pk, on=DAY)
    assert forget_due(at=MONDAY + timedelta(days=5 * 365 - 3)) == 0

    assert jobs.run("houses.forget_people", at=MONDAY + FIVE_YEARS) == 1
    assert forget_due(at=MONDAY + FIVE_YEARS) == 0
    house.refresh_from_db()
    assert (house.head, house.hardship, house.address, house.name_public) == (
        NO_NAME,
        "",
        "",
        False,
    )
    assert (house.code, house.done_on, house.people) == ("H-001", DAY, 1)
    money = HouseMoney.objects.get()
    assert (money.giver, money.note, money.amount) == (NO_NAME, "", 5_000_000)
    assert {c.given_by for c in house.consents.all()} == {NO_NAME}
    assert not house.consents.filter(withdrawn_at=None).exists()
    assert house.news.get().note == ""
    assert not queries.named(programme=programme).exists()
    assert queries.board(programme=programme, root_id=tree["nghe_an"].pk, on=DAY) == board
    assert AuditEntry.objects.filter(event="houses.household.forgotten").count() == 1


def test_a_house_that_is_being_built_is_never_forgotten(house):
    assert forget_due(at=MONDAY + 4 * FIVE_YEARS) == 0


def test_a_household_that_was_not_helped_is_forgotten_too(ground):
    tree, staff, programme = ground
    one, other = named(programme, tree["village"], staff["duc"], 2)
    actions.withdraw(household=one, because="Con đón về", by=staff["duc"], at=MONDAY)
    assert forget_due(at=MONDAY + FIVE_YEARS) == 1
    heads = dict(Household.objects.values_list("code", "head"))
    assert heads == {"H-001": NO_NAME, "H-002": other.head}


def test_an_objection_goes_with_the_last_house_of_its_list(ground):
    tree, staff, programme = ground
    houses = named(programme, tree["village"], staff["duc"], 2)
    review = reviewed(houses, staff["duc"])
    said = actions_review.object_to(
        review=review, said_on=DAY, said_by="Ông Pó", words="Hộ này có nhà", by=staff["duc"], at=MONDAY
    )  # fmt: skip
    actions_review.decide(objection=said, upheld=False, decision="Không đúng, bà Mỷ ở nhà tạm", by=staff["duc"], at=LATER)  # fmt: skip
    actions_review.submit(review=review, by=staff["duc"], at=LATER)
    actions_review.approve(review=review, by=staff["binh"], at=LATER)
    for house in houses:
        house.refresh_from_db()
    handed_over(houses[0], staff["duc"])
    assert forget_due(at=MONDAY + FIVE_YEARS) == 1
    assert Objection.objects.get().said_by == "Ông Pó"

    Household.objects.filter(pk=houses[1].pk).update(state="done", stage="hand_over", done_on=DAY)
    assert forget_due(at=MONDAY + FIVE_YEARS) == 2
    said.refresh_from_db()
    assert (said.said_by, said.words, said.decision, said.upheld) == (NO_NAME, NO_NAME, NO_NAME, False)  # fmt: skip


def test_one_night_forgets_no_more_than_its_bound(ground):
    tree, staff, programme = ground
    for one in named(programme, tree["village"], staff["duc"], 3):
        actions.withdraw(household=one, because="x", by=staff["duc"], at=MONDAY)
    assert [forget_due(at=MONDAY + FIVE_YEARS, limit=2) for _night in range(3)] == [2, 1, 0]


# -- what the treasury reverses ---------------------------------------------------


@pytest.fixture
def aside(ground, house):
    _tree, staff, programme = ground
    gift(programme, 60_000_000)
    money = actions_building.set_aside(
        household=house, amount=40_000_000, on=DAY, by=staff["quy"], at=MONDAY, key=uuid.uuid4()
    )
    return actions_building.agree_to_money(money=money, by=staff["phuc"], at=MONDAY)


def stands(house):
    found = queries.money_of(household=house)
    return {m.source: MoneyStands(m.stands) for m in found}["fund"]


def together(programme):
    return queries.named(programme=programme).get().sum


def test_money_whose_posting_was_reversed_is_taken_back_and_counts_no_more(ground, house, aside):
    _tree, staff, programme = ground
    assert (stands(house), together(programme)) == (MoneyStands.ASIDE, 45_000_000)
    funds.reverse(posting=aside.allocation, key=uuid.uuid4(), on=DAY, at=MONDAY, by=staff["quy"])
    assert (stands(house), together(programme)) == (MoneyStands.BACK, 5_000_000)
    with pytest.raises(NothingThere):
        actions_building.hand_over_money(money=aside, on=DAY, by=staff["quy"], at=MONDAY)
    # The household may get the whole support again, or leave.
    whole = {"on": DAY, "by": staff["quy"], "at": MONDAY, "key": uuid.uuid4()}
    actions_building.set_aside(household=house, amount=60_000_000, **whole)


def test_a_reversed_hand_over_lies_aside_again_and_can_be_handed_over_or_released(ground, house, aside):  # fmt: skip
    _tree, staff, programme = ground
    who = {"on": DAY, "at": MONDAY, "by": staff["quy"]}
    given = actions_building.hand_over_money(money=aside, **who)
    assert stands(house) == MoneyStands.HANDED
    funds.reverse(posting=given.hand_over, key=uuid.uuid4(), **who)
    assert stands(house) == MoneyStands.ASIDE

    back = actions_building.release(money=aside, **who)
    assert stands(house) == MoneyStands.BACK
    assert queries.free_money(fund=programme.fund) == 60_000_000
    funds.reverse(posting=back.release, key=uuid.uuid4(), **who)
    actions_building.hand_over_money(money=aside, **who)
    assert stands(house) == MoneyStands.HANDED
    assert queries.free_money(fund=programme.fund) == 20_000_000
