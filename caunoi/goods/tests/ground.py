"""A province with a campaign that is open, a commune in need, a giver; short words for what is done with her goats."""

import uuid
from datetime import date, timedelta

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns.models import Need
from caunoi.funds.models import Account
from caunoi.goods import actions, actions_giving, actions_stock
from caunoi.goods.terms import Detail, Side
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY

DAY = date(2026, 11, 23)
FIELDS = {
    "slug": "de-giong-ve-ban",
    "kind": "poor",
    "title": "Dê giống về bản",
    "purpose": "Dê giống cho hộ nghèo.",
    "legal_basis": "Kế hoạch 12/KH-MTTQ",
    "launched_by": "Ủy ban MTTQ tỉnh Nghệ An",
    "starts_on": date(2026, 11, 1),
    "ends_on": date(2027, 6, 30),
}


def people(tree):
    def make(name, unit, role):
        return make_staff(name=name, unit_id=tree[unit].pk, role=role)

    return {
        "hanh": make("Hồ Thị Hạnh", "nghe_an", Role.EDITOR),
        "phuc": make("Lê Văn Phúc", "nghe_an", Role.APPROVER),
        "quy": make("Đặng Thị Quý", "nghe_an", Role.TREASURER),
        "binh": make("Trần Văn Bình", "bich_hao", Role.APPROVER),
        "duc": make("Phan Văn Đức", "village", Role.CONTRIBUTOR),
        "khanh": make("Vi Văn Khánh", "tri_le", Role.APPROVER),
    }


def open_campaign(tree, staff, **changes):
    unit = tree["nghe_an"].pk
    draft = campaigns.write(
        unit_id=unit, fields=FIELDS | {"area_id": unit} | changes, by=staff["hanh"], at=MONDAY
    )
    campaigns.submit(campaign=draft, by=staff["hanh"], at=MONDAY)
    return campaigns.approve(campaign=draft, by=staff["phuc"], at=MONDAY)


def need(campaign, unit, amount=30, commodity="goat", **more):
    fields = {"households": 10, "confirmed_until": DAY + timedelta(days=14)} | more
    return Need.objects.create(
        campaign=campaign,
        unit=unit,
        commodity_id=commodity,
        amount=amount,
        said_by_id=campaign.written_by_id,
        said_at=MONDAY,
        **fields,
    )


def promise(campaign, amount=60, commodity="goat", **fields):
    wanted = fields.pop("need", None)
    fields = {"giver": "Trại dê Nậm Cắn", "contact": "0912 345 678"} | fields
    return campaigns.promise(
        campaign=campaign, commodity=commodity, amount=amount, at=MONDAY, fields=fields, need=wanted
    )


def reserve(gift, wanted, amount, by, **more):
    more = {"key": uuid.uuid4(), "at": MONDAY} | more
    return actions.reserve(gift=gift, need=wanted, amount=amount, by=by, **more)


def agreed(gift, wanted, amount, staff):
    """Proposed by the province and agreed to by the commune."""
    made = reserve(gift, wanted, amount, staff["hanh"])
    return actions.agree(reservation=made, side=Side.UNIT, by=staff["binh"], at=MONDAY)


def heap(campaign, unit, place="on_hand", commodity="goat"):
    return Account.objects.get(
        fund_id=campaign.fund_id, unit=unit, place=place, commodity_id=commodity
    )


def receive(campaign, unit, good, by, **more):
    more = {"key": uuid.uuid4(), "commodity": "goat", "on": DAY, "at": MONDAY} | more
    return actions_stock.receive(campaign=campaign, unit_id=unit.pk, good=good, by=by, **more)


def send(stock, to, amount, by, **more):
    more = {"key": uuid.uuid4(), "on": DAY, "at": MONDAY} | more
    return actions_stock.send(stock=stock, to_unit_id=to.pk, amount=amount, by=by, **more)


def arrive(movement, good, by, **more):
    more = {"on": DAY, "at": MONDAY} | more
    return actions_stock.arrive(movement=movement, good=good, by=by, **more)


def hand_over(stock, amount, by, **more):
    more = {
        "key": uuid.uuid4(),
        "recipient": "10 hộ nghèo Xóm 4",
        "witness": "Lầu Bá Chò",
        "households": 10,
        "on": DAY,
        "at": MONDAY,
    } | more
    return actions_giving.hand_over(stock=stock, amount=amount, by=by, **more)


def spoil(stock, amount, by, **more):
    more = {"key": uuid.uuid4(), "on": DAY, "at": MONDAY, "detail": Detail(note="Chết rét")} | more
    return actions_giving.spoil(stock=stock, amount=amount, by=by, **more)
