"""A simulator for all, and channels of xã Bích Hào registered for it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.kit import keyring
from caunoi.outbox import actions as outbox
from caunoi.outbox import delivery
from caunoi.units.tests.factories import small_tree
from simulator.testing import RunningSimulator
from tests.connectors import rigs


@pytest.fixture(scope="package")
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def outside(simulator) -> RunningSimulator:
    """The world outside, empty at the beginning of each test."""
    simulator.clear_faults()
    simulator.limits(zalo_calls_a_minute=100_000)
    simulator.clock(0)
    simulator.reset()
    return simulator


class Registered:
    """A channel in the house, the rig of its provider, and the two things tests do with them."""

    def __init__(self, rig, tree, at):
        self.rig, self.outside, self.tree, self.at = rig, rig.outside, tree, at
        key, account = rig.connector.key, rig.account()
        app = channels.register_app(
            connector_key=key, app_id=rig.app.app_id, secrets=rig.app.secrets, by=None, at=at
        )
        self.channel = channels.register_channel(
            unit_id=tree["bich_hao"].pk,
            connector_key=key,
            external_id=account.external_id,
            name="MTTQ xã Bích Hào",
            app=app,
            secrets=account.secrets,
            token_expires_at=at + timedelta(hours=25) if key == "zalo_oa" else None,
            by=None,
            at=at,
        )

    def queue(self, text, kind=None):
        """Somebody asks, and we queue an answer. -> its row."""
        kind = kind or next(iter(self.rig.connector.max_text))
        post = self.rig.target(kind)
        (row,) = outbox.queue_send(
            channel=self.channel,
            kind=kind,
            target_ref=post.target_ref,
            thread_ref=post.thread_ref,
            text=text,
            reference="r",
            key=f"test-{text}",
            window_opened_at=post.window_opened_at,
            at=self.at,
        )
        return row

    def send(self, at):
        """Let the worker send whatever is due at that moment."""
        while delivery.deliver_once(worker="w", now=lambda: at):
            pass


@pytest.fixture
def ring(settings, tmp_path, outside):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    bases = dict.fromkeys(("api_base", "oauth_base", "graph_base"), outside.url)
    settings.CONNECTOR_SETTINGS = {"zalo_oa": bases, "facebook_page": bases}


@pytest.fixture
def tree(ring):
    return small_tree()


@pytest.fixture
def zalo(tree, outside) -> Registered:
    rig = rigs.ZaloRig(outside)
    return Registered(rig, tree, rig.now())


@pytest.fixture
def facebook(tree, outside) -> Registered:
    rig = rigs.FacebookRig(outside)
    return Registered(rig, tree, rig.now())
