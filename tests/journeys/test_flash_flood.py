"""The flash flood: a call, money by bank and in cash, a firm that pays for a village to move, communes, households, and a page that adds up."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from caunoi.campaigns import actions as campaigns
from caunoi.funds import actions as funds
from caunoi.funds import queries as ledger
from caunoi.funds import verifying
from caunoi.funds.terms import Address, Draft, Move, OutsideCampaign, Place
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.treasury import actions, auditing, papers, queries
from caunoi.treasury.tests.ground import make_ground
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def called(ground):
    """The province calls for help; another person approves; its books begin."""
    editor = make_staff(name="Hồ Thị Hạnh", unit_id=ground.tree["nghe_an"].pk, role=Role.EDITOR)
    unit_id = ground.tree["nghe_an"].pk
    fields = {
        "area_id": unit_id,
        "slug": "lu-quet",
        "kind": "relief",
        "title": "Ủng hộ bà con vùng lũ quét",
        "purpose": "Cứu trợ",
        "legal_basis": "Nghị định 93/2021/NĐ-CP",
        "launched_by": "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Nghệ An",
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=60),
    }
    campaign = campaigns.write(unit_id=unit_id, fields=fields, by=editor, at=MONDAY)
    campaigns.submit(campaign=campaign, by=editor, at=MONDAY)
    campaign = campaigns.approve(campaign=campaign, by=ground.phuc, at=MONDAY)
    ground.fund = campaign.fund
    return campaign


def transfers(count):
    """Lines of a bank statement, each with its own amount."""
    dice = random.Random(2026)
    giver, box = Address(Place.GIVERS, "VND"), Address(Place.ON_HAND, "VND")
    return [
        Draft(uuid.uuid4(), Move.RECEIVE, giver, box, dice.randint(1, 500) * 1_000, DAY)
        for _ in range(count)
    ]


def flood(ground, lines):
    called(ground)
    by_bank = transfers(lines)
    funds.post(by_bank, fund_id=ground.fund.pk, at=MONDAY, by=ground.quy)
    received = sum(d.amount for d in by_bank)
    # cash over the counter, and a firm that pays for a village to move
    for amount in (30_000_000, 10_000_000):
        ground.voucher("take_in", amount)
    village = ground.tree["village"].pk
    firm = ground.voucher("in_kind", 2_000_000_000, place_id=village)
    assert firm.state == "waiting"
    actions.approve(voucher=firm, by=ground.phuc, at=TUESDAY)
    # thirty goats came, ten are handed over
    things = [
        ("receive", Place.GIVERS, Place.ON_HAND, 30),
        ("allocate", Place.ON_HAND, Place.ALLOCATED, 30),
        ("hand_over", Place.ALLOCATED, Place.HANDED_OVER, 10),
    ]
    goats = [
        Draft(uuid.uuid4(), Move(m), Address(a, "goat"), Address(b, "goat"), n, DAY)
        for m, a, b, n in things
    ]
    funds.post(goats, fund_id=ground.fund.pk, at=TUESDAY, by=ground.quy)
    # two communes; the larger sum takes two persons
    large = ground.voucher("allocate", 25_000_000)
    actions.approve(voucher=large, by=ground.phuc, at=TUESDAY)
    ground.voucher("allocate", 9_000_000, place_id=ground.tree["tri_le"].pk)
    for amount in (6_000_000, 4_000_000):
        ground.voucher("hand_over", amount)
    return received + 40_000_000 + 2_000_000_000


def everybody_adds_up(client, lines):
    ground = make_ground()
    received = flood(ground, lines)
    funds.publish_root(fund_id=ground.fund.pk, day=DAY, at=TUESDAY)

    told = ledger.columns(fund_id=ground.fund.pk)
    assert {c.value: n.get("VND", 0) for c, n in told.items()} == {
        "registered": 0,
        "received": received,
        "allocated": 2_034_000_000,
        "delivered": 2_010_000_000,
    }
    page = client.get(reverse("treasury:journal", args=[ground.fund.pk])).content.decode()
    for number in (received, 2_034_000_000, 2_010_000_000, 30, 10):
        assert f">{number:,}<".replace(",", ".") in page
    answer = client.get(reverse("treasury:journal_file", args=[ground.fund.pk]))
    journal = b"".join(answer.streaming_content).decode().splitlines()
    verdict = verifying.verify(journal)
    assert (verdict.wrong, verdict.columns["received"]["VND"]) == ("", received)
    # what lies in account and box, the sheets of the communes, what the auditor asks for
    assert queries.held_on(fund=ground.fund, day=DAY) == received - 2_010_000_000
    units = queries.by_unit(fund=ground.fund)
    assert units[ground.tree["bich_hao"].pk]["VND"] == {
        "allocated": 25_000_000,
        "delivered": 10_000_000,
    }
    assert papers.board_pdf(fund=ground.fund, on=DAY).startswith(b"%PDF")
    found = [a.check.value for a in auditing.anomalies(fund=ground.fund)]
    assert found == ["no_photo"] * 3


def test_after_a_flash_flood_everybody_can_add_up_what_became_of_it(client):
    everybody_adds_up(client, 120)


@pytest.mark.slow
def test_two_hundred_thousand_transfers_later_it_still_adds_up(client):
    everybody_adds_up(client, 200_000)


def test_money_after_the_end_is_not_taken_in():
    ground = make_ground()
    campaign = called(ground)

    with pytest.raises(OutsideCampaign):
        ground.voucher("take_in", 100, on=campaign.ends_on + timedelta(days=1))
