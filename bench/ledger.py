"""The open ledger: a bank's file of a million lines brought in, postings under all constraints, and one transfer found among three million.

Three parts, each beside something that does the same with less:

``import``    a CSV of a bank read, matched, masked, posted, indexed and under a published root, as a ratio to COPY of the same file
``postings``  rows posted with every constraint, as a ratio to bare inserts of the same rows; django-hordak posts the same transfers
              on the same server. It is no dependency: it is fetched into an environment in a temporary folder that is deleted
              afterwards (``BENCH_PEER_PYTHON`` names one that is there; ``BENCH_PEER=no`` leaves it out)
``find``      "find my transfer": by code, and by fragments of text that are common, rare, long, short and not there

Writes bench/results/ledger.json. ``BENCH=small`` takes a hundredth; ``BENCH_LINES`` and ``BENCH_FIND`` set other numbers.
"""

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import measuring

LINES = int(os.environ.get("BENCH_LINES", "10000" if measuring.SMALL else "1000000"))
FIND = int(os.environ.get("BENCH_FIND", "30000" if measuring.SMALL else "3000000"))
POSTINGS = int(os.environ.get("BENCH_POSTINGS", "2000" if measuring.SMALL else "50000"))
PEER_POSTINGS = min(POSTINGS, 200 if measuring.SMALL else 5_000)
TURNS = 40 if measuring.SMALL else 400
CODE_AIM_MS, TEXT_AIM_MS = 20, 100
PEER = "django-hordak==2.0.0"
NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
FIRST = date(2026, 9, 10)
HEADER = ("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Mô tả", "Tên tài khoản đối ứng", "Tài khoản đối ứng")  # fmt: skip
SURNAMES = (
    ("NGUYEN", 38), ("TRAN", 12), ("LE", 10), ("PHAM", 7), ("HOANG", 5), ("PHAN", 5), ("VU", 4), ("DANG", 2), ("BUI", 2), ("DO", 2),
    ("HO", 1), ("NGO", 1), ("DUONG", 1), ("LY", 1), ("GIANG", 1), ("VI", 1),
)  # fmt: skip
MIDDLE = ("THI", "VAN", "DUC", "NGOC", "THANH", "MINH", "HUU", "XUAN", "QUANG", "THU")
GIVEN = (
    "AN", "ANH", "BINH", "CHI", "CUONG", "DUNG", "DUONG", "GIANG", "HA", "HAI", "HANH", "HIEN", "HIEU", "HOA", "HOAN", "HONG", "HUNG",
    "HUONG", "HUY", "KHANH", "LAN", "LINH", "LOAN", "LONG", "MAI", "MINH", "NAM", "NGA", "NGAN", "NHUNG", "OANH", "PHONG", "PHUC", "PHUONG",
    "QUAN", "QUYEN", "SON", "TAM", "THAO", "THUY", "TIEN", "TRANG", "TU", "TUAN", "TUNG", "UYEN", "VAN", "VINH", "XUAN", "YEN",
)  # fmt: skip
SAID = (
    "ung ho dong bao bao lu", "ung ho dong bao bi lu quet", "gop chut tam long", "chuyen tien ung ho", "CHUC BA CON BINH AN",
    "ung ho mien Bac", "ủng hộ đồng bào", "giup do ba con vung lu", "lop 5A truong Tien Thanh ung ho", "gia dinh ung ho",
)  # fmt: skip
AMOUNTS = (10_000, 20_000, 50_000, 50_000, 100_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000)  # fmt: skip


def main() -> None:
    with measuring.database() as server:
        ground = Ground()
        result: dict[str, Any] = {"import": measure_import(ground)}
        result["postings"] = measure_postings(ground, server)
        result["find"] = measure_find(ground)
    measuring.write("ledger", result)


# -- a campaign and a bank's file ----------------------------------------------


class Ground:
    """A campaign with its account and its code."""

    def __init__(self) -> None:
        from django.conf import settings

        from caunoi.campaigns import actions as campaigns
        from caunoi.kit import keyring
        from caunoi.staff.terms import Role
        from caunoi.staff.tests.factories import make_staff
        from caunoi.statements import actions
        from caunoi.units.tests.factories import small_tree

        settings.LIMITS_FACTOR = 0
        settings.ALLOWED_HOSTS = ["*"]
        keyring.add_key(Path(settings.CAUNOI_KEYRING_FILE))
        unit = small_tree()["nghe_an"]
        writer = make_staff(name="Hồ Thị Hạnh", unit_id=unit.pk, role=Role.EDITOR)
        approver = make_staff(name="Lê Văn Phúc", unit_id=unit.pk, role=Role.APPROVER)
        self.by = make_staff(name="Đặng Thị Quý", unit_id=unit.pk, role=Role.TREASURER)
        fields = {
            "slug": "lu-quet", "kind": "relief", "title": "Chung tay sau lũ quét", "purpose": "x", "legal_basis": "x",
            "launched_by": "x", "starts_on": FIRST, "ends_on": date(2026, 12, 5), "area_id": unit.pk,
        }  # fmt: skip
        draft = campaigns.write(unit_id=unit.pk, fields=fields, by=writer, at=NOW)
        campaigns.submit(campaign=draft, by=writer, at=NOW)
        self.campaign = campaigns.approve(campaign=draft, by=approver, at=NOW)
        self.codes = [campaigns.give_code(campaign=self.campaign).text]
        self.codes += [
            campaigns.give_code(campaign=self.campaign, purpose=f"viec-{n}").text
            for n in range(200)
        ]
        self.account = actions.open_account(
            campaign=self.campaign, bank="970436", number="0011", sole=False, by=self.by, at=NOW
        )


def written(ground: Ground, n: int, *, seed: int) -> bytes:
    """Return a bank's CSV of so many lines, half of them with a code, spread over eighty days, with its running balance."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    balance = 0
    for row in lines(ground, n, seed=seed):
        balance += row[3]
        writer.writerow((*row[:2], "", f"{row[3]:,}".replace(",", "."), balance, *row[4:]))
    return out.getvalue().encode()


def lines(ground: Ground, n: int, *, seed: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(seed)
    surnames = [s for s, weight in SURNAMES for _ in range(weight)]
    for i in range(n):
        day = FIRST + timedelta(days=80 * i // n)
        name = f"{chance.choice(surnames)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        said = chance.choice(SAID)
        memo = (
            f"{name} {said}"
            if chance.random() < 0.6
            else f"MBVCB.{chance.randrange(10**10)}.{said}"
        )
        if chance.random() < 0.5:
            code = ground.codes[0] if chance.random() < 0.7 else chance.choice(ground.codes)
            memo = f"{memo} {code}"
        reference = f"FT{seed}{i:08}"
        yield f"{day:%d/%m/%Y}", reference, "", chance.choice(AMOUNTS), memo, name, str(chance.randrange(10**12))  # fmt: skip


# -- importing -----------------------------------------------------------------


def measure_import(ground: Ground) -> dict[str, Any]:
    """Bring a file in from its bytes to the published root, and COPY the same file into a bare table."""
    from django.db import connection

    from caunoi.funds import actions as funds
    from caunoi.funds import queries as books
    from caunoi.statements import actions, running
    from caunoi.statements.models import BankLine

    body = written(ground, LINES, seed=1)
    bare = timed(lambda: _copy_bare(body))
    made, took = None, {}
    began = time.perf_counter()
    made = actions.take_in(account=ground.account, name="a.csv", body=body, by=ground.by, at=NOW)
    columns = actions.propose(made).columns
    actions.AT_ONCE = len(body)
    took["looked_at_s"] = timed(lambda: actions.choose(file=made, columns=columns, month_first=False, by=ground.by, at=NOW))  # fmt: skip
    made = actions.start(file=made, by=ground.by, at=NOW)
    took["written_s"] = timed(lambda: running.run(file=made, at=NOW))
    took["root_s"] = timed(lambda: funds.publish_root(fund_id=ground.campaign.fund_id, day=NOW.date(), at=NOW))  # fmt: skip
    whole = time.perf_counter() - began
    made.refresh_from_db()
    line = BankLine.objects.exclude(posting_id=None).order_by("?").first()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    from caunoi.statements import queries

    if (made.done, made.bad, made.state) != (LINES, 0, "done") or queries.proof_of(line=line) is None:  # fmt: skip
        raise SystemExit(f"not all lines are in: {made.done} {made.bad} {made.state}")
    if sum(b for a, b in books.balances(fund_id=ground.campaign.fund_id).items() if a.place in {"on_hand", "unmatched"}) != made.credits:  # fmt: skip
        raise SystemExit("the books do not add up to the file")
    return {
        "lines": LINES,
        "file_mb": round(len(body) / 1e6, 1),
        "bare_copy_s": round(bare, 2),
        "whole_s": round(whole, 1),
        **{k: round(v, 1) for k, v in took.items()},
        "lines_a_second": round(LINES / whole),
        "ratio_to_copy": round(whole / bare, 1),
    }


def _copy_bare(body: bytes) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (a text, b text, c text, d text, e text, f text, g text, h text)")  # fmt: skip
        with cursor.cursor.copy("COPY bench_bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            for at in range(0, len(body), 1 << 20):
                copy.write(body[at : at + (1 << 20)])
        cursor.execute("DROP TABLE bench_bare")


def timed(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


# -- posting -------------------------------------------------------------------


def measure_postings(ground: Ground, server: Any) -> dict[str, Any]:
    """Post the same receipts one by one, in thousands and by COPY; insert the same rows bare; let hordak post them."""
    from caunoi.funds import actions as funds

    fund = funds.open_fund(unit_id=ground.campaign.unit_id, name="bench", on=FIRST, at=NOW)

    def one_by_one() -> None:
        for draft in _drafts(PEER_POSTINGS):
            funds.post([draft], fund_id=fund.pk, at=NOW)

    def together(way: Any, size: int) -> Callable[[], None]:
        def run() -> None:
            drafts = _drafts(POSTINGS)
            for at in range(0, len(drafts), size):
                way(drafts[at : at + size], fund_id=fund.pk, at=NOW)

        return run

    single = PEER_POSTINGS / timed(one_by_one)
    thousands = POSTINGS / timed(together(funds.post, 1_000))
    copied = POSTINGS / timed(together(funds.post_many, 10_000))
    bare_many, bare_copy, bare_single = _bare(fund.pk)
    ours = {
        "one_by_one": round(single),
        "in_thousands": round(thousands),
        "post_many": round(copied),
        "bare_one_by_one": round(bare_single),
        "bare_in_thousands": round(bare_many),
        "bare_copy": round(bare_copy),
        "ratio_one_by_one": round(single / bare_single, 3),
        "ratio_in_thousands": round(thousands / bare_many, 3),
        "ratio_post_many": round(copied / bare_copy, 3),
    }
    return {"a_second": ours, "hordak": _peer(server, ours)}


def _drafts(n: int) -> list[Any]:
    from caunoi.funds.terms import Address, Draft, Move, Place

    ends = Address(Place.GIVERS, "VND"), Address(Place.ON_HAND, "VND")
    return [Draft(uuid.uuid4(), Move.RECEIVE, *ends, 50_000, FIRST) for _ in range(n)]


def _bare(fund_id: uuid.UUID) -> tuple[float, float, float]:
    """Insert the rows of those postings into a table of the same columns and a primary key, nothing else. -> rows a second."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM funds_posting WHERE fund_id = %s LIMIT %s", [fund_id, POSTINGS])  # fmt: skip
        rows = cursor.fetchall()
        alone = PEER_POSTINGS / _into_fresh(
            cursor, lambda: _one_by_one(cursor, rows[:PEER_POSTINGS])
        )
        thousands = len(rows) / _into_fresh(cursor, lambda: _thousands(cursor, rows))
        copied = len(rows) / _into_fresh(cursor, lambda: _copied(cursor, rows))
        cursor.execute("DROP TABLE bench_rows")
    return thousands, copied, alone


def _into_fresh(cursor: Any, deed: Callable[[], None]) -> float:
    cursor.execute("DROP TABLE IF EXISTS bench_rows")
    cursor.execute("CREATE TABLE bench_rows (LIKE funds_posting)")
    cursor.execute("ALTER TABLE bench_rows ADD PRIMARY KEY (id)")
    return timed(deed)


def _one_by_one(cursor: Any, rows: list[Any]) -> None:
    from django.db import transaction

    insert = f"INSERT INTO bench_rows VALUES ({','.join(['%s'] * len(rows[0]))})"
    for row in rows:
        with transaction.atomic():
            cursor.execute(insert, row)


def _thousands(cursor: Any, rows: list[Any]) -> None:
    marks = f"({','.join(['%s'] * len(rows[0]))})"
    for at in range(0, len(rows), 1_000):
        part = rows[at : at + 1_000]
        insert = f"INSERT INTO bench_rows VALUES {','.join([marks] * len(part))}"
        cursor.execute(insert, [v for row in part for v in row])


def _copied(cursor: Any, rows: list[Any]) -> None:
    from django.db import transaction

    for at in range(0, len(rows), 10_000):
        with transaction.atomic(), cursor.cursor.copy("COPY bench_rows FROM STDIN") as copy:
            for row in rows[at : at + 10_000]:
                copy.write_row(row)


def _peer(server: Any, ours: dict[str, Any]) -> dict[str, Any]:
    if os.environ.get("BENCH_PEER") == "no":
        return {"left_out": True}
    import psycopg

    with tempfile.TemporaryDirectory(prefix="hordak-") as folder:
        python = _peer_environment(Path(folder))
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE hordak OWNER caunoi")
        script = str(Path(__file__).with_name("ledger_peer.py"))
        asked = [str(python), "-P", "-W", "ignore", script, server.url("hordak", user="caunoi"), str(PEER_POSTINGS)]  # fmt: skip
        clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "DJANGO_SETTINGS_MODULE"}}  # fmt: skip
        done = subprocess.run(asked, capture_output=True, text=True, cwd=folder, env=clean, check=False)  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the peer failed: {done.stderr[-1500:]}")
    theirs = json.loads(done.stdout.splitlines()[-1])
    return theirs | {
        "times_as_many_one_by_one": round(ours["one_by_one"] / theirs["one_by_one"], 1),
        "times_as_many_at_best": round(ours["post_many"] / max(theirs["one_by_one"], theirs["in_bulk"]), 1),
    }  # fmt: skip


def _peer_environment(folder: Path) -> Path:
    if there := os.environ.get("BENCH_PEER_PYTHON"):
        return Path(there)
    uv = Path(sys.executable).with_name("uv")
    python = folder / "env" / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder / "env"], check=True)
    wanted = [PEER, "django>=5.2,<5.3", "psycopg[binary]", "setuptools<81"]
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *wanted], check=True)
    return python


# -- finding -------------------------------------------------------------------


def measure_find(ground: Ground) -> dict[str, Any]:
    """Fill up to FIND lines and look for transfers as givers do; each kind of question has its own figures."""
    from django.db import connection
    from django.test import Client

    from caunoi.statements import queries
    from caunoi.statements.models import BankLine
    from caunoi.statements.queries import Wanted

    _fill_up(ground)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE statements_bankline")
    chance = random.Random(5)
    rows = list(BankLine.objects.filter(pk__in=[chance.randrange(1, FIND) for _ in range(400)]).values_list("folded", "code", "amount", "on"))  # fmt: skip
    long = [_piece(chance, r[0], 14, 24) for r in rows]
    asked: dict[str, list[Wanted]] = {
        "code": [Wanted(code=r[1]) for r in rows if r[1] is not None],
        "amount_and_day": [Wanted(amount=r[2], first_on=r[3], last_on=r[3]) for r in rows],
        "text_as_said": [Wanted(text=w) for w in SAID],
        "text_name": [Wanted(text=f"{r[0][0]}. {chance.choice(MIDDLE)[0]}. {chance.choice(GIVEN)}") for r in rows],
        "text_long_piece": [Wanted(text=t) for t in long],
        "text_short_piece": [Wanted(text=_piece(chance, r[0], 4, 7)) for r in rows],
        "text_reference": [Wanted(text=r[0].split()[-1][:14]) for r in rows],
        "text_not_there": [Wanted(text=t) for t in ("khong co ai", "xyz xyz", "ho tro ban quyen", "zzz", "thi thi thi", "tran tran tran")],
        "text_and_day": [Wanted(text=_piece(chance, r[0], 6, 12), first_on=r[3], last_on=r[3]) for r in rows],
    }  # fmt: skip
    found: dict[str, Any] = {"lines": BankLine.objects.count()}
    every: list[float] = []
    for name, wanted in asked.items():
        turns = [wanted[n % len(wanted)] for n in range(TURNS)]
        queries.found(campaign_id=ground.campaign.pk, wanted=turns[0])
        times = [1000 * timed(lambda w=w: queries.found(campaign_id=ground.campaign.pk, wanted=w)) for w in turns]  # fmt: skip
        every += times if name.startswith("text") else []
        found[name] = _held(times, CODE_AIM_MS if name == "code" else TEXT_AIM_MS)
        print(name, found[name], flush=True)
    found["text_all"] = _held(every, TEXT_AIM_MS)
    client = Client(headers={"host": "127.0.0.1"})
    pages = [
        f"/sao-ke/lu-quet/?q={w.text}" for w in (*asked["text_as_said"], *asked["text_name"][:20])
    ]
    times = [1000 * timed(lambda a=a: client.get(a)) for a in pages]
    found["page"] = measuring.figures(times)
    return found


def _held(times: list[float], aim: int) -> dict[str, Any]:
    figures = measuring.figures(times)
    return figures | {"of_limit": round(figures["p95_ms"] / aim, 2)}


def _piece(chance: random.Random, text: str, least: int, most: int) -> str:
    """Cut a piece out of what a line says, as somebody remembers it."""
    size = chance.randint(least, most)
    start = chance.randrange(max(1, len(text) - size))
    return text[start : start + size].strip() or text[:size]


def _fill_up(ground: Ground) -> None:
    """Write lines as a run does, without their postings: for finding them the books do not matter."""
    from django.db import connection

    from caunoi.funds import codes
    from caunoi.kit import copying
    from caunoi.statements import rules, running
    from caunoi.statements.models import BankLine, StatementFile
    from caunoi.statements.terms import Row

    there = BankLine.objects.count()
    file = StatementFile.objects.filter(account=ground.account).first()
    identities = rules.Identities(b"bench")
    days = running.days_of(ground.campaign)
    meant = running._meant({codes.number_of(c) or 0 for c in ground.codes})
    batch: list[BankLine] = []
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX bank_lines_letters")
    for day, reference, _debit, amount, memo, name, other in lines(ground, max(0, FIND - there), seed=2):  # fmt: skip
        on = date(int(day[6:]), int(day[3:5]), int(day[:2]))
        row = Row(0, on, amount, memo, reference, name, other)
        own = [meant[n] for n in codes.found_in(memo) if n in meant]
        line = running._line(file, identities.key_of(row), row, rules.judge(row, meant=own, days=days, sole=False), own)  # fmt: skip
        line.posting_id = line.key
        batch.append(line)
        if len(batch) == 20_000:
            copying.copy_in(batch, leave_out=["id"])
            batch = []
    copying.copy_in(batch, leave_out=["id"])
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX bank_lines_letters ON statements_bankline USING gin (statements_letters(folded) gin_trgm_ops)")  # fmt: skip
    with suppress(Exception):
        import psycopg

        with psycopg.connect(os.environ["BENCH_OWNER_URL"], autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE statements_bankline")


if __name__ == "__main__":
    main()
