"""Sample goods: sixty goats on their way from one giver to households, rice that came short, a team of builders. Names are invented."""

import uuid
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

CODES = {"goat": 60, "rice-10kg": 200, "blanket": 120, "builder-day": 40}


def load_goods(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Load one campaign of the province with gifts, needs, what is kept back, stock, hand-overs and a team."""
    from caunoi.goods import actions, actions_stock
    from caunoi.goods.terms import Side
    from caunoi.kit import clock

    begun, on = at - timedelta(days=100), clock.local_date(at)
    campaign = _campaign(people, places, begun)
    goats, needs = _asked(campaign, people, places, begun, at)
    common: dict[str, Any] = {"at": begun, "by": people["hanh"]}
    kept = actions.reserve(gift=goats, need=needs[0], amount=30, key=uuid.uuid4(), **common)
    actions.agree(reservation=kept, side=Side.UNIT, by=people["binh"], at=begun)
    province, commune = places["nghe_an"].id, places["bich_hao"].id
    day = on - timedelta(days=98)
    actions_stock.receive(
        key=uuid.uuid4(), campaign=campaign, unit_id=province, commodity="goat", good=45, on=day, gift=goats, **common
    )  # fmt: skip
    heap = _heap(campaign, province)
    sent = actions_stock.send(
        key=uuid.uuid4(), stock=heap, to_unit_id=commune, amount=30, on=day, reservation=kept, **common
    )  # fmt: skip
    actions_stock.arrive(
        movement=sent, good=29, spoiled=1, on=day, by=people["binh"], at=begun, note="Một con chết dọc đường"
    )  # fmt: skip
    _hand_over(campaign, people, places, day, at)
    _rice(campaign, people, places, day, at)
    _team(campaign, people, places, day, at)
    mine = {"at": at, "by": people["hanh"]}
    actions.reserve(gift=goats, need=needs[1], amount=10, key=uuid.uuid4(), **mine)
    blankets = goats.campaign.gifts.get(commodity="blanket")
    wish = {"gift": blankets, "need": needs[2], "amount": 30, "at": at, "by": people["binh"]}
    actions.reserve(key=uuid.uuid4(), **wish)  # the giver says yes by her code


def _campaign(people: dict[str, Any], places: dict[str, Any], at: datetime) -> Any:
    from caunoi.campaigns import actions
    from caunoi.kit import clock

    unit, on = places["nghe_an"].id, clock.local_date(at)
    fields = {
        "slug": "de-giong-ve-ban",
        "area_id": unit,
        "kind": "poor",
        "title": "Dê giống về bản",
        "purpose": "Dê giống, gạo và ngày công cho hộ nghèo. Số liệu mẫu.",
        "legal_basis": "Nghị định 93/2021/NĐ-CP",
        "launched_by": "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Nghệ An",
        "bring": "Dê giống khoẻ, gạo, chăn ấm; ngày công thợ xây.",
        "do_not_bring": "Quần áo cũ, thuốc, thực phẩm tươi.",
        "starts_on": on - timedelta(days=2),
        "ends_on": on + timedelta(days=300),
    }
    draft = actions.write(unit_id=unit, fields=fields, by=people["hanh"], at=at)
    actions.submit(campaign=draft, by=people["hanh"], at=at)
    return actions.approve(campaign=draft, by=people["phuc"], at=at)


def _asked(
    campaign: Any, people: dict[str, Any], places: dict[str, Any], begun: datetime, at: datetime
) -> tuple[Any, list[Any]]:
    """Promise the gifts and say the needs. -> the goats, the needs"""
    from caunoi.campaigns import actions
    from caunoi.campaigns.models import Need
    from caunoi.kit import clock

    on = clock.local_date(at)
    gifts = {
        code: actions.promise(
            campaign=campaign,
            commodity=code,
            amount=amount,
            at=begun,
            fields={"giver": "Trại giống mẫu", "from_unit_id": places["nghe_an"].id},
        )
        for code, amount in CODES.items()
    }
    campaign.gifts.update(good_until=on + timedelta(days=45))
    wanted = (
        ("bich_hao", "goat", 30, "urgent", 12, 20),
        ("village", "goat", 20, "soon", 8, 40),
        ("bich_hao", "blanket", 90, "urgent", 45, 5),
        ("village", "blanket", 40, "later", 20, None),
        ("village", "rice-10kg", 60, "soon", 30, 10),
        ("village", "builder-day", 25, "soon", 2, 30),
    )
    needs = [
        Need.objects.create(
            campaign=campaign,
            unit_id=places[place].id,
            commodity_id=code,
            amount=amount,
            priority=priority,
            households=households,
            needed_by=on + timedelta(days=due) if due else None,
            confirmed_until=on + timedelta(days=14 if due else -3),
            said_by_id=people["binh"].account_id,
            said_at=begun,
        )
        for place, code, amount, priority, households, due in wanted
    ]
    return gifts["goat"], needs


def _heap(campaign: Any, unit_id: Any, commodity: str = "goat", place: str = "on_hand") -> Any:
    from caunoi.funds.models import Account

    return Account.objects.get(
        fund_id=campaign.fund_id, unit_id=unit_id, commodity_id=commodity, place=place
    )


def _hand_over(
    campaign: Any, people: dict[str, Any], places: dict[str, Any], on: Any, at: datetime
) -> None:
    """Twenty goats to twelve households, with a photo shown to everybody and a follow-up; nine still stand in the commune."""
    from caunoi.goods import actions_after, actions_giving
    from caunoi.goods.terms import Detail
    from caunoi.kit import clock

    by = people["binh"]
    done = actions_giving.hand_over(
        key=uuid.uuid4(),
        stock=_heap(campaign, places["bich_hao"].id, place="allocated"),
        amount=20,
        recipient="12 hộ nghèo, danh sách lưu tại xã",
        witness="Lầu Bá Chò",
        households=12,
        on=on,
        by=by,
        at=at - timedelta(days=95),
        detail=Detail("Nhà văn hoá thôn", "", _photo()),
    )
    actions_after.release_picture(movement=done, looked=True, by=by, at=at)
    actions_after.follow_up(
        movement=done, on=clock.local_date(at), alive=18, sold=1, died=1, born=7, by=by, at=at
    )


def _photo() -> bytes:
    """A drawn picture, so that nobody is on it: hills and a meadow."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (960, 640), "#bcd6ee")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 420), (260, 180), (520, 430)], fill="#5d7f5b")
    draw.polygon([(330, 430), (660, 140), (960, 430)], fill="#47694a")
    draw.rectangle([0, 420, 960, 640], fill="#7fa65a")
    for n in range(6):
        x = 90 + n * 140
        draw.ellipse([x, 500, x + 70, 540], fill="#f4f0e6")
        draw.ellipse([x + 58, 488, x + 84, 512], fill="#f4f0e6")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _rice(
    campaign: Any, people: dict[str, Any], places: dict[str, Any], on: Any, at: datetime
) -> None:
    """Rice that came with wet bags, and some of it on its way to the village."""
    from caunoi.campaigns.models import Gift
    from caunoi.goods import actions_stock
    from caunoi.goods.terms import Detail
    from caunoi.kit import clock

    gift = Gift.objects.get(campaign=campaign, commodity_id="rice-10kg")
    commune, today = places["bich_hao"].id, clock.local_date(at)
    actions_stock.receive(
        key=uuid.uuid4(),
        campaign=campaign,
        unit_id=commune,
        commodity="rice-10kg",
        good=184,
        spoiled=6,
        on=on,
        gift=gift,
        expires_on=today + timedelta(days=150),
        detail=Detail("Nhà kho xã", "Sáu bao bị ướt"),
        by=people["binh"],
        at=at - timedelta(days=94),
    )
    actions_stock.send(
        key=uuid.uuid4(),
        stock=_heap(campaign, commune, "rice-10kg"),
        to_unit_id=places["village"].id,
        amount=60,
        on=today,
        by=people["binh"],
        at=at,
        detail=Detail(note="Xe 37C-000.00"),
    )


def _team(
    campaign: Any, people: dict[str, Any], places: dict[str, Any], on: Any, at: datetime
) -> None:
    from caunoi.goods import actions_giving, actions_teams

    by = people["duc"]
    team = actions_teams.begin_team(
        unit_id=places["village"].id,
        name="Đội thợ xây thôn",
        commodity="builder-day",
        by=by,
        at=at,
    )
    for name, phone, skills in (
        ("Vi Văn Khăm", "0912 000 001", "thợ xây"),
        ("Lô Văn Ánh", "0912 000 002", "thợ mộc"),
        ("Hờ Bá Bì", "", "phụ hồ"),
    ):
        actions_teams.add_volunteer(
            team=team, name=name, phone=phone, skills=skills, agreed=True, by=by, at=at
        )
    actions_giving.work(
        key=uuid.uuid4(),
        team=team,
        campaign=campaign,
        days=12,
        recipient="Nhà văn hoá thôn",
        witness="Phan Văn Đức",
        on=on,
        by=by,
        at=at,
    )
