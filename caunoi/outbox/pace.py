"""The breaker and the pace of a channel, both in one row."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Least

from caunoi.channels.models import Channel
from caunoi.outbox import rules
from caunoi.outbox.models import Breaker, OutboundMessage, Pace
from caunoi.outbox.terms import BreakerState, NotNow, SendState

# What happens before every send, in one statement that is its own transaction: the row is begun, its lease renewed and the calls
# are taken from the channel's minute, when both can be. ``_take`` says the same for a channel that has to wait.
BEGIN = """
WITH held AS (
    UPDATE outbox_outboundmessage SET state = 'sending', lease_until = %(until)s, first_tried_at = coalesce(first_tried_at, %(at)s)
    WHERE id = %(id)s AND state = 'queued' AND lease_by = %(worker)s AND lease_until > %(at)s RETURNING channel_id),
taken AS (
    INSERT INTO outbox_breaker AS b (channel_id, state, in_a_row, outcomes, openings, tokens, filled_at)
    SELECT channel_id, 'closed', 0, '', 0, %(most)s - %(wanted)s, %(at)s FROM held
    ON CONFLICT (channel_id) DO UPDATE SET tokens = {filled} - %(wanted)s, filled_at = greatest(%(at)s, b.filled_at)
    WHERE (b.open_until IS NULL OR b.open_until <= %(at)s) AND {filled} >= %(needed)s
    RETURNING 1)
SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM taken)
"""
TAKE_OF_KIND = """
UPDATE outbox_pace b SET tokens = {filled} - %(wanted)s, filled_at = greatest(%(at)s, b.filled_at)
WHERE b.connector_key = %(key)s AND {filled} >= %(needed)s
"""
TINY = 1e-6
"""Of one call: sums of parts of seconds are not exact."""
SHORTEST_WAIT = timedelta(milliseconds=20)
"""A wait that rounds to nothing would be asked for again at once, for ever."""
_FILLED = (
    "least(%(most)s, CASE WHEN b.filled_at IS NULL THEN %(most)s ELSE b.tokens"
    " + greatest(0, extract(epoch FROM %(at)s::timestamptz - b.filled_at)::float8) * %(anew)s / 60 END)"
)


def begin(
    *,
    message: OutboundMessage,
    worker: str,
    per_minute: int,
    at: datetime,
    calls: int = 1,
    per_minute_all: int | None = None,
) -> datetime | None:
    """Begin the send of a claimed row: it is ``sending`` from here, and its calls are taken. -> as ``take_calls``.

    Raises NotNow when the row is no longer ours: cancelled, or its lease ran out and somebody else has it.
    """
    given = {
        "id": message.pk,
        "worker": worker,
        "at": at,
        "until": at + rules.LEASE,
    }
    held, taken = _row(BEGIN, per_minute, calls, given)
    if not held:
        raise NotNow("Somebody else decided about this send meanwhile.")
    message.state = SendState.SENDING.value
    message.first_tried_at = message.first_tried_at or at
    channel, key = message.channel, message.channel.connector_key
    if taken and per_minute_all is not None and not _taken_of(key, per_minute_all, calls, at):
        Breaker.objects.filter(channel=channel).update(tokens=F("tokens") + min(calls, per_minute))
        taken = 0
    if taken:
        return None
    return take_calls(
        channel=channel,
        per_minute=per_minute,
        at=at,
        calls=calls,
        per_minute_all=per_minute_all,
    )


def _taken_of(key: str, per_minute: int, calls: int, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_OF_KIND.format(filled=_FILLED), _bucket(per_minute, calls) | {"at": at, "key": key}
        )
        return cursor.rowcount > 0


def _row(statement: str, per_minute: int, calls: int, given: dict[str, Any]) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(filled=_FILLED), given | _bucket(per_minute, calls))
        return cursor.fetchone()


def _bucket(per_minute: int, calls: int) -> dict[str, float]:
    """Who wants more than may come at once begins when the bucket is full, and leaves it in debt."""
    most, anew = rules.bucket(per_minute)
    wanted = float(min(calls, per_minute))
    return {"most": most, "anew": anew, "wanted": wanted, "needed": min(wanted, most) - TINY}


@transaction.atomic
def take_calls(
    *,
    channel: Channel,
    per_minute: int,
    at: datetime,
    calls: int = 1,
    per_minute_all: int | None = None,
) -> datetime | None:
    """Take calls from the channel's minute. -> None when there were so many, else the moment from which there will be.

    per_minute_all  what all channels of the kind have together; their minute is asked too
    A channel that is being spared has none: it may have failed since its messages were claimed.
    """
    breaker = _locked(channel)
    if breaker.open_until is not None and breaker.open_until > at:
        return breaker.open_until
    wait = _take(breaker, per_minute=per_minute, calls=calls, at=at)
    if wait is None and per_minute_all is not None:
        kind = _kind(channel.connector_key)
        wait = _take(kind, per_minute=per_minute_all, calls=calls, at=at)
        kind.save(update_fields=["tokens", "filled_at"])
        if wait is not None:
            breaker.tokens += min(calls, per_minute)
    breaker.save(update_fields=["tokens", "filled_at"])
    return wait


def _take(bucket: Breaker | Pace, *, per_minute: int, calls: int, at: datetime) -> datetime | None:
    """Fill the bucket up to now and take from it. -> None, or when there will be enough."""
    size = _bucket(per_minute, calls)
    if bucket.filled_at is None:
        bucket.tokens, bucket.filled_at = size["most"], at
    passed = max(0.0, (at - bucket.filled_at).total_seconds())
    bucket.tokens = min(size["most"], bucket.tokens + passed * size["anew"] / 60)
    bucket.filled_at = max(at, bucket.filled_at)
    if bucket.tokens >= size["needed"]:
        bucket.tokens -= size["wanted"]
        return None
    missing = size["needed"] + TINY - bucket.tokens
    return at + max(SHORTEST_WAIT, timedelta(seconds=missing * 60 / size["anew"]))


def give_back(*, channel: Channel, per_minute: int, per_minute_all: int | None, calls: int) -> None:
    """Return calls that were taken for a send and not needed: an article that was there at the first look, an upload without a cut."""
    if calls <= 0:
        return
    Breaker.objects.filter(channel=channel).update(tokens=_with(per_minute, calls))
    if per_minute_all is not None:
        Pace.objects.filter(connector_key=channel.connector_key).update(
            tokens=_with(per_minute_all, calls)
        )


def _with(per_minute: int, calls: int) -> Least:
    most, _anew = rules.bucket(per_minute)
    return Least(Value(most), F("tokens") + Value(float(min(calls, per_minute))))


@transaction.atomic
def record_outcome(*, channel: Channel, worked: bool, at: datetime) -> None:
    """Let the breaker know how a call went; it opens after too many failures and closes at the first success."""
    breaker = _locked(channel)
    breaker.outcomes = (breaker.outcomes + ("1" if worked else "0"))[-rules.BREAKER_WINDOW :]
    breaker.in_a_row = 0 if worked else breaker.in_a_row + 1
    if worked:
        breaker.state, breaker.openings, breaker.open_until = BreakerState.CLOSED.value, 0, None
    elif breaker.state != BreakerState.CLOSED or rules.breaker_opens(
        in_a_row=breaker.in_a_row, last_outcomes=breaker.outcomes
    ):
        breaker.openings += 1
        breaker.state = BreakerState.OPEN.value
        breaker.open_until = at + rules.probe_pause(breaker.openings)
    breaker.save(update_fields=["outcomes", "in_a_row", "state", "openings", "open_until"])


def _kind(connector_key: str) -> Pace:
    """Return the bucket of all channels of a kind, locked; taken after the channel's, always in this order."""
    held = Pace.objects.select_for_update(of=("self",)).filter(connector_key=connector_key)
    found = held.first()
    if found is None:
        Pace.objects.get_or_create(connector_key=connector_key)
        found = held.get()
    return found


def _locked(channel: Channel) -> Breaker:
    held = Breaker.objects.select_for_update(of=("self",)).filter(channel=channel)
    found = held.first()
    if found is None:
        Breaker.objects.get_or_create(channel=channel)
        found = held.get()
    return found
