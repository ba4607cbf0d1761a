"""Webhook intake (signature checked, durable, deduplicated, its work queued) beside a bare WSGI function that does one
single-row INSERT: same server, same database, same run, turns taken. Then the work behind it: what came in is read by
the worker's own step, questions into cases and the rest (short words, edits, repeats) into threads.
Writes bench/results/intake.json."""

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
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SECRET, APP = "bench-secret", "4560001"
CLIENTS, SECONDS, ROUNDS = 16, 4, 2
READ_SECONDS, READ_ROWS = 20, 3000
QUESTION_EVERY = 5
"""One comment in five is a question; under a page's post most words are greetings, thanks and names of friends."""
TARGETS = {"bare": "bench.bare_insert:application", "intake": "config.wsgi:application"}


def main() -> None:
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
        for turn in range(ROUNDS):
            for name, target in TARGETS.items():
                figures[name].append(_measure(target, turn))
        _write(figures, behind=_read_behind())
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
    deadline = time.monotonic() + 30
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


def _read_behind() -> dict[str, float]:
    """Let the worker read fresh deliveries for a while. -> rows a second, and how many of them became cases."""
    from caunoi.cases.models import Case
    from caunoi.channels import actions
    from caunoi.channels.models import ProviderApp
    from caunoi.inbox import intake
    from caunoi.inbox.models import RawDelivery
    from caunoi.journeys import work
    from caunoi.kit import clock
    from caunoi.units import load
    from caunoi.units.models import UnitVersion

    RawDelivery.objects.all().delete()
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
    for row in range(READ_ROWS):
        body = _body(f"1_{row}", _words(row), sender=str(row))
        mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        intake.receive(
            connector_key="facebook_page",
            app_id=APP,
            headers={"x-hub-signature-256": f"sha256={mac}"},
            body=body,
            at=clock.now(),
        )
    began, read = time.monotonic(), 0
    while time.monotonic() - began < READ_SECONDS:
        step = work.work_inbox_once(worker="bench", at=clock.now())
        if not step:
            break
        read += step
    took = time.monotonic() - began
    return {
        "rows_per_second": round(read / took, 1),
        "cases_per_second": round(Case.objects.count() / took, 1),
        "rows": read,
        "cases": Case.objects.count(),
        "not_read": RawDelivery.objects.filter(state="failed").count(),
        "workers": 1,
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


def _write(figures: dict[str, list[dict[str, float]]], *, behind: dict[str, float]) -> None:
    middle = {
        n: {k: statistics.median(r[k] for r in rows) for k in rows[0]}
        for n, rows in figures.items()
    }
    result = {
        "at": datetime.now(UTC).isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "clients": CLIENTS,
        **middle,
        "throughput_ratio": round(middle["intake"]["per_second"] / middle["bare"]["per_second"], 3),
        "p99_ratio": round(middle["intake"]["p99_ms"] / middle["bare"]["p99_ms"], 3),
        "aim": {"throughput_ratio": 0.5, "p99_ratio": 2.0},
        "work_behind": behind,
    }
    out = ROOT / "bench" / "results" / "intake.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
