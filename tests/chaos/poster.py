"""Somebody who posts without end, as a process of its own: ``python -m tests.chaos.poster FUND FIRST``.

Deed number N is two postings whose ids follow from N. ``N`` goes out once the books acknowledged it; a database that was
killed is no reason to end: the same deed is tried again under its ids, as a treasurer's browser would.
"""

import os
import sys
import time
import uuid

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.db import Error, connection

from caunoi.funds import actions
from caunoi.funds.terms import Draft, Move
from caunoi.funds.tests import books
from caunoi.kit import clock

SPACE = uuid.UUID("5b0b2a3e-0a5e-4a52-9b6e-3f6c1b0a4d11")


def key(number: int, part: str) -> uuid.UUID:
    """Return the id of a part of that deed."""
    return uuid.uuid5(SPACE, f"{number}/{part}")


def deed(number: int) -> list[Draft]:
    """Return what deed number N is: a gift, and half of it allocated."""
    first = key(number, "receive")
    return [
        books.draft("receive", 2 * number + 2, key=first),
        books.draft(Move.ALLOCATE, number + 1, key=key(number, "allocate"), together=first),
    ]


def main() -> None:
    fund, number = uuid.UUID(sys.argv[1]), int(sys.argv[2])
    while True:
        try:
            actions.post(deed(number), fund_id=fund, at=clock.now())
        except Error:
            connection.close()
            time.sleep(0.05)
            continue
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
