"""What is an address, when is the next round, how long to wait: pure."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from caunoi.notices.rules import QUIET_UNTIL, is_night

DIGEST_HOUR_UTC = 0
"""07:00 in Việt Nam."""
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_NOTICES = {
    "theo doi thong bao": (True, False), "theo doi canh bao": (True, True),
    "ngung thong bao": (False, False), "ngung canh bao": (False, True),
}  # fmt: skip
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


def awake(at: datetime) -> datetime:
    """Return ``at``, or the next 06:00 in Việt Nam when it is night there: nobody is disturbed, except by a warning."""
    if not is_night(at):
        return at
    here = at.astimezone(_VIETNAM)
    morning = here.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
    return morning if here <= morning else morning + timedelta(days=1)


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


def asked_for_notices(folded: str) -> tuple[bool, bool] | None:
    """Read "THEO DOI THONG BAO", "THEO DOI CANH BAO", "NGUNG THONG BAO" in a chat; nothing but these words.

    folded  the text without marks, in small letters
    -> (True to follow or False to stop, warnings only), or None when it is something else
    """
    return _NOTICES.get(" ".join(folded.split()).strip(" .!"))
