"""The doors without a provider, as a process of their own: ``python -m tests.chaos.doors``.

One question a line comes in as JSON (door, text, key); ``ok`` or what went wrong goes out. A database that was killed is
no reason to end: whoever asked asks again with the same key, as a browser would.
"""

import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.db import Error, connection

from caunoi.cli import sample
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock
from caunoi.staff import demo, queries
from caunoi.staff.models import Account
from caunoi.units import queries as units


def ask(door: str, text: str, key: str) -> None:
    at = clock.now()
    unit = units.by_slug(slug=sample.BICH_HAO, on=clock.local_date(at))
    if door == "form":
        ask_and_answer.ask_on_web(unit_id=unit.id, text=text, form_key=key, at=at)
        return
    cadre = Account.objects.get(email=f"duc{demo.DOMAIN}")
    viewer = queries.viewer_for(account=cadre, on=clock.local_date(at), has_second_factor=True)
    ask_and_answer.take_walk_in(unit_id=unit.id, text=text, form_key=key, by=viewer, at=at)


def say(word: str) -> None:
    sys.stdout.write(word.replace("\n", " ") + "\n")
    sys.stdout.flush()


def main() -> None:
    say("ready")
    for line in sys.stdin:
        try:
            ask(**json.loads(line))
            say("ok")
        except Error as error:
            say(f"{type(error).__name__}: {error}")
        finally:
            connection.close()


if __name__ == "__main__":
    main()
