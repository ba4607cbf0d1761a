"""``caunoi ledger verify FILE``: check a published journal or a receipt; no database is asked."""

import argparse
from pathlib import Path

from caunoi.cli.output import OK, PROBLEM, CommandError, answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("file", type=Path, help="a journal (.jsonl) or a receipt (.json)")


def run(options: argparse.Namespace) -> int:
    """Say whether everything in the file holds; exit code 1 when something does not."""
    from caunoi.funds import verifying

    try:
        with options.file.open(encoding="utf-8") as lines:
            verdict = verifying.verify(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{options.file} cannot be read: {error}") from error
    fields = {
        "holds": verdict.holds,
        "kind": verdict.kind,
        "postings": verdict.postings,
        "roots": verdict.roots,
        "wrong": verdict.wrong,
        "link": verdict.link,
        "columns": verdict.columns,
    }
    answer(fields, as_json=options.json)
    return OK if verdict.holds else PROBLEM
