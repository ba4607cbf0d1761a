"""The columns by unit add up to the columns of the whole, whatever was taken back."""

import uuid

import pytest

from caunoi.funds import actions, queries
from caunoi.funds.models import Posting
from caunoi.funds.terms import Column
from caunoi.funds.tests.books import DAY, at, draft, fund_of, post
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_by_unit_in_two_queries_and_equal_in_sum(django_assert_num_queries):
    tree = small_tree()
    fund = fund_of(tree["nghe_an"])
    one, two = tree["bich_hao"].pk, tree["tri_le"].pk
    pledge, lapse = draft("pledge", 500), draft("lapse", 120)
    post(fund, pledge, lapse, draft("receive", 1000), draft("receive_unmatched", 70))
    post(
        fund,
        draft("allocate", 400, target=at("allocated", unit=one)),
        draft("allocate", 300, target=at("allocated", unit=two)),
        draft("release", 50, source=at("allocated", unit=two)),
    )
    handed = draft(
        "hand_over", 200, source=at("allocated", unit=one), target=at("handed_over", unit=one)
    )
    post(
        fund,
        handed,
        draft(
            "hand_over", 90, source=at("allocated", unit=two), target=at("handed_over", unit=two)
        ),
    )
    post(fund, draft("give_back_unmatched", 30))
    for undone in (handed, lapse):
        posting = Posting.objects.get(pk=undone.id)
        actions.reverse(posting=posting, key=uuid.uuid4(), on=DAY, at=MONDAY)

    with django_assert_num_queries(2):
        found = queries.columns_by_unit(fund_id=fund.pk)

    whole = queries.columns(fund_id=fund.pk)
    for column in Column:
        assert sum(row[column] for row in found.values()) == whole[column].get("VND", 0), column
    assert found[one, "", "VND"] == {
        Column.REGISTERED: 0,
        Column.RECEIVED: 0,
        Column.ALLOCATED: 400,
        Column.DELIVERED: 0,
    }
    assert found[two, "", "VND"][Column.ALLOCATED] == 250
    assert queries.came_too_late(fund_id=fund.pk) == {"VND": (40, 30)}
