"""Thousands of lines at once keep every rule that one keeps."""

import uuid
from datetime import date

import pytest

from caunoi.funds import actions, queries, rules
from caunoi.funds.models import Posting, Word
from caunoi.funds.terms import AnotherPosting, NotBalanced, NotEnough, PeriodClosed, Place
from caunoi.funds.tests import books
from tests.cast import MONDAY


def many(fund, drafts):
    return actions.post_many(drafts, fund_id=fund.pk, at=MONDAY)


def test_they_are_linked_sealed_and_added_up_like_single_ones(fund):
    drafts = [books.draft("receive", 1_000 + n, word=f"lời {n}") for n in range(50)]
    assert many(fund, drafts) == 50
    assert many(fund, [*drafts, books.draft("receive", 7)]) == 1
    fund.refresh_from_db()
    assert fund.seq == 51
    assert (
        queries.balances(fund_id=fund.pk)[books.at("on_hand")] == sum(d.amount for d in drafts) + 7
    )
    link = rules.ZERO
    for posting in Posting.objects.filter(fund=fund).order_by("seq"):
        link = rules.link(link, bytes(posting.leaf))
        assert bytes(posting.link) == link
    word = Word.objects.get(posting_id=drafts[3].id)
    sealed = Posting.objects.get(pk=drafts[3].id).commitment
    assert rules.commitment(bytes(word.salt), "lời 3") == bytes(sealed)


def test_what_single_ones_refuse_they_refuse_whole(fund):
    good = books.draft("receive", 10)
    key = uuid.uuid4()
    many(fund, [books.draft("receive", 5, key=key)])
    actions.close_books(fund_id=fund.pk, through=date(2026, 11, 1), at=MONDAY)
    wrong = (
        (books.draft("fee", 1_000), NotEnough),
        (books.draft("receive", 6, key=key), AnotherPosting),
        (books.draft("receive", 6, on=date(2026, 10, 1)), PeriodClosed),
        (books.draft("receive", 6, target=books.at(Place.ALLOCATED)), NotBalanced),
    )
    for draft, error in wrong:
        with pytest.raises(error):
            many(fund, [good, draft])
    assert Posting.objects.filter(fund=fund).count() == 1
