"""Putting channels into the register: what each kind needs."""

import pytest

from caunoi.channels.models import Channel
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
ADDRESS = "/quan-tri/kenh/moi/"


@pytest.fixture
def chi(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    unit = small_tree()["bich_hao"]
    return client_for(make_staff(name="Hoàng Thị Chi", unit_id=unit.pk, role=Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("kind", "number", "token", "told"),
    [
        ("hand_posted", "nhom-xom-4", "", ""),
        ("loudspeaker", "loa-xom-4", "", ""),
        ("email", "mttq-bichhao@example.vn", "", ""),
        ("facebook_page", "100178180000456", "t", ""),
        ("email", "không phải địa chỉ", "", "địa chỉ email"),
        ("facebook_page", "abc", "t", "Chỉ gồm chữ số"),
        ("facebook_page", "100178180000456", "", "cần có mã"),
    ],
)
def test_each_kind_asks_for_what_it_needs(chi, kind, number, token, told):
    fields = {"connector_key": kind, "unit": "xa-bich-hao", "external_id": number}
    fields |= {"name": "Kênh", "access_token": token}

    answer = chi.post(ADDRESS, fields)

    assert Channel.objects.filter(connector_key=kind).exists() == (not told)
    assert told.lower() in answer.content.decode().lower()
