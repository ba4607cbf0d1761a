"""Webhook intake (signature checked, durable, deduplicated, its work queued) beside a bare WSGI function that does one
single-row INSERT: same server, same database, same run, turns taken. Then the work behind it, by the worker's own step:
a backlog of ten minutes is read by one reader and by two (threads of one process, as in the worker), questions into cases
and the rest into threads; and a cry for help behind 20,000 greetings becomes a case. Answers are queued, not sent, so no
echoes come back. Writes bench/results/intake.json; `python bench/intake.py behind` measures the second part alone."""

import hashlib
import hmac
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SECRET, APP = "bench-secret", "4560001"
CLIENTS, SECONDS, ROUNDS = 16, 4, 2
READ_SECONDS = 25
BACKLOG = 10_000 // 6
"""What comes in within ten minutes under a post with 10,000 comments an hour."""
FLOOD = 20_000
"""So many greetings wait when somebody cries for help."""
QUESTION_EVERY = 5
"""One comment in five is a question; a friend's name, another fifth, is in doubt taken for one too; the rest is greetings."""
BEHIND_ONLY = "behind"
"""As an argument: only the work behind is measured, and the door's figures stay as they are."""
CRY = "Lũ về, nhà tôi sập rồi, cứu với!"
TARGETS = {"bare": "bench.bare_insert:application", "intake": "config.wsgi:application"}


def main() -> None:
    load = round(os.getloadavg()[0], 1)
    home = Path(tempfile.mkdtemp(prefix="caunoi-bench-"))
    home.chmod(0o711)
    os.environ |= {"CAUNOI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"}
    from caunoi.cli import home as own

    own.prepare_secrets(home)
    server = own.server(home)
    server.start()
    try:
        own.prepare_database(server)
        _prepare()
        figures = {name: [] for name in TARGETS}
        for turn in range(0 if BEHIND_ONLY in sys.argv else ROUNDS):
            for name, target in TARGETS.items():
                figures[name].append(_measure(target, turn))
        _write(figures, behind=_read_behind(), load=load)
    finally:
        own.close_connections()
        server.stop()


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from caunoi.channels import actions
    from caunoi.kit import clock

    call_command("migrate", verbosity=0)
    actions.register_app(
        connector_key="facebook_page",
        app_id=APP,
        secrets={"app_secret": SECRET},
        by=None,
        at=clock.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_bare (id bigserial PRIMARY KEY, body bytea NOT NULL, at timestamptz DEFAULT now())"
        )


def _measure(target: str, turn: int) -> dict[str, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
    ]
    command = [sys.executable, "-m", "granian", *words, "--no-ws", target]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        return _load(port, f"{turn}-{target}")
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            _post(HTTPConnection("127.0.0.1", port, timeout=5), b"{}")
        except OSError:
            time.sleep(0.2)
        else:
            return


def _post(connection: HTTPConnection, body: bytes) -> int:
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={mac}", "Content-Type": "application/json"}
    connection.request("POST", f"/hooks/facebook_page/{APP}/", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _load(port: int, salt: str) -> dict[str, float]:
    times: list[float] = []
    wrong: list[int] = []
    stop = time.monotonic() + SECONDS

    def client(number: int) -> None:
        connection, count = HTTPConnection("127.0.0.1", port, timeout=10), 0
        while time.monotonic() < stop:
            count += 1
            began = time.perf_counter()
            status = _post(connection, _body(f"{salt}-{number}-{count}"))
            times.append(time.perf_counter() - began)
            if status != 200:
                wrong.append(status)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(times)
    return {
        "per_second": round(len(times) / SECONDS, 1),
        "p50_ms": round(1000 * ordered[len(ordered) // 2], 2),
        "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 2),
        "not_200": len(wrong),
    }


def _read_behind() -> dict[str, object]:
    """Let readers work through what waits. -> rows and cases a second with one and two, and how long a cry for help waits."""
    from caunoi.inbox.models import RawDelivery

    RawDelivery.objects.all().delete()
    _open_a_page()
    _fill([(f"warm_{n}", _words(n)) for n in range(20)])
    _read(1, lambda: False)
    with_readers = {}
    for readers in (1, 2):
        first = _fill([(f"{readers}_{n}", _words(n)) for n in range(BACKLOG)])
        with_readers[f"readers_{readers}"] = _one_backlog(readers, first)
    return {
        "aim": {"rows_per_second": 150, "cases_per_second": 60, "readers": 1},
        "backlog": f"{BACKLOG} comments: ten minutes of a post with 10,000 an hour",
        **with_readers,
        "cry_behind_a_flood": _cry_behind_a_flood(),
    }


def _open_a_page() -> None:
    from caunoi.channels import actions
    from caunoi.channels.models import ProviderApp
    from caunoi.kit import clock
    from caunoi.units import load
    from caunoi.units.models import UnitVersion

    load.load_demo(scale="province")
    today = clock.local_date(clock.now())
    commune = UnitVersion.objects.filter(level="commune", valid__contains=today).first()
    assert commune is not None
    actions.register_channel(
        unit_id=commune.unit_id,
        connector_key="facebook_page",
        external_id="1",
        name="Trang đo",
        app=ProviderApp.objects.get(app_id=APP),
        secrets={"access_token": "x"},
        by=None,
        at=clock.now(),
    )


def _fill(comments: list[tuple[str, str]]) -> int:
    """Store these as the door does (which is measured above), many at once. -> the first row's number"""
    from caunoi.inbox.models import RawDelivery
    from caunoi.kit import clock

    bodies = [_body(f"1_{mark}", text, sender=mark) for mark, text in comments]
    rows = RawDelivery.objects.bulk_create(
        [
            RawDelivery(
                connector_key="facebook_page",
                app_id=APP,
                body_sha256=hashlib.sha256(body).digest(),
                headers={},
                body=body,
                received_at=clock.now(),
            )
            for body in bodies
        ],
        batch_size=1_000,
    )
    return rows[0].pk


def _read(readers: int, is_enough: Callable[[], bool]) -> float:
    """Let so many readers work until nothing waits, it is enough, or the time is over. -> seconds"""
    from django.db import connection

    from caunoi.journeys import work
    from caunoi.kit import clock

    began = time.monotonic()

    def read(name: str) -> None:
        try:
            while time.monotonic() - began < READ_SECONDS and not is_enough():
                if not work.work_inbox_once(worker=name, at=clock.now()):
                    break
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(f"bench-{n}",)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def _one_backlog(readers: int, first: int) -> dict[str, float]:
    from caunoi.cases.models import Case
    from caunoi.inbox.models import RawDelivery

    before = Case.objects.count()
    took = _read(readers, lambda: False)
    rows = RawDelivery.objects.filter(pk__gte=first)
    read, cases = rows.filter(state="done").count(), Case.objects.count() - before
    return {
        "rows_per_second": round(read / took, 1),
        "cases_per_second": round(cases / took, 1),
        "rows": read,
        "cases": cases,
        "left": rows.exclude(state="done").count(),
        "read_in_seconds": round(took, 1),
    }


def _cry_behind_a_flood() -> dict[str, float]:
    from caunoi.duty.models import Alarm
    from caunoi.inbox.models import RawDelivery

    greetings = [(f"flood_{n}", "Chúc bà con mạnh khoẻ") for n in range(FLOOD)]
    greetings[FLOOD // 2] = ("cry", CRY)
    first = _fill(greetings)
    took = _read(2, Alarm.objects.exists)
    rows = RawDelivery.objects.filter(pk__gte=first)
    return {
        "waiting": FLOOD,
        "seconds_until_it_is_a_case_and_rings": round(took, 1),
        "rings": Alarm.objects.count(),
        "read_before": rows.filter(state="done").count(),
        "readers": 2,
    }


def _words(row: int) -> str:
    if row % QUESTION_EVERY:
        return ("Cảm ơn xã", "❤❤", "Chúc bà con mạnh khoẻ", "Nguyễn Văn A", ".")[row % 5]
    return f"Thưa xã, bao giờ thôn {row} có điện lại ạ? Nhà tôi mất điện {row % 9 + 1} ngày rồi."


def _body(mark: str, message: str = "Bao giờ có điện ạ?", sender: str = "7") -> bytes:
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": mark,
        "post_id": "1_1",
        "parent_id": "1_1",
        "from": {"id": sender, "name": "Người đo"},
        "message": message,
        "created_time": 1_790_000_000,
    }
    return json.dumps(
        {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": value}]}]}
    ).encode()


def _write(
    figures: dict[str, list[dict[str, float]]], *, behind: dict[str, object], load: float
) -> None:
    out = ROOT / "bench" / "results" / "intake.json"
    measured = BEHIND_ONLY not in sys.argv
    result = _door(figures) if measured else json.loads(out.read_text(encoding="utf-8"))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    result["work_behind"] = {"at": now, "load_before": load, **behind}
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _door(figures: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    middle = {
        n: {k: statistics.median(r[k] for r in rows) for k in rows[0]}
        for n, rows in figures.items()
    }
    return {
        "at": datetime.now(UTC).isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "clients": CLIENTS,
        **middle,
        "throughput_ratio": round(middle["intake"]["per_second"] / middle["bare"]["per_second"], 3),
        "p99_ratio": round(middle["intake"]["p99_ms"] / middle["bare"]["p99_ms"], 3),
        "aim": {"throughput_ratio": 0.5, "p99_ratio": 2.0},
    }


if __name__ == "__main__":
    main()
