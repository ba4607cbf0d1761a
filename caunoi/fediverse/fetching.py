"""Asking another server who its actor is: signed by the unit that is asked, never in a transaction, never inside our own networks."""

import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from caunoi.fediverse import addresses, rules, sealing
from caunoi.fediverse.terms import (
    ACTIVITY_JSON,
    GONE,
    ActorGone,
    NotCallable,
    NotReached,
    Remote,
)
from caunoi.kit import http

TIMEOUT_SECONDS = 8.0


def headers_for(
    method: str,
    address: str,
    *,
    unit_id: UUID,
    slug: str,
    at: datetime,
    body: bytes | None = None,
) -> dict[str, str]:
    """Return the headers of a request that the unit signs."""
    parts = urlsplit(address)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"host": parts.netloc, "date": rules.http_date(at)}
    names: Sequence[str] = rules.GET_NAMES
    if body is not None:
        headers |= {"digest": rules.digest_of(body), "content-type": ACTIVITY_JSON}
        names = rules.POST_NAMES
    raw = sealing.sign(rules.signing_string(method, target, headers, names), unit_id=unit_id, at=at)
    key_id = f"{addresses.actor(slug)}#main-key"
    return headers | {
        "signature": rules.signature_header(key_id=key_id, names=names, raw=raw),
        "accept": ACTIVITY_JSON,
    }


def actor(address: str, *, unit_id: UUID, slug: str, at: datetime) -> Remote:
    """Return the actor with that id, as its server says now.

    Raises NotCallable, ActorGone (404 or 410), NotReached (no answer, or none we can use)
    """
    if not rules.is_callable(address, loopback=settings.LOOPBACK_ONLY):
        raise NotCallable("This is no address of a server we would call.")
    parts = urlsplit(address)
    headers = headers_for("get", address, unit_id=unit_id, slug=slug, at=at)
    try:
        with http.client(
            f"{parts.scheme}://{parts.netloc}", timeout_seconds=TIMEOUT_SECONDS, public_only=True
        ) as out:
            answer = out.get(address, headers=headers)
            said = json.loads(answer.content) if answer.status_code == 200 else None
    except (*http.TROUBLE, ValueError) as error:
        raise NotReached("The other server gave no answer we can use.") from error
    if answer.status_code in GONE:
        raise ActorGone("The actor is gone.")
    found = rules.remote_of(said) if isinstance(said, dict) else None
    if found is None or found.id != address:
        raise NotReached("The other server gave no answer we can use.")
    if not rules.is_callable(found.told_at, loopback=settings.LOOPBACK_ONLY):
        raise NotCallable("This is no address of a server we would call.")
    return found
