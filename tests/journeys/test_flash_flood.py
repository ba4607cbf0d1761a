"""The flash flood: a call, money by bank and in cash, a firm that pays for a village to move, communes, households, and a page that adds up."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caunoi.campaigns import actions as campaigns
from caunoi.funds import actions as funds
from caunoi.funds import queries as ledger
from caunoi.funds import verifying
from caunoi.funds.terms import Address, Draft, Move, OutsideCampaign, Place
from caunoi.kit import clock
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.statements import actions as statements
from caunoi.statements import running
from caunoi.statements.models import StatementFile
from caunoi.statements.tests import ground as bank
from caunoi.treasury import actions, auditing, papers, queries
from caunoi.treasury.tests.ground import make_ground
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


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


def bank_file(count, code):
    """A statement of a bank as it comes: every seventh transfer without the code, a fee each five hundred lines."""
    dice = random.Random(2026)
    said = []
    for n in range(count):
        if n % 500 == 499:
            said.append((-5_500, "Phi dich vu tai khoan"))
            continue
        code_or_not = "" if n % 7 == 6 else code
        who = "em ut ban Pha Lai" if n == count - 3 else f"nguoi thu {n}"
        said.append((dice.randint(1, 500) * 1_000, f"{who} ung ho {code_or_not}"))
    return said, bank.as_csv(bank.moves(*said, on=DAY))


def brought_in(ground, campaign, lines):
    """The treasurer brings the whole file in through her pages, and the worker writes it. -> what came, and the fees"""
    desk = client_for(ground.quy)
    said, body = bank_file(lines, campaigns.give_code(campaign=campaign).text)
    sent = {"campaign": str(campaign.pk), "bank": "970436", "number": "0011 000 123"}
    answer = desk.post(
        reverse("statements:upload"), sent | {"file": SimpleUploadedFile("t11.csv", body)}
    )
    file = StatementFile.objects.get()
    assert answer.url == reverse("statements:file", args=[file.pk])
    columns = {"on": 0, "reference": 1, "debit": 2, "credit": 3, "balance": 4, "memo": 5}
    desk.post(reverse("statements:choose", args=[file.pk]), columns)
    file.refresh_from_db()
    if file.state == "checking":  # a large one is looked at by the worker
        statements.check(file=file, at=MONDAY)
    assert "khớp số dư của ngân hàng" in desk.get(answer.url).content.decode()
    desk.post(reverse("statements:start", args=[file.pk]))
    file.refresh_from_db()
    running.run(file=file, at=MONDAY)
    assert "đã ghi xong" in desk.get(answer.url).content.decode()
    came = sum(amount for amount, _memo in said if amount > 0)
    return came, -sum(amount for amount, _memo in said if amount < 0)


def flood(ground, lines):
    campaign = called(ground)
    received, fees = brought_in(ground, campaign, lines)
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
    return received + 40_000_000 + 2_000_000_000, fees


def everybody_adds_up(client, lines):
    ground = make_ground()
    received, fees = flood(ground, lines)
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
    assert queries.held_on(fund=ground.fund, day=DAY) == received - fees - 2_010_000_000
    units = queries.by_unit(fund=ground.fund)
    assert units[ground.tree["bich_hao"].pk]["VND"] == {
        "allocated": 25_000_000,
        "delivered": 10_000_000,
    }
    assert papers.board_pdf(fund=ground.fund, on=DAY).startswith(b"%PDF")
    found = [a.check.value for a in auditing.anomalies(fund=ground.fund)]
    assert found == ["no_photo"] * 3
    public_pages_add_up(Client(), received, fees)


def public_pages_add_up(public, received, fees):
    """Without an account: the campaign's page says what came and went, its statement ends on the bank's balance, each finds her own."""
    page = public.get("/van-dong/lu-quet/").content.decode()
    for number in (received, 2_034_000_000, 2_010_000_000):
        assert f"{number:,}".replace(",", ".") in page
    address = reverse("statements:statement", args=["lu-quet"])
    page = public.get(address)
    (reckoning,) = page.context["reckonings"]
    by_bank = received - 2_040_000_000
    assert reckoning.closing == 1_000_000 + by_bank - fees
    assert "cộng lại khớp số dư của ngân hàng" in page.content.decode()
    mine = public.get(f"{address}?q=EM+ÚT+BẢN+PHÀ+LÀI").context["page"].lines
    assert [line.text.split(" ung")[0] for line in mine] == ["em ut ban Pha Lai"]


def test_after_a_flash_flood_everybody_can_add_up_what_became_of_it(client):
    everybody_adds_up(client, 1_200)


@pytest.mark.slow
def test_two_hundred_thousand_transfers_later_it_still_adds_up(client):
    everybody_adds_up(client, 200_000)


def test_money_after_the_end_is_not_taken_in():
    ground = make_ground()
    campaign = called(ground)

    with pytest.raises(OutsideCampaign):
        ground.voucher("take_in", 100, on=campaign.ends_on + timedelta(days=1))
