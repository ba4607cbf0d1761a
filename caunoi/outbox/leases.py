"""Who may send what now: rows leased to one worker, lost ones freed, leases renewed before every call."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from caunoi.outbox import rules
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import NotNow

# One row a thread (its oldest unfinished one), one thread row a claim; channels that are paused, lost, spared or out
# of calls are left alone, but for what a retired one says last. A claimed row stays queued until its send is begun (``pace.begin``): what a killed worker had
# begun comes back as uncertain, to be looked at first; what it only held is simply free again.
CLAIM = """
WITH heads AS (
    SELECT o.id, o.channel_id, o.seq, row_number() OVER (PARTITION BY o.channel_id ORDER BY o.seq) AS place
    FROM outbox_outboundmessage o
    JOIN channels_channel c ON c.id = o.channel_id
        AND (c.state = 'active' OR c.state = 'retired' AND o.reference LIKE 'last-words:%%')
    LEFT JOIN outbox_breaker b ON b.channel_id = o.channel_id
    WHERE o.state IN ('queued', 'uncertain') AND o.not_before <= %(at)s
      AND (o.lease_until IS NULL OR o.lease_until < %(at)s)
      AND (o.state <> 'uncertain' OR o.looks < %(most_looks)s)
      AND (b.open_until IS NULL OR b.open_until <= %(at)s)
      AND (%(kinds)s::text[] IS NULL OR c.connector_key = ANY(%(kinds)s))
      AND NOT EXISTS (
          SELECT 1 FROM outbox_outboundmessage earlier
          WHERE earlier.channel_id = o.channel_id AND earlier.thread_ref = o.thread_ref
            AND earlier.state IN ('queued', 'sending', 'uncertain') AND earlier.seq < o.seq)
), chosen AS (
    SELECT o.id FROM outbox_outboundmessage o JOIN heads h ON h.id = o.id
    LEFT JOIN outbox_breaker b ON b.channel_id = o.channel_id
    WHERE h.place <= CASE WHEN b.state IN ('open', 'probing') THEN 1 ELSE %(per_channel)s END
      -- once more, of the row as it is now: another worker may have claimed it since this statement began
      AND o.state IN ('queued', 'uncertain') AND (o.lease_until IS NULL OR o.lease_until < %(at)s)
    ORDER BY o.seq LIMIT %(limit)s FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox_outboundmessage o SET lease_until = %(until)s, lease_by = %(worker)s
FROM chosen WHERE o.id = chosen.id
RETURNING o.id
"""
WORKER_ENDED = gettext_noop(
    "The worker ended while this was being sent; we look whether it arrived."
)
LOST = """
UPDATE outbox_outboundmessage SET state = 'uncertain', lease_until = NULL, not_before = %(at)s,
    trouble = %(trouble)s
WHERE state = 'sending' AND lease_until < %(at)s RETURNING id
"""
GIVE_BACK = """
UPDATE outbox_outboundmessage SET lease_until = NULL
WHERE id = ANY(%(ids)s) AND lease_by = %(worker)s AND lease_until > %(at)s AND state IN ('queued', 'uncertain')
"""


def claim_due(
    *, limit: int, worker: str, at: datetime, kinds: list[str] | None = None
) -> list[OutboundMessage]:
    """Lease what may be sent or looked at now, at most half of it in one channel. A ``sending`` row whose lease ran out becomes
    uncertain first.

    kinds   only channels of these connectors; None for all
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lose_expired(at=at)
        cursor.execute(
            CLAIM,
            {
                "at": at,
                "until": at + rules.LEASE,
                "worker": worker,
                "limit": limit,
                "per_channel": max(1, limit // 2),
                "kinds": kinds,
                "most_looks": len(rules.READ_BACK_SECONDS),
            },
        )
        claimed = [row[0] for row in cursor.fetchall()]
    found = OutboundMessage.objects.filter(pk__in=claimed).select_related(
        "channel", "channel__app", "channel__unit", "content"
    )
    return list(found.order_by("seq"))


def lose_expired(*, at: datetime) -> int:
    """Make ``sending`` rows uncertain whose lease ran out: their worker is gone. -> how many."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, {"at": at, "trouble": WORKER_ENDED})
        return cursor.rowcount


def renew_lease(*, message: OutboundMessage, worker: str, at: datetime) -> None:
    """Hold on to a claimed row before each call of a provider. Raises NotNow when it is no longer ours.

    A row that waited too long behind slow ones may have been taken for lost and looked up by somebody else meanwhile;
    sending it now could say the same thing twice.
    """
    held = OutboundMessage.objects.filter(
        pk=message.pk, state=message.state, lease_by=worker, lease_until__gt=at
    )
    if not held.update(lease_until=at + rules.LEASE):
        raise NotNow("Somebody else decided about this send meanwhile.")


def give_back(*, messages: Sequence[OutboundMessage], worker: str, at: datetime) -> int:
    """Return claimed rows that were not begun, as they were, in one statement. -> how many were still ours."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"ids": [m.pk for m in messages], "worker": worker, "at": at})
        return cursor.rowcount
