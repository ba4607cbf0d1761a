"""The database and whoever posts are killed in the middle of postings: every acknowledged posting is there, once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from caunoi.funds import rules
from caunoi.kit import postgres
from tests import template
from tests.chaos import poster
from tests.chaos.copy import ROOT

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
FUND = "0193f3a0-0000-7000-8000-000000000001"
BEGUN = f"""
INSERT INTO units_unit (id, slug) VALUES (gen_random_uuid(), 'xa-gap-loc') ON CONFLICT DO NOTHING;
INSERT INTO funds_commodity (code, name, unit_word, sort) VALUES ('VND', 'Tiền', 'đồng', 'money'), ('goat', 'Dê', 'con', 'goods') ON CONFLICT DO NOTHING;
INSERT INTO funds_fund (id, unit_id, name, opened_on, seq, head)
    SELECT '{FUND}', id, 'Quỹ thử', '2026-01-01', 0, decode(repeat('00', 32), 'hex') FROM units_unit LIMIT 1;
"""


SUMS = """SELECT sum(came_in - went_out), min(came_in - went_out) FILTER (WHERE place IN ('on_hand', 'allocated'))
    FROM funds_account"""


@pytest.fixture
def server(django_db_setup):
    """A server of our own with the schema of this run; it keeps what it acknowledged, as in earnest."""
    with postgres.temporary({}) as running:
        with psycopg.connect(running.url(), autocommit=True) as admin:
            admin.execute("CREATE ROLE caunoi LOGIN CREATEDB")
            admin.execute("CREATE DATABASE caunoi OWNER caunoi")
        schema = template.dump(os.environ["CAUNOI_TEST_POSTGRES"])
        template.load(str(running.sockets), schema, database="caunoi")
        with psycopg.connect(running.url("caunoi", "caunoi"), autocommit=True) as own:
            own.execute(BEGUN)
        yield running


class Poster:
    """The process that posts, begun again where its last acknowledged deed stood."""

    def __init__(self, server):
        self.environment = os.environ | {"DATABASE_URL": server.url("caunoi", "caunoi")}
        self.acknowledged: list[int] = []
        self.start()

    def start(self):
        # the last one once more: whoever was killed does not know whether it was heard
        first = self.acknowledged[-1] if self.acknowledged else 0
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.poster", FUND, str(first)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.reader = threading.Thread(target=self.read, args=[self.process])
        self.reader.start()

    def read(self, process):
        assert process.stdout
        for line in process.stdout:
            if line.endswith("\n"):
                self.acknowledged.append(int(line))

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)
        self.reader.join(timeout=30)

    def wait_for_more(self, more):
        wanted, until = len(self.acknowledged) + more, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, f"{len(self.acknowledged)} of {wanted}"
            time.sleep(0.02)


def kill_and_look(server, rounds):
    dice, one = random.Random(456), Poster(server)
    try:
        for number in range(rounds):
            one.wait_for_more(8)
            time.sleep(dice.random() / 10)
            if number % 2:
                one.kill()
                one.start()
            else:
                os.kill(server.process.pid, signal.SIGKILL)
                server.start()
        one.wait_for_more(8)
    finally:
        one.kill()
    with psycopg.connect(server.url("caunoi", "caunoi")) as own:
        rows = own.execute("SELECT id, seq, leaf, link FROM funds_posting ORDER BY seq").fetchall()
        fund = own.execute("SELECT seq, head FROM funds_fund").fetchone()
        sums = own.execute(SUMS).fetchone()
    stands = {row[0] for row in rows}
    assert len(stands) == len(rows)
    for number in set(one.acknowledged):
        assert {d.id for d in poster.deed(number)} <= stands
    # at most the deed that nobody heard of stands beside them
    assert len(rows) - 2 * len(set(one.acknowledged)) in (0, 2)
    link = rules.ZERO
    for place, (_id, seq, leaf, stored) in enumerate(rows, 1):
        link = rules.link(link, bytes(leaf))
        assert (seq, bytes(stored)) == (place, link)
    assert (fund[0], bytes(fund[1])) == (len(rows), link)
    assert sums[0] == 0
    assert sums[1] >= 0
    return len(rows)


def test_one_kill_of_each(server):
    assert kill_and_look(server, 2) >= 40


@pytest.mark.slow
def test_twenty_kills(server):
    assert kill_and_look(server, 20) >= 300
