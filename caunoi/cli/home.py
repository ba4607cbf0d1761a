"""The folder of one copy: its secrets, its database server, and the way in for every command."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from caunoi.cli.output import CommandError
from caunoi.kit import postgres
from config import database

ROLE = DATABASE = "caunoi"


def prepare_secrets(home: Path) -> None:
    """Make the folder, the signing secret and the key ring on first use; nothing is changed later."""
    home.mkdir(parents=True, exist_ok=True)
    secret = home / "secret_key"
    if not secret.is_file():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    if not os.environ.get("CAUNOI_KEYRING") and not (home / "keyring.json").is_file():
        from caunoi.kit import keyring

        keyring.add_key(home / "keyring.json")


def server(home: Path) -> postgres.Server:
    """Return the embedded server of this copy, not yet started."""
    return postgres.Server(postgres.place(home))


def prepare_database(running: postgres.Server) -> None:
    """Make the application's own role (no superuser) and its database when they are missing."""
    with psycopg.connect(running.url(), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(ROLE)
                )
            )


@contextmanager
def database_answers() -> Iterator[None]:
    """Have a database for the length of one command: the outside one, the running copy's, or a server started now.

    Raises CommandError  the outside database does not answer
    """
    home = database.home()
    prepare_secrets(home)
    if answers(database.url()):
        yield
        return
    if not database.embedded():
        raise CommandError(
            "The database named by DATABASE_URL does not answer. Check the address and the server."
        )
    own = server(home)
    own.start()
    try:
        prepare_database(own)
        yield
    finally:
        close_connections()
        own.stop()


def answers(url: str) -> bool:
    """True when a database answers at ``url`` within two seconds."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def close_connections() -> None:
    """Let go of Django's connections, so that the server can stop at once."""
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        connections.close_all()


def setup_django() -> None:
    """Load the application once."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
