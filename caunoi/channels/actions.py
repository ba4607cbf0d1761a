"""Writes about channels."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from caunoi.channels import queries, registry
from caunoi.channels.contract import Account, Capability, Health, ReconnectNeeded, Tokens
from caunoi.channels.models import Channel, ProviderApp
from caunoi.channels.terms import AlreadyRegistered, ChannelState
from caunoi.kit import audit, clock, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

LOCAL_FORM, LOCAL_WALK_IN = "web_form", "walk_in"
NO_HOLDER = gettext_noop(
    "The account this group belongs to is not registered here; register it first, then check this channel."
)


class NotYourUnit(AlreadyRegistered):
    """The unit is outside the units whose channels you look after."""


@transaction.atomic
def register_app(
    *, connector_key: str, app_id: str, secrets: Mapping[str, str], by: Viewer | None, at: datetime
) -> ProviderApp:
    """Keep our application's secrets, sealed; an application known already gets the new ones."""
    registry.connector_for(connector_key)
    app = ProviderApp.objects.filter(connector_key=connector_key, app_id=app_id).first()
    app = app or ProviderApp(connector_key=connector_key, app_id=app_id)
    app.sealed_secrets = keyring.load().seal(json.dumps(dict(secrets)), context=f"app:{app.pk}")
    app.save()
    queries.forget_opened()
    audit.record(
        "channels.app.registered", on=app, by=by, at=at, after={"secrets": sorted(secrets)}
    )
    return app


@transaction.atomic
def register_channel(
    *,
    unit_id: UUID,
    connector_key: str,
    external_id: str,
    name: str,
    by: Viewer | None,
    at: datetime,
    app: ProviderApp | None = None,
    secrets: Mapping[str, str] | None = None,
    url: str = "",
    token_expires_at: datetime | None = None,
) -> Channel:
    """Put a page or account into the unit's register. Raises AlreadyRegistered, NotYourUnit, UnknownConnector."""
    registry.connector_for(connector_key)
    _check_reach(by=by, unit_id=unit_id, on=clock.local_date(at))
    channel = Channel(
        unit_id=unit_id,
        app=app,
        connector_key=connector_key,
        external_id=external_id.strip(),
        name=clean(name),
        url=url,
        registered_at=at,
        token_expires_at=token_expires_at,
    )
    channel.sealed_secrets = seal(channel, secrets or {})
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyRegistered("This page or account is registered already.") from error
    audit.record(
        "channels.channel.registered",
        on=channel,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"kind": connector_key},
    )
    return channel


@transaction.atomic
def local_channel(*, unit_id: UUID, connector_key: str, at: datetime) -> Channel:
    """Return the unit's own form or walk-in channel; made when first needed."""
    channel, _ = Channel.objects.get_or_create(
        connector_key=connector_key,
        external_id=str(unit_id),
        defaults={
            "unit_id": unit_id,
            "name": units.name_of(unit_id=unit_id, on=clock.local_date(at)),
            "registered_at": at,
        },
    )
    return channel


def seal(channel: Channel, secrets: Mapping[str, str]) -> bytes:
    """Return the channel's secrets sealed for this very channel."""
    return keyring.load().seal(json.dumps(dict(secrets)), context=f"channel:{channel.pk}")


def secrets_of(channel: Channel) -> dict[str, str]:
    """Return the channel's secrets, opened. Raises KeyringError."""
    if not channel.sealed_secrets:
        return {}
    return json.loads(keyring.load().open(channel.sealed_secrets, context=f"channel:{channel.pk}"))


def account_for(channel: Channel) -> Account:
    """Return the channel as its connector needs it. Raises KeyringError, and ReconnectNeeded when its account is not registered."""
    holder = queries.holder_of(channel=channel)
    if holder is None:
        raise ReconnectNeeded(NO_HOLDER)
    return Account(
        external_id=channel.external_id,
        secrets=secrets_of(holder),
        settings=settings.CONNECTOR_SETTINGS.get(channel.connector_key, {}),
        app=queries.open_app(holder.app) if holder.app else None,
        name=channel.name,
    )


@transaction.atomic
def change_secrets(
    *,
    channel: Channel,
    secrets: Mapping[str, str],
    by: Viewer | None,
    at: datetime,
    token_expires_at: datetime | None = None,
) -> Channel:
    """Connect the channel again with new secrets; waiting sends go on by themselves."""
    channel = Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
    before = channel.state
    channel.sealed_secrets = seal(channel, secrets)
    channel.state, channel.trouble = ChannelState.ACTIVE.value, ""
    channel.token_expires_at, channel.refresh_started_at = token_expires_at, None
    channel.catch_up_due_at = None
    channel.save(
        update_fields=[
            "sealed_secrets",
            "state",
            "trouble",
            "token_expires_at",
            "refresh_started_at",
            "catch_up_due_at",
        ]
    )
    _wake_held(channel)
    audit.record(
        "channels.channel.reconnected",
        on=channel,
        by=by,
        at=at,
        unit_id=channel.unit_id,
        before={"state": before},
    )
    return channel


@transaction.atomic
def store_tokens(*, channel: Channel, tokens: Tokens, at: datetime) -> Channel:
    """Keep freshly traded tokens, and the ones before them, in one step; a channel that was given up works again.

    Called under the channel's lock.
    """
    channel = Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
    if channel.state == ChannelState.RECONNECT_NEEDED:
        channel.state, channel.trouble = ChannelState.ACTIVE.value, ""
    secrets = secrets_of(channel)
    secrets["previous_refresh_token"] = secrets.get("refresh_token", "")
    secrets |= {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}
    channel.sealed_secrets = seal(channel, secrets)
    channel.token_expires_at, channel.token_refreshed_at, channel.refresh_started_at = (
        tokens.expires_at,
        at,
        None,
    )
    channel.save(
        update_fields=[
            "state",
            "trouble",
            "sealed_secrets",
            "token_expires_at",
            "token_refreshed_at",
            "refresh_started_at",
        ]
    )
    _wake_held(channel)
    audit.record("channels.token.refreshed", on=channel, at=at, unit_id=channel.unit_id)
    return channel


def _wake_held(channel: Channel) -> None:
    """What uses this channel's tokens and lost them goes on with the new ones."""
    lost = queries.held_by(channel=channel).filter(state=ChannelState.RECONNECT_NEEDED)
    lost.update(state=ChannelState.ACTIVE, trouble="")


@transaction.atomic
def mark_reconnect_needed(*, channel: Channel, reason: str, at: datetime) -> None:
    """Say that the token does not work; sends wait from now on. Idempotent."""
    changed = (
        Channel.objects.filter(pk=channel.pk)
        .exclude(state__in=[ChannelState.RECONNECT_NEEDED, ChannelState.RETIRED])
        .update(state=ChannelState.RECONNECT_NEEDED, trouble=reason[:300])
    )
    if changed:
        audit.record(
            "channels.channel.lost",
            on=channel,
            at=at,
            unit_id=channel.unit_id,
            after={"state": "reconnect_needed"},
        )


@transaction.atomic
def set_state(*, channel: Channel, state: ChannelState, by: Viewer, at: datetime) -> None:
    """Pause, resume or retire a channel. Raises NotYourUnit."""
    _check_reach(by=by, unit_id=channel.unit_id, on=clock.local_date(at))
    before = channel.state
    Channel.objects.filter(pk=channel.pk).update(state=state.value, trouble="")
    audit.record(
        "channels.channel.changed",
        on=channel,
        by=by,
        at=at,
        unit_id=channel.unit_id,
        before={"state": before},
        after={"state": state.value},
    )


def record_caught_up(*, channel: Channel, until: datetime, due_at: datetime) -> None:
    """Everything said on the channel up to ``until`` is known; ask again at ``due_at``."""
    Channel.objects.filter(pk=channel.pk).update(caught_up_until=until, catch_up_due_at=due_at)


def postpone_catch_up(*, channel: Channel, due_at: datetime) -> None:
    """The provider could not be asked what was said; ask again at ``due_at``."""
    Channel.objects.filter(pk=channel.pk).update(catch_up_due_at=due_at)


def want_catch_up(*, at: datetime) -> int:
    """We were away: ask every working channel soon what was said meanwhile. -> how many."""
    kinds = registry.kinds_that(Capability.CATCH_UP)
    waiting = Channel.objects.filter(connector_key__in=kinds, catch_up_due_at__gt=at)
    return waiting.update(catch_up_due_at=at)


def record_check(*, channel: Channel, health: Health, at: datetime) -> None:
    """Keep what a check found. An unhealthy channel is marked, a healthy one that was lost works again."""
    fields: dict[str, object] = {"checked_at": at, "trouble": health.reason[:300]}
    if health.token_expires_at:
        fields["token_expires_at"] = health.token_expires_at
    if health.subscribed_anew:
        fields["catch_up_due_at"] = at
    Channel.objects.filter(pk=channel.pk).update(**fields)
    if not health.ok:
        mark_reconnect_needed(channel=channel, reason=health.reason, at=at)
    elif channel.state == ChannelState.RECONNECT_NEEDED:
        Channel.objects.filter(pk=channel.pk, state=ChannelState.RECONNECT_NEEDED).update(
            state=ChannelState.ACTIVE
        )


@transaction.atomic
def rotate_secrets(*, at: datetime) -> int:
    """Seal every secret with the newest key; returns how many changed. Safe to repeat."""
    ring = keyring.load()
    count = 0
    for model, word in ((ProviderApp, "app"), (Channel, "channel")):
        for row in model.objects.select_for_update().exclude(sealed_secrets=None):
            if ring.is_newest(row.sealed_secrets):
                continue
            context = f"{word}:{row.pk}"
            row.sealed_secrets = ring.seal(
                ring.open(row.sealed_secrets or b"", context=context), context=context
            )
            row.save(update_fields=["sealed_secrets"])
            audit.record("channels.secret.resealed", on=row, at=at)
            count += 1
    return count


def _check_reach(*, by: Viewer | None, unit_id: UUID, on: date) -> None:
    if by is None:
        return
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id)
    if path is None or not by.may(Permission.CHANNELS_MANAGE, path):
        raise NotYourUnit("This unit is outside the units whose channels you look after.")
