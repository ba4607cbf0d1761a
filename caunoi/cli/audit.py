"""``caunoi audit verify``: walk the chain."""

import argparse

from caunoi.cli import home
from caunoi.cli.output import OK, PROBLEM, answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"])


def run(options: argparse.Namespace) -> int:
    """Say whether every link holds; exit code 1 when one does not."""
    with home.database_answers():
        home.setup_django()
        from caunoi.kit import audit

        verdict = audit.verify()
    fields = {
        "whole": verdict.whole,
        "entries": verdict.entries,
        "head": verdict.head,
        "broken_at": verdict.broken_at,
        "reason": verdict.reason,
    }
    answer(fields, as_json=options.json)
    return OK if verdict.whole else PROBLEM
