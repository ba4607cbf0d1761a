"""``caunoi restore``: put back what a backup holds, and prove that it is all there."""

import argparse
import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from caunoi.cli import backup, home
from caunoi.cli.output import OK, PROBLEM, CommandError, answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--force", action="store_true", help="replace a database that already holds data"
    )


def run(options: argparse.Namespace) -> int:
    """Restore and compare row counts, audit head and audit chain with the backup's own description.

    Raises CommandError  no such file, not a backup, data in the way, or other programs connected
    """
    if not options.file.is_file():
        raise CommandError(f"No such file: {options.file}")
    with tempfile.TemporaryDirectory(prefix="caunoi-restore-") as folder, home.database_answers():
        home.setup_django()
        manifest = _unpack(options.file, Path(folder))
        _refuse_if_in_use(force=options.force)
        _replace_database(Path(folder) / "database.dump")
        _replace_files(Path(folder))
        differences = compare(manifest)
        from caunoi.kit import audit

        verdict = audit.verify()
    whole = not differences and verdict.whole
    answer(
        {
            "restored": str(options.file),
            "made_at": manifest["made_at"],
            "tables": len(manifest["rows"]),
            "rows": sum(manifest["rows"].values()),
            "differences": differences,
            "audit_whole": verdict.whole,
            "audit_entries": verdict.entries,
        },
        as_json=options.json,
    )
    return OK if whole else PROBLEM


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        missing = [name for name in backup.NEEDED if not (folder / name).is_file()]
        if missing:
            raise CommandError(f"{file} is not a backup: {', '.join(missing)} missing")
        return json.loads((folder / "manifest.json").read_text())
    except (tarfile.TarError, ValueError) as error:
        raise CommandError(f"{file} is not a readable backup: {error}") from error


def _refuse_if_in_use(*, force: bool) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if cursor.fetchone()[0]:
            raise CommandError("Other programs use the database. Stop 'caunoi up' (Ctrl+C) first.")
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if cursor.fetchone()[0] and not force:
            raise CommandError(
                "The database already holds data. Add --force to replace it; a safety copy is made first."
            )
        if force and backup_worthy():
            backup.write(None)


def backup_worthy() -> bool:
    """True when the schema is complete enough to be dumped and described."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.kit_audithead') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _replace_database(dump: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    backup.run_tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", str(dump))


def _replace_files(folder: Path) -> None:
    from django.conf import settings

    for name in ("keyring.json", "secret_key"):
        if (folder / name).is_file():
            target = settings.CAUNOI_HOME / name
            shutil.copyfile(folder / name, target)
            target.chmod(0o600)
    if (folder / "files").is_dir():
        shutil.copytree(folder / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)


def compare(manifest: dict[str, Any]) -> dict[str, list[int | None]]:
    """Return the tables whose row count differs: name → [in the backup, now]; empty when all is there."""
    now = backup.row_counts()
    names = set(now) | set(manifest["rows"])
    return {
        name: [manifest["rows"].get(name), now.get(name)]
        for name in sorted(names)
        if manifest["rows"].get(name) != now.get(name)
    }
