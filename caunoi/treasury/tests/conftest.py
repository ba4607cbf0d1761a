import pytest

from caunoi.treasury.tests.ground import make_ground


@pytest.fixture
def ground(db):
    return make_ground()
