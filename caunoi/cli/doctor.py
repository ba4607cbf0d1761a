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
ORDINARY_ROLE = "Connect as an ordinary role that owns the database: CREATE ROLE caunoi LOGIN; ALTER DATABASE … OWNER TO caunoi."
OWN_DATABASE = "Let the role own the database: ALTER DATABASE … OWNER TO caunoi."
UTF8 = "Make the database with UTF-8: CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0."


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
    room = shutil.disk_usage(folder)
    yield about_disk(free_bytes=room.free, total_bytes=room.total, folder=str(folder))


def about_disk(*, free_bytes: int, total_bytes: int, folder: str) -> Finding:
    """Say how much room is left where this copy writes."""
    free = round(100 * free_bytes / total_bytes)
    remedy = "Free some space, or move CAUNOI_HOME." if free < LEAST_FREE_PCT else ""
    return Finding("disk", f"{free} % free at {folder}", remedy)


def about_server(*, number: int, embedded: bool) -> Finding:
    """Say whether this PostgreSQL (``server_version_num``) is new enough."""
    kind = "embedded" if embedded else "outside"
    remedy = "Use PostgreSQL 15 or newer." if number < OLDEST_POSTGRES else ""
    return Finding("postgresql", f"{number // 10000} ({kind})", remedy)


def about_role(*, name: str, mighty: bool, makes_tables: bool) -> Finding:
    """Say whether the application connects as somebody with too much power, or with too little."""
    if mighty:
        return Finding("role", f"{name} (superuser or bypassrls)", ORDINARY_ROLE)
    if not makes_tables:
        return Finding("role", f"{name} (may not make tables)", OWN_DATABASE)
    return Finding("role", name)


def about_extensions(*, known: set[str], made: set[str], allowed: set[str]) -> Finding:
    """Say which extensions the server does not have, and which somebody else must make in this database."""
    if missing := EXTENSIONS - known:
        remedy = "Install PostgreSQL's contrib package (Debian: postgresql-contrib)."
        return Finding("extensions", f"{', '.join(sorted(missing))} missing on the server", remedy)
    if closed := EXTENSIONS - made - allowed:
        commands = " ".join(f"CREATE EXTENSION {name};" for name in sorted(closed))
        return Finding(
            "extensions", "not yet made", f"As a superuser, in this database: {commands}"
        )
    return Finding("extensions", "all there")


def about_letters(*, encoding: str, lowers: bool) -> Finding:
    """Say whether the database knows Vietnamese letters."""
    wrong = encoding != "UTF8" or not lowers
    return Finding(
        "letters", encoding + ("" if lowers else ", does not lower Đ"), UTF8 if wrong else ""
    )


def _server() -> Finding:
    ((number,),) = _ask("SELECT current_setting('server_version_num')::int")
    return about_server(number=number, embedded=database.embedded())


def _role() -> Finding:
    ((name, mighty, makes_tables),) = _ask(
        "SELECT rolname, rolsuper OR rolbypassrls, has_schema_privilege('public', 'CREATE')"
        " FROM pg_roles WHERE rolname = current_user"
    )
    return about_role(name=name, mighty=mighty, makes_tables=makes_tables)


def _extensions() -> Finding:
    rows = _ask(
        "SELECT name, bool_or(installed), bool_or(trusted) AND has_database_privilege(current_database(), 'CREATE')"
        " FROM pg_available_extension_versions GROUP BY name"
    )
    return about_extensions(
        known={name for name, _made, _allowed in rows},
        made={name for name, made, _allowed in rows if made},
        allowed={name for name, _made, allowed in rows if allowed},
    )


def _letters() -> Finding:
    ((encoding, lowers),) = _ask(
        "SELECT current_setting('server_encoding'), lower('ĐẶNG ƯỜ') = 'đặng ườ'"
    )
    return about_letters(encoding=encoding, lowers=lowers)


def _ask(sql: str) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


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


def _fonts() -> Finding:
    """Say which letters cannot be printed here: no fault, for most places never need them."""
    from caunoi.kit import scripts

    missing = [x.family for x in scripts.SCRIPTS if scripts.font_of(x) is None]
    advice = f"without {', '.join(missing)} (Debian: apt install fonts-noto-core)"
    return Finding("fonts", advice if missing else "all there")


DATABASE_CHECKS: list[Callable[[], Finding]] = [
    _server,
    _role,
    _letters,
    _extensions,
    _migrations,
    _keyring,
    _mode,
    _fonts,
]
