"""``caunoi reindex-answers``: build the index of answered questions anew."""

import argparse
import sys
import time

from caunoi.cli import home
from caunoi.cli.output import OK, answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-needed", action="store_true", help="only when the word lists changed since"
    )


def run(options: argparse.Namespace) -> int:
    """Index every published answer again while people read, ask and publish; print how many and how long it took."""
    with home.database_answers():
        home.setup_django()
        from caunoi.answers import index

        began = time.monotonic()
        needed = not options.if_needed or not index.is_current()
        done = index.rebuild(say=_say) if needed else 0
    fields = {"indexed": done, "seconds": round(time.monotonic() - began, 1), "needed": needed}
    answer(fields, as_json=options.json)
    return OK


def _say(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}", end="", file=sys.stderr)
