"""``caunoi doctor``: look at everything an installation needs, and say for each fault what to do."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from caunoi.cli import home
from caunoi.cli.output import OK, PROBLEM, say
from config import database

OLDEST_POSTGRES = 150000
EXTENSIONS = {"unaccent", "pg_trgm", "ltree", "btree_gist", "btree_gin", "intarray"}
LEAST_FREE_PCT = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` is empty when it is well."""

    what: str
    found: str
    remedy: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    """Print the findings; exit code 1 when anything needs attention."""
    findings = list(_before_database())
    try:
        with home.database_answers():
            home.setup_django()
            findings += [check() for check in DATABASE_CHECKS]
    except Exception as error:  # noqa: BLE001  doctor reports whatever keeps the database away
        findings.append(
            Finding(
                "database", str(error).strip(), "Start it with caunoi up, or correct DATABASE_URL."
            )
        )
    sick = [f for f in findings if f.remedy]
    if options.json:
        import json

        say(
            json.dumps(
                {"well": not sick, "findings": [asdict(f) for f in findings]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for finding in findings:
            say(f"{'!!' if finding.remedy else 'ok'} {finding.what}: {finding.found}")
            if finding.remedy:
                say(f"   → {finding.remedy}")
    return PROBLEM if sick else OK


def _before_database() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield Finding("python", version, "Use Python 3.11 or newer." if old else "")
    folder = database.home()
    folder.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(folder)
    free = round(100 * disk.free / disk.total)
    low = free < LEAST_FREE_PCT
    yield Finding(
        "disk", f"{free} % free at {folder}", "Free some space, or move CAUNOI_HOME." if low else ""
    )


def _server() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    old = number < OLDEST_POSTGRES
    kind = "embedded" if database.embedded() else "outside"
    return Finding(
        "postgresql", f"{number // 10000} ({kind})", "Use PostgreSQL 15 or newer." if old else ""
    )


def _role() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        name, mighty = cursor.fetchone()
    remedy = "Connect as an ordinary role that owns the database: CREATE ROLE caunoi LOGIN; ALTER DATABASE … OWNER TO caunoi."
    return Finding(
        "role", name + (" (superuser or bypassrls)" if mighty else ""), remedy if mighty else ""
    )


def _extensions() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions")
        missing = EXTENSIONS - {row[0] for row in cursor.fetchall()}
    remedy = "Install PostgreSQL's contrib package." if missing else ""
    return Finding(
        "extensions", ", ".join(sorted(missing)) + " missing" if missing else "all there", remedy
    )


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    remedy = "Run caunoi manage migrate (caunoi up does it too)." if plan else ""
    return Finding("schema", f"{len(plan)} steps behind" if plan else "up to date", remedy)


def _keyring() -> Finding:
    from caunoi.kit import keyring

    try:
        ring = keyring.load()
    except keyring.KeyringError as error:
        return Finding("key ring", str(error), "Start once with caunoi up, or set CAUNOI_KEYRING.")
    return Finding("key ring", f"{len(ring.keys)} keys")


def _mode() -> Finding:
    from django.conf import settings

    open_secret = not settings.DEMO and settings.SECRET_KEY == "made-by-caunoi-up"  # noqa: S105
    remedy = "Set CAUNOI_SECRET_KEY, or start once with caunoi up." if open_secret else ""
    return Finding("mode", settings.CAUNOI_MODE, remedy)


DATABASE_CHECKS: list[Callable[[], Finding]] = [
    _server,
    _role,
    _extensions,
    _migrations,
    _keyring,
    _mode,
]
