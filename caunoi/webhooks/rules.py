"""Decisions about webhooks: pure. Source: Standard Webhooks 1.0.0."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from caunoi.kit import networks
from caunoi.webhooks.terms import AddressProblem, Verdict

RETRY_SECONDS = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""How long after the try before: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
JITTER = 0.1
"""Up to a tenth longer, so that what failed together does not come back together."""
LONGEST_RETRY_AFTER = timedelta(days=1)
OVERLAP = timedelta(days=2)
"""For how long both the old and the new secret sign."""
MAX_ADDRESS = 500
THROTTLING = frozenset({429, 502, 504})


def verdict_of(status: int | None) -> Verdict:
    """Say what an answer means; None when none came. A redirect is no answer: it is not followed."""
    if status is None:
        return Verdict.LATER
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status == 410:
        return Verdict.GONE
    return Verdict.THROTTLED if status in THROTTLING else Verdict.LATER


def next_try_at(
    *, tries: int, at: datetime, retry_after: timedelta | None, chance: float
) -> datetime | None:
    """Return when to try again after ``tries`` failed ones, or None when that was the last.

    retry_after  what the address itself asked for; the later of both holds, up to a day
    chance       0 to 1: how much of the jitter is added
    """
    if tries >= len(RETRY_SECONDS):
        return None
    own = timedelta(seconds=RETRY_SECONDS[tries] * (1 + JITTER * chance))
    asked = min(retry_after or timedelta(), LONGEST_RETRY_AFTER)
    return at + max(own, asked)


def retry_after_of(header: str, *, at: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait: seconds or a date; None when it says nothing readable."""
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 8:
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - at, timedelta())


def address_problem(address: str, *, loopback_only: bool) -> AddressProblem | None:
    """Return why an address may not be called, or None. Names are looked up again at every call.

    loopback_only  demo and tests: this machine and nothing else, http allowed
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return AddressProblem.UNREADABLE
    if len(address) > MAX_ADDRESS or not host or parts.username or parts.password:
        return AddressProblem.UNREADABLE
    if loopback_only:
        return None if parts.scheme in {"http", "https"} else AddressProblem.UNREADABLE
    if parts.scheme != "https":
        return AddressProblem.NOT_HTTPS
    if port not in {None, 443, 8443}:
        return AddressProblem.OTHER_PORT
    return None if _may_be_public(host) else AddressProblem.INSIDE


def _may_be_public(host: str) -> bool:
    """False for a number that is not public, and for a name that can only be a local one."""
    if networks.is_number(host):
        return networks.is_public(host)
    return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))
