"""The breaker and the pace of a channel, both in one row."""

from datetime import datetime, timedelta

from django.db import transaction

from caunoi.channels.models import Channel
from caunoi.outbox import rules
from caunoi.outbox.models import Breaker, Pace
from caunoi.outbox.terms import BreakerState


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
            breaker.tokens += calls
    breaker.save(update_fields=["tokens", "filled_at"])
    return wait


def _take(bucket: Breaker | Pace, *, per_minute: int, calls: int, at: datetime) -> datetime | None:
    """Fill the bucket up to now and take from it; who wants more than a whole minute holds gets all there is."""
    if bucket.filled_at is None:
        bucket.tokens, bucket.filled_at = float(per_minute), at
    passed = max(0.0, (at - bucket.filled_at).total_seconds())
    bucket.tokens = min(float(per_minute), bucket.tokens + passed * per_minute / 60)
    bucket.filled_at = max(at, bucket.filled_at)
    wanted = float(min(calls, per_minute))
    if bucket.tokens >= wanted:
        bucket.tokens -= wanted
        return None
    return at + timedelta(seconds=(wanted - bucket.tokens) * 60 / per_minute)


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
