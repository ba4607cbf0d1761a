"""A first start draws fewer models on its way: it ends with the very schema and rows that Django's own way makes."""

import os
import re
import subprocess
import sys

import psycopg
import pytest

from caunoi.kit import postgres
from tests.chaos.copy import ROOT

WAYS = {
    "plain": "from django.core.management import call_command as go; go('migrate', verbosity=0)",
    "quick": "from caunoi.kit import migrating; migrating.migrate()",
}
SETUP = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup(); "
CHANCE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*|\\(?:un)?restrict \w+|[0-9a-f]{8}-[0-9a-f-]{27}"
)
"""What is another one each time: the minute, the dump's own mark, keys that are drawn."""


def made(server, name, way):
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER caunoi")
    address = server.url(name, user="caunoi")
    subprocess.run([sys.executable, "-c", SETUP + way], cwd=ROOT, check=True, env=os.environ | {"DATABASE_URL": address})  # fmt: skip
    dump = [postgres.wheel_root() / "bin" / "pg_dump", "-h", str(server.sockets), "-U", "caunoi", name]  # fmt: skip
    said = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    return sorted(CHANCE.sub("…", said).splitlines())


@pytest.mark.slow
def test_both_ways_end_with_the_same_schema_and_rows():
    with postgres.temporary() as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("CREATE ROLE caunoi LOGIN CREATEDB")
        plain, quick = (made(server, name, way) for name, way in WAYS.items())

    assert len(plain) > 5_000
    assert [line for line in plain if line not in set(quick)] == []
    assert plain == quick
