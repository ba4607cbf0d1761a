"""The people and dates of our tests. Places are real; people are invented."""

from datetime import UTC, datetime

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Thứ Hai 23/11/2026, 09:00 in Việt Nam."""
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
