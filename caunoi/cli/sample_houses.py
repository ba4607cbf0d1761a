"""Sample houses: one list in every state, and one commune with its real figures: 363 needed, 173 done, 44 more registered. Names are invented."""

import io
import uuid
from datetime import date, datetime, timedelta
from typing import Any

HEADS = (
    *("Lương Thị Xoan", "Vi Văn Khăm", "Lô Thị Mai", "Cụt Văn Thái", "Moong Thị Hoa", "Hờ Bá Dềnh"),
    *("Lầu Y Mỷ", "Xồng Bá Lầu", "Kha Văn Ót", "Lữ Thị Nga"),
)
FAMILIES, MIDDLES = ("Giàng", "Thào", "Sùng", "Vàng", "Lù", "Cư", "Hảng", "Ma"), ("A", "Seo", "Thị")
GIVEN = ("Sình", "Páo", "Dơ", "Chống", "Mỷ", "Lử", "Pao", "Sùa", "Tráng", "Vư", "Dế", "Chu", "Sáo", "Lềnh", "Tủa", "Xó")  # fmt: skip
NEEDED, DONE, REGISTERED = 363, 173, 44
SOURCE = "Số liệu mẫu. Mức hỗ trợ 60 triệu đồng làm mới, 30 triệu đồng sửa chữa theo phát động cả nước chung tay xoá nhà tạm, nhà dột nát."
FIELDS = {
    "name": "Xoá nhà tạm, nhà dột nát",
    "source": SOURCE,
    "new_support": 60_000_000,
    "repair_support": 30_000_000,
    "posting_days": 7,
    "silent_days": 30,
    "fund_id": None,
}


def load_houses(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Load both programmes."""
    _province(people, places, at)
    _commune(people, places["cao_son"], at)


def _province(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Ten households of one village: waiting, posted, agreed to, being built, late, handed over."""
    from caunoi.houses import actions
    from caunoi.houses.terms import Row

    programme = actions.begin(
        unit_id=places["nghe_an"].id, fields=FIELDS | {"year": at.year}, by=people["phuc"], at=at
    )
    rows = [
        Row(
            number=n,
            code=f"BH-{n:03d}",
            head=head,
            unit_id=places["village"].id,
            people=2 + n % 5,
            hardship="Hộ nghèo" if n % 2 else "Hộ cận nghèo",
            address="Cạnh nhà văn hoá xóm" if n == 1 else "",
            grade="temporary" if n % 3 == 0 else "dilapidated",
            work="repair" if n % 4 == 0 else "new",
            estimate=40_000_000 if n % 4 == 0 else 115_000_000,
        )
        for n, head in enumerate(HEADS, 1)
    ]
    houses = actions.bring_in(
        programme=programme, rows=rows, by=people["duc"], at=at - timedelta(days=90)
    )
    _review(houses[:6], people["duc"], people["binh"], at - timedelta(days=80), number="03/BB")
    _review(houses[6:8], people["duc"], None, at - timedelta(days=2), number="05/BB")
    _pay(programme, houses, people, at)
    _build(houses, people, at)


def _review(
    houses: list[Any], keeper: Any, approver: Any, at: datetime, *, number: str, of: int = 118
) -> None:
    """Hold and post a review; with an approver, agree to it nine days later."""
    from caunoi.houses import actions_review
    from caunoi.kit import clock

    day = clock.local_date(at)
    review = actions_review.hold(
        programme=houses[0].programme,
        village_id=houses[0].village_id,
        met_on=day,
        minutes_number=number,
        households=of,
        present=of - 14,
        votes={h.pk: of - 20 for h in houses},
        by=keeper,
        at=at,
    )
    actions_review.post_list(
        review=review,
        since=day,
        until=day + timedelta(days=6),
        where="Nhà văn hoá",
        by=keeper,
        at=at,
    )
    if approver is not None:
        later = at + timedelta(days=9)
        actions_review.submit(review=review, by=keeper, at=later)
        actions_review.approve(review=review, by=approver, at=later)


def _pay(programme: Any, houses: list[Any], people: dict[str, Any], at: datetime) -> None:
    from caunoi.funds import actions as funds
    from caunoi.funds.terms import Address, Draft, Move, Place
    from caunoi.houses import actions_building
    from caunoi.houses.terms import Source
    from caunoi.kit import clock

    then = at - timedelta(days=60)
    day = clock.local_date(then)
    ends = (Address(Place.GIVERS, "VND"), Address(Place.ON_HAND, "VND"))
    gift = Draft(uuid.uuid4(), Move.RECEIVE, *ends, amount=400_000_000, on=day)
    funds.post([gift], fund_id=programme.fund_id, at=then, by=people["quy"])
    for house in houses[:4]:
        amount = 30_000_000 if house.work == "repair" else 60_000_000
        money = actions_building.set_aside(
            household=house, amount=amount, on=day, by=people["quy"], at=then, key=uuid.uuid4()
        )
        if house in houses[:2]:
            actions_building.agree_to_money(money=money, by=people["phuc"], at=then)
            actions_building.hand_over_money(money=money, on=day, by=people["quy"], at=then)
        for source, thing, n, giver in (
            (Source.FIRM, "VND", 30_000_000, "Công ty Mẫu"),
            (Source.LABOUR, "builder-day", 24, ""),
        ):
            actions_building.declare(
                household=house, source=source, commodity=thing, amount=n, giver=giver, on=day, by=people["duc"], at=then
            )  # fmt: skip


def _build(houses: list[Any], people: dict[str, Any], at: datetime) -> None:
    from caunoi.houses import actions, actions_building
    from caunoi.houses.models import Household
    from caunoi.houses.terms import StageKind, Topic, Way
    from caunoi.kit import clock

    duc, shot = people["duc"], _photo()
    done = {0: 5, 1: 3, 2: 2, 3: 1}
    for n, stages in done.items():
        house = Household.objects.get(pk=houses[n].pk)
        days = {
            kind: clock.local_date(at - timedelta(days=58 - 12 * k))
            for k, kind in enumerate(StageKind)
        }
        actions_building.plan(household=house, days=days, by=duc, at=at - timedelta(days=60))
        for k, kind in enumerate(list(StageKind)[:stages]):
            then = at - timedelta(days=58 - 12 * k)
            actions_building.tell(
                household=house,
                stage=kind,
                on=clock.local_date(then),
                finished=True,
                photo=shot if k == stages - 1 else b"",
                by=duc,
                at=then,
            )
    for topic in Topic:
        actions.agree(
            household=houses[0], topic=topic, way=Way.SIGNED, given_on=clock.local_date(at), given_by=HEADS[0], by=duc, at=at
        )  # fmt: skip
    house = Household.objects.get(pk=houses[0].pk)
    actions_building.write_minutes(household=house, actual=114_500_000, by=people["binh"], at=at)


def _photo() -> bytes:
    """A drawing of a house on a hill, so that nobody's photo is needed."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (800, 600), "#bcd4ee")
    pen = ImageDraw.Draw(picture)
    pen.polygon(
        [(0, 420), (300, 300), (560, 380), (800, 280), (800, 600), (0, 600)], fill="#5d7f4e"
    )
    pen.rectangle((250, 330, 550, 500), fill="#d8c3a0")
    pen.polygon([(220, 335), (400, 220), (580, 335)], fill="#8d3b2c")
    pen.rectangle((370, 400, 430, 500), fill="#5a3a22")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _commune(people: dict[str, Any], unit: Any, at: datetime) -> None:
    """The commune with its real figures; its households stand at the commune that was dissolved into it."""
    from caunoi.houses import actions
    from caunoi.houses.terms import Row
    from caunoi.kit import clock
    from caunoi.units import queries as units

    old = units.by_slug(slug="xa-lung-khau-nhin", on=date(2025, 1, 1))
    home = old.id if old and _led_to(old.id, unit.id, clock.local_date(at)) else unit.id
    year = at.year
    programme = actions.begin(
        unit_id=unit.id, fields=FIELDS | {"year": year}, by=people["sua"], at=at
    )
    rows = [
        Row(
            number=n,
            code=f"LKN-{n:03d}",
            head=f"{FAMILIES[n % 8]} {MIDDLES[n % 3]} {GIVEN[n // 8 % 16]}",
            unit_id=home,
            people=3 + n % 4,
            grade="temporary" if n % 5 == 0 else "dilapidated",
            finished=date(2024, 1 + n % 12, 1 + n % 28) if n <= DONE else None,
        )
        for n in range(1, NEEDED + 1)
    ]
    houses = actions.bring_in(programme=programme, rows=rows, by=people["mua"], at=at)
    agreed = houses[: DONE + REGISTERED]
    then = at - timedelta(days=20)
    _review(agreed, people["mua"], people["sua"], then, number="12/BB", of=640)


def _led_to(old_id: Any, unit_id: Any, on: date) -> bool:
    from caunoi.units import queries as units

    return any(s.unit and s.unit.id == unit_id for s in units.successors(unit_id=old_id, on=on))
