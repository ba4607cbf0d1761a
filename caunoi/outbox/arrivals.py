"""What providers say of our sends afterwards: that they arrived, that somebody saw them. One or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from caunoi.channels.models import Channel
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import SendState

# Without ids everything said before that moment in the chat is meant.
RECEIPTS = """
WITH said AS (
    SELECT * FROM unnest(%(channels)s::uuid[], %(refs)s::text[], %(threads)s::text[], %(seen)s::boolean[],
                         %(at)s::timestamptz[]) AS said (channel_id, external_id, thread_ref, seen, at)),
meant AS (
    SELECT o.id, said.seen, said.at FROM said JOIN outbox_outboundmessage o
        ON o.channel_id = said.channel_id AND o.external_id = said.external_id AND o.external_id <> ''
    UNION ALL
    SELECT o.id, said.seen, said.at FROM said JOIN outbox_outboundmessage o
        ON o.channel_id = said.channel_id AND o.thread_ref = said.thread_ref AND o.sent_at <= said.at
    WHERE said.external_id = ''),
told AS (
    SELECT id, min(at) FILTER (WHERE seen) AS seen_at, min(at) FILTER (WHERE NOT seen) AS delivered_at
    FROM meant GROUP BY id)
UPDATE outbox_outboundmessage o
SET state = CASE WHEN o.state = 'sent' THEN 'confirmed' ELSE o.state END,
    seen_at = coalesce(o.seen_at, told.seen_at), delivered_at = coalesce(o.delivered_at, told.delivered_at)
FROM told WHERE o.id = told.id
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One receipt: which sends of a channel are meant (none named: all before ``at`` in the chat), and whether they were seen."""

    channel: Channel
    external_ids: Sequence[str]
    thread_ref: str
    seen: bool
    at: datetime
    failed: str = ""
    """Why it did not arrive, an English sentence for the catalogue; empty when it did."""


def record_receipts(arrivals: Sequence[Arrival]) -> int:
    """The person's phone got these, or they were seen. One statement. -> how many sends were meant"""
    rows = [
        (a.channel.pk, ref, a.thread_ref, a.seen, a.at)
        for a in arrivals
        if not a.failed
        for ref in a.external_ids or ("",)
    ]
    lost = sum(_record_failed(a) for a in arrivals if a.failed)
    if not rows:
        return lost
    channels, refs, threads, seen, at = (list(column) for column in zip(*rows, strict=True))
    values = {"channels": channels, "refs": refs, "threads": threads, "seen": seen, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(RECEIPTS, values)
        return lost + cursor.rowcount


def _record_failed(told: Arrival) -> int:
    """What the provider had taken did not arrive: it is a dead letter, with the reason; what arrived already is left alone."""
    taken = OutboundMessage.objects.filter(
        channel=told.channel, external_id__in=[r for r in told.external_ids if r]
    )
    return taken.filter(state=SendState.SENT).update(
        state=SendState.FAILED.value, trouble=told.failed[:300]
    )


@dataclass(frozen=True, slots=True)
class Echo:
    """What the provider shows of a send of ours: its id there, and our own key when that came back."""

    channel: Channel
    external_id: str
    key: str | None


@transaction.atomic
def confirm(echoes: Sequence[Echo], *, at: datetime) -> int:
    """The providers' echoes show that sends of ours arrived. -> how many were meant by one"""
    rows = OutboundMessage.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    channels = {e.channel.pk for e in echoes}
    by_ref = {
        (m.channel_id, m.external_id): m
        for m in rows.filter(
            channel__in=channels, external_id__in={e.external_id for e in echoes if e.external_id}
        )
    }
    own = {own for e in echoes if e.key and (own := _uuid(e.key))}
    by_key = {m.pk: m for m in rows.filter(channel__in=channels, pk__in=own)} if own else {}
    meant = 0
    for echo in echoes:
        message = by_ref.get((echo.channel.pk, echo.external_id))
        if message is None and echo.key and (key := _uuid(echo.key)):
            message = by_key.get(key)
            if message is not None and message.channel_id != echo.channel.pk:
                message = None
        if message is None:
            continue
        meant += 1
        if message.state in {SendState.SENT, SendState.UNCERTAIN}:
            message.state, message.lease_until = SendState.CONFIRMED.value, None
            message.external_id = message.external_id or echo.external_id
            message.sent_at = message.sent_at or at
            message.save(update_fields=["state", "lease_until", "external_id", "sent_at"])
    return meant


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
