"""The one way out: an HTTP client that follows no redirect, never waits or reads without end, and keeps to loopback where told.

Addresses of providers may carry tokens, so the library's own line per request is switched off.
"""

import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from caunoi.kit.networks import is_public

TIMEOUT_SECONDS = 20.0
CONNECT_SECONDS = 5.0
WHOLE_CALL_SECONDS = 40.0
"""However slowly a provider talks: after this its answer counts as missing."""
MAX_ANSWER_BYTES = 5 * 1024 * 1024
TROUBLE = (httpx.HTTPError,)
"""What a call may raise: no answer, none in time, or too much of one."""

logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class NotLoopback(httpx.ConnectError):
    """Demo and tests talk to this machine only; the address goes elsewhere. Nothing was sent."""


class NotPublic(httpx.ConnectError):
    """The name leads into a network of our own, or nowhere. Nothing was sent."""


def is_loopback(url: str) -> bool:
    """True when the host of ``url`` is this machine, by name or number."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def client(
    base_url: str, *, timeout_seconds: float = TIMEOUT_SECONDS, public_only: bool = False
) -> httpx.Client:
    """Return a client for one provider; to be used with ``with``.

    public_only  for addresses that people type in: what leads into a network of our own is not called (NotPublic), and the
                 address that was looked at is the one that is called, whatever the name says a moment later
    Raises at the call: NotLoopback in demo and tests for any other machine; httpx.ReadTimeout and httpx.ReadError also
    for an answer that takes longer than WHOLE_CALL_SECONDS or is larger than MAX_ANSWER_BYTES.
    """
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        transport=_Careful(_way_out(kept=not public_only), public_only, is_kept=not public_only),
    )


@dataclass(slots=True)
class Made:
    """How many calls this thread made inside a block."""

    calls: int = 0


@contextmanager
def counted() -> Iterator[Made]:
    """Count the calls this thread makes inside the block, those that fail too."""
    made, before = Made(), getattr(_of_thread, "made", None)
    _of_thread.made = made
    try:
        yield made
    finally:
        _of_thread.made = before


def _way_out(*, kept: bool) -> httpx.BaseTransport:
    """Return what carries calls: for our providers this thread's own connections, which stay open for a few seconds between calls.

    No thread waits for a connection that another one's provider holds. Addresses that people type in get a connection of their own: two
    names may share a number, and what was agreed with one must not serve the other.
    """
    if _stand_in:
        return _stand_in[-1]
    if not kept:
        return httpx.HTTPTransport(verify=_tls())
    if not hasattr(_of_thread, "way_out"):
        _of_thread.way_out = httpx.HTTPTransport(verify=_tls(), limits=KEPT)
    return _of_thread.way_out  # type: ignore[no-any-return]


KEPT = httpx.Limits(max_keepalive_connections=4, keepalive_expiry=4.0)
"""Shorter than providers keep an idle connection: one they close while we write would leave us not knowing."""
_of_thread = threading.local()

_stand_in: list[httpx.BaseTransport] = []


@contextmanager
def stand_in(answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[None]:
    """Let ``answer`` play the outside world inside this block. For tests of connectors; the guards stay on."""
    _stand_in.append(httpx.MockTransport(answer))
    try:
        yield
    finally:
        _stand_in.pop()


@cache
def _tls() -> ssl.SSLContext:
    """Reading the system's certificates takes longer than a call on loopback: once is enough."""
    return ssl.create_default_context()


class _Careful(httpx.BaseTransport):
    """Refuses foreign hosts where told, and cuts off answers that are too long or too slow."""

    def __init__(
        self, inner: httpx.BaseTransport, public_only: bool = False, *, is_kept: bool = False
    ) -> None:
        self._inner, self._public_only, self._is_kept = inner, public_only, is_kept

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if settings.LOOPBACK_ONLY and not is_loopback(str(request.url)):
            raise NotLoopback(f"{request.url.host}: only loopback addresses are allowed here")
        if self._public_only and not settings.LOOPBACK_ONLY:
            _pin(request)
        if (made := getattr(_of_thread, "made", None)) is not None:
            made.calls += 1
        ends = time.monotonic() + WHOLE_CALL_SECONDS
        answer = self._inner.handle_request(request)
        answer.stream = _Bounded(answer.stream, ends)  # type: ignore[arg-type]
        return answer

    def close(self) -> None:
        if not self._is_kept:
            self._inner.close()


def _pin(request: httpx.Request) -> None:
    """Let the request go to the public number its name has now; the name stays in Host and in the check of the certificate.

    Raises NotPublic when any of the name's numbers is not public.
    """
    host = request.url.host
    try:
        found = socket.getaddrinfo(host, request.url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPublic(f"{host}: unknown") from error
    numbers = [str(row[4][0]) for row in found]
    if not numbers or not all(is_public(number) for number in numbers):
        raise NotPublic(f"{host}: inside a network of our own")
    request.extensions = {**request.extensions, "sni_hostname": host}
    request.url = request.url.copy_with(host=numbers[0])


class _Bounded(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, ends: float) -> None:
        self._inner, self._ends = inner, ends

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._inner:
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise httpx.ReadError("the answer is too large")
            if time.monotonic() > self._ends:
                raise httpx.ReadTimeout("the answer takes too long")
            yield part

    def close(self) -> None:
        self._inner.close()
