"""The proof board of one notice for 1 + 21 + 460 + 3,804 units: whole pages on the server, for the province and for one commune.

Writes bench/results/proof_board.json.
"""

import statistics
from datetime import UTC, date, datetime
from typing import Any

from bench import measuring

ON = date(2024, 6, 3)
AT = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
PAGE_AIM_MS = 300
TURNS = 3 if measuring.SMALL else 40


def main() -> None:
    with measuring.database():
        from caunoi.units import load

        load.load_demo(scale="small")
        measuring.write("proof_board", _measure())


def _measure() -> dict[str, Any]:
    from django.db import connection

    from caunoi.receipts.tests.ground import make_notice, spread
    from caunoi.staff.terms import Role
    from caunoi.staff.tests.factories import client_for, make_staff
    from caunoi.units import queries as units
    from caunoi.units.models import Unit
    from caunoi.units.terms import Level

    province = units.by_code(code="40", level=Level.PROVINCE, on=ON)
    if province is None:
        raise AssertionError("no province 40")
    unit = Unit.objects.get(pk=province.id)
    chi = make_staff(name="Hoàng Thị Chi", unit_id=unit.pk, role=Role.APPROVER)
    notice = make_notice(unit=unit, by=chi, at=AT)
    found: dict[str, Any] = spread(notice=notice, on=ON, at=AT, by=chi)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    commune = units.subtree(unit_id=unit.pk, on=ON, level=Level.COMMUNE).first()
    district = units.subtree(unit_id=unit.pk, on=ON, level=Level.DISTRICT).first()
    board = f"/quan-tri/thong-bao/{notice.number}/ket-qua/"
    client = client_for(chi)
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    for name, address in {
        "province": board,
        "district": f"{board}?don-vi={district.unit.slug if district else ''}",
        "commune": f"{board}?don-vi={commune.unit.slug if commune else ''}",
        "by_channel": f"{board}kenh/",
        "silent": f"{board}im-lang/",
        "silent_page_40": f"{board}im-lang/?page=40",
        "sheet": f"{board}?xlsx=1",
    }.items():
        _ask(client, address)
        both = measuring.server_times(lambda a=address: _ask(client, a), turns=TURNS)  # type: ignore[misc]
        times = measuring.figures([passed for passed, _cpu in both])
        worked = [cpu for _passed, cpu in both if cpu is not None]
        found[name] = times | {
            "cpu_median_ms": round(statistics.median(worked), 1) if worked else None,
            "of_limit": round(times["p95_ms"] / PAGE_AIM_MS, 2),
        }
    return found | {"page_aim_ms": PAGE_AIM_MS}


def _ask(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


if __name__ == "__main__":
    main()
