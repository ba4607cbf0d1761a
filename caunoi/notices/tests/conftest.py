"""The people of a notice: an editor and an approver of the commune, two approvers of the province, a village collaborator."""

import pytest

from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


@pytest.fixture
def binh(place):
    return make_staff(name="Trần Văn Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)


@pytest.fixture
def duc(place):
    return make_staff(name="Phan Văn Đức", unit_id=place["village"].pk, role=Role.CONTRIBUTOR)


@pytest.fixture
def mai(place):
    return make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR)


@pytest.fixture
def thao(place):
    return make_staff(name="Hoàng Thị Thảo", unit_id=place["nghe_an"].pk, role=Role.APPROVER)


@pytest.fixture
def viet(place):
    return make_staff(name="Lê Văn Việt", unit_id=place["nghe_an"].pk, role=Role.APPROVER)
