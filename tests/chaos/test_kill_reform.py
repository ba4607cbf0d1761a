"""A reform is carried out while the worker, a process of PostgreSQL, and PostgreSQL itself are killed: nothing twice, nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.chaos.copy import ROOT, RunningCopy

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.xdist_group("chaos_reform")]
ROUND = 300
"""The copy's own worker takes plans up every five minutes; between two rounds ours is alone."""


@pytest.fixture
def copy(django_db_setup):
    with RunningCopy() as running:
        yield running


def run(copy, *words):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos.reforming", *words],
        cwd=ROOT,
        env=copy.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def killed_in_group(copy, number, kill):
    """Let a worker begin, and hurt it while the group of that number is carried out and not yet committed."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos.reforming", "carry", str(number)],
        cwd=ROOT,
        env=copy.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as worker:
        assert worker.stdout
        said = worker.stdout.readline().strip()
        assert said.isdigit(), said
        kill(worker, int(said))
        worker.kill()
        worker.wait(30)


def test_a_reform_survives_three_kills(copy):
    run(copy, "draw")
    while not 5 < time.time() % ROUND < ROUND / 2:
        time.sleep(1)

    killed_in_group(copy, 2, lambda worker, _backend: worker.send_signal(signal.SIGKILL))
    between = copy.rows("SELECT state, count(*) FROM reform_step GROUP BY 1")
    killed_in_group(copy, 3, lambda _worker, backend: os.kill(backend, signal.SIGKILL))
    copy.wait_for(lambda: copy.rows("SELECT 1"), 60, "PostgreSQL did not come back")
    killed_in_group(copy, 3, lambda _worker, _backend: copy.kill("postgres"))
    copy.wait_for(lambda: copy.rows("SELECT 1"), 60, "PostgreSQL did not come back")
    assert {state for state, _n in between} == {"waiting", "done"}
    assert run(copy, "carry", "0") == "done"

    assert json.loads(run(copy, "left")) == {"channels": 0, "cases": 0, "followers": 0}
    plan = "(SELECT id FROM reform_plan WHERE on_date = '2025-07-01')"
    assert copy.rows(f"SELECT state FROM reform_plan WHERE id = {plan}") == [("done",)]
    steps = f"SELECT state, trouble FROM reform_step WHERE plan_id = {plan} GROUP BY 1, 2"
    assert copy.rows(steps) == [("done", "")]
    moves = "SELECT case_id, to_unit_id FROM cases_step WHERE kind = 'moved' GROUP BY 1, 2 HAVING count(*) > 1"
    assert copy.rows(moves) == []
    record = (
        "SELECT event, count(*) FROM kit_auditentry WHERE event IN "
        "('reform.plan.begun', 'reform.plan.carried_out') GROUP BY 1 ORDER BY 1"
    )
    assert copy.rows(record) == [("reform.plan.begun", 1), ("reform.plan.carried_out", 1)]
    assert copy.command("audit", "verify").returncode == 0
