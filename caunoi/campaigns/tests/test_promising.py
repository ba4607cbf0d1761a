"""A promise stands as a pledge, has its code, and turns into a gift when something comes; outside its days a campaign takes nothing."""

import random
import uuid
from datetime import date, timedelta

import pytest

from caunoi.campaigns import actions, queries
from caunoi.campaigns.models import Campaign
from caunoi.campaigns.terms import Ended, GiftState, NameTaken, OnePerson, WrongState
from caunoi.funds import actions as funds
from caunoi.funds import codes
from caunoi.funds import queries as books
from caunoi.funds.terms import Address, Column, Draft, Move, OutsideCampaign, Place
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

FIELDS = {
    "slug": "lu-quet-ky-son",
    "kind": "relief",
    "title": "Chung tay sau lũ quét Kỳ Sơn",
    "purpose": "Dựng lại nhà, chuồng trại và đường vào bản.",
    "legal_basis": "Nghị định 93/2021/NĐ-CP",
    "launched_by": "Ban Thường trực Ủy ban MTTQ tỉnh Nghệ An",
    "starts_on": date(2026, 11, 1),
    "ends_on": date(2027, 1, 29),
}


@pytest.fixture
def place(db):
    return small_tree()


@pytest.fixture
def campaign(place):
    province = place["nghe_an"].pk
    writer = make_staff(name="Hồ Thị Hạnh", unit_id=province, role=Role.EDITOR)
    approver = make_staff(name="Lê Văn Phúc", unit_id=province, role=Role.APPROVER)
    draft = actions.write(
        unit_id=province, fields=FIELDS | {"area_id": province}, by=writer, at=MONDAY
    )
    actions.submit(campaign=draft, by=writer, at=MONDAY)
    return actions.approve(campaign=draft, by=approver, at=MONDAY)


def test_a_promise_is_a_pledge_with_a_code_and_asked_twice_it_is_one(campaign):
    key = uuid.uuid4()
    for _twice in range(2):
        gift = actions.promise(
            campaign=campaign,
            commodity="goat",
            amount=60,
            at=MONDAY,
            fields={"giver": "Trại dê Nậm Cắn"},
            key=key,
        )
    number = codes.number_of(gift.code.text.lower().replace("0", "o"))
    assert queries.codes_of(numbers=[number])[number].gift == gift
    assert books.columns(fund_id=campaign.fund_id)[Column.REGISTERED] == {"goat": 60}
    held = actions.note_came(gift=gift, amount=20, on=date(2026, 11, 24), at=MONDAY)
    assert (held.came, held.state) == (20, GiftState.PARTLY)
    held = actions.note_came(gift=gift, amount=45, on=date(2026, 11, 24), at=MONDAY)
    assert (held.came, held.state) == (65, GiftState.FULFILLED)
    assert books.balances(fund_id=campaign.fund_id)[Address(Place.PLEDGED, "goat")] == 0


def test_nothing_is_promised_or_received_outside_the_days_of_a_campaign(campaign):
    late = MONDAY + timedelta(days=90)
    with pytest.raises(Ended):
        actions.promise(campaign=campaign, commodity="VND", amount=1, at=late, fields={})
    receive = Draft(
        id=uuid.uuid4(),
        move=Move.RECEIVE,
        source=Address(Place.GIVERS, "VND"),
        target=Address(Place.ON_HAND, "VND"),
        amount=50_000,
        on=date(2027, 1, 30),
    )
    with pytest.raises(OutsideCampaign):
        funds.post([receive], fund_id=campaign.fund_id, at=late)


def test_the_writer_does_not_approve_her_own_campaign(place):
    province = place["nghe_an"].pk
    both = make_staff(name="Lê Văn Phúc", unit_id=province, role=Role.APPROVER)
    draft = actions.write(
        unit_id=province, fields=FIELDS | {"area_id": province}, by=both, at=MONDAY
    )
    actions.submit(campaign=draft, by=both, at=MONDAY)
    with pytest.raises(OnePerson):
        actions.approve(campaign=draft, by=both, at=MONDAY)
    assert Campaign.objects.get().fund is None


def test_a_campaign_is_approved_once_and_no_two_of_a_unit_have_books_of_one_name(place):
    province = place["nghe_an"].pk
    hanh = make_staff(name="Hồ Thị Hạnh", unit_id=province, role=Role.EDITOR)
    phuc = make_staff(name="Lê Văn Phúc", unit_id=province, role=Role.APPROVER)
    fields = FIELDS | {"area_id": province}
    draft = actions.write(unit_id=province, fields=fields, by=hanh, at=MONDAY)
    twin = actions.write(unit_id=province, fields=fields | {"slug": "lan-hai"}, by=hanh, at=MONDAY)
    actions.submit(campaign=draft, by=hanh, at=MONDAY)
    actions.submit(campaign=twin, by=hanh, at=MONDAY)
    actions.approve(campaign=draft, by=phuc, at=MONDAY)

    with pytest.raises(WrongState):
        actions.approve(campaign=draft, by=phuc, at=MONDAY)
    with pytest.raises(NameTaken):
        actions.approve(campaign=twin, by=phuc, at=MONDAY)

    assert Campaign.objects.exclude(fund=None).count() == 1


@pytest.mark.parametrize("turn", range(12))
def test_whatever_comes_and_is_taken_back_again_what_stands_as_pledged_is_what_is_still_open(
    campaign, turn
):
    chance = random.Random(f"promise {turn}")
    gift = actions.promise(campaign=campaign, commodity="goat", amount=10, at=MONDAY, fields={})
    came = {}
    for n in range(8):
        key = uuid.uuid5(gift.pk, str(n))
        deed = chance.choice(["came", "came", "back", "lapse"] if n > 1 else ["came"])
        if deed == "came":
            came[key] = chance.randint(1, 8)
            more = {"amount": came[key], "on": date(2026, 11, 24), "at": MONDAY, "key": key}
            gift = actions.note_came(gift=gift, **more)
        elif deed == "back" and came:
            key = chance.choice(sorted(came))
            more = {"amount": came.pop(key), "on": date(2026, 11, 24), "at": MONDAY, "key": key}
            gift = actions.note_taken_back(gift=gift, **more)
        else:
            gift = actions.lapse(gift=gift, at=MONDAY)
        assert gift.came == sum(came.values())
        stands = books.balances(fund_id=campaign.fund_id)[Address(Place.PLEDGED, "goat")]
        lapsed = gift.state == GiftState.LAPSED
        assert stands == (0 if lapsed else max(10 - gift.came, 0)), (n, deed, gift.state)
        registered = books.columns(fund_id=campaign.fund_id)[Column.REGISTERED]["goat"]
        assert registered == 10 or lapsed or gift.state == GiftState.FULFILLED
