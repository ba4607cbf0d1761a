"""Sample campaigns: the flash flood at Kỳ Sơn, sixty goats, one that has ended. Amounts and people are invented, communes are real."""

import uuid
from datetime import datetime, timedelta
from typing import Any

FLOOD = {
    "slug": "lu-quet-ky-son",
    "kind": "relief",
    "title": "Chung tay sau lũ quét Kỳ Sơn",
    "purpose": "Dựng lại nhà, chuồng trại và đường vào bản. Mỗi đồng, mỗi bao gạo, mỗi ngày công đều có trong sổ dưới đây. (Dữ liệu mẫu)",
    "legal_basis": "Nghị định 93/2021/NĐ-CP ngày 27/10/2021; Lời kêu gọi số 12/MTTQ-BTT (mẫu)",
    "launched_by": "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Nghệ An",
    "bring": "Gạo, chăn ấm, tôn lợp còn mới. Xin gọi trước để hẹn giờ và nơi nhận.",
    "do_not_bring": "Quần áo cũ, thực phẩm tươi, thuốc tây không rõ nguồn gốc.",
    "bank": "970436",
    "bank_name": "Vietcombank",
    "account_number": "0000000456",
    "account_holder": "QUY CUU TRO TINH NGHE AN (MAU)",
}
GOATS = FLOOD | {
    "slug": "sau-muoi-con-de-giong",
    "kind": "poor",
    "title": "Sáu mươi con dê giống cho hộ nghèo",
    "purpose": "Một trại dê tặng 60 con dê giống. Mỗi hộ nhận hai con cái, nuôi và chuyển lứa con đầu cho hộ khác. (Dữ liệu mẫu)",
    "legal_basis": "Quy chế Quỹ “Vì người nghèo” của tỉnh (mẫu)",
    "bring": "",
    "do_not_bring": "",
}
NEEDS = [
    ("16813", "VND", 900_000_000, "urgent", 60, "Dựng lại 15 nhà bị cuốn trôi"),
    ("16813", "roof-sheet", 2000, "urgent", 60, "Lợp lại mái, loại dày 0,4 mm"),
    ("16837", "rice-10kg", 600, "soon", 120, ""),
    ("16837", "blanket", 200, "soon", 100, "Chăn đơn, còn mới"),
    ("16813", "builder-day", 450, "later", 15, "Thợ xây, mộc cho 15 nhà"),
]
CAME = {
    "VND": [("16813", 1_200_000_000, 640_000_000, 410_000_000)],
    "rice-10kg": [("16837", 480, 480, 420)],
    "roof-sheet": [("16813", 1640, 1200, 1200)],
}
"""By thing: where it is meant for, what was received, allocated, handed over."""


def load_campaigns(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Let one be open for three weeks, one wait with sixty goats promised, one be handed in for approval."""
    from caunoi.campaigns import actions, actions_running

    flood = _open(FLOOD, people, places, at - timedelta(days=20), days=80)
    _needs(flood, people, at)
    _books(flood, people, at)
    words = (
        "Đã dựng xong khung 6 nhà ở bản Hòa Sơn; tôn đợt hai về đến Mường Xén chiều qua. (Tin mẫu)"
    )
    actions_running.tell(campaign=flood, text=words, by=people["hanh"], at=at - timedelta(days=1))
    goats = _open(GOATS, people, places, at - timedelta(days=5), days=60)
    actions.promise(
        campaign=goats,
        commodity="goat",
        amount=60,
        at=at,
        fields={"giver": "Trại dê mẫu Tân Kỳ", "contact": "0912 000 456", "note": "Giao tại trại"},
    )
    draft = _write(
        FLOOD | {"slug": "tet-am-tinh-nguoi", "kind": "poor", "title": "Tết ấm tình người"},
        people,
        places,
        at,
        days=40,
    )
    actions.submit(campaign=draft, by=people["hanh"], at=at)


def _write(
    fields: dict[str, Any],
    people: dict[str, Any],
    places: dict[str, Any],
    at: datetime,
    *,
    days: int,
) -> Any:
    from caunoi.campaigns import actions
    from caunoi.kit import clock

    first = clock.local_date(at)
    last = first + timedelta(days=days)
    unit_id = places["nghe_an"].id
    span = {"starts_on": first, "ends_on": last, "hand_out_by": last + timedelta(days=15)}
    return actions.write(
        unit_id=unit_id, fields=fields | span | {"area_id": unit_id}, by=people["hanh"], at=at
    )


def _open(
    fields: dict[str, Any],
    people: dict[str, Any],
    places: dict[str, Any],
    at: datetime,
    *,
    days: int,
) -> Any:
    from caunoi.campaigns import actions

    draft = _write(fields, people, places, at, days=days)
    actions.submit(campaign=draft, by=people["hanh"], at=at)
    return actions.approve(campaign=draft, by=people["phuc"], at=at)


def _commune(code: str, at: datetime) -> Any:
    from caunoi.kit import clock
    from caunoi.units import queries as units
    from caunoi.units.terms import Level

    found = units.by_code(code=code, level=Level.COMMUNE, on=clock.local_date(at))
    if found is None:
        raise LookupError(code)
    return found


def _needs(campaign: Any, people: dict[str, Any], at: datetime) -> None:
    from caunoi.campaigns import actions_needs

    for n, (code, thing, amount, priority, households, note) in enumerate(NEEDS):
        actions_needs.report(
            campaign=campaign,
            unit_id=_commune(code, at).id,
            commodity=thing,
            amount=amount,
            fields={"priority": priority, "households": households, "note": note},
            by=people["phuc"],
            at=at - timedelta(days=16 if n == 3 else 3),
        )


def _books(campaign: Any, people: dict[str, Any], at: datetime) -> None:
    """Post what came, is meant for a commune and was handed over, as if last week."""
    from caunoi.campaigns import actions
    from caunoi.funds import actions as funds
    from caunoi.funds.terms import Address, Draft, Move, Place
    from caunoi.kit import clock

    on = clock.local_date(at - timedelta(days=7))
    drafts = []
    for thing, lines in CAME.items():
        outside, here = Address(Place.GIVERS, thing), Address(Place.ON_HAND, thing)
        for code, received, allocated, handed in lines:
            unit_id = _commune(code, at).id
            meant = Address(Place.ALLOCATED, thing, "", unit_id)
            gone = Address(Place.HANDED_OVER, thing, "", unit_id)
            steps = [
                (Move.RECEIVE, outside, here, received),
                (Move.ALLOCATE, here, meant, allocated),
                (Move.HAND_OVER, meant, gone, handed),
            ]
            drafts += [Draft(uuid.uuid4(), move, a, b, n, on) for move, a, b, n in steps]
    funds.post(drafts, fund_id=campaign.fund_id, at=at, by=people["quy"])
    for thing, n, giver in (
        ("VND", 2_000_000, "Hoàng Thị Thảo"),
        ("builder-day", 40, "Tổ thợ mẫu"),
    ):
        actions.promise(
            campaign=campaign,
            commodity=thing,
            amount=n,
            at=at,
            fields={"giver": giver, "initials": True},
        )
