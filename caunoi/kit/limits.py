"""How often one address may try the same thing: a token bucket for each limit and address, in the database.

A row holds a keyed hash and the moment when its bucket is full again: not what was tried, how often, or by whom. The same
address under another limit has another hash, and rows that are full again are deleted. Webhooks never come here.

    @public("anybody may ask")
    @limited(PUBLIC_FORM)                      # POST only; GET too with methods=("GET",)
    def ask(request): ...

    verdict = limits.take(FOLLOW_CODE, who=limits.address(request), at=at)      # by hand; see ``give_back``
"""

import hmac
import ipaddress
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from caunoi.kit import clock

SALT = b"caunoi.kit.limits"
SWEEP_ROWS = 20
SECRET_FIELDS = ("csrfmiddlewaretoken", "password", "credential")


@dataclass(frozen=True, slots=True)
class Limit:
    """``tries`` at once; a spent try comes back every ``per / tries``."""

    name: str
    tries: int
    per: timedelta

    @property
    def step(self) -> timedelta:
        return self.per / self.allowed

    @property
    def allowed(self) -> int:
        """The number of tries here: a whole commune may share one address, so an installation can widen all limits."""
        return max(1, round(self.tries * settings.LIMITS_FACTOR))


FOLLOW_CODE = Limit("follow-code", tries=10, per=timedelta(minutes=30))
"""Wrong codes from one address."""
PUBLIC_FORM = Limit("public-form", tries=120, per=timedelta(hours=1))
"""A question takes four posts, so this is about thirty questions an hour from one network."""
LOOK_UP = Limit("look-up", tries=120, per=timedelta(minutes=10))
UPLOADS = Limit("uploads", tries=300, per=timedelta(hours=1))
"""Photos and recordings from one network; each is at most 300 kB or 2 MB when it is kept."""
TYPING = Limit("typing", tries=600, per=timedelta(minutes=10))
"""Proposals while a question is typed: one a pause, and a whole commune may share one address."""
INVITATION = Limit("invitation", tries=30, per=timedelta(hours=1))
RESET_MAIL = Limit("reset-mail", tries=10, per=timedelta(hours=1))
SECOND_FACTOR = Limit("second-factor", tries=6, per=timedelta(minutes=15))
"""Wrong codes for one account; ``who`` is the account."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be tried now; ``again_at`` is when the next try is free.

    left     how many more tries are free at once
    full_in  when all of them are
    """

    allowed: bool
    again_at: datetime
    wait: timedelta
    left: int = 0
    full_in: timedelta = timedelta()

    @property
    def wait_seconds(self) -> int:
        return max(1, math.ceil(self.wait.total_seconds()))

    @property
    def wait_minutes(self) -> int:
        return math.ceil(self.wait_seconds / 60)


TAKE = """
INSERT INTO kit_bucket AS b (key, full_at) VALUES (%(key)s, %(at)s::timestamptz + %(step)s)
ON CONFLICT (key) DO UPDATE SET full_at = greatest(b.full_at, %(at)s) + %(step)s
    WHERE greatest(b.full_at, %(at)s) + %(step)s <= %(at)s::timestamptz + %(per)s
RETURNING full_at
"""
SWEEP = """
DELETE FROM kit_bucket WHERE key IN
    (SELECT key FROM kit_bucket WHERE full_at <= %s ORDER BY full_at LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def take(limit: Limit, *, who: str, at: datetime) -> Verdict:
    """Use up one try, or say when the next one is free; two at the same moment never share one.

    who            what is counted: ``address(request)``, or an account
    Not done here  anything about the request. Call it outside a transaction: one that is rolled back gives the try back
    """
    if not settings.LIMITS_FACTOR:
        return Verdict(True, at, timedelta(), left=limit.allowed)
    values: dict[str, Any] = {
        "key": _key(limit, who),
        "at": at,
        "step": limit.step,
        "per": limit.per,
    }
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, [at, SWEEP_ROWS])
        cursor.execute(TAKE, values)
        if row := cursor.fetchone():
            full_in = row[0] - at
            left = math.floor((limit.per - full_in) / limit.step + 1e-9)
            return Verdict(True, at, timedelta(), left=max(0, left), full_in=full_in)
    return look(limit, who=who, at=at)


def look(limit: Limit, *, who: str, at: datetime) -> Verdict:
    """Say whether a try is free without using it up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_at FROM kit_bucket WHERE key = %s", [_key(limit, who)])
        row = cursor.fetchone()
    full_at = row[0] if row else at
    again_at = max(at, full_at + limit.step - limit.per)
    full_in = max(full_at - at, timedelta())
    left = max(0, math.floor((limit.per - full_in) / limit.step + 1e-9))
    return Verdict(again_at <= at, again_at, again_at - at, left=left, full_in=full_in)


def give_back(limit: Limit, *, who: str, at: datetime) -> None:
    """Return a try that turned out to be honest (the right code), so that only wrong ones count."""
    values: list[Any] = [limit.step, at, _key(limit, who)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_bucket SET full_at = greatest(full_at - %s, %s) WHERE key = %s", values
        )


def sweep(*, at: datetime) -> int:
    """Delete every bucket that is full again; returns how many. Each ``take`` also deletes some."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_bucket WHERE full_at <= %s", [at])
        return cursor.rowcount


def _key(limit: Limit, who: str) -> bytes:
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, f"{limit.name}\x00{who}".encode(), "sha256")


def client_address(request: HttpRequest) -> str | None:
    """Return the address the request comes from, or None when there is none (a socket file).

    Behind ``CAUNOI_PROXIES`` proxies the word they added counts; what a client itself writes before it never does.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        given = hops[-min(settings.PROXIES, len(hops))].strip() or given
    try:
        found = ipaddress.ip_address(given)
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def address(request: HttpRequest) -> str:
    """Return what is counted as one place: the IPv4 address, or the /64 network of an IPv6 one."""
    found = client_address(request)
    if found and ":" in found:
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return found or "unknown"


def limited(
    limit: Limit, *, methods: Collection[str] = ("POST",)
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let one address call the view so often and no more; then ``too_many`` answers, with every typed word."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return view(request, *args, **kwargs)
            verdict = take(limit, who=address(request), at=clock.now())
            return view(request, *args, **kwargs) if verdict.allowed else too_many(request, verdict)

        return counted

    return wrap


def too_many(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """Answer 429: when to try again, and a form that sends the same words then. Passwords and files are not kept."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in SECRET_FIELDS)
    ]
    shown = {
        "verdict": verdict,
        "typed": typed,
        "texts": [value for _, value in typed if len(value) > 30 and " " in value],
        "resend": request.method == "POST",
        "files": bool(request.FILES),
    }
    answer = render(request, "kit/too_many.html", shown, status=429)
    answer["Retry-After"] = str(verdict.wait_seconds)
    answer["Cache-Control"] = "no-store"
    return answer
