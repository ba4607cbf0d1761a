"""A group of an Official Account speaks with the account's tokens, and has nothing of its own to lose."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability, Picture
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.connectors.zalo_group import uncertain
from caunoi.connectors.zalo_group.connector import ZaloGroup
from caunoi.kit.sentences import said
from caunoi.notices import looking, posts
from caunoi.notices.tests.test_telling import FLOOD
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from tests.connectors import rigs
from tests.connectors.rigs import OA

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
GROUP = rigs.ZaloGroupRig.GROUP


@pytest.fixture
def group(zalo, outside, settings, monkeypatch):
    """The group of the account that is registered already."""
    known = registry.all_connectors() | {"zalo_group": ZaloGroup()}
    monkeypatch.setattr(registry, "_installed", lambda: known)
    outside.setup(zalo_groups=[{"id": GROUP, "oa": OA, "name": "Nhóm xã Bích Hào"}])
    bases = settings.CONNECTOR_SETTINGS
    settings.CONNECTOR_SETTINGS = bases | {"zalo_group": bases["zalo_oa"]}
    return channels.register_channel(
        unit_id=zalo.channel.unit_id,
        connector_key="zalo_group",
        external_id=f"{OA}/{GROUP}",
        name="Nhóm xã Bích Hào",
        by=None,
        at=zalo.at,
    )


def publish(group, number, at, pictures=(), text="", link=rigs.BESIDE.link):
    content = outbox.keep_content(
        title="Họp thôn", text=text or f"Tối {number} họp thôn.", link=link, at=at
    )
    outbox.queue_publications(
        content=content, channels=[group], key_prefix=f"n:{number}", reference=f"n:{number}", at=at
    )


def send(at):
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass


def states(group):
    rows = OutboundMessage.objects.filter(channel=group).order_by("seq")
    return list(rows.values_list("state", flat=True))


def test_a_group_renews_its_accounts_token_and_waits_for_the_account_when_it_is_lost(
    zalo, group, outside
):
    at, first = zalo.at, outside.zalo_tokens(OA)
    outside.change_token(provider="zalo", token=first["access_token"], kind="expired")

    publish(group, 1, at)
    send(at)

    assert [m["text"] for m in outside.group_messages(GROUP)] == [
        f"Tối 1 họp thôn.\n\n{rigs.BESIDE.link}"
    ]
    assert (
        channels.account_for(group).secrets
        == channels.account_for(Channel.objects.get(pk=zalo.channel.pk)).secrets
    )
    assert outside.zalo_tokens(OA)["access_token"] != first["access_token"]

    second = outside.zalo_tokens(OA)
    for token in (second["access_token"], second["refresh_token"]):
        outside.change_token(provider="zalo", token=token, kind="revoked")
    publish(group, 2, at)
    send(at)

    group.refresh_from_db()
    zalo.channel.refresh_from_db()
    assert (group.state, zalo.channel.state) == (ChannelState.RECONNECT_NEEDED,) * 2
    assert states(group) == ["sent", "queued"]
    assert "nối lại" in said(group.trouble).lower()

    outside.reset()
    rigs.ZaloGroupRig(outside)
    tokens = {k: v for k, v in outside.zalo_tokens(OA).items() if k.endswith("_token")}
    channels.change_secrets(channel=zalo.channel, secrets=tokens, by=None, at=at)
    send(at + timedelta(hours=3))

    group.refresh_from_db()
    assert group.state == ChannelState.ACTIVE
    assert states(group) == ["sent", "sent"]


def test_a_group_reads_what_the_preview_showed(zalo, group, outside):
    text, link = posts.text_of(FLOOD, "zalo_group"), posts.short_address(posts.CODE)

    publish(group, 1, zalo.at, text=text, link=link)
    send(zalo.at)

    (message,) = outside.group_messages(GROUP)
    shown = [c.text for c in looking.cards(FLOOD, address="https://x.vn/1")]
    assert message["text"] == posts.seen_on(FLOOD, "zalo_group", address="")
    assert message["text"] in shown


def test_a_group_without_its_account_says_what_to_do(zalo, group, outside):
    Channel.objects.filter(pk=zalo.channel.pk).update(state=ChannelState.RETIRED)

    publish(group, 1, zalo.at)
    send(zalo.at)

    group.refresh_from_db()
    assert group.state == ChannelState.RECONNECT_NEEDED
    assert "chưa được đăng ký" in said(group.trouble)
    assert not outside.group_messages(GROUP)


def test_more_than_a_group_bears_in_a_day_waits_for_the_next(zalo, group, outside):
    for number in range(uncertain.MESSAGES_A_DAY + 1):
        publish(group, number, zalo.at)
    for minutes in range(3):
        send(zalo.at + timedelta(minutes=minutes))
    (waiting,) = OutboundMessage.objects.filter(channel=group, state="queued")

    assert len(outside.group_messages(GROUP)) == uncertain.MESSAGES_A_DAY
    assert "hạn mức" in said(waiting.trouble) or "hết" in said(waiting.trouble)

    send(zalo.at + timedelta(days=1, hours=1))
    assert len(outside.group_messages(GROUP)) == uncertain.MESSAGES_A_DAY + 1


def test_the_first_picture_stands_above_the_words(outside):
    rig = rigs.ZaloGroupRig(outside)
    beside = rigs.BESIDE.__class__(
        title="Họp",
        link=rigs.BESIDE.link,
        pictures=(Picture("image/jpeg", "Sân", "a.jpg", b"x", "https://caunoi.example/a.jpg"),),
    )
    post = rigs.OutboundPost(rigs.PostKind.PUBLICATION, "", "n", "Họp thôn", publication=beside)

    rig.connector.send(post, rig.account(), key="k", at=rig.now())

    (message,) = outside.group_messages(GROUP)
    assert message["image"] == "https://caunoi.example/a.jpg"
    assert Capability.PUBLISH_PICTURES in rig.connector.capabilities
