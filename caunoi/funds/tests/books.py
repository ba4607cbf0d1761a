"""A fund to post in, and short words for what is posted."""

import uuid
from datetime import date

from caunoi.funds import actions
from caunoi.funds.models import Commodity
from caunoi.funds.terms import Address, Draft, Move, Place
from tests.cast import MONDAY

DAY = date(2026, 11, 23)


def commodities():
    for code, name, word in (("VND", "Tiền", "đồng"), ("goat", "Dê", "con")):
        Commodity.objects.get_or_create(code=code, defaults={"name": name, "unit_word": word})


def fund_of(unit, name="Quỹ cứu trợ lũ quét"):
    commodities()
    return actions.open_fund(unit_id=unit.pk, name=name, on=date(2026, 1, 1), at=MONDAY)


def at(place, commodity="VND", purpose="", unit=None):
    return Address(Place(place), commodity, purpose, unit)


def draft(move, amount, *, commodity="VND", purpose="", source=None, target=None, **more):
    from caunoi.funds import rules

    way = rules.WAYS[Move(move)]
    return Draft(
        id=more.pop("key", None) or uuid.uuid4(),
        move=Move(move),
        source=source or at(way[0], commodity, purpose),
        target=target or at(way[1], commodity, purpose),
        amount=amount,
        on=more.pop("on", DAY),
        **more,
    )


def post(fund, *drafts, moment=MONDAY):
    return actions.post(drafts, fund_id=fund.pk, at=moment)
