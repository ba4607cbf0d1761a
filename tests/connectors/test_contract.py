"""Every installed connector passes the one contract suite; Facebook and Zalo against the simulator on loopback."""

import pytest

from caunoi.channels import registry
from caunoi.channels.testing import ConnectorContract
from tests.connectors import rigs

pytestmark = pytest.mark.xdist_group("connectors")


class TestFacebookPage(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.FacebookRig(outside)


class TestZaloOA(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.ZaloRig(outside)


class TestLoopback(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LoopbackRig()


class TestWebForm(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LocalRig("web_form")


class TestWalkIn(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LocalRig("walk_in")


def test_no_installed_connector_is_left_out():
    tried = {"facebook_page", "zalo_oa", "loopback", "web_form", "walk_in"}

    assert set(registry.all_connectors()) == tried
