"""Decisions about channels: pure."""

from datetime import date, datetime, timedelta

from caunoi.channels.contract import Period
from caunoi.channels.terms import AlertKind

REFRESH_BEFORE = timedelta(hours=2)
REFRESH_AT_LEAST_EVERY = timedelta(days=30)
TOKEN_WARNING_DAYS = 7
SILENT_AFTER = timedelta(days=30)
CHECK_EVERY = timedelta(hours=24)
CATCH_UP_EVERY = timedelta(hours=6)
CATCH_UP_OVERLAP = timedelta(minutes=10)
CATCH_UP_AT_MOST = timedelta(days=14)
"""How far back an outage is made good; older conversations are closed at the providers anyway."""
AWAY_AFTER = timedelta(minutes=40)
"""When the job that catches up did not run for so long, everything may have been missed meanwhile."""
WEBHOOK_DELAY = timedelta(minutes=2)
HOURLY = frozenset({AlertKind.DEAD, AlertKind.STUCK, AlertKind.UNCERTAIN})


def token_is_due(
    *, expires_at: datetime | None, refreshed_at: datetime | None, at: datetime
) -> bool:
    """True when the access token should be traded now: two hours before its end, and at least every thirty days."""
    if expires_at is None or expires_at - at <= REFRESH_BEFORE:
        return True
    return refreshed_at is not None and at - refreshed_at >= REFRESH_AT_LEAST_EVERY


def token_days_left(*, expires_at: datetime | None, at: datetime) -> int | None:
    """Return whole days until the token ends; None when it has no end."""
    return None if expires_at is None else max(0, (expires_at - at).days)


def alert_slot(*, kind: AlertKind, at: datetime) -> datetime:
    """Return the hour, for slow things the day, in which one alert of this kind is enough for a channel."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour if kind in HOURLY else hour.replace(hour=0)


def catch_up_since(
    *, known_until: datetime | None, registered_at: datetime, at: datetime
) -> datetime:
    """Return from when on to ask a provider what was said: a little before what is known, never before we were there."""
    since = (known_until or registered_at) - CATCH_UP_OVERLAP
    return max(since, registered_at, at - CATCH_UP_AT_MOST)


def was_missed(*, sent_at: datetime, at: datetime) -> bool:
    """True when a webhook should have told of this by now."""
    return at - sent_at > WEBHOOK_DELAY


def period_start(*, period: Period, on: date) -> date:
    """Return the first day of the period a day lies in."""
    return on if period == Period.DAY else on.replace(day=1)


def next_period(*, period: Period, on: date) -> date:
    """Return the day from which there is a fresh quota."""
    if period == Period.DAY:
        return on + timedelta(days=1)
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1)
