"""The breaker and the pace of a channel, both in one row."""

from datetime import datetime, timedelta

from django.db import transaction

from caunoi.channels.models import Channel
from caunoi.outbox import rules
from caunoi.outbox.models import Breaker
from caunoi.outbox.terms import BreakerState


@transaction.atomic
def take_call(*, channel: Channel, per_minute: int, at: datetime) -> datetime | None:
    """Take one call from the channel's minute. -> None when there was one, else the moment from which there will be.

    A channel that is being spared has none: it may have failed since its messages were claimed.
    """
    breaker = _locked(channel)
    if breaker.open_until is not None and breaker.open_until > at:
        return breaker.open_until
    if breaker.filled_at is None:
        breaker.tokens, breaker.filled_at = float(per_minute), at
    passed = max(0.0, (at - breaker.filled_at).total_seconds())
    breaker.tokens = min(float(per_minute), breaker.tokens + passed * per_minute / 60)
    breaker.filled_at = max(at, breaker.filled_at)
    wait = None
    if breaker.tokens >= 1:
        breaker.tokens -= 1
    else:
        wait = at + timedelta(seconds=(1 - breaker.tokens) * 60 / per_minute)
    breaker.save(update_fields=["tokens", "filled_at"])
    return wait


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


def _locked(channel: Channel) -> Breaker:
    Breaker.objects.get_or_create(channel=channel)
    return Breaker.objects.select_for_update(of=("self",)).get(channel=channel)
