"""How much of a channel's quota is left: counted by ourselves, as few providers say it before they refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from caunoi.channels import registry, rules
from caunoi.channels.contract import PostKind, Quota
from caunoi.channels.models import Channel, QuotaUse
from caunoi.kit import clock

TAKE = """
INSERT INTO channels_quotause (channel_id, kind, period_start, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (channel_id, kind, period_start) DO UPDATE SET used = channels_quotause.used + 1
WHERE channels_quotause.used < %s
RETURNING used
"""


def quota_of(channel: Channel, kind: PostKind) -> Quota | None:
    """Return the channel's quota for a kind of send; None when there is none."""
    return registry.connector_for(channel.connector_key).quotas.get(kind)


def take(*, channel: Channel, kind: PostKind, at: datetime) -> datetime | None:
    """Use one send of the quota. -> None when there was one, else the moment from which there is a fresh quota."""
    quota, on = quota_of(channel, kind), clock.local_date(at)
    if quota is None:
        return None
    start = rules.period_start(period=quota.period, on=on)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [channel.pk, kind.value, start, quota.at_most])
        if cursor.fetchone() is not None:
            return None
    return clock.start_of(rules.next_period(period=quota.period, on=on))


def give_back(*, channel: Channel, kind: PostKind, at: datetime) -> None:
    """Return one send to the quota: nothing was sent."""
    quota = quota_of(channel, kind)
    if quota is not None:
        start = rules.period_start(period=quota.period, on=clock.local_date(at))
        QuotaUse.objects.filter(
            channel=channel, kind=kind.value, period_start=start, used__gt=0
        ).update(used=F("used") - 1)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of one quota of a channel, and the day from which it is fresh again."""

    kind: PostKind
    left: int
    at_most: int
    fresh_on: date


def left_of(*, channel: Channel, on: date) -> list[Left]:
    """Return what is left of each quota the channel has; one query, none for a channel without quotas."""
    quotas = registry.connector_for(channel.connector_key).quotas
    if not quotas:
        return []
    used = {
        (u.kind, u.period_start): u.used for u in channel.quota_uses.filter(_running(quotas, on))
    }
    return [
        Left(
            kind,
            max(
                0, q.at_most - used.get((kind.value, rules.period_start(period=q.period, on=on)), 0)
            ),
            q.at_most,
            rules.next_period(period=q.period, on=on),
        )
        for kind, q in quotas.items()
    ]


def used_up(*, channels: QuerySet[Channel], on: date) -> dict[str, int]:
    """Return how many of these channels have used up a quota, by their kind; one query."""
    found = Q(pk__in=[])
    for key, connector in registry.all_connectors().items():
        for kind, quota in connector.quotas.items():
            start = rules.period_start(period=quota.period, on=on)
            one = Q(channel__connector_key=key, kind=kind.value, period_start=start)
            found |= one & Q(used__gte=quota.at_most)
    rows = QuotaUse.objects.filter(found, channel__in=channels).values_list(
        "channel__connector_key", "channel_id"
    )
    by_kind: dict[str, set[UUID]] = {}
    for key, channel_id in rows:
        by_kind.setdefault(key, set()).add(channel_id)
    return {key: len(ids) for key, ids in by_kind.items()}


def _running(quotas: Mapping[PostKind, Quota], on: date) -> Q:
    found = Q(pk__in=[])
    for kind, quota in quotas.items():
        found |= Q(kind=kind.value, period_start=rules.period_start(period=quota.period, on=on))
    return found
