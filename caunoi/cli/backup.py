"""``caunoi backup``: one file with the database, the keys and the stored files, and what it must contain when it comes back."""

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from caunoi.cli import home
from caunoi.cli.output import OK, CommandError, answer
from caunoi.kit import postgres

NEEDED = ("manifest.json", "database.dump")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=Path, help="file to write; default: CAUNOI_HOME/backups/<time>.tar"
    )


def run(options: argparse.Namespace) -> int:
    """Write the file (mode 0600: it holds the keys) and say what is in it."""
    with home.database_answers():
        home.setup_django()
        file, manifest = write(options.to)
    answer({"file": str(file), "bytes": file.stat().st_size, **manifest}, as_json=options.json)
    return OK


def write(to: Path | None) -> tuple[Path, dict[str, Any]]:
    """Make the backup; the target appears whole or not at all. Raises CommandError when pg_dump fails."""
    from django.conf import settings

    from caunoi.kit import clock

    at = clock.now()
    file = to or settings.CAUNOI_HOME / "backups" / f"caunoi-{at:%Y%m%d-%H%M%S}.tar"
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    with tempfile.TemporaryDirectory(prefix="caunoi-backup-") as folder:
        dump = Path(folder) / "database.dump"
        manifest = _dump(dump, at.isoformat())
        part.touch(mode=0o600)
        with tarfile.open(part, "w") as tar:
            _add_text(tar, "manifest.json", json.dumps(manifest, indent=1))
            tar.add(dump, "database.dump")
            for name in ("keyring.json", "secret_key", "files"):
                if (settings.CAUNOI_HOME / name).exists():
                    tar.add(settings.CAUNOI_HOME / name, name)
    part.replace(file)
    (settings.CAUNOI_HOME / "last_backup").write_text(at.isoformat())
    return file, manifest


def _dump(dump: Path, at: str) -> dict[str, Any]:
    """Dump one snapshot and describe exactly that snapshot."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        manifest = {"made_at": at, "rows": row_counts(), "audit_head": audit_head()}
        run_tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}")
    return manifest


def run_tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on the application's database. Raises CommandError with its last words."""
    from config import database

    program = postgres.wheel_root() / "bin" / name
    done = subprocess.run(
        [str(program), "--dbname", database.url(), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CommandError(f"{name} failed: {done.stderr.strip()[:900]}")


def row_counts() -> dict[str, int]:
    """Return the number of rows of every table, by name."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def audit_head() -> str:
    """Return the newest hash of the audit chain, hexadecimal."""
    from caunoi.kit.models import AuditHead

    return bytes(AuditHead.objects.get(pk=1).hash).hex()


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))
