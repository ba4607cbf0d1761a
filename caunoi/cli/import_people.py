"""``caunoi import-people FILE --unit SLUG``."""

import argparse
from pathlib import Path

from caunoi.cli import home
from caunoi.cli.output import OK, PROBLEM, CommandError, answer, complain


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="XLSX made from the template on the page People")


def run(options: argparse.Namespace) -> int:
    """Invite everybody on the list, or say for each wrong row what to correct; nobody is invited when a row is wrong."""
    if not options.file.is_file():
        raise CommandError(f"No such file: {options.file}")
    with home.database_answers():
        home.setup_django()
        from caunoi.kit import clock
        from caunoi.staff import people_import

        outcome = people_import.import_people(
            content=options.file.read_bytes(), by=None, at=clock.now()
        )
    for error in outcome.errors:
        complain(str(error))
    answer({"invited": outcome.invited, "errors": len(outcome.errors)}, as_json=options.json)
    return PROBLEM if outcome.errors else OK
