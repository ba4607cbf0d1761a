"""What the bank's own statements say counts beside the books; a movement that the bank told twice is seen."""

import uuid

import pytest
from django.urls import reverse

from caunoi.staff.tests.factories import client_for
from caunoi.statements.models import BankLine, StatementFile
from caunoi.statements.tests import ground as bank
from caunoi.treasury import actions, auditing, queries
from caunoi.treasury.tests.ground import DAY
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(ground):
    campaign = bank.campaign_in(ground.tree)
    ground.fund = campaign.fund
    return bank.account_of(campaign, ground.quy, sole=True)


def statement(account, by, closing):
    return StatementFile.objects.create(
        account=account,
        name="sao-ke.csv",
        sha256=uuid.uuid4().bytes,
        size=1,
        kind="csv",
        state="done",
        last_on=DAY,
        closing=closing,
        made_at=MONDAY,
        by_id=by.account_id,
    )


def test_the_closing_balance_of_the_bank_counts_not_what_was_typed(ground, account):
    ground.voucher("take_in", 500)
    actions.declare(fund=ground.fund, on=DAY, cash=0, bank=500, note="", by=ground.quy, at=MONDAY)
    assert auditing.anomalies(fund=ground.fund) == []

    statement(account, ground.quy, 480)

    one = queries.reconciliations(fund=ground.fund)[0]
    assert (one.said, one.books, one.differs) == (480, 500, -20)
    assert [a.check for a in auditing.anomalies(fund=ground.fund)] == ["bank_differs"]
    against = queries.against_closing(
        fund=ground.fund, through=DAY, on=DAY.replace(day=DAY.day + 1)
    )
    assert len(against) == 2
    page = client_for(ground.giang).get(reverse("treasury:audit", args=[ground.fund.pk]))
    assert "theo sao kê" in page.content.decode()


def test_a_line_that_the_bank_told_twice_looks_wrong_until_it_is_explained(ground, account):
    file = statement(account, ground.quy, 0)
    about = {"account": account, "campaign": account.campaign, "file": file, "on": DAY}
    about |= {"state": "unmatched", "why": "no_code"}
    for amount, reference in ((5, "FT1"), (5, "FT1"), (5, "FT2"), (6, "FT1"), (5, "")):
        BankLine.objects.create(key=uuid.uuid4(), amount=amount, reference=reference, **about)

    found = [a for a in auditing.anomalies(fund=ground.fund) if a.check == "same_line"]

    assert [(a.amount, a.words[:3]) for a in found] == [(5, "FT1")]
