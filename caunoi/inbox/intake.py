"""The first step of everything that comes in: check the signature, store the bytes, say 200. Nothing else.

One statement stores the delivery; the stored row *is* the queued work, so there is no moment in which one exists without
the other. A repeated body changes nothing. Shared by the WSGI short way and the Django view.
"""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.contract import RawDelivery
from caunoi.channels.terms import UnknownConnector
from caunoi.inbox.terms import MAX_BODY_BYTES
from caunoi.kit import clock

KEPT_HEADERS = (
    "x-hub-signature-256",
    "x-zevent-signature",
    "x-zevent-timestamp",
    "num-retry",
    "content-type",
)
REFUSAL_SLOTS = 16
STORE = """
INSERT INTO inbox_rawdelivery (connector_key, app_id, body_sha256, headers, body, received_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
COUNT = """
INSERT INTO inbox_refusal (day, connector_key, reason, slot, count) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (day, connector_key, reason, slot) DO UPDATE SET count = inbox_refusal.count + 1
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What to answer. ``kept``: the bytes are durable (now, or since an earlier copy of them)."""

    status: int
    kept: bool


def receive(
    *, connector_key: str, app_id: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> Taken:
    """Store one delivery durably and answer for it.

    headers  lower-case names
    -> 200 stored or known already · 403 wrong signature (counted only) · 404 no such application · 413 too large ·
       503 the database is away; the provider will come again
    """
    try:
        return _receive(connector_key, app_id, headers, body, at)
    except DatabaseError:
        connection.close()
        return Taken(503, kept=False)


def _receive(
    connector_key: str, app_id: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> Taken:
    try:
        connector = registry.connector_for(connector_key)
    except UnknownConnector:
        return Taken(404, kept=False)
    if len(body) > MAX_BODY_BYTES:
        _count(connector_key, "too_large", at)
        return Taken(413, kept=False)
    app = channels.app_secrets(connector_key=connector_key, app_id=app_id)
    if app is None:
        return Taken(404, kept=False)
    if not connector.verify(RawDelivery(headers, body, at), app):
        _count(connector_key, "bad_signature", at)
        return Taken(403, kept=False)
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            [connector_key, app_id, hashlib.sha256(body).digest(), json.dumps(kept), body, at],
        )
    return Taken(200, kept=True)


def _count(connector_key: str, reason: str, at: datetime) -> None:
    slot = random.randrange(REFUSAL_SLOTS)  # noqa: S311
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [clock.local_date(at), connector_key, reason, slot])
