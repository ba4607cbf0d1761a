"""``caunoi simulator``: the outside world on loopback, as a process of its own."""

import argparse
import os
import sys

from caunoi.cli.output import CommandError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default: SIMULATOR_PORT, else PORT + 700")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Become the simulator; it shares no code with the application."""
    from caunoi.cli import home

    home.setup_django()
    from django.conf import settings

    if not settings.DEMO:
        raise CommandError("The simulator runs in demo mode only (CAUNOI_MODE=demo).")
    port = options.port or settings.SIMULATOR_PORT
    state = settings.CAUNOI_HOME / "simulator"
    state.mkdir(parents=True, exist_ok=True)
    words = ["--port", str(port), "--state", str(state), "--seed", str(options.seed)]
    os.execv(sys.executable, [sys.executable, "-m", "simulator", *words])  # noqa: S606
