"""Decisions about what comes in by Open311: pure."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from caunoi.open311.terms import MAX_DAYS, Refused, Window

SAME_WITHIN = timedelta(minutes=10)
_NUMBER = re.compile(r"[A-ZĐ0-9]{1,4}-[0-9]{4}-[0-9]{6,7}")
_PLACE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


def window_of(*, start: datetime | None, end: datetime | None, at: datetime) -> Window:
    """Return the time that is asked for: the last 90 days when nothing is said, never more than 90.

    Raises Refused 400 for an end before its start
    """
    longest = timedelta(days=MAX_DAYS)
    if start is not None and end is not None:
        if end < start:
            raise Refused(400, "end_date lies before start_date.")
        return Window(start, min(end, start + longest))
    if start is not None:
        return Window(start, start + longest)
    end = end or at
    return Window(end - longest, end)


def moment_of(text: str, *, name: str) -> datetime | None:
    """Return a W3C time with its zone; None for an empty one. Raises Refused 400."""
    if not text:
        return None
    try:
        # a plus sign in an address is a space
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1970 <= found.year <= 2200:
        raise Refused(400, f"{name} is no time with a zone, like 2026-11-23T09:00:00+07:00.")
    return found


def numbers_of(text: str) -> list[str]:
    """Return the numbers of a comma-separated list, at most a thousand; what is no number finds nothing."""
    return [n for part in text.upper().split(",")[:1000] if _NUMBER.fullmatch(n := part.strip())]


def place_of(given: Mapping[str, str]) -> str:
    """Return where it is, in words: the address, or latitude and longitude. Raises Refused 400 when neither is there."""
    if text := given.get("address_string", "").strip():
        return text[:160]
    lat, long = given.get("lat", "").strip(), given.get("long", "").strip()
    if lat or long:
        whole = _PLACE.fullmatch(lat) and _PLACE.fullmatch(long)
        if not whole or abs(float(lat)) > 90 or abs(float(long)) > 180:
            raise Refused(400, "lat and long are no place on earth.")
        return f"{lat}, {long}"
    if text := given.get("address_id", "").strip():
        return text[:160]
    raise Refused(400, "A place is needed: lat and long, address_string or address_id.")


def name_of(given: Mapping[str, str]) -> str:
    """Return the asker's name as people write it here: family name first."""
    parts = (given.get("last_name", "").strip(), given.get("first_name", "").strip())
    return " ".join(p for p in parts if p)[:120]


def same_keys(*, key: str, given: Mapping[str, str], repeat: str, at: datetime) -> tuple[str, ...]:
    """Return under which words the same request is known: what the caller calls it, or the words of it within ten minutes.

    repeat  the Idempotency-Key, empty when none was sent
    -> this request's own word first, then that of the ten minutes before
    """
    if repeat:
        return (_short(f"{key}:key:{repeat}"),)
    fields = ("service_code", "description", "lat", "long", "address_string", "jurisdiction_id")
    said = "\x00".join(given.get(name, "").strip() for name in fields)
    turn = int(at.timestamp() // SAME_WITHIN.total_seconds())
    return tuple(_short(f"{key}:{t}:{said}") for t in (turn, turn - 1))


def _short(text: str) -> str:
    return "o311-" + hashlib.sha256(text.encode()).hexdigest()[:48]
