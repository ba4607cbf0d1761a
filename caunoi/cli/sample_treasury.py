"""Sample books: a fund for the poor with vouchers in every state, one thing that looks wrong, and a published root. Names are invented."""

import uuid
from datetime import datetime, timedelta
from typing import Any

FEE = {"partner": "Ngân hàng", "reason": "Phí chuyển khoản", "reference": "FT26335001"}
NAME = "Quỹ Vì người nghèo tỉnh Nghệ An"
GIFTS = (
    ("Nguyễn Thị Lành", 1_250_000),
    ("Công ty Ví Dụ", 150_000_000),
    ("Lớp 9A Trường THCS Mẫu", 3_680_000),
    ("Vi Văn Khăm", 200_000),
)


def load_treasury(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Take money in, allocate it to the sample commune, hand some over, leave a large sum waiting for the second person."""
    from caunoi.funds import actions as funds
    from caunoi.kit import clock
    from caunoi.treasury import actions

    unit, before = places["nghe_an"], at - timedelta(days=6)
    on = clock.local_date(before)
    funds.know_common_commodities()
    fund = funds.open_fund(
        unit_id=unit.id, name=NAME, on=on.replace(month=1, day=1), at=before, by=people["phuc"]
    )
    village = {"place_id": places["bich_hao"].id}
    for giver, amount in GIFTS:
        _write(
            fund,
            "take_in",
            amount,
            people,
            before,
            {"partner": giver, "reason": "Ủng hộ Quỹ Vì người nghèo"},
        )
    large = _write(
        fund,
        "allocate",
        60_000_000,
        people,
        before,
        {"reason": "Làm mới một nhà ở xã Bích Hào"},
        **village,
    )
    actions.approve(voucher=large, by=people["phuc"], at=before + timedelta(hours=2))
    handed = {
        "partner": "Mặt trận xã Bích Hào",
        "recipient": "Lương Thị Xoan",
        "witness": "Phan Văn Đức",
        "reason": "Đợt 1: làm móng",
    }
    _write(fund, "hand_over", 18_000_000, people, before + timedelta(days=1), handed, **village)
    _write(fund, "fee", 11_000, people, before + timedelta(days=1), FEE)
    funds.publish_root(fund_id=fund.pk, day=on + timedelta(days=1), at=before + timedelta(days=2))
    _write(
        fund, "allocate", 45_000_000, people, at, {"reason": "Sửa ba nhà ở xã Bích Hào"}, **village
    )
    actions.declare(
        fund=fund,
        on=clock.local_date(at),
        cash=5_130_000,
        bank=131_989_000,
        note="Kiểm quỹ cuối ngày",
        by=people["quy"],
        at=at,
    )


def _write(
    fund: Any,
    kind: str,
    amount: int,
    people: dict[str, Any],
    at: datetime,
    words: dict[str, str],
    **more: Any,
) -> Any:
    from caunoi.kit import clock
    from caunoi.treasury import actions
    from caunoi.treasury.terms import Kind

    return actions.prepare(
        key=uuid.uuid4(),
        fund=fund,
        kind=Kind(kind),
        amount=amount,
        on=clock.local_date(at),
        by=people["quy"],
        at=at,
        words=words,
        **more,
    )
