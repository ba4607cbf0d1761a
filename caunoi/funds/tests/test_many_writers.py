"""Many write at once: the books of each fund stay one chain that adds up, and nobody waits for ever."""

import random
import threading
import time

import pytest
from django.db import connection

from caunoi.funds import actions, queries, rules, verifying
from caunoi.funds.models import Posting
from caunoi.funds.terms import NotEnough
from caunoi.funds.tests import books
from caunoi.units.models import Unit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)
MOVES = ("receive", "receive", "allocate", "hand_over", "release", "pledge", "lapse")


class Writer(threading.Thread):
    """Somebody who posts whatever she can until the time is over, in any of the funds, and sometimes takes something back."""

    def __init__(self, funds, until, seed):
        super().__init__()
        self.funds, self.until, self.dice = funds, until, random.Random(seed)
        self.done, self.refused, self.wrong = [], 0, ""

    def run(self):
        try:
            while time.monotonic() < self.until:
                self.write(self.dice.choice(self.funds))
        except Exception as error:  # noqa: BLE001 (the test says it)
            self.wrong = repr(error)
        finally:
            connection.close()

    def write(self, fund):
        deed = [
            books.draft(self.dice.choice(MOVES), self.dice.randint(1, 50))
            for _ in range(self.dice.randint(1, 3))
        ]
        try:
            made = books.post(fund, *deed)
            self.done += [p.pk for p in made]
            if self.dice.random() < 0.1:
                first = Posting.objects.select_related("source", "target").get(pk=made[0].pk)
                back = actions.reverse(
                    posting=first, key=books.draft("receive", 1).id, on=books.DAY, at=MONDAY
                )
                self.done.append(back.pk)
        except NotEnough:
            self.refused += 1


def write_together(writers, seconds):
    unit = Unit.objects.create(slug="xa-dong-nguoi")
    funds = [books.fund_of(unit, f"Quỹ {n}") for n in range(2)]
    until = time.monotonic() + seconds
    busy = [Writer(funds, until, seed) for seed in range(writers)]
    for one in busy:
        one.start()
    for one in busy:
        one.join(seconds + 60)

    assert [w.wrong for w in busy] == [""] * writers
    assert all(w.done for w in busy)
    acknowledged = [pk for w in busy for pk in w.done]
    assert len(acknowledged) == len(set(acknowledged)) == Posting.objects.count()
    for fund in funds:
        assert verifying.verify(queries.journal(fund_id=fund.pk)).wrong == ""
        found = queries.balances(fund_id=fund.pk)
        assert sum(found.values()) == 0
        assert all(n >= 0 for a, n in found.items() if a.place not in rules.OUTSIDE)
    return len(acknowledged)


def test_four_write_for_a_second():
    assert write_together(4, 1) > 20


@pytest.mark.slow
def test_eight_write_for_thirty_seconds():
    assert write_together(8, 30) > 1000
