"""Sample public works: a road and a house of culture of the sample commune, with what people gave. Names are invented."""

from datetime import datetime, timedelta
from typing import Any

WORKS = (
    {
        "code": "duong-xom-1",
        "kind": "road",
        "name": "Đường bê tông xóm 1",
        "purpose": "Mở rộng lên 5 mét, học sinh và xe cứu thương đi được cả mùa mưa.",
        "plan": "Nhà nước hỗ trợ xi măng, bà con hiến đất và góp ngày công. Làm từng đoạn, xong trước Tết.",
        "estimate": 420_000_000,
    },
    {
        "code": "nha-van-hoa-2",
        "kind": "culture",
        "name": "Nhà văn hoá xóm 2",
        "purpose": "Thay nhà cũ dột nát, đủ chỗ họp cho 120 hộ.",
        "plan": "",
        "estimate": 650_000_000,
    },
)
GIFTS = (
    *(("Lương Thị Xoan", "m2", 120, "agricultural"), ("Vi Văn Khăm", "m2", 45, "residential")),
    *(("Lô Thị Mai", "VND", 2_000_000, ""), ("Cụt Văn Thái", "VND", 500_000, "")),
    *(("Chi hội Phụ nữ xóm 1", "labour-day", 36, ""), ("Hờ Bá Dềnh", "labour-day", 8, "")),
)


def load_works(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Begin both works and write down what was given to the road; one mistake is taken back."""
    from caunoi.kit import clock
    from caunoi.works import actions
    from caunoi.works.terms import Land, Row

    start = clock.local_date(at - timedelta(days=40))
    binh = people["binh"]
    road, _culture = (
        actions.begin(
            unit_id=places["village"].id,
            fields=fields | {"starts_on": start, "ends_on": None},
            by=binh,
            at=at - timedelta(days=40),
        )
        for fields in WORKS
    )
    rows = [
        Row(n, giver, thing, amount, land, start + timedelta(days=3 * n), initials=n == 4)
        for n, (giver, thing, amount, land) in enumerate(GIFTS, 1)
    ]
    given = actions.give(project=road, rows=rows, by=binh, at=at)
    (twice,) = actions.give(project=road, rows=[rows[2]], by=binh, at=at)
    actions.take_back(contribution=twice, because="Ghi trùng", by=binh, at=at)
    for land, agreed, cleared in ((Land.AGRICULTURAL, 820, 820), (Land.RESIDENTIAL, 140, 45)):
        actions.clear(
            project=road, land=land, agreed=agreed, cleared=cleared, on=given[0].on, by=binh, at=at
        )
