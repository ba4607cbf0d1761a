"""One throw-away PostgreSQL for the whole run; every worker gets its own copy of one migrated template."""

import asyncio
import fcntl
import gc
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties

# Every worker and every running copy would compile all modules again: seconds each.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Before Django reads its settings.
_SHARED = "CAUNOI_TEST_POSTGRES"


def pytest_configure(config: pytest.Config) -> None:
    # A busy machine is no reason to fail: properties have no stopwatch.
    properties.register_profile(
        "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    properties.load_profile("house")
    # After a browser test its loop still counts as running, and Django would refuse the next test its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if not os.environ.get(_SHARED):
        os.environ["CAUNOI_HOME"] = tempfile.mkdtemp(prefix="caunoi-test-")
    # Cutting fonts takes seconds: once a machine is enough.
    made = Path(tempfile.gettempdir()) / f"caunoi-test-made-{os.geteuid()}"
    os.environ.setdefault("CAUNOI_MADE", str(made))
    if hasattr(config, "workerinput") or os.environ.get(_SHARED):
        return
    from caunoi.kit import catalogue, postgres

    _compile_catalogues(catalogue)
    # Another server's programs, for instance /usr/lib/postgresql/15: the whole suite runs on it.
    other = os.environ.get("CAUNOI_TEST_PROGRAMS")
    context = postgres.temporary(programs=Path(other) if other else None)
    server = context.__enter__()
    os.environ[_SHARED] = str(server.sockets)
    os.environ["DATABASE_URL"] = server.url("caunoi_template", user="caunoi")
    _make_role(server)
    config._caunoi_postgres = context  # type: ignore[attr-defined]


def _compile_catalogues(catalogue) -> None:
    """Bring the catalogues up to date, and let Django forget those it read before (a fresh clone had none)."""
    import gettext

    from django.utils.translation import trans_real

    catalogue.compile_all()
    gettext._translations = {}  # type: ignore[attr-defined]
    trans_real._translations, trans_real._default = {}, None
    trans_real._active = trans_real.Local()


def pytest_unconfigure(config: pytest.Config) -> None:
    context = getattr(config, "_caunoi_postgres", None)
    if context is not None:
        context.__exit__(None, None, None)


def _make_role(server) -> None:
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE caunoi LOGIN CREATEDB")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Migrate one template once (whoever comes first), then give this worker its own copy."""
    import psycopg
    from django.conf import settings
    from django.db import connections

    from tests import template

    sockets = os.environ[_SHARED]
    admin_url = f"postgresql://caunoi@/postgres?host={sockets.replace('/', '%2F')}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    mine = f"caunoi_{worker}_{os.getpid()}"
    connection = connections["default"]
    # Settings were read before this run's server existed.
    connection.settings_dict.update(HOST=sockets, USER="caunoi", NAME="caunoi_template")
    with (Path(sockets).parent / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            row = admin.execute(
                "SELECT 1 FROM pg_database WHERE datname = 'caunoi_template'"
            ).fetchone()
            if row is None:
                admin.execute("CREATE DATABASE caunoi_template")
                with django_db_blocker.unblock():
                    template.fill(sockets)
            admin.execute(f'CREATE DATABASE "{mine}" TEMPLATE caunoi_template')
    connection.settings_dict["NAME"] = mine
    settings.DATABASES["default"] |= {"NAME": mine, "HOST": sockets, "USER": "caunoi"}
    os.environ["DATABASE_URL"] = admin_url.replace("/postgres?", f"/{mine}?")
    _renew_after_committing_tests(sockets, mine)
    yield
    connection.close()


def _renew_after_committing_tests(sockets: str, mine: str) -> None:
    """Give a test that really commits a fresh copy afterwards: our append-only tables refuse to be emptied.

    The server's owner does it: the application's role may not send away a vacuum that happens to be at work there.
    """
    import psycopg
    from django.db import connections
    from django.test import TransactionTestCase

    def renew(_case: TransactionTestCase) -> None:
        connections.close_all()
        with psycopg.connect(
            host=sockets, user="postgres", dbname="postgres", autocommit=True
        ) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')
            admin.execute(
                f'CREATE DATABASE "{mine}" OWNER caunoi TEMPLATE caunoi_template STRATEGY FILE_COPY'
            )

    TransactionTestCase._fixture_teardown = renew  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def renew_database(django_db_setup):
    """Return a function that gives this worker a fresh copy of the template: for fixtures that commit."""
    from django.test import TransactionTestCase

    return lambda: TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A browser stays open from test to test and so does its event loop: tests without a browser do not see it.

    Around the whole test with its fixtures: where a loop runs, Django speaks to the database through another connection.
    """
    running = asyncio.events._get_running_loop()
    if running is None or "chrome" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio.events._set_running_loop(None)
    try:
        return (yield)
    finally:
        if not running.is_closed():
            asyncio.events._set_running_loop(running)


LONGEST = ("faces", "browser", "chaos", "outside")


def _place(group: str) -> int:
    """Return where a group stands in the queue: the longest first, then the other groups, then what belongs to none."""
    if group in LONGEST:
        return LONGEST.index(group)
    return len(LONGEST) if group else len(LONGEST) + 1


@cache
def _group_of_file(name: str) -> str:
    found = re.search(r'xdist_group\("(\w+)"\)', (Path(__file__).parent / name).read_text("utf-8"))
    return found[1] if found else ""


def _group_of(nodeid: str) -> str:
    """Return the group a test's file names; files of one group share a worker, its running copy and its browser."""
    return _group_of_file(nodeid.split("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep the tests of a group on one worker: pytest 9.2 no longer shows xdist the names it gives them for that."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class ByFile(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group_of(nodeid) or nodeid

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """What was read to begin with stays: looking for garbage among it again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow proofs out unless they were asked for (``-m slow``); each has a short form that always runs."""
    # what takes minutes begins first, so that no worker is left alone with it at the end
    items.sort(key=lambda item: _place(_group_of(item.nodeid)))
    if "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
