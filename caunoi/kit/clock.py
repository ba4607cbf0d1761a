"""The one clock. Doors read it and pass the time down as ``at``; rules and actions never ask for it."""

from datetime import UTC, date, datetime, time

from django.utils import timezone


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """Return the same moment in the clock of Việt Nam."""
    return timezone.localtime(at)


def local_date(at: datetime) -> date:
    """Return the calendar day in Việt Nam at ``at``."""
    return timezone.localtime(at).date()


def start_of(day: date) -> datetime:
    """Return the first moment of a calendar day in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
