"""Questions arrive by five doors while worker, web and database are killed in turn: none lost, none twice, none forged."""

import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caunoi.cli import sample
from tests.chaos.copy import ROOT, RunningCopy

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
QUESTIONS = Path(__file__).parent / "questions.csv"
PAGE, OA = sample.PAGES[0]["id"], sample.OAS[0]["id"]
DOORS = ("comment", "facebook", "zalo", "form", "walk_in")


@pytest.fixture(scope="module")
def one_copy(django_db_setup):
    with RunningCopy() as running:
        yield running


@pytest.fixture
def copy(one_copy):
    """The module's copy, running: tests come in any order, and one of them stops it."""
    return one_copy.start()


def control(copy, path, body):
    answer = copy.outside("POST", path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def look(copy, path, **query):
    return copy.outside("GET", path, params=query).json()


def people(copy, count):
    """One person a question, so that every question is a conversation of its own."""
    found = [{"id": str(246_000_000_000_100_000 + n), "name": f"Người {n}"} for n in range(count)]
    control(copy, "setup", {"people": found})
    return [p["id"] for p in found]


@pytest.fixture
def local(copy):
    """Return a function that asks by a door without a provider; repeated until it is taken, as a browser would be."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.doors"],
        cwd=ROOT,
        env=copy.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as doors:
        assert doors.stdin
        assert doors.stdout
        assert doors.stdout.readline() == "ready\n"

        def ask(door, text, key):
            for _ in range(40):
                doors.stdin.write(json.dumps({"door": door, "text": text, "key": key}) + "\n")
                doors.stdin.flush()
                said = doors.stdout.readline()
                if said == "ok\n":
                    return
                time.sleep(0.5)
            raise AssertionError(said)

        yield ask
        doors.stdin.close()


def test_sixty_questions_by_five_doors_under_kill_minus_nine(copy, local):
    texts = [row["text"] for row in csv.DictReader(QUESTIONS.open(encoding="utf-8"))]
    dice = random.Random(456)
    crowd = people(copy, len(texts))
    control(
        copy,
        "webhooks/plan",
        {
            "duplicate": 2,
            "reorder": 5,
            "batch": 3,
            "bad_signature": 8,
            "seed": 1,
            "retry_seconds": [0.5, 1, 1, 2, 2, 2, 4, 4, 8],
        },
    )
    control(
        copy,
        "faults",
        [
            {"match": "POST */comments", "kind": "drop", "count": 2},
            {"match": "POST */message/cs", "kind": "drop", "count": 2},
        ],
    )
    before = copy.rows("SELECT count(*) FROM cases_case")[0][0]
    post = look(copy, "posts", page=PAGE)["posts"][0]["id"]
    kills = iter(["worker", "web", "postgres", "worker", "web"])
    for number, text in enumerate(texts):
        door = DOORS[number % 5]
        if door == "comment":
            control(copy, "facebook/comment", {"post": post, "person": crowd[number], "text": text})
        elif door == "facebook":
            control(copy, "facebook/message", {"page": PAGE, "person": crowd[number], "text": text})
        elif door == "zalo":
            control(copy, "zalo/message", {"oa": OA, "person": crowd[number], "text": text})
        else:
            local(door, text, f"chaos-{number}")
        if number % 12 == 5:
            copy.kill(next(kills))
            time.sleep(dice.random() / 2)

    def all_there():
        return copy.rows("SELECT count(*) FROM cases_case")[0][0] - before >= len(texts)

    copy.wait_for(
        all_there,
        300,
        f"cases missing: {copy.rows('SELECT count(*) FROM cases_case')[0][0] - before} of {len(texts)}",
    )
    copy.wait_for(settled(copy), 400, "some sends never settled")

    assert copy.rows("SELECT count(*) FROM cases_case")[0][0] - before == len(texts)
    kept = {row[0] for row in copy.rows("SELECT text FROM cases_case")}
    assert {t.strip() for t in texts} <= kept
    assert (
        copy.rows(
            "SELECT coalesce(sum(count), 0) FROM inbox_refusal WHERE reason = 'bad_signature'"
        )[0][0]
        >= 1
    )
    every_reply_is_there_exactly_once(copy)
    assert copy.command("audit", "verify").returncode == 0


def settled(copy):
    def none_open():
        rows = copy.rows(
            "SELECT state, count(*) FROM outbox_outboundmessage WHERE state IN ('queued', 'sending', 'uncertain') GROUP BY 1"
        )
        return not rows

    return none_open


def every_reply_is_there_exactly_once(copy):
    ours = copy.rows(
        "SELECT o.text, o.state FROM outbox_outboundmessage o WHERE o.content_id IS NULL AND o.state IN ('sent', 'confirmed')"
    )
    assert len(ours) == 36
    outside = []
    for post in look(copy, "posts", page=PAGE)["posts"]:
        outside += [
            c["text"] if "text" in c else c["message"]
            for c in look(copy, "comments", post=post["id"])["comments"]
        ]
    for number in range(60):
        person = str(246_000_000_000_100_000 + number)
        for provider, account in (("facebook", PAGE), ("zalo", OA)):
            outside += [
                m["text"]
                for m in look(copy, "chat", provider=provider, account=account, person=person)[
                    "messages"
                ]
            ]
    wrong = {text[:60]: outside.count(text) for text, _state in ours if outside.count(text) != 1}
    assert wrong == {}


def test_backup_and_restore_give_everything_back(copy, tmp_path):
    file = tmp_path / "all.tar"
    made = copy.command("backup", "--to", str(file))
    assert made.returncode == 0, made.stderr
    copy.stop()

    with_data = copy.command("restore", str(file))
    restored = copy.command("restore", str(file), "--force", "--json")

    assert with_data.returncode == 1
    assert "--force" in with_data.stderr
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert '"differences": {}' in restored.stdout
    assert '"audit_whole": true' in restored.stdout
    copy.start()
    copy.wait_for(
        lambda: copy.answers("/readyz") == 200, 60, "what waited in the backup was never done"
    )
