"""Decisions about personal data: pure."""

from datetime import datetime, timedelta

LINK_LASTS = timedelta(hours=24)
LINK_AGAIN_AFTER = timedelta(hours=1)
"""The chat gets one link an hour at most, however often somebody presses the button."""


def link_is_good(*, expires_at: datetime, used_at: datetime | None, at: datetime) -> bool:
    """True while a one-time link opens the door."""
    return used_at is None and at < expires_at
