"""Calendar notices as iCalendar (RFC 5545), in Việt Nam's time, so that "every month on the 1st at 5:00" stays that."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from caunoi.notices import season
from caunoi.notices.models import Notice
from caunoi.notices.season import Step, moment_of


def calendar_of(
    notices: Iterable[Notice], *, name: str, address_of: Callable[[Notice], str]
) -> bytes:
    """Return one calendar with an event for each notice that says when it begins."""
    from icalendar import Calendar, Event

    found = Calendar()
    found.add("prodid", "-//Cau Noi//thong bao//VI")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    for notice in notices:
        start = moment_of(notice.details.get("start", ""))
        if start is not None:
            event = Event()
            _fill(event, notice, start, address_of(notice))
            found.add_component(event)
        for number, step in enumerate(season.steps_of(notice.details), start=1):
            event = Event()
            _fill_step(event, notice, step, number, address_of(notice))
            found.add_component(event)
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _fill(event: Any, notice: Notice, start: datetime, address: str) -> None:
    end = moment_of(notice.details.get("end", ""))
    event.add("uid", f"{notice.number}@caunoi")
    event.add("dtstamp", notice.published_at or notice.edited_at)
    event.add("last-modified", notice.edited_at)
    event.add("sequence", notice.version)
    event.add("summary", notice.title)
    event.add("dtstart", start)
    event.add("dtend", end if end and end > start else start + timedelta(hours=1))
    event.add("description", notice.short_text or notice.long_text)
    event.add("url", address)
    if notice.details.get("place"):
        event.add("location", notice.details["place"])
    if notice.details.get("repeat"):
        event.add("rrule", rule_of(notice.details))
    if notice.ended_at and notice.state in {"recalled", "cancelled"}:
        event.add("status", "CANCELLED")


def _fill_step(event: Any, notice: Notice, step: Step, number: int, address: str) -> None:
    """A step of a season is a day, or several, without hours; the day after its last is where it ends."""
    event.add("uid", f"{notice.number}-{number}@caunoi")
    event.add("dtstamp", notice.published_at or notice.edited_at)
    event.add("last-modified", notice.edited_at)
    event.add("sequence", notice.version)
    event.add("summary", step.what)
    event.add("dtstart", step.first)
    event.add("dtend", step.last + timedelta(days=1))
    event.add("description", notice.title)
    event.add("url", address)


def rule_of(details: dict[str, str]) -> dict[str, Any]:
    """Return how a calendar notice repeats; its last day counts whole."""
    rule: dict[str, Any] = {"freq": details["repeat"]}
    try:
        last = date.fromisoformat(details.get("repeat_until", ""))
    except ValueError:
        return rule
    at = datetime.combine(last, time(23, 59, 59))
    aware = timezone.make_aware(at, timezone.get_default_timezone())
    return rule | {"until": aware.astimezone(UTC)}
