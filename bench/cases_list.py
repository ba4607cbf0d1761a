"""The inbox over 1,000,000 cases and the national unit tree: its real queries, timed as a commune officer and a province
officer ask them, on a throw-away server. Writes bench/results/cases_list.json."""

import csv
import json
import os
import platform
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
CASES = int(os.environ.get("BENCH_CASES", "1000000"))
SCALE = os.environ.get("BENCH_SCALE", "national")
HOME_SHARE = 0.4
"""The measured province holds this part of all cases; the rest is spread over the other communes."""
SERVER = {"shared_buffers": "512MB", "maintenance_work_mem": "1GB", "max_wal_size": "4GB"}
TURNS = 7
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
STATES = (
    ("open", 2),
    ("referred", 1),
    ("drafted", 1),
    ("submitted", 1),
    ("answered", 45),
    ("closed", 50),
)
COLUMNS = (
    "id, number, follow_code, origin, origin_ref, owner_id, opened_unit_id, state, sensitive, is_public, title, text, topic, place,"
    " asker_name, assignee_id, opened_at, due_at, answered_at"
)
AIM_MS = {"commune": 20, "province": 200}


def main() -> None:
    from caunoi.kit import postgres

    with postgres.temporary({**postgres.FAST_AND_FORGETFUL, **SERVER}) as server:
        _prepare(server)
        began = time.monotonic()
        officers = _fill()
        filled = round(time.monotonic() - began, 1)
        print(f"filled in {filled} s")
        figures = {who: _measure(viewer) for who, viewer in officers.items()}
        _write(figures, filled)
        from django.db import connection

        connection.close()


def _prepare(server) -> None:
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE caunoi LOGIN CREATEDB")
        admin.execute("CREATE DATABASE bench OWNER caunoi")
    os.environ |= {
        "DATABASE_URL": server.url("bench", user="caunoi"),
        "BENCH_OWNER_URL": server.url("bench"),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from caunoi.units import load

    call_command("migrate", verbosity=0)
    load.load_demo(scale=SCALE)


def _fill() -> dict[str, object]:

    from caunoi.staff.terms import Role
    from caunoi.units.models import UnitVersion

    living = UnitVersion.objects.filter(valid__contains=ON, level="commune").values_list(
        "unit_id", "path"
    )
    province = UnitVersion.objects.get(valid__contains=ON, level="province", code="40")
    at_home = [u for u, path in living if str(path).startswith(f"{province.path}.")]
    elsewhere = [
        u for u, path in living if not str(path).startswith(f"{province.path}.")
    ] or at_home
    commune = UnitVersion.objects.get(unit_id=at_home[0], valid__contains=ON)
    officers = {
        "commune": _officer("commune", commune, Role.CASE_OFFICER),
        "province": _officer("province", province, Role.CASE_OFFICER),
    }
    _copy(_rows(at_home, elsewhere, officers["commune"].account_id))
    return officers


def _copy(rows: Iterator[tuple]) -> None:
    """Write the rows first and build the secondary indexes afterwards; the server's owner need not check each row's keys again."""
    import psycopg
    from django.db import connection

    from caunoi.cases.models import Case

    indexes = list(Case._meta.indexes)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.remove_index(Case, index)
    with psycopg.connect(os.environ["BENCH_OWNER_URL"]) as owner:
        owner.execute("SET session_replication_role = replica")
        with owner.cursor().copy(f"COPY cases_case ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.add_index(Case, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case")


def _officer(word: str, version, role):
    from django.db.backends.postgresql.psycopg_any import DateRange

    from caunoi.staff import queries
    from caunoi.staff.models import Account, RoleGrant

    account = Account.objects.create(email=f"{word}@caunoi.example", full_name=f"Cán bộ {word}")
    RoleGrant.objects.create(
        account=account, unit_id=version.unit_id, role=role, valid=DateRange(date(2020, 1, 1), None)
    )
    return queries.viewer_for(account=account, on=ON, has_second_factor=True)


def _rows(at_home: list, elsewhere: list, assignee: int) -> Iterator[tuple]:
    dice = random.Random(1)
    with (ROOT / "tests" / "chaos" / "questions.csv").open(encoding="utf-8") as lines:
        questions = [(q["topic"], q["text"]) for q in csv.DictReader(lines)]
    states, weights = zip(*STATES, strict=True)
    for serial in range(CASES):
        home = dice.random() < HOME_SHARE
        unit = dice.choice(at_home if home else elsewhere)
        state = dice.choices(states, weights)[0]
        topic, text = dice.choice(questions)
        finished = state in {"answered", "closed"}
        opened = NOW - timedelta(minutes=dice.randrange(60, 60 * 24 * (730 if finished else 25)))
        yield (
            uuid.UUID(int=dice.getrandbits(128)), f"{'NA' if home else 'VN'}-2026-{serial:06d}", "ABCDEFGH",
            dice.choice(["comment", "private_message", "web_form", "walk_in"]), f"bench:{serial}", unit, unit, state, "",
            True, text[:150], f"{text} Nhà tôi ở xóm {serial % 28}, tổ {serial % 997}.", topic, "", "",
            assignee if unit == at_home[0] and serial % 3 == 0 else None, opened, opened + timedelta(days=15),
            opened + timedelta(days=3) if finished else None,
        )  # fmt: skip


def _measure(viewer) -> dict[str, dict[str, float]]:
    from caunoi.cases import queries

    def page(**chosen: str) -> Callable[[], int]:
        """Do what the inbox page does: count the view, read one page of fifty."""
        turn = int(chosen.pop("page", "0"))

        def ask() -> int:
            found = queries.inbox(viewer, filters=queries.Filters(**chosen), at=NOW, on=ON)
            rows = list(found.select_related("assignee")[turn * 50 : turn * 50 + 50])
            return found.count() if rows else 0

        return ask

    doors: dict[str, Callable[[], object]] = {
        "to_answer": page(view="todo"),
        "overdue": page(view="overdue"),
        "mine": page(view="mine"),
        "all_newest": page(view="all"),
        "all_page_20": page(view="all", page="19"),
        "search_two_words": page(view="all", text="dot nat"),
        "search_rare": page(view="all", text="tổ 996 nhà tạm"),
        "search_number": page(view="all", text=f"NA-2026-{CASES // 2:06d}"),
        "search_to_answer": page(view="todo", text="nước sạch"),
        "counts": lambda: queries.counts(viewer, at=NOW, on=ON),
        "most_urgent": lambda: queries.most_urgent(viewer, on=ON),
    }
    return {name: _time(ask) for name, ask in doors.items()}


def _time(ask: Callable[[], object]) -> dict[str, float]:
    found = ask()
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    figures = {"median_ms": round(statistics.median(times), 1), "worst_ms": round(max(times), 1)}
    return figures | ({"rows": found} if isinstance(found, int) else {})


def _write(figures: dict[str, dict[str, dict[str, float]]], filled: float) -> None:
    from caunoi.units.models import UnitVersion

    slow = {
        f"{who}: {name}": f["median_ms"]
        for who, doors in figures.items()
        for name, f in doors.items()
        if f["median_ms"] > AIM_MS[who]
    }
    result = {
        "at": datetime.now(UTC).isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "cases": CASES,
        "units_today": UnitVersion.objects.filter(valid__contains=ON).count(),
        "filled_in_seconds": filled,
        **figures,
        "aim_median_ms": AIM_MS,
        "above_aim": slow,
    }
    out = ROOT / "bench" / "results" / "cases_list.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
