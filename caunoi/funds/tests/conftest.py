import pytest

from caunoi.funds.tests import books
from caunoi.units.models import Unit


@pytest.fixture
def unit(db):
    return Unit.objects.create(slug="xa-bich-hao-quy")


@pytest.fixture
def fund(unit):
    return books.fund_of(unit)
