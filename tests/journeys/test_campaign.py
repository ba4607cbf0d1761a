"""The flash flood: the province calls for help, two communes say what they need, somebody far away promises, and the public page adds up."""

import uuid
from datetime import date

import pytest
from django.test import Client

from caunoi.campaigns import actions, picture_of, queries
from caunoi.campaigns.models import Campaign, Gift
from caunoi.campaigns.tests import ground
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds.terms import Address, Column, Draft, Move, Place
from caunoi.kit import clock
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def staff(place):
    return ground.people(place)


def hanh_writes(staff):
    typed = ground.FIELDS | {"area": "tinh-nghe-an", "purposes": "Dựng lại nhà\nGiống vật nuôi"}
    typed = {k: v.isoformat() if isinstance(v, date) else v for k, v in typed.items()}
    answer = client_for(staff["hanh"]).post("/quan-tri/van-dong/moi/", typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Campaign.objects.get()


def needs_of(staff, who, campaign, unit, thing, amount):
    typed = {
        "unit": unit,
        "thing": thing,
        "amount": amount,
        "priority": "urgent",
        "households": "15",
    }
    answer = client_for(staff[who]).post(f"/quan-tri/van-dong/{campaign.pk}/nhu-cau/moi/", typed)
    assert answer.status_code == 302


def step(staff, who, campaign, deed):
    return client_for(staff[who]).post(f"/quan-tri/van-dong/{campaign.pk}/buoc/{deed}/")


def test_from_the_call_to_a_page_that_adds_up(place, staff):
    campaign = hanh_writes(staff)
    assert Client().get(f"/van-dong/{campaign.slug}/").status_code == 404
    step(staff, "hanh", campaign, "gui-duyet")
    assert step(staff, "hanh", campaign, "duyet").status_code == 422
    assert step(staff, "phuc", campaign, "duyet").status_code == 302

    needs_of(staff, "binh", campaign, "xa-bich-hao", "VND", "300 triệu")
    needs_of(staff, "khanh", campaign, "xa-tri-le", "rice-10kg", "120")
    typed = {"thing": "VND", "amount": "2 triệu", "purpose": "dung-lai-nha", "giver": "Lò Văn Pính"}
    promised = Client().post(
        f"/van-dong/{campaign.slug}/gop/", typed | {"step": "who", "key": str(uuid.uuid4())}
    )
    gift = Gift.objects.get()
    assert promised.headers["Location"] == f"/loi-hua/{gift.code.text}/"

    the_treasurer_receives_allocates_and_hands_over(gift, place)

    campaign.refresh_from_db()
    shown = picture_of.of_campaign(campaign=campaign, on=MONDAY.date())
    money = next(a for a in shown.totals if a.commodity.pk == "VND")
    figures = (money.needed, money.registered, money.received, money.allocated, money.delivered)
    assert figures == (300_000_000, 2_000_000, 2_000_000, 1_500_000, 1_000_000)
    assert sum(a.delivered for p in shown.places for a in p.lines) == money.delivered
    whole = books.columns(fund_id=campaign.fund_id)
    assert whole[Column.DELIVERED] == {"VND": 1_000_000}
    page = Client().get(f"/van-dong/{campaign.slug}/").content.decode()
    for said in ("300.000.000", "1.500.000", "Xã Bích Hào", "Xã Tri Lễ", "1017588888"):
        assert said in page
    assert "Lò Văn Pính" not in page
    assert "vận động" in Client().get("/don-vi/xa-tri-le/").content.decode().lower()
    assert queries.of_area(unit_id=place["tri_le"].pk, on=MONDAY.date()) == [campaign]
    assert queries.of_area(unit_id=place["cao_son"].pk, on=MONDAY.date()) == []


def the_treasurer_receives_allocates_and_hands_over(gift, place):
    purpose, unit, day = gift.purpose, place["bich_hao"].pk, MONDAY.date()
    outside, here = Address(Place.GIVERS, "VND", purpose), Address(Place.ON_HAND, "VND", purpose)
    meant = Address(Place.ALLOCATED, "VND", purpose, unit)
    gone = Address(Place.HANDED_OVER, "VND", purpose, unit)
    ways = [
        (Move.RECEIVE, outside, here, 2_000_000),
        (Move.ALLOCATE, here, meant, 1_500_000),
        (Move.HAND_OVER, meant, gone, 1_000_000),
    ]
    drafts = [Draft(uuid.uuid4(), move, a, b, n, day) for move, a, b, n in ways]
    funds.post(drafts, fund_id=gift.campaign.fund_id, at=MONDAY)
    actions.note_came(gift=gift, amount=2_000_000, on=day, at=MONDAY)
