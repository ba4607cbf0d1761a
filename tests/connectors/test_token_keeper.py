"""Tokens that can be traded once, whatever goes wrong on the way: none is lost by us, and no message with it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from caunoi.channels import actions as channels
from caunoi.channels import token_keeper
from caunoi.channels.contract import ReconnectNeeded, TryLater
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.outbox.models import OutboundMessage
from simulator.client import wait_for
from tests.connectors.rigs import OA

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("connectors")]
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


def again(zalo):
    return Channel.objects.get(pk=zalo.channel.pk)


def refreshes(zalo):
    """How often tokens were traded at the provider, and how often it refused to."""
    told = zalo.outside.zalo_tokens(OA)
    return told["rotated"], told["refused"]


def test_a_token_good_for_hours_is_left_alone(zalo):
    token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + timedelta(hours=22))

    assert refreshes(zalo) == (0, 0)


def test_a_token_is_renewed_two_hours_ahead_and_works(zalo):
    account = token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + timedelta(hours=23.5))

    assert refreshes(zalo) == (1, 0)
    assert zalo.rig.connector.check(account, at=zalo.at).ok
    assert again(zalo).refresh_started_at is None


def test_a_refresh_that_never_arrived_is_tried_again_with_the_same_token(zalo):
    zalo.outside.fault("/v4/oa/access_token", "500")
    with pytest.raises(TryLater):
        token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + DAY)

    account = token_keeper.fresh_account(channel=again(zalo), at=zalo.at + DAY + MINUTE)

    assert refreshes(zalo) == (1, 0)
    assert zalo.rig.connector.check(account, at=zalo.at).ok
    assert again(zalo).state == ChannelState.ACTIVE


def test_an_answer_lost_after_the_refresh_was_accepted_asks_for_a_person_and_drops_nothing(zalo):
    row = zalo.queue("Chờ nối lại")
    zalo.outside.fault("/v4/oa/access_token", "drop")

    zalo.send(zalo.at + DAY)
    waiting = OutboundMessage.objects.get(pk=row.pk)
    zalo.send(zalo.at + DAY + MINUTE)

    lost = again(zalo)
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert (lost.state, lost.trouble) == (
        ChannelState.RECONNECT_NEEDED,
        token_keeper.LOST_ANSWER,
    )
    assert refreshes(zalo) == (1, 1)
    assert zalo.rig.arrived("Chờ nối lại") == 0

    connect_again(zalo)
    zalo.send(zalo.at + DAY + 2 * MINUTE)

    assert zalo.rig.arrived("Chờ nối lại") == 1


def connect_again(zalo):
    """What the consent page does in the end: the provider's tokens of now, and the channel works."""
    tokens = zalo.outside.zalo_tokens(OA)
    secrets = {name: tokens[name] for name in ("access_token", "refresh_token")}
    channels.change_secrets(
        channel=again(zalo),
        secrets=secrets,
        by=None,
        at=zalo.at,
        token_expires_at=zalo.at + 3 * DAY,
    )


def test_two_keepers_at_once_trade_once_and_get_the_same_token(zalo):
    zalo.outside.fault("/v4/oa/access_token", "slow", seconds=0.6)
    got, start = [], threading.Barrier(2)

    def keep():
        channel = again(zalo)
        start.wait(timeout=10)
        account = token_keeper.fresh_account(channel=channel, at=zalo.at + DAY)
        got.append(account.secrets["access_token"])
        connection.close()

    keepers = [threading.Thread(target=keep) for _ in range(2)]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join(timeout=30)

    assert refreshes(zalo) == (1, 0)
    assert got == [zalo.outside.zalo_tokens(OA)["access_token"]] * 2


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs afterwards."""


def dies(*_args, **_words):
    raise Killed


def test_a_crash_before_the_request_left_costs_nothing(zalo, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(zalo.rig.connector), "refresh", dies)
        with pytest.raises(Killed):
            token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + DAY)
    assert again(zalo).refresh_started_at is not None

    token_keeper.fresh_account(channel=again(zalo), at=zalo.at + DAY + MINUTE)

    assert refreshes(zalo) == (1, 0)
    assert again(zalo).state == ChannelState.ACTIVE


def test_a_crash_between_refresh_and_store_is_noticed_and_said(zalo, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(channels, "store_tokens", dies)
        with pytest.raises(Killed):
            token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + DAY)

    with pytest.raises(ReconnectNeeded):
        token_keeper.fresh_account(channel=again(zalo), at=zalo.at + DAY + MINUTE)

    assert again(zalo).trouble == token_keeper.LOST_ANSWER


def test_a_database_that_goes_away_between_refresh_and_store_loses_no_token(zalo, monkeypatch):
    monkeypatch.setattr(token_keeper, "STORE_PAUSES_SECONDS", (0.0, 0.0))
    refresh = type(zalo.rig.connector).refresh

    def refresh_and_lose_the_database(self, account, *, at):
        tokens = refresh(self, account, at=at)
        cut_our_connection()
        return tokens

    monkeypatch.setattr(type(zalo.rig.connector), "refresh", refresh_and_lose_the_database)

    account = token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + DAY)

    kept = channels.secrets_of(again(zalo))["access_token"]
    assert kept == account.secrets["access_token"] == zalo.outside.zalo_tokens(OA)["access_token"]


def cut_our_connection():
    import psycopg

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    words = connection.get_connection_params()
    with psycopg.connect(
        host=words["host"], user=words["user"], dbname=words["dbname"], autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [mine])

        def is_gone():
            left = other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [mine])
            return left.fetchone() is None

        wait_for(is_gone)


def test_a_killed_keepers_lock_does_not_outlive_it(zalo):
    import psycopg

    words = connection.get_connection_params()
    killed = psycopg.connect(host=words["host"], user=words["user"], dbname=words["dbname"])
    killed.execute("SELECT pg_advisory_lock(%s)", [zalo.channel.pk.int & 0x7FFF_FFFF_FFFF_FFFF])
    killed.close()

    token_keeper.fresh_account(channel=zalo.channel, at=zalo.at + DAY)

    assert refreshes(zalo) == (1, 0)


def test_a_revoked_refresh_token_makes_sends_wait_and_drops_none(zalo):
    rows = [zalo.queue(f"Tin {n}") for n in range(3)]
    for name in ("access_token", "refresh_token"):
        token = zalo.rig.account().secrets[name]
        zalo.outside.change_token(provider="zalo", token=token, kind="revoked")

    zalo.send(zalo.at)
    zalo.send(zalo.at + DAY)

    lost = again(zalo)
    assert lost.state == ChannelState.RECONNECT_NEEDED
    assert lost.trouble.endswith("[-14014]")
    states = set(OutboundMessage.objects.filter(pk__in=[r.pk for r in rows]).values_list("state"))
    assert states == {("queued",)}
    assert sum(zalo.rig.arrived(f"Tin {n}") for n in range(3)) == 0
    assert refreshes(zalo) == (0, 1)


def test_an_access_token_the_provider_took_back_is_renewed_and_the_message_goes_out_once(zalo):
    row = zalo.queue("Vẫn tới nơi")
    token = zalo.rig.account().secrets["access_token"]
    zalo.outside.change_token(provider="zalo", token=token, kind="revoked")

    zalo.send(zalo.at)

    assert OutboundMessage.objects.get(pk=row.pk).state == "sent"
    assert zalo.rig.arrived("Vẫn tới nơi") == 1
    assert refreshes(zalo) == (1, 0)


def test_an_uncertain_message_is_looked_up_with_a_renewed_token(zalo):
    row = zalo.queue("Đã tới chưa")
    zalo.outside.fault("POST */message/cs", "drop")
    zalo.send(zalo.at)
    token = zalo.rig.account().secrets["access_token"]
    zalo.outside.change_token(provider="zalo", token=token, kind="expired")

    zalo.send(zalo.at + MINUTE)

    assert OutboundMessage.objects.get(pk=row.pk).state == "sent"
    assert zalo.rig.arrived("Đã tới chưa") == 1


def test_a_lost_channel_leaves_other_channels_alone(zalo, facebook):
    lost = zalo.queue("Zalo chờ")
    token = zalo.rig.account().secrets["refresh_token"]
    zalo.outside.change_token(provider="zalo", token=token, kind="revoked")
    works = facebook.queue("Facebook tới")

    zalo.send(zalo.at + DAY)

    assert OutboundMessage.objects.get(pk=lost.pk).state == "queued"
    assert OutboundMessage.objects.get(pk=works.pk).state == "sent"
