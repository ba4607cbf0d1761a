"""Where the database is: an outside PostgreSQL by ``DATABASE_URL``, else the embedded one below ``CAUNOI_HOME``."""

import os
from pathlib import Path
from urllib.parse import quote

from caunoi.kit import postgres


def home() -> Path:
    """Return the folder that holds everything this copy writes: database, keys, logs, backups."""
    return Path(os.environ.get("CAUNOI_HOME", "var")).expanduser().resolve()


def embedded() -> bool:
    """True when no outside database was named."""
    return not os.environ.get("DATABASE_URL")


def url() -> str:
    """Return the connection URL the application uses (never a superuser's)."""
    outside = os.environ.get("DATABASE_URL")
    if outside:
        return outside
    socket_dir = postgres.socket_dir(postgres.place(home()))
    return f"postgresql://caunoi@/caunoi?host={quote(str(socket_dir), safe='')}"
