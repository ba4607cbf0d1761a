"""How commands speak: lines for people, one JSON document for programs, exit codes for scripts."""

import json
import sys
from typing import Any

OK, PROBLEM, USAGE = 0, 1, 2


class CommandError(Exception):
    """A foreseeable problem; its text says what to do. Ends the command with exit code 1, without a traceback."""


def say(text: str = "") -> None:
    """Print one line for a person."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print one line about a problem."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def answer(fields: dict[str, Any], *, as_json: bool) -> None:
    """Print the result: ``key: value`` lines, or JSON with ``--json``."""
    if as_json:
        say(json.dumps(fields, ensure_ascii=False, default=str, indent=1))
        return
    for key, value in fields.items():
        say(f"{key}: {value}")
