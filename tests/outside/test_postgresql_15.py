"""``DATABASE_URL`` with the oldest PostgreSQL we promise: prepared by its superuser, used by a role that is none."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest

from caunoi.cli import sample
from caunoi.kit import postgres
from tests.chaos.copy import ROOT, RunningCopy

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("outside")]
PROGRAMS = Path("/usr/lib/postgresql/15")
SCRIPT = (
    "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup();"
    "from tests.outside import story; sys.stdout.write(story.tell(sys.argv[1], sys.argv[2]))"
)
EXTENSIONS = ("unaccent", "pg_trgm", "ltree", "btree_gist", "btree_gin")


@pytest.fixture(scope="module")
def server():
    if not (PROGRAMS / "bin" / "postgres").is_file():
        pytest.skip(f"no PostgreSQL 15 server in {PROGRAMS}: install the package postgresql-15")
    with postgres.temporary(programs=PROGRAMS) as running:
        yield running


@pytest.fixture(scope="module")
def copy(server):
    """A copy on a database made as docs/outside-database.md says, not yet started."""
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE caunoi LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        admin.execute("CREATE DATABASE caunoi OWNER caunoi ENCODING 'UTF8' TEMPLATE template0")
    with psycopg.connect(server.url("caunoi"), autocommit=True) as admin:
        for name in EXTENSIONS:
            admin.execute(f"CREATE EXTENSION {name}")
    running = RunningCopy(database=server.url("caunoi", user="caunoi"))
    yield running
    running.stop()


def page(copy, address):
    return httpx.get(copy.url + address, timeout=60).text


def findings(copy):
    done = copy.command("doctor", "--json")
    return {f["what"]: f for f in json.loads(done.stdout)["findings"]}


def test_a_question_is_asked_answered_and_found_on_postgresql_15(copy):
    before = findings(copy)
    assert before["postgresql"] == {"what": "postgresql", "found": "15 (outside)", "remedy": ""}
    assert before["role"] == {"what": "role", "found": "caunoi", "remedy": ""}
    assert before["extensions"]["remedy"] == ""
    assert "steps behind" in before["schema"]["found"]

    copy.start()
    question, answer = "Trạm bơm Bích Hào bao giờ đóng điện?", "Đóng điện ngày 20 tháng 12."
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, question, answer],
        cwd=ROOT,
        env=copy.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert answer in page(copy, f"/hoi/{told.stdout}/")
    assert told.stdout in page(copy, "/hoi-dap/?q=tram+bom+dong+dien")
    assert "Xã Bích Hào" in page(copy, "/tra-cuu-don-vi/?q=thanh+xuan")
    a_comment_becomes_a_case(copy)
    after = findings(copy)
    assert [what for what, found in after.items() if found["remedy"]] == []
    assert copy.command("audit", "verify").returncode == 0


def a_comment_becomes_a_case(copy):
    page, person = sample.PAGES[0]["id"], sample.PEOPLE[0]["id"]
    text = "Cho hỏi lịch tiêm phòng cho trâu bò của xóm 3?"
    post = copy.outside("GET", "posts", params={"page": page}).json()["posts"][0]["id"]
    copy.outside("POST", "facebook/comment", json={"post": post, "person": person, "text": text})

    def there():
        return copy.rows("SELECT 1 FROM cases_case WHERE text = %s", text)

    copy.wait_for(there, 90, "the comment became no case")


def test_the_doctor_asks_for_extensions_that_only_a_superuser_can_make(server):
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE guest LOGIN")
        admin.execute("CREATE DATABASE bare TEMPLATE template0")
    copy = RunningCopy(database=server.url("bare", user="guest"))

    found = findings(copy)

    assert "CREATE EXTENSION ltree" in found["extensions"]["remedy"]
    assert "OWNER TO caunoi" in found["role"]["remedy"]
