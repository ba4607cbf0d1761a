"""A unit ends while it holds channels: each goes to who took over, with its threads and sealed secrets; nothing is dropped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from caunoi.channels.actions import LOCAL_FORM, LOCAL_WALK_IN
from caunoi.channels.models import Channel, PastHolder
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


@dataclass(frozen=True, slots=True)
class Passing:
    """One channel that goes to a successor, under another name when one is given; ``retire``: nothing new comes in or goes out."""

    channel_id: UUID
    to_unit_id: UUID
    name: str = ""
    retire: bool = False


@transaction.atomic
def pass_channels(passings: Collection[Passing], *, at: datetime) -> int:
    """Let successors hold these channels. -> how many changed, in as many statements whatever their number.

    Their secrets stay sealed for them, their threads and what was sent stay with them. Idempotent
    """
    wanted = {p.channel_id: p for p in passings}
    locked = Channel.objects.select_for_update(of=("self",), no_key=True)
    found = locked.filter(pk__in=list(wanted)).order_by("pk").only("unit_id", "name", "state")
    changed, told, held = [], [], []
    for channel in found:
        passing = wanted[channel.pk]
        holder = channel.unit_id
        before = {"unit": holder, "name": channel.name, "state": channel.state}
        channel.unit_id = passing.to_unit_id
        channel.name = passing.name[:160] or channel.name
        if passing.retire:
            channel.state = ChannelState.RETIRED.value
        after = {"unit": channel.unit_id, "name": channel.name, "state": channel.state}
        if after == before:
            continue
        changed.append(channel)
        if holder != channel.unit_id:
            held.append(PastHolder(channel=channel, unit_id=holder, until=at))
        told.append(
            audit.entry(
                "channels.channel.passed",
                on=channel,
                at=at,
                unit_id=channel.unit_id,
                before=before,
                after=after,
            )
        )
    Channel.objects.bulk_update(changed, ["unit", "name", "state"])
    PastHolder.objects.bulk_create(held)
    audit.record_all(told)
    return len(changed)


@system("what was sent counts for the unit that held the channel then")
def held_then(*, unit_id: UUID, at: datetime) -> QuerySet[Channel]:
    """Return the channels which that unit held at that moment, whoever holds them now."""
    later = PastHolder.objects.filter(channel=OuterRef("pk"), until__gt=at).order_by("until")
    past = Subquery(later.values("unit_id")[:1], output_field=UUIDField())
    then = Coalesce(past, F("unit_id"), output_field=UUIDField())
    return Channel.objects.alias(then=then).filter(then=unit_id)
