"""What the register does by itself: takes up what was connected, rings, and tells an office what waits for it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from caunoi.channels import alerts
from caunoi.channels.models import Channel
from caunoi.channels.terms import AlertKind, ChannelState
from caunoi.custody import mailing, queries, rules
from caunoi.custody.models import Asset, Report
from caunoi.custody.terms import AssetKind, AssetState
from caunoi.kit import audit, clock
from caunoi.kit.models import AuditEntry
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

AT_MOST = 5000
"""Channels taken up in one round."""


@transaction.atomic
def adopt_channels(*, at: datetime) -> int:
    """Put every channel that has no entry yet into the register, and end what was retired. -> how many.

    A channel for which an approved request waits fills that entry. Any other was connected without one: it is official at
    once, as whoever connected it had the institution's own token, and waits until a second person confirms it. Who holds it
    must still be named, so it counts as an orphan until then.
    """
    known = Asset.objects.exclude(channel=None).values("channel_id")
    wanted = Channel.objects.filter(queries.BELONGS).exclude(pk__in=known)
    fresh = list(wanted.order_by("pk")[:AT_MOST])
    approved = _approved({c.unit_id for c in fresh})
    who = _connected_by(fresh)
    made, filled = [], []
    for channel in fresh:
        asset = _request_for(channel, approved)
        if asset is None:
            made.append(_entry(channel, who.get(str(channel.pk)), at))
        else:
            approved.remove(asset)
            filled.append(_fill(asset, channel, at))
    Asset.objects.bulk_create(made, batch_size=1000)
    fields = ["channel", "url", "address_key", "number", "state", "changed_at"]
    Asset.objects.bulk_update(filled, fields, batch_size=1000)
    audit.record_all(
        [audit.entry("custody.asset.connected", on=a, at=at, unit_id=a.unit_id) for a in filled]
    )
    retired = Asset.objects.filter(channel__state=ChannelState.RETIRED, state=AssetState.REGISTERED)
    ended = retired.update(state=AssetState.ENDED, ended_on=clock.local_date(at), changed_at=at)
    return len(fresh) + ended


def _approved(unit_ids: set[UUID]) -> list[Asset]:
    waiting = Asset.objects.select_for_update(of=("self",), no_key=True).filter(
        unit_id__in=unit_ids, state=AssetState.APPROVED, channel=None
    )
    return list(waiting.order_by("asked_at", "pk"))


def _request_for(channel: Channel, approved: list[Asset]) -> Asset | None:
    """Return the approved request this channel answers: of its unit and kind, with its name, address or number."""
    kind, key = rules.kind_of(channel.connector_key), rules.address_key(channel.url)
    number = rules.number_key(channel.external_id)
    for asset in approved:
        if (asset.unit_id, asset.kind) != (channel.unit_id, kind.value):
            continue
        same = (
            fold(asset.name) == fold(channel.name),
            bool(key) and asset.address_key == key,
            bool(number) and asset.number == number,
        )
        if any(same):
            return asset
    return None


def _connected_by(channels: list[Channel]) -> dict[str, int]:
    """Return who connected each of them, by the channel's key as text."""
    entries = AuditEntry.objects.filter(
        object_type="channels.channel",
        object_id__in=[str(c.pk) for c in channels],
        event="channels.channel.registered",
    )
    return {e.object_id: e.actor_id for e in entries if e.actor_id is not None}


def _entry(channel: Channel, account_id: int | None, at: datetime) -> Asset:
    return _fill(
        Asset(
            unit_id=channel.unit_id,
            kind=rules.kind_of(channel.connector_key).value,
            name=channel.name,
            asked_at=channel.registered_at,
            asked_by_id=account_id,
        ),
        channel,
        at,
    )


def _fill(asset: Asset, channel: Channel, at: datetime) -> Asset:
    asset.channel, asset.url = channel, channel.url or asset.url
    asset.address_key = rules.address_key(asset.url)[:300]
    if asset.kind == AssetKind.SIM:
        asset.number = asset.number or rules.number_key(channel.external_id)
    asset.state, asset.changed_at = AssetState.REGISTERED.value, at
    return asset


@transaction.atomic
def confirm(*, asset_ids: Iterable[UUID], by: Viewer, at: datetime) -> int:
    """Let a second person confirm what was connected without a request. -> how many; her own and those of others' units are left."""
    on = clock.local_date(at)
    waiting = Asset.objects.select_for_update(of=("self",), no_key=True).filter(
        queries.UNCONFIRMED, pk__in=list(asset_ids)
    )
    found = list(waiting.exclude(asked_by_id=by.account_id).order_by("pk"))
    paths = units.paths_of(unit_ids=[a.unit_id for a in found], on=on)
    mine = [a for a in found if by.may(Permission.CHANNELS_MANAGE, paths.get(a.unit_id, "nowhere"))]
    for asset in mine:
        asset.approved_by_id, asset.changed_at = by.account_id, at
    Asset.objects.bulk_update(mine, ["approved_by", "changed_at"], batch_size=1000)
    told = [
        audit.entry("custody.asset.confirmed", on=a, by=by, at=at, unit_id=a.unit_id) for a in mine
    ]
    audit.record_all(told)
    return len(mine)


def ring_for_orphans(*, at: datetime) -> int:
    """Tell those in charge of everything that fewer than two active people hold. -> how many are news today.

    Channels ring where all their troubles do; of a SIM, a domain or a page not connected here its people get a mail.
    """
    orphans = queries.orphaned()
    rung = sum(
        alerts.raise_alert(channel=a.channel, kind=AlertKind.ORPHAN, count=1, at=at)
        for a in orphans
        if a.channel is not None
    )
    today = clock.local_date(at)
    unheard = [a for a in orphans if a.channel is None and a.rung_on != today]
    told = mailing.tell_of_orphans(unheard, on=today)
    Asset.objects.filter(pk__in=told).update(rung_on=today)
    return rung + len(told)


def tell_of_reports(*, at: datetime) -> int:
    """Write to the offices about impostors reported since the last round. -> how many reports somebody was told of."""
    waiting = Report.objects.filter(Q(told_at=None, settled_at=None)).order_by("at", "pk")
    told = mailing.tell_of_reports(list(waiting[:AT_MOST]), on=clock.local_date(at))
    Report.objects.filter(pk__in=told).update(told_at=at)
    return len(told)
