"""Whatever happens in whatever order, the books add up; the short form of what ``make chaos`` does longer."""

import uuid
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from caunoi.funds import actions, queries, rules, verifying
from caunoi.funds.models import Posting
from caunoi.funds.terms import Column, Move, Place
from caunoi.funds.tests import books
from caunoi.kit.terms import Foreseen
from caunoi.units.models import Unit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
AMOUNTS = st.integers(1, 50)
THINGS = st.sampled_from(["VND", "goat"])
PURPOSES = st.sampled_from(["", "nha-o"])
STEPS = st.sampled_from(
    [m for m in Move if m != Move.REVERSE and m not in (Move.FORWARD, Move.MATCH)]
)


class Books(RuleBasedStateMachine):
    """A fund beside a model of it: plain numbers in a dictionary."""

    made = Bundle("made")

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.fund = books.fund_of(Unit.objects.create(slug=f"xa-{uuid.uuid4().hex[:8]}"))
        self.model: Counter = Counter()
        self.reversed: set = set()
        self.closed = False

    def teardown(self):
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def possible(self, draft):
        inside = draft.source.place not in rules.OUTSIDE
        return not inside or self.model[draft.source] >= draft.amount

    def attempt(self, draft):
        """Post it; both the books and the model must agree on whether it goes."""
        try:
            posting = books.post(self.fund, draft)[0]
        except Foreseen:
            assert not self.possible(draft)
            return None
        assert self.possible(draft)
        self.model[draft.source] -= draft.amount
        self.model[draft.target] += draft.amount
        return posting

    @rule(target=made, move=STEPS, amount=AMOUNTS, thing=THINGS, purpose=PURPOSES)
    def step(self, move, amount, thing, purpose):
        return self.attempt(books.draft(move, amount, commodity=thing, purpose=purpose))

    @rule(target=made, amount=AMOUNTS, purpose=PURPOSES)
    def match(self, amount, purpose):
        wanted = books.draft(
            "match",
            amount,
            source=books.at("unmatched"),
            target=books.at("on_hand", purpose=purpose),
        )
        return self.attempt(wanted)

    @rule(posting=made)
    def again(self, posting):
        """The same key once more changes nothing."""
        if posting is None:
            return
        before = Posting.objects.filter(fund=self.fund).count()
        found = Posting.objects.select_related("source", "target").get(pk=posting.pk)
        if found.move != Move.REVERSE:
            same = books.draft(
                found.move,
                found.amount,
                source=found.source.address,
                target=found.target.address,
                key=found.pk,
                on=found.on,
            )
            assert books.post(self.fund, same)[0].pk == posting.pk
        assert Posting.objects.filter(fund=self.fund).count() == before

    @rule(posting=consumes(made))
    def take_back(self, posting):
        if posting is None or posting.move == Move.REVERSE:
            return
        original = Posting.objects.select_related("source", "target").get(pk=posting.pk)
        source, target = original.target.address, original.source.address
        goes = source.place in rules.OUTSIDE or self.model[source] >= original.amount
        try:
            actions.reverse(posting=original, key=uuid.uuid4(), on=books.DAY, at=MONDAY)
        except Foreseen:
            assert not goes or posting.pk in self.reversed
            return
        assert goes
        assert posting.pk not in self.reversed
        self.reversed.add(posting.pk)
        self.model[source] -= original.amount
        self.model[target] += original.amount

    @rule(amount=AMOUNTS)
    def all_or_nothing(self, amount):
        """A deed whose second half does not go leaves no first half."""
        before = Posting.objects.filter(fund=self.fund).count()
        with pytest.raises(Foreseen):
            books.post(self.fund, books.draft("receive", amount), books.draft("allocate", 10**9))
        assert Posting.objects.filter(fund=self.fund).count() == before

    @invariant()
    def the_books_are_the_model(self):
        found = queries.balances(fund_id=self.fund.pk)
        assert {a: n for a, n in found.items() if n} == {a: n for a, n in self.model.items() if n}
        sums: Counter = Counter()
        for address, n in found.items():
            sums[address.commodity] += n
            assert n >= 0 or address.place in rules.OUTSIDE
        assert not any(sums.values())

    @invariant()
    def what_came_is_somewhere(self):
        found = queries.balances(fund_id=self.fund.pk)
        received = queries.columns(fund_id=self.fund.pk)[Column.RECEIVED]
        somewhere: Counter = Counter()
        for address, n in found.items():
            if address.place not in (Place.GIVERS, Place.PROMISERS, Place.PLEDGED):
                somewhere[address.commodity] += n
        for thing in ("VND", "goat"):
            assert somewhere[thing] == received.get(thing, 0)

    @invariant()
    def anybody_can_check(self):
        verdict = verifying.verify(queries.journal(fund_id=self.fund.pk))
        assert verdict.wrong == ""
        told = {
            c.value: {k: n for k, n in by.items() if n}
            for c, by in queries.columns(fund_id=self.fund.pk).items()
        }
        assert {c: {k: n for k, n in by.items() if n} for c, by in verdict.columns.items()} == told


def run(examples, steps):
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip


def test_the_books_add_up_in_any_course():
    run(examples=8, steps=25)


@pytest.mark.slow
def test_the_books_add_up_in_five_hundred_long_courses():
    run(examples=500, steps=60)
