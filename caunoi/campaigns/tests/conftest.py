import pytest

from caunoi.campaigns.tests import ground
from caunoi.units.tests.factories import small_tree


@pytest.fixture
def tree(db):
    return small_tree()


@pytest.fixture
def staff(tree):
    return ground.people(tree)


@pytest.fixture
def campaign(tree, staff):
    return ground.open_campaign(tree, staff)
