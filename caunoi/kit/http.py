"""The one way out: an HTTP client that follows no redirect, always has a time-out, and keeps to loopback where told."""

import ipaddress
from urllib.parse import urlsplit

import httpx
from django.conf import settings

TIMEOUT_SECONDS = 20.0
MAX_ANSWER_BYTES = 5 * 1024 * 1024


class NotLoopback(Exception):
    """Demo and tests talk to this machine only; the address goes elsewhere."""


def is_loopback(url: str) -> bool:
    """True when the host of ``url`` is this machine, by name or number."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _keep_home(request: httpx.Request) -> None:
    if settings.LOOPBACK_ONLY and not is_loopback(str(request.url)):
        raise NotLoopback(f"{request.url.host}: only loopback addresses are allowed here")


def client(base_url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> httpx.Client:
    """Return a client for one provider. Raises NotLoopback at the first request that leaves the machine in demo or tests."""
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=5.0),
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [_keep_home]},
    )
