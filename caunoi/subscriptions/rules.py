"""What is an address, when is the next round, how long to wait: pure."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

DIGEST_HOUR_UTC = 0
"""07:00 in Việt Nam."""
_NUMBER = re.compile(r"\b([A-Z]{2}-20\d\d-\d{6})\b")


def same_address(email: str) -> str:
    """Return the address as it is compared: small letters, no spaces around."""
    return email.strip().lower()


def is_push_service(endpoint: str, *, hosts: Collection[str], loopback: bool) -> bool:
    """True when the address is https at one of these hosts or below; ``loopback`` also lets this machine be one (demo, tests)."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or len(endpoint) > 1000:
        return False
    if loopback and host == "127.0.0.1" and parts.scheme == "http":
        return True
    known = any(host == known or host.endswith(f".{known}") for known in hosts)
    return parts.scheme == "https" and port in (None, 443) and known


def next_digest(at: datetime) -> datetime:
    """Return the next morning round after ``at`` (aware, UTC)."""
    today = at.replace(hour=DIGEST_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if at <= today else today + timedelta(days=1)


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after the failed attempt number so-and-so: 2, 4, 8 … minutes, half a day at most."""
    return min(timedelta(minutes=2**attempt), timedelta(hours=12))


def asked_for(text: str, *, folded: str) -> tuple[bool, str] | None:
    """Read "THEO DOI NA-2026-000123" or "NGUNG NA-2026-000123" in a chat, however it is typed.

    folded  the text without marks, in small letters
    -> (True to follow or False to stop, the number), or None when it is something else
    """
    found = _NUMBER.search(text.upper())
    words = folded.split()
    if found is None or len(words) > 6:
        return None
    if words[:2] == ["theo", "doi"]:
        return True, found.group(1)
    return (False, found.group(1)) if words[:1] == ["ngung"] else None
