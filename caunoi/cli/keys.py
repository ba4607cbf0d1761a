"""``caunoi keys rotate``: a new newest key, and every stored secret sealed with it."""

import argparse

from caunoi.cli import home
from caunoi.cli.output import OK, CommandError, answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["rotate"])


def run(options: argparse.Namespace) -> int:
    """Add a key and re-seal. Old keys stay in the ring, so that an older backup still opens."""
    with home.database_answers():
        home.setup_django()
        from django.conf import settings

        from caunoi.channels import actions as channels
        from caunoi.channels import numbers
        from caunoi.fediverse import sealing as fediverse
        from caunoi.kit import clock, keyring
        from caunoi.subscriptions import sealing

        if settings.CAUNOI_KEYRING:
            raise CommandError(
                "The key ring comes from CAUNOI_KEYRING: put the new key first there, then run this again."
            )
        key = keyring.add_key(settings.CAUNOI_KEYRING_FILE)
        resealed = channels.rotate_secrets(at=clock.now()) + sealing.seal_again()
        resealed += fediverse.seal_again()
        resealed += numbers.reseal(at=clock.now())
    answer({"key": key, "resealed": resealed}, as_json=options.json)
    return OK
