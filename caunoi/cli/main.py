"""The command ``caunoi``. Each subcommand lives in its own module and is imported only when it is called."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from caunoi.cli.output import OK, PROBLEM, CommandError, complain

COMMANDS = {
    "up": (
        "run",
        "start everything (database, web, worker, and in demo mode the simulator) and watch over it",
    ),
    "worker": ("work", "process what came in, send what goes out"),
    "demo": ("sample", "load the sample province, its people, channels and cases"),
    "simulator": ("outside", "run the simulated Facebook and Zalo"),
    "doctor": ("doctor", "say what is wrong with this installation"),
    "backup": ("backup", "write one file that holds everything"),
    "restore": ("restore", "bring back what a backup file holds"),
    "import-units": ("import_units", "load units from CSV or XLSX"),
    "import-people": ("import_people", "invite people listed in XLSX"),
    "reindex-answers": ("reindex_answers", "build the index of answered questions anew"),
    "audit": ("audit", "check the audit chain"),
    "ledger": ("ledger", "check a published journal or a receipt, with nothing but its file"),
    "keys": ("keys", "add a key to the key ring and seal every secret with it again"),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser with every subcommand; each module adds its own arguments."""
    top = argparse.ArgumentParser(prog="caunoi", description="Cầu Nối")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(module=module)
        command.add_argument("--json", action="store_true", help="print JSON")
    commands.add_parser("manage", help="run one of Django's own commands", add_help=False)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a problem that is explained, 2 wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    if words and words[0] in COMMANDS:
        module = importlib.import_module(f"caunoi.cli.{COMMANDS[words[0]][0]}")
        own = argparse.ArgumentParser(prog=f"caunoi {words[0]}", description=COMMANDS[words[0]][1])
        own.add_argument("--json", action="store_true", help="print JSON")
        module.arguments(own)
        return _run(module, own.parse_args(words[1:]))
    parser().parse_args(words)
    return OK


def _run(module, options: argparse.Namespace) -> int:  # noqa: ANN001
    try:
        return module.run(options)
    except CommandError as error:
        complain(str(error))
    except KeyboardInterrupt:
        complain("Stopped.")
    except Exception as error:  # noqa: BLE001
        return _foreseen_or_raise(error)
    return PROBLEM


def _foreseen_or_raise(error: Exception) -> int:
    """Say what to do about the errors that operators meet; anything else is a fault and keeps its traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from caunoi.kit.keyring import KeyringError
    from caunoi.kit.postgres import PostgresError
    from caunoi.kit.terms import Foreseen
    from config.env import SettingError

    if isinstance(error, OperationalError):
        complain(
            f"The database does not answer ({str(error).strip().splitlines()[0]}). Is 'caunoi up' running?"
        )
        return PROBLEM
    foreseen = (Foreseen, KeyringError, PostgresError, SettingError, ImproperlyConfigured, OSError)
    if isinstance(error, foreseen):
        complain(str(error))
        return PROBLEM
    raise error


def _manage(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["caunoi manage", *words])
    return OK


if __name__ == "__main__":
    sys.exit(main())
