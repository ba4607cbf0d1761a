"""Connecting a channel again: to the provider's consent page and back, and nothing is kept that is another channel's."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from caunoi.channels import actions as channels
from caunoi.channels import registry, upkeep
from caunoi.channels.terms import ChannelState
from caunoi.connectors.youtube.connector import YouTube
from caunoi.kit import clock, keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.connectors.rigs import YouTubeRig

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
HERE = {"host": "127.0.0.1"}
"""Where the simulator leads back to."""
OTHER = "UCother00000000000000000"


@pytest.fixture
def place(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def videos(place, outside, settings, monkeypatch):
    """A channel whose consent was taken back, and another one of the same owner."""
    known = registry.all_connectors() | {"youtube": YouTube()}
    monkeypatch.setattr(registry, "_installed", lambda: known)
    where = dict.fromkeys(("api_base", "token_base", "consent_base"), outside.url)
    settings.CONNECTOR_SETTINGS = settings.CONNECTOR_SETTINGS | {"youtube": where}
    outside.setup(
        youtube_channels=[
            {"id": i, "name": i, "refresh_token": f"now-{i}"} for i in (YouTubeRig.CHANNEL, OTHER)
        ]
    )
    at = clock.now()
    google = channels.register_app(
        connector_key="youtube", app_id="client", secrets={"app_secret": "s"}, by=None, at=at
    )
    return channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="youtube",
        external_id=YouTubeRig.CHANNEL,
        name="Mặt trận xã",
        app=google,
        secrets={"refresh_token": "taken back"},
        by=None,
        at=at,
    )


@pytest.fixture
def desk(place):
    return client_for(
        make_staff(name="Lê Thị Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)
    )


def agreed(desk, channel, chosen, **changed):
    """Go to the consent page, choose a channel there, and come back. -> the page of the channel"""
    led = desk.post(f"/quan-tri/kenh/{channel.pk}/noi-lai/", headers=HERE)
    address = led.headers["Location"]
    for name, word in changed.items():
        address = address.replace(f"{name}={parse_qs(urlsplit(address).query)[name][0]}", f"{name}={word}")  # fmt: skip
    assert "kênh YouTube" in httpx.get(address).text
    back = httpx.post(address, data={"account": chosen}).headers["location"]
    parts = urlsplit(back)
    return desk.get(f"{parts.path}?{parts.query}", follow=True, headers=HERE).content.decode()


def test_a_channel_is_connected_again_on_googles_page(videos, desk, outside):
    assert not upkeep.check_channel(channel=videos, at=clock.now()).ok
    videos.refresh_from_db()
    assert videos.state == ChannelState.RECONNECT_NEEDED
    assert "noi-lai" in desk.get(f"/quan-tri/kenh/{videos.pk}/").content.decode()

    page = agreed(desk, videos, YouTubeRig.CHANNEL)

    videos.refresh_from_db()
    assert "Đã nối" in page
    assert (videos.state, videos.token_expires_at) == (ChannelState.ACTIVE, None)
    assert upkeep.check_channel(channel=videos, at=clock.now()).ok
    spent = desk.get("/quan-tri/kenh/da-noi/?code=x&state=y")
    assert spent.status_code == 404


@pytest.mark.parametrize(
    ("chosen", "changed", "said"),
    [
        (OTHER, {}, "của kênh khác"),
        (YouTubeRig.CHANNEL, {"prompt": "none"}, "không cho phép lâu dài"),
    ],
)
def test_another_channels_consent_or_one_that_does_not_last_is_not_kept(
    videos, desk, outside, chosen, changed, said
):
    page = agreed(desk, videos, chosen, **changed)

    assert said in page
    assert channels.account_for(videos).secrets == {"refresh_token": "taken back"}
