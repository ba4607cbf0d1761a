"""``caunoi import-units FILE``."""

import argparse
from pathlib import Path

from caunoi.cli import home
from caunoi.cli.output import OK, PROBLEM, CommandError, answer, complain


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV or XLSX with the columns of caunoi/units/data")


def run(options: argparse.Namespace) -> int:
    """Load the units, or say for each wrong row what to correct; nothing is loaded when a row is wrong."""
    if not options.file.is_file():
        raise CommandError(f"No such file: {options.file}")
    with home.database_answers():
        home.setup_django()
        from caunoi.kit import clock
        from caunoi.units import load

        outcome = load.import_units(path=options.file, by=None, at=clock.now())
    for error in outcome.errors:
        complain(str(error))
    answer({"loaded": outcome.loaded, "errors": len(outcome.errors)}, as_json=options.json)
    return PROBLEM if outcome.errors else OK
