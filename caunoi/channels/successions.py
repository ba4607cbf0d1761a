"""A unit ends while it holds channels: each goes to who took over, with its threads and sealed secrets; nothing is dropped."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.channels.actions import LOCAL_FORM, LOCAL_WALK_IN
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit import audit
from caunoi.kit.viewing import system

DOORS = (LOCAL_FORM, LOCAL_WALK_IN)
"""The house's own doors of a unit; they are made when first needed and go along without a question."""


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID], doors: bool = False) -> list[Channel]:
    """Return the channels of these units by name, retired ones too: the pages and accounts, or with ``doors`` the house's own."""
    found = Channel.objects.filter(unit_id__in=unit_ids).order_by("connector_key", "name")
    return list(
        found.filter(connector_key__in=DOORS) if doors else found.exclude(connector_key__in=DOORS)
    )


@transaction.atomic
def pass_channel(
    *,
    channel_id: UUID,
    to_unit_id: UUID,
    at: datetime,
    name: str = "",
    retire: bool = False,
) -> Channel:
    """Let the successor hold the channel, under another name when one is given; ``retire``: nothing new comes in or goes out.

    Its secrets stay sealed for it, its threads and what was sent stay with it. Idempotent
    """
    channel = Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel_id)
    before = {"unit": channel.unit_id, "name": channel.name, "state": channel.state}
    channel.unit_id = to_unit_id
    channel.name = name[:160] or channel.name
    if retire:
        channel.state = ChannelState.RETIRED.value
    after = {"unit": channel.unit_id, "name": channel.name, "state": channel.state}
    if after == before:
        return channel
    channel.save(update_fields=["unit", "name", "state"])
    audit.record(
        "channels.channel.passed",
        on=channel,
        at=at,
        unit_id=to_unit_id,
        before=before,
        after=after,
    )
    return channel
