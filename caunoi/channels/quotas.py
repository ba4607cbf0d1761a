"""How much of a channel's quota is left: counted by ourselves, as few providers say it before they refuse."""

from datetime import datetime

from django.db import connection
from django.db.models import F

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
