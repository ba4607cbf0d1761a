"""Who answers how fast, at a million cases: how long the nightly counting takes, and what a page costs on the server.

Writes bench/results/figures.json.
"""

import time
from typing import Any

from bench import cases_fill, measuring
from bench.cases_list import CASES, NOW, ON, SCALE, make_officers

COUNTING_AIM_S = 120
PAGE_AIM_MS = 100
TURNS = 5 if measuring.SMALL else 60


def main() -> None:
    with measuring.database():
        from caunoi.units import load

        load.load_demo(scale=SCALE)
        officers = make_officers()
        began = time.monotonic()
        cases_fill.fill(cases=CASES, on=ON, at=NOW, assignees=[a for a, _ in officers.values()])
        filled = round(time.monotonic() - began)
        print(f"filled in {filled} s")
        measuring.write("figures", _measure(officers) | {"filled_s": filled})


def _measure(officers: dict[str, tuple[int, Any]]) -> dict[str, Any]:
    from django.test import Client

    from caunoi.figures import actions
    from caunoi.figures.models import FiguresDay, FiguresPeriod
    from caunoi.units.models import Unit

    _write_steps()
    began = time.monotonic()
    units = actions.count(at=NOW)
    counting = round(time.monotonic() - began, 1)
    found: dict[str, Any] = {
        "cases": CASES + CASES // 20,
        "units_with_figures": units,
        "day_rows": FiguresDay.objects.count(),
        "period_rows": FiguresPeriod.objects.count(),
        "counting_s": counting,
        "counting_aim_s": COUNTING_AIM_S,
        "page_aim_ms": PAGE_AIM_MS,
    }
    client = Client(headers={"host": "127.0.0.1"})
    for who in ("province", "commune"):
        slug = Unit.objects.get(pk=officers[who][1].unit_id).slug
        for name, address in {
            "page": f"/don-vi/{slug}/tra-loi/",
            "year": f"/don-vi/{slug}/tra-loi/?ky=365",
            "csv": f"/don-vi/{slug}/tra-loi/so-lieu.csv",
            "home": f"/don-vi/{slug}/",
        }.items():
            figures = measuring.figures(
                measuring.timed(lambda a=address: _ask(client, a), turns=TURNS)
            )
            found[f"{who}_{name}"] = figures | {
                "of_limit": round(figures["p95_ms"] / PAGE_AIM_MS, 2)
            }
    return found


def _ask(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


def _write_steps() -> None:
    """Give every case two steps, as real ones have: opened, and taken in hand by somebody a day or three later."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM staff_account")
        by = cursor.fetchone()[0]
        for kind, who, later in (("opened", None, "0 hours"), ("topic", by, "30 hours")):
            cursor.execute(
                "INSERT INTO cases_step (case_id, kind, at, by_id, to_name, note)"
                " SELECT id, %s, opened_at + %s::interval, %s, '', '' FROM cases_case",
                [kind, later, who],
            )
        cursor.execute("ANALYZE cases_step")


if __name__ == "__main__":
    main()
