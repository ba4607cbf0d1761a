"""Putting the newer kinds of channels into the register, and numbers on a list."""

import pytest

from caunoi.channels import registry
from caunoi.channels.models import Channel
from caunoi.connectors.sms.connector import Sms
from caunoi.connectors.youtube.connector import YouTube
from caunoi.connectors.zalo_group.connector import ZaloGroup
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
LATER = {"zalo_group": ZaloGroup(), "sms": Sms(), "youtube": YouTube()}
"""Found by their entry points once the package is installed anew."""
ADDRESS = "/quan-tri/kenh/moi/"


@pytest.fixture
def chi(settings, tmp_path, monkeypatch):
    known = registry.all_connectors() | LATER
    monkeypatch.setattr(registry, "_installed", lambda: known)
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    unit = small_tree()["bich_hao"]
    return client_for(make_staff(name="Hoàng Thị Chi", unit_id=unit.pk, role=Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("kind", "number", "token", "told"),
    [
        ("zalo_group", "431865706877456001/f414c8f76f", "", ""),
        ("zalo_group", "431865706877456001", "", "dấu gạch chéo"),
        ("sms", "MTTQ BHAO/xom-4", "t", ""),
        ("sms", "Mặt trận xã", "t", "đã đăng ký"),
        ("sms", "MTTQ BHAO", "", "cần có cả hai"),
        ("sms", "MTTQ BHAO", "mat-khau-dai", "tối đa 8 ký tự"),
        ("youtube", "UCbichhao00000000000000x", "", "cần có"),
    ],
)
def test_each_kind_asks_for_what_it_needs(chi, kind, number, token, told):
    fields = {"connector_key": kind, "unit": "xa-bich-hao", "external_id": number}
    fields |= {"name": "Kênh", "access_token": token, "login": "mttq"}

    answer = chi.post(ADDRESS, fields)

    assert Channel.objects.filter(connector_key=kind).exists() == (not told)
    assert told.lower() in answer.content.decode().lower()


def test_a_list_takes_numbers_of_who_asked_and_shows_none_of_them_whole(chi):
    fields = {"connector_key": "sms", "unit": "xa-bich-hao", "external_id": "MTTQ BHAO"}
    chi.post(ADDRESS, fields | {"name": "SMS xã", "login": "mttq", "access_token": "t"})
    channel = Channel.objects.get(connector_key="sms")
    address = f"/quan-tri/kenh/{channel.pk}/so-dien-thoai/"
    lines = "0912 345 678\n0987654321\nông Ba"

    refused = chi.post(address, {"numbers": lines})
    page = chi.post(address, {"numbers": lines, "asked": "on"}, follow=True).content.decode()

    assert "đã xin nhận tin nhắn" in refused.content.decode()
    assert "Đã thêm 2 số" in page
    assert "dòng 3" in page
    assert "••• ••• 678" in page
    assert "0912" not in page
    assert "345678" not in page.replace(" ", "")

    page = chi.post(address, {"erase": "1", "number": "+84912345678"}, follow=True).content.decode()
    assert "Đã xoá số này" in page
    assert channel.numbers.count() == 1
    assert "1" in chi.get(f"/quan-tri/kenh/{channel.pk}/").content.decode()
