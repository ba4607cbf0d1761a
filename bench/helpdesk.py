"""Ours beside django-helpdesk: create by API, the open list, search, one ticket, each asked of the same number of rows on the same
PostgreSQL, one after the other in one run. Writes bench/results/helpdesk.json.

django-helpdesk is no dependency: it is fetched from the package index into an environment in a temporary folder, which is
deleted afterwards. Its list is asked as a browser asks it: the page, and the rows its script fetches.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import cases_fill, cases_list, measuring

ROWS = 1_000 if measuring.SMALL else 100_000
TURNS = 6 if measuring.SMALL else 60
SECONDS = 20
"""The longest one measurement may take, so that the whole run stays within five minutes."""
PEER = "django-helpdesk==2.6.1"
PARTS = ("create_api", "list_api", "list_page", "search", "open_page", "open_api")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-") as folder:
        python = peer_environment(Path(folder))
        with measuring.database() as server:
            ours, rows = measure_ours()
            theirs = measure_peer(python, server, Path(folder))
    peer_rows = theirs.pop("rows")
    measuring.write("helpdesk", compared(ours, theirs) | {"cases": rows, "tickets": peer_rows})


def peer_environment(folder: Path) -> Path:
    """Fetch the peer into an environment of its own. -> its Python. ``BENCH_PEER_PYTHON`` names one that is there already."""
    if there := os.environ.get("BENCH_PEER_PYTHON"):
        return Path(there)
    uv = Path(sys.executable).with_name("uv")
    python = folder / "env" / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder / "env"], check=True)
    wanted = [PEER, "django>=5.2,<5.3", "psycopg[binary]", "setuptools<81"]
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *wanted], check=True)
    return python


def measure_peer(python: Path, server: Any, folder: Path) -> dict[str, Any]:
    """Let the peer fill its own database on the same server and measure itself."""
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE helpdesk OWNER caunoi")
    script = str(Path(__file__).with_name("helpdesk_peer.py"))
    url = server.url("helpdesk", user="caunoi")
    asked = [str(python), "-P", "-W", "ignore", script, url, str(ROWS), str(TURNS), str(SECONDS)]
    clean = {
        k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "DJANGO_SETTINGS_MODULE"}
    }
    done = subprocess.run(
        asked,
        input=json.dumps(cases_fill._questions()["texts"]),
        capture_output=True,
        text=True,
        cwd=folder,
        env=clean,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the peer failed: {done.stderr[-1500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure_ours() -> tuple[dict[str, list[float]], int]:
    """Fill a province and ask as an officer of one of its communes' province. -> the times, and how many cases."""
    from caunoi.units import load

    load.load_demo(scale="province")
    officers = cases_list.make_officers()
    people = [pk for pk, _version in officers.values()]
    cases_fill.fill(cases=ROWS, on=cases_list.ON, at=cases_list.NOW, assignees=people)
    from caunoi.cases.models import Case

    cases_list.stand_as_the_server_does()
    account, version = officers["province"]
    return _ask(account, version), Case.objects.count()


def _ask(account_pk: int, version: Any) -> dict[str, list[float]]:
    from django.conf import settings
    from django.test import Client

    from caunoi.cases.models import Case
    from caunoi.kit import keyring
    from caunoi.staff.models import Account

    settings.LIMITS_FACTOR = 0
    settings.ALLOWED_HOSTS = ["*"]
    keyring.add_key(Path(settings.CAUNOI_KEYRING_FILE))
    browser, program = (
        Client(),
        Client(headers={"Authorization": f"Bearer {_key(account_pk, version)}"}),
    )
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    browser.force_login(Account.objects.get(pk=account_pk), backend=backend)
    chance = random.Random(7)
    texts = cases_fill._questions()["texts"]
    numbers = list(
        Case.objects.filter(number__startswith="NA").values_list("number", flat=True)[:500]
    )
    slug = version.unit.slug

    def got(response: Any, code: int = 200) -> None:
        if response.status_code != code:
            raise SystemExit(f"{response.status_code}: {response.content[:400]!r}")

    def create() -> None:
        said = {"unit": slug, "text": chance.choice(texts)}
        got(program.post("/api/v1/cases", said, content_type="application/json"), 201)

    def search() -> None:
        word = chance.choice(["nước", "xóm 3", "hộ nghèo", "tổ 996"])
        got(program.get("/api/v1/cases", {"view": "todo", "q": word}))

    asked = {
        "create_api": create,
        "list_api": lambda: got(program.get("/api/v1/cases?view=todo")),
        "list_page": lambda: got(browser.get("/hop-thu/")),
        "search": search,
        "open_page": lambda: got(browser.get(f"/vu-viec/{chance.choice(numbers)}/")),
        "open_api": lambda: got(program.get(f"/api/v1/cases/{chance.choice(numbers)}")),
    }
    return {name: _timed(ask) for name, ask in asked.items()}


def _timed(ask: Any) -> list[float]:
    """As the peer times itself: until the turns or the seconds are used up."""
    ask()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < TURNS and (len(times) < 3 or time.perf_counter() - began < SECONDS):
        times += measuring.timed(ask, turns=1, warm=0)
    return times


def _key(account_pk: int, version: Any) -> str:
    from datetime import timedelta

    from caunoi.api import actions, queries
    from caunoi.api.terms import Scope
    from caunoi.kit import clock
    from caunoi.staff.models import Account

    at = clock.now()
    account = Account.objects.get(pk=account_pk)
    _row, words = actions.make_key(
        account=account,
        unit_id=version.unit_id,
        name="bench",
        scopes=[Scope.CASES_READ, Scope.CASES_WRITE],
        ends_on=clock.local_date(at) + timedelta(days=30),
        by=queries.person_of(account=account, on=clock.local_date(at)),
        at=at,
    )
    return words


def compared(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> dict[str, Any]:
    """Return both figures of each part, and how many times as long the peer takes."""
    found: dict[str, Any] = {"peer": PEER, "parts": {}}
    for part in PARTS:
        a, b = measuring.figures(ours[part]), measuring.figures(theirs[part])
        ratios = {f"ratio_{k}": round(b[f"{k}_ms"] / a[f"{k}_ms"], 1) for k in ("median", "p95")}
        found["parts"][part] = {"ours": a, "peer": b, **ratios}
    return found


if __name__ == "__main__":
    main()
