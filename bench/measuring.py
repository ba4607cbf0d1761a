"""What every measurement needs: a throw-away server with the product's own settings, fair timing, and a result file that
says on which machine and when."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
SMALL = os.environ.get("BENCH") == "small"
"""``BENCH=small``: a hundredth of the rows, to see in half a minute that a script still runs. Its figures are not kept."""


@contextmanager
def database() -> Iterator[Any]:
    """Run a throw-away PostgreSQL with the settings ``caunoi up`` uses (only the disk is not waited for), migrated."""
    from caunoi.kit import postgres

    with postgres.temporary({**postgres.FAST_AND_FORGETFUL, "max_wal_size": "4GB"}) as server:
        prepare(server)
        try:
            yield server
        finally:
            from django.db import connection

            connection.close()


def prepare(server: Any) -> None:
    """Make role and database, point Django at them, migrate."""
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

    call_command("migrate", verbosity=0)


def timed(ask: Callable[[], object], *, turns: int, warm: int = 1) -> list[float]:
    """Return how many milliseconds each turn took, after a few that do not count."""
    for _ in range(warm):
        ask()
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return times


def server_times(ask: Callable[[], object], *, turns: int) -> list[tuple[float, float | None]]:
    """Return of each turn the milliseconds that passed and those the processor worked, here and in our database session.

    On a machine that others use too the second says what the first cannot. None where the system does not count it.
    """
    session = _session()
    times = []
    for _ in range(turns):
        busy, at_work, began = _busy_ms(session), time.process_time(), time.perf_counter()
        ask()
        passed, worked = time.perf_counter() - began, time.process_time() - at_work
        there = _busy_ms(session)
        cpu = None if busy is None or there is None else 1000 * worked + there - busy
        times.append((1000 * passed, cpu))
    return times


def _session() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def _busy_ms(session: int) -> float | None:
    try:
        return int(Path(f"/proc/{session}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return None


def figures(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and worst of the times."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        "median_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(p95, 2),
        "worst_ms": round(ordered[-1], 2),
        "turns": len(ordered),
    }


def write(name: str, result: dict[str, Any]) -> None:
    """Print the result; keep it in bench/results unless this was a small run."""
    load = os.getloadavg()[0]
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}",
        **result,
    }
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    print(text)
    if not SMALL:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
