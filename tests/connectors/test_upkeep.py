"""Channels looked after against the simulator: tokens ahead of their end, a look at each a day."""

from datetime import UTC, datetime, timedelta

import pytest

from caunoi.channels import upkeep
from caunoi.channels.contract import TryLater
from caunoi.channels.models import Alert, Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit import jobs
from tests.connectors.rigs import OA, PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
HOUR = timedelta(hours=1)


def now_known(registered):
    return Channel.objects.get(pk=registered.channel.pk)


def test_tokens_are_renewed_before_anybody_needs_them(zalo):
    for hours in (1, 22, 23.5, 24):
        jobs.run("channels.refresh_tokens", at=zalo.at + hours * HOUR)

    assert zalo.outside.zalo_tokens(OA)["rotated"] == 1
    assert now_known(zalo).token_expires_at == zalo.at + (23.5 + 25) * HOUR


def test_a_paused_accounts_token_is_kept_alive_too(zalo):
    Channel.objects.update(state=ChannelState.PAUSED)

    jobs.run("channels.refresh_tokens", at=zalo.at + 24 * HOUR)

    assert zalo.outside.zalo_tokens(OA)["rotated"] == 1
    assert now_known(zalo).state == ChannelState.PAUSED


def test_a_token_that_cannot_be_renewed_is_told_of(zalo):
    token = zalo.rig.account().secrets["refresh_token"]
    zalo.outside.change_token(provider="zalo", token=token, kind="revoked")

    jobs.run("channels.refresh_tokens", at=zalo.at + 24 * HOUR)

    assert now_known(zalo).state == ChannelState.RECONNECT_NEEDED
    assert Alert.objects.get().kind == "reconnect"


def test_every_channel_is_looked_at_once_a_day(zalo, facebook):
    found = [
        jobs.run("channels.check_channels", at=zalo.at + hours * HOUR) for hours in (0, 1, 23, 24)
    ]

    assert found == [2, 0, 0, 2]


def test_an_account_idle_for_days_is_well_and_not_taken_for_lost(zalo):
    zalo.outside.clock(50 * 3600)

    health = upkeep.check_channel(channel=zalo.channel, at=zalo.at + 50 * HOUR)

    assert health.ok
    assert now_known(zalo).state == ChannelState.ACTIVE


def test_a_page_that_told_us_nothing_any_more_is_subscribed_anew_and_caught_up(facebook):
    facebook.outside.setup(pages=[{"id": PAGE, "subscribed_fields": ["feed"]}])
    Channel.objects.update(catch_up_due_at=facebook.at + 5 * HOUR)

    health = upkeep.check_channel(channel=facebook.channel, at=facebook.at)

    told = facebook.outside.setup()["pages"][0]["subscribed_fields"]
    assert health.subscribed_anew
    assert {"feed", "messages", "message_echoes"} <= set(told.split(","))
    assert now_known(facebook).catch_up_due_at == facebook.at
    assert (Alert.objects.get().kind, Alert.objects.get().count) == ("deaf", 0)


def test_a_revoked_page_token_is_found_out_without_sending_anything(facebook):
    facebook.outside.change_token(provider="facebook", token="t", kind="revoked")

    jobs.run("channels.check_channels", at=facebook.at)

    lost = now_known(facebook)
    assert (lost.state, lost.trouble) == (
        ChannelState.RECONNECT_NEEDED,
        "The Page's administrator removed our application. [190/458]",
    )


def test_a_channel_put_right_at_the_provider_works_again_after_the_next_look(facebook):
    facebook.outside.change_token(provider="facebook", token="t", kind="revoked")
    jobs.run("channels.check_channels", at=facebook.at)
    facebook.outside.change_token(provider="facebook", token="t", kind="valid")

    jobs.run("channels.check_channels", at=facebook.at + 24 * HOUR)

    assert (now_known(facebook).state, now_known(facebook).trouble) == (ChannelState.ACTIVE, "")


def test_a_paused_channel_is_not_woken_by_the_daily_look(facebook):
    Channel.objects.update(state=ChannelState.PAUSED)

    jobs.run("channels.check_channels", at=facebook.at)

    assert now_known(facebook).state == ChannelState.PAUSED


def test_a_provider_that_is_away_says_nothing_about_the_channel(facebook):
    facebook.outside.fault("/v26.0/", "503")

    with pytest.raises(TryLater):
        upkeep.check_channel(channel=facebook.channel, at=facebook.at)

    assert now_known(facebook).state == ChannelState.ACTIVE
    assert now_known(facebook).checked_at is None


def test_the_end_of_a_pages_token_is_learned_from_the_provider(facebook, monkeypatch):
    from caunoi.connectors.facebook_page import graph

    ends = int((facebook.at + 5 * 24 * HOUR).timestamp())
    monkeypatch.setattr(graph, "debug_token", lambda account, app_token: {"expires_at": ends})

    upkeep.check_channel(channel=facebook.channel, at=facebook.at)
    jobs.run("channels.watch_channels", at=facebook.at)

    assert now_known(facebook).token_expires_at == datetime.fromtimestamp(ends, UTC)
    assert Alert.objects.get().kind == "token_ends"
