"""From the village's review to the handed-over house, and everything that must be refused on the way."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from caunoi.files.terms import NotAPhoto
from caunoi.funds import queries as books
from caunoi.funds.terms import Column, NotEnough
from caunoi.houses import actions, actions_building, actions_review, queries
from caunoi.houses.models import Household, News
from caunoi.houses.terms import (
    Backwards,
    CodeTaken,
    HouseState,
    NothingThere,
    NotYetTrue,
    NotYourHouse,
    OnePerson,
    OverSupport,
    Row,
    Source,
    StageKind,
    StillPosted,
    TooLate,
    TooShort,
    Topic,
    Way,
    WrongStep,
    WrongVotes,
)
from caunoi.houses.tests.ground import (
    DAY,
    LATER,
    agreed,
    gift,
    named,
    photo,
    programme_of,
    reviewed,
    world,
)
from caunoi.kit.models import AuditEntry
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

S = StageKind


@pytest.fixture
def ground(db):
    tree, staff = world()
    return tree, staff, programme_of(tree["nghe_an"], staff["phuc"])


@pytest.fixture
def house(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    agreed([one], keeper=staff["duc"], approver=staff["binh"])
    return one


def tell(house, stage, by, *, on=DAY, finished=True, at=LATER, **more):
    return actions_building.tell(
        household=house, stage=stage, on=on, finished=finished, by=by, at=at, **more
    )


def test_a_household_is_agreed_to_by_the_village_and_two_persons(ground):
    tree, staff, programme = ground
    one, other = named(programme, tree["village"], staff["duc"], 2)
    review = reviewed([one, other], staff["duc"])
    line = review.lines.get(household=other)
    line.votes, line.accepted = 40, False
    line.save()
    actions_review.submit(review=review, by=staff["binh"], at=LATER)

    with pytest.raises(OnePerson):
        actions_review.approve(review=review, by=staff["binh"], at=LATER)
    actions_review.approve(review=review, by=staff["phuc"], at=LATER)

    states = dict(Household.objects.values_list("code", "state"))
    assert states == {"H-001": "approved", "H-002": "refused"}


def test_a_village_cadre_does_not_approve(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    review = reviewed([one], staff["duc"])
    actions_review.submit(review=review, by=staff["binh"], at=LATER)
    with pytest.raises(NotYourHouse):
        actions_review.approve(review=review, by=staff["duc"], at=LATER)


def test_more_votes_than_households_are_refused(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    with pytest.raises(WrongVotes):
        reviewed([one], staff["duc"], votes=91)


def test_a_list_is_posted_long_enough_and_handed_in_only_afterwards(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    review = reviewed([one], staff["duc"], posted=False)
    short = {"since": DAY, "until": DAY + timedelta(days=5), "where": "x"}
    with pytest.raises(TooShort, match="29/11/2026"):
        actions_review.post_list(review=review, **short, by=staff["duc"], at=MONDAY)
    posted = {**short, "until": DAY + timedelta(days=6)}
    actions_review.post_list(review=review, **posted, by=staff["duc"], at=MONDAY)
    with pytest.raises(StillPosted):
        actions_review.submit(review=review, by=staff["duc"], at=MONDAY)


def test_an_objection_after_the_period_is_told_where_to_go(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    review = reviewed([one], staff["duc"])
    late = {"said_on": DAY + timedelta(days=7), "words": "Hộ này có nhà khác"}
    with pytest.raises(TooLate, match="29/11/2026"):
        actions_review.object_to(review=review, **late, by=staff["duc"], at=LATER)
    assert review.objections.count() == 0


def test_an_objection_that_is_right_takes_the_household_off_the_list(ground):
    tree, staff, programme = ground
    one, other = named(programme, tree["village"], staff["duc"], 2)
    review = reviewed([one, other], staff["duc"])
    said = actions_review.object_to(
        review=review, said_on=DAY, words="Hộ này có nhà xây ở xóm bên", household_id=one.pk,
        by=staff["duc"], at=MONDAY,
    )  # fmt: skip
    with pytest.raises(StillPosted):
        actions_review.submit(review=review, by=staff["duc"], at=LATER)
    actions_review.decide(
        objection=said, upheld=True, decision="Đã kiểm tra, đúng", by=staff["duc"], at=LATER
    )
    actions_review.submit(review=review, by=staff["duc"], at=LATER)
    actions_review.approve(review=review, by=staff["binh"], at=LATER)
    assert [h.state for h in Household.objects.order_by("code")] == ["refused", "approved"]


def test_a_list_given_back_is_posted_again(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    review = reviewed([one], staff["duc"])
    actions_review.submit(review=review, by=staff["duc"], at=LATER)
    actions_review.send_back(review=review, because="Thiếu biên bản", by=staff["binh"], at=LATER)
    review.refresh_from_db()
    assert (review.state, review.submitted_by) == ("met", None)


def test_one_household_is_in_one_running_review(ground):
    tree, staff, programme = ground
    (one,) = named(programme, tree["village"], staff["duc"])
    reviewed([one], staff["duc"])
    with pytest.raises(WrongStep):
        reviewed([one], staff["duc"])


def test_a_code_stands_once_in_a_programme(ground):
    tree, staff, programme = ground
    named(programme, tree["village"], staff["duc"])
    with pytest.raises(CodeTaken):
        named(programme, tree["village"], staff["duc"])
    fields = {"code": "H-001", "head": "A", "grade": "temporary", "work": "new"}
    with pytest.raises(CodeTaken):
        actions.name_household(
            programme=programme, village_id=tree["village"].pk, fields=fields, by=staff["duc"], at=MONDAY
        )  # fmt: skip
    assert Household.objects.count() == 1


def test_nobody_writes_households_of_another_commune(ground):
    tree, staff, programme = ground
    with pytest.raises(NotYourHouse):
        named(programme, tree["tri_le"], staff["duc"])
    with pytest.raises(NotYourHouse):
        named(programme, tree["cao_son"], staff["phuc"])


def test_money_of_the_fund_goes_through_the_books_up_to_what_the_programme_gives(ground, house):
    _tree, staff, programme = ground
    gift(programme, 100_000_000)
    key = uuid.uuid4()
    for _twice in range(2):
        money = actions_building.set_aside(
            household=house, amount=40_000_000, on=DAY, by=staff["quy"], at=MONDAY, key=key
        )
    with pytest.raises(OverSupport, match=r"20\.000\.000"):
        actions_building.set_aside(
            household=house, amount=30_000_000, on=DAY, by=staff["quy"], at=MONDAY, key=uuid.uuid4()
        )
    with pytest.raises(WrongStep, match="đồng ý"):
        actions_building.hand_over_money(money=money, on=DAY, by=staff["quy"], at=MONDAY)
    with pytest.raises(NotYourHouse):
        actions_building.agree_to_money(money=money, by=staff["quy"], at=MONDAY)
    actions_building.agree_to_money(money=money, by=staff["phuc"], at=MONDAY)
    actions_building.hand_over_money(money=money, on=DAY, by=staff["quy"], at=MONDAY)

    columns = books.columns(fund_id=programme.fund_id)
    assert columns[Column.ALLOCATED]["VND"] == 40_000_000
    assert columns[Column.DELIVERED]["VND"] == 40_000_000
    assert queries.free_money(fund=programme.fund) == 60_000_000
    with pytest.raises(NothingThere):
        actions_building.release(money=money, on=DAY, by=staff["quy"], at=MONDAY)


def test_money_that_is_not_there_is_not_set_aside(ground, house):
    _tree, staff, programme = ground
    gift(programme, 10_000_000)
    with pytest.raises(NotEnough):
        actions_building.set_aside(
            household=house, amount=20_000_000, on=DAY, by=staff["quy"], at=MONDAY, key=uuid.uuid4()
        )
    assert house.money.count() == 0


def test_only_who_keeps_the_books_moves_their_money(ground, house):
    _tree, staff, programme = ground
    gift(programme, 60_000_000)
    with pytest.raises(NotYourHouse):
        actions_building.set_aside(
            household=house, amount=1, on=DAY, by=staff["binh"], at=MONDAY, key=uuid.uuid4()
        )


def test_other_sources_are_written_down_and_a_mistake_counts_no_more(ground, house):
    _tree, staff, _programme = ground
    given = [
        (Source.FIRM, "VND", 20_000_000),
        (Source.CLAN, "cement-50kg", 40),
        (Source.LABOUR, "builder-day", 25),
    ]
    rows = [
        actions_building.declare(
            household=house, source=s, commodity=c, amount=n, on=DAY, by=staff["duc"], at=MONDAY
        )
        for s, c, n in given
    ]
    actions_building.take_off(money=rows[0], by=staff["duc"], at=MONDAY)
    counted = house.money.filter(queries.counted_money())
    assert {m.commodity_id for m in counted} == {"cement-50kg", "builder-day"}
    with pytest.raises(WrongStep):
        actions_building.declare(
            household=house, source=Source.FUND, commodity="VND", amount=1, on=DAY, by=staff["duc"], at=MONDAY
        )  # fmt: skip


def test_a_house_is_built_stage_by_stage_and_handed_over_with_minutes(ground, house):
    _tree, staff, _programme = ground
    duc, binh = staff["duc"], staff["binh"]
    actions_building.plan(
        household=house, days={S.FOUNDATION: DAY, S.ROOF: date(2026, 12, 20)}, by=duc, at=MONDAY
    )
    tell(house, S.SURVEY, duc, photo=photo(), note="Đo đất")
    house.refresh_from_db()
    assert (house.stage, house.due_on) == ("survey", DAY)
    tell(house, S.FOUNDATION, duc)
    tell(house, S.ROOF, duc)
    tell(house, S.HAND_OVER, duc)
    house.refresh_from_db()
    assert (house.state, house.done_on, house.due_on) == (HouseState.DONE, DAY, None)

    paper = actions_building.write_minutes(household=house, actual=118_000_000, by=binh, at=LATER)
    again = actions_building.write_minutes(household=house, actual=1, by=binh, at=LATER)
    assert paper == again
    assert paper.is_sealed
    assert paper.unit_id == _tree["bich_hao"].pk
    assert "Một trăm mười tám triệu đồng" in str(paper.sheet["paragraphs"])


def test_a_stage_does_not_go_backwards_nor_into_the_future(house, ground):
    _tree, staff, _programme = ground
    duc = staff["duc"]
    tell(house, S.ROOF, duc)
    with pytest.raises(Backwards):
        tell(house, S.FOUNDATION, duc)
    with pytest.raises(Backwards):
        tell(house, S.HAND_OVER, duc, on=DAY - timedelta(days=1))
    with pytest.raises(WrongStep):
        tell(house, S.ROOF, duc)
    with pytest.raises(NotYetTrue):
        tell(house, S.HAND_OVER, duc, on=date(2027, 1, 1))
    house.refresh_from_db()
    assert (house.stage, News.objects.count()) == ("roof", 1)


def test_what_is_no_photo_keeps_nothing_and_a_double_tap_one(house, ground):
    _tree, staff, _programme = ground
    with pytest.raises(NotAPhoto):
        tell(house, S.SURVEY, staff["duc"], photo=b"khong phai anh")
    key = uuid.uuid4()
    for _twice in range(2):
        tell(house, S.SURVEY, staff["duc"], photo=photo(), key=key)
    assert News.objects.count() == 1


def test_a_household_with_money_set_aside_leaves_only_when_it_was_taken_back(ground, house):
    _tree, staff, programme = ground
    gift(programme, 60_000_000)
    money = actions_building.set_aside(
        household=house, amount=60_000_000, on=DAY, by=staff["quy"], at=MONDAY, key=uuid.uuid4()
    )
    with pytest.raises(WrongStep):
        actions.withdraw(household=house, because="Con đón về", by=staff["duc"], at=MONDAY)
    actions_building.release(money=money, on=DAY, by=staff["quy"], at=MONDAY)
    actions.withdraw(household=house, because="Con đón về", by=staff["duc"], at=MONDAY)
    assert queries.free_money(fund=programme.fund) == 60_000_000
    house.refresh_from_db()
    assert house.state == HouseState.WITHDRAWN


def test_a_consent_shows_the_name_and_taken_back_hides_it_at_once(ground, house):
    _tree, staff, programme = ground
    yes = {
        "way": Way.SIGNED,
        "given_on": DAY,
        "given_by": "Lầu Y Mỷ",
        "by": staff["duc"],
        "at": MONDAY,
    }
    for topic in Topic:
        actions.agree(household=house, topic=topic, **yes)
    news = tell(house, S.SURVEY, staff["duc"], photo=photo())
    assert [h.head for h in queries.named(programme=programme)] == ["Lầu Y Mỷ 1"]
    assert queries.public_picture(programme=programme, pk=news.pk)

    for topic in Topic:
        actions.disagree(household=house, topic=topic, by=staff["duc"], at=MONDAY)
    assert not queries.named(programme=programme).exists()
    assert queries.public_picture(programme=programme, pk=news.pk) is None
    assert house.consents.filter(withdrawn_at=None).count() == 0


def test_a_house_handed_over_before_is_done_when_its_list_is_approved(ground):
    tree, staff, programme = ground
    row = Row(
        1, code="C-1", head="Sùng A Pó", unit_id=tree["village"].pk, finished=date(2024, 12, 1)
    )
    (old,) = actions.bring_in(programme=programme, rows=[row], by=staff["duc"], at=MONDAY)
    agreed([old], keeper=staff["duc"], approver=staff["binh"])
    assert (old.state, old.done_on, old.stage) == ("done", date(2024, 12, 1), "hand_over")


@pytest.mark.parametrize("door", ["houses:household", "houses:change"])
def test_every_opening_is_on_record(ground, house, door):
    _tree, staff, _programme = ground
    page = client_for(staff["binh"]).get(reverse(door, args=[house.pk]))
    assert "Lầu" in page.content.decode()
    entry = AuditEntry.objects.get(event="houses.household.opened")
    assert (entry.actor_id, entry.object_id) == (staff["binh"].account_id, str(house.pk))
    assert "Lầu" not in str(entry.after)


def test_reading_a_list_of_names_is_on_record(ground, house):
    _tree, staff, programme = ground
    client = client_for(staff["binh"])
    for address in (
        reverse("houses:review", args=[house.reviewed.get().review_id]),
        reverse("houses:households", args=[programme.pk]),
    ):
        assert "Lầu" in client.get(address).content.decode()
    told = AuditEntry.objects.filter(event="houses.list.opened")
    assert [e.after["names"] for e in told] == [1, 1]
