import pytest

from caunoi.goods.tests import ground
from caunoi.units.tests.factories import small_tree


@pytest.fixture
def place(db):
    return small_tree()


@pytest.fixture
def staff(place):
    return ground.people(place)


@pytest.fixture
def campaign(place, staff):
    return ground.open_campaign(place, staff)
