"""The ground most stories stand on: a commune with its key ring, a page of the loopback provider, an officer and an approver."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY


@pytest.fixture
def place(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def loopback(place):
    connector = registry.connector_for("loopback")
    connector.world.reset()
    channels.register_app(
        connector_key="loopback", app_id="a", secrets={"secret": "s"}, by=None, at=MONDAY
    )
    channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="loopback",
        external_id="page",
        name="MTTQ xã Bích Hào",
        secrets={"access_token": "t", "refresh_token": "r"},
        token_expires_at=MONDAY + timedelta(days=30),
        by=None,
        at=MONDAY,
    )
    return connector


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def binh(place):
    return make_staff(name="Trần Văn Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
