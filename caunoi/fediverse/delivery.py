"""The round in which other servers are told: claim what is due, sign and send outside any transaction, keep what came of it."""

import logging
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from caunoi.fediverse import actions, fetching, queries, rules, sealing
from caunoi.fediverse.models import Delivery
from caunoi.fediverse.terms import GONE, TRIES
from caunoi.kit import http
from caunoi.kit.keyring import KeyringError
from caunoi.units import queries as units

BATCH = 50
LATER = frozenset({408, 425, 429})
"""Refusals that are for now."""
log = logging.getLogger("caunoi.fediverse")


def send_due(*, at: datetime) -> int:
    """Send what is due, one request an inbox. -> how many were taken. Run one at a time; nothing while the setting is off.

    A claim moves the next try ahead before anything is sent: a crash loses nothing, and other servers know an activity by its id.
    An inbox that is gone is erased with those who were told there; after twelve tries, over two days, a sending is given up.
    """
    taken = 0
    while settings.FEDIVERSE and (claimed := _claim(at)):
        taken += sum(_send(found, at) for found in claimed)
    return taken


@transaction.atomic
def _claim(at: datetime) -> list[Delivery]:
    due = queries.due(at=at).select_for_update(of=("self",), skip_locked=True)
    rows = list(due.select_related("activity", "inbox").order_by("not_before", "pk")[:BATCH])
    for row in rows:
        row.attempts += 1
        row.not_before = at + rules.wait_after(row.attempts)
    Delivery.objects.bulk_update(rows, ["attempts", "not_before"])
    return rows


def _send(found: Delivery, at: datetime) -> bool:
    try:
        status = _post(found, at)
    except (*http.TROUBLE, KeyringError) as error:
        log.warning("inbox %s not told: %s", found.inbox_id, type(error).__name__)
        status = 0
    if 200 <= status < 300:
        Delivery.objects.filter(pk=found.pk).update(sent_at=at)
        return True
    if status in GONE:
        actions.forget_inbox(inbox_id=found.inbox_id)
    elif 300 <= status < 500 and status not in LATER:
        Delivery.objects.filter(pk=found.pk).update(given_up_at=at)
    else:
        _spare(found, at)
    return False


def _spare(found: Delivery, at: datetime) -> None:
    """Leave a server that does not answer alone for a while, with everything it is to be told."""
    Delivery.objects.filter(pk=found.pk, attempts__gte=TRIES).update(given_up_at=at)
    others = Q(inbox_id=found.inbox_id, sent_at=None, given_up_at=None)
    Delivery.objects.filter(others, not_before__lt=found.not_before).update(
        not_before=found.not_before
    )


def _post(found: Delivery, at: datetime) -> int:
    activity = found.activity
    address = sealing.opened(found.inbox.sealed_address, context=f"inbox:{found.inbox_id}")
    if not rules.is_callable(address, loopback=settings.LOOPBACK_ONLY):
        return 410
    body = sealing.opened(activity.sealed_body, context=f"activity:{activity.pk}").encode()
    slug = units.slugs_of(unit_ids=[activity.unit_id])[activity.unit_id]
    headers = fetching.headers_for(
        "post", address, unit_id=activity.unit_id, slug=slug, at=at, body=body
    )
    parts = urlsplit(address)
    with http.client(f"{parts.scheme}://{parts.netloc}", public_only=True) as out:
        return int(out.post(address, content=body, headers=headers).status_code)
