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


class TestZaloGroup(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.ZaloGroupRig(outside)


class TestSmsOverSmpp(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.SmppRig(outside)


class TestSmsOverHttp(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.GatewayRig(outside)


class TestYouTube(ConnectorContract):
    @pytest.fixture
    def rig(self, outside):
        return rigs.YouTubeRig(outside)


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


class TestEmail(ConnectorContract):
    @pytest.fixture
    def rig(self, outside, settings):
        return rigs.EmailRig(outside, settings)


class TestHandPosted(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LocalRig("hand_posted")


class TestLoudspeaker(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LocalRig("loudspeaker")


class TestWebPortal(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return rigs.LocalRig("web_portal")


def test_no_installed_connector_is_left_out():
    outside = {"facebook_page", "zalo_oa", "loopback", "email", "zalo_group", "sms", "youtube"}
    tried = outside | {"web_form", "walk_in", "web_portal", "hand_posted", "loudspeaker"}

    assert set(registry.all_connectors()) <= tried
