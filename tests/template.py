"""The schema that every test database is a copy of: made by all migrations once, then kept for the next runs on this machine.

What is kept is named after all that goes into it (migrations, what they read, the packages, the server); a change of any of
these makes it anew. A fresh clone, a run on another server's programs and tests/outside always go through every step.
"""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from django.db import connection

from caunoi.kit import migrating, postgres

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "caunoi_template"
PROGRAMS = postgres.wheel_root() / "bin"


def fill(sockets: str) -> None:
    """Bring the empty template to today's schema; the connection of Django must point at it."""
    kept = _kept()
    if kept is not None and kept.is_file():
        load(sockets, kept.read_bytes(), database=DATABASE)
        return
    migrating.migrate()
    connection.close()
    if kept is not None:
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(dump(sockets))
        fresh.replace(kept)


def dump(sockets: str) -> bytes:
    """Return the template as SQL."""
    words = [PROGRAMS / "pg_dump", "-h", sockets, "-U", "caunoi", DATABASE]
    return subprocess.run(words, check=True, capture_output=True).stdout


def load(sockets: str, schema: bytes, *, database: str) -> None:
    """Fill an empty database of role ``caunoi`` with what ``dump`` returned."""
    words = [PROGRAMS / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", sockets, "-U", "caunoi"]
    subprocess.run([*words, database], input=schema, check=True, capture_output=True)


def _kept() -> Path | None:
    """Return where the schema of exactly these migrations is kept; None on programs that are not our own."""
    if os.environ.get("CAUNOI_TEST_PROGRAMS"):
        return None
    folder = Path(tempfile.gettempdir()) / f"caunoi-test-template-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        return None
    return folder / f"{_fingerprint()}.sql"


def _fingerprint() -> str:
    made_of = [
        *ROOT.glob("caunoi/*/migrations/*.py"),
        *ROOT.glob("caunoi/*/data/*"),
        *ROOT.glob("caunoi/units/ltree.py"),
        *ROOT.glob("caunoi/kit/migrating.py"),
        *ROOT.glob("requirements/*.lock"),
        ROOT / "config" / "settings.py",
    ]
    digest = hashlib.sha256(str(PROGRAMS).encode())
    for file in sorted(made_of):
        if file.is_file():
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:32]
