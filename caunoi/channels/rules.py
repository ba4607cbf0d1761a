"""Decisions about channels: pure."""

from datetime import datetime, timedelta

REFRESH_BEFORE = timedelta(hours=2)
REFRESH_AT_LEAST_EVERY = timedelta(days=30)
TOKEN_WARNING_DAYS = 7


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
