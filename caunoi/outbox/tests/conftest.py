"""Channels of xã Bích Hào in the loopback world."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import PostKind
from caunoi.kit import keyring
from caunoi.outbox import actions, delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def loopback(tree):
    connector = registry.connector_for("loopback")
    connector.world.reset()
    return connector


@pytest.fixture
def make_channel(tree, loopback):
    def make(external_id="page", unit="bich_hao"):
        return channels.register_channel(
            unit_id=tree[unit].pk,
            connector_key="loopback",
            external_id=external_id,
            name=f"Kênh {external_id}",
            secrets={"access_token": "t", "refresh_token": "r"},
            token_expires_at=MONDAY + timedelta(days=365),
            by=None,
            at=MONDAY,
        )

    return make


@pytest.fixture
def channel(make_channel):
    return make_channel()


@pytest.fixture
def queue(channel):
    """Queue one message; every person is a conversation of her own."""

    def queue_one(text="Tháng 12 có nước.", *, person=None, on=None, at=MONDAY):
        (row,) = actions.queue_send(
            channel=on or channel,
            kind=PostKind.PRIVATE_MESSAGE,
            target_ref=person or text,
            thread_ref=person or text,
            text=text,
            reference="r",
            key=f"k-{text}",
            at=at,
        )
        return row

    return queue_one


@pytest.fixture
def send():
    """Send what is due at that moment, whatever it leads to."""

    def send_all(at=MONDAY):
        while delivery.deliver_once(worker="w", now=lambda: at):
            pass

    return send_all


@pytest.fixture
def row_now():
    return lambda row: OutboundMessage.objects.get(pk=row.pk)
