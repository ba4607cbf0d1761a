"""Calling the addresses: due deliveries leased to one worker, each called outside a transaction, each try kept."""

import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx  # noqa: TID251 - only the names of its errors; the client is kit.http's
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop
from standardwebhooks.webhooks import Webhook

from caunoi.kit import http
from caunoi.webhooks import actions, queries, rules
from caunoi.webhooks.models import Attempt, Delivery, Endpoint, Event
from caunoi.webhooks.terms import DeliveryState, EndpointState, Verdict

TIMEOUT_SECONDS = 15.0
LEASE = timedelta(minutes=10)
AT_ONCE, AT_ONCE_EACH = 12, 4
"""How many calls one round makes, and how many of them at one address: a slow one never holds up the others for long."""
SPARED = timedelta(minutes=1)
"""How long an address that is overloaded is left alone, when it asks for nothing itself."""
KEPT_OF_ANSWER = 500
SAID_GONE = gettext_noop("The address answered that it is gone (410).")
GAVE_UP = gettext_noop("Every try failed for three days.")
NO_ANSWER = gettext_noop("No answer in time.")
REFUSED = gettext_noop("The address may not be called from here.")
NO_CONNECTION = gettext_noop("No connection.")


@dataclass(frozen=True, slots=True)
class _Said:
    """What one call brought: ``status`` None when there was no answer."""

    status: int | None
    took_ms: int
    answer: str = ""
    trouble: str = ""
    retry_after: timedelta | None = None


def send_due(*, at: datetime) -> int:
    """Make one round of due calls. -> how many were made; as long as it is not 0, there may be more.

    Not done here  anything in a transaction while an address is called
    """
    claimed = _claim(at=at)
    for delivery in claimed:
        _note(delivery, _call(delivery, at), at)
    return len(claimed)


def _claim(*, at: datetime) -> list[Delivery]:
    """Lease due deliveries to this worker; what a killed one held comes up again after its lease."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    not_spared = Q(endpoint__spared_until=None) | Q(endpoint__spared_until__lte=at)
    with transaction.atomic():
        due = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(free, not_spared, state=DeliveryState.WAITING, next_at__lte=at)
            .filter(endpoint__state=EndpointState.ON)
            .select_related("endpoint", "event")
            .order_by("next_at", "pk")[: AT_ONCE * 10]
        )
        chosen: list[Delivery] = []
        for delivery in due:
            same = sum(c.endpoint_id == delivery.endpoint_id for c in chosen)
            if same < AT_ONCE_EACH and len(chosen) < AT_ONCE:
                chosen.append(delivery)
        held = Delivery.objects.filter(pk__in=[c.pk for c in chosen])
        held.update(lease_until=at + LEASE)
    return chosen


def body_of(event: Event) -> str:
    """Return what is sent: what happened, when, and where to read more; whoever may read it needs a key of her own."""
    said = {
        "type": event.type,
        "timestamp": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "id": str(event.pk),
            "number": event.number,
            "url": f"{settings.PUBLIC_URL}{event.path}",
        },
    }
    return json.dumps(said, separators=(",", ":"))


def headers_of(event: Event, *, secrets: list[str], body: str, at: datetime) -> dict[str, str]:
    """Return the headers of Standard Webhooks: one signature a secret that signs now, newest first."""
    message_id = f"msg_{event.pk.hex}"
    signed = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "caunoi-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _call(delivery: Delivery, at: datetime) -> _Said:
    endpoint, event = delivery.endpoint, delivery.event
    began = time.monotonic()

    def said(status: int | None, **more: object) -> _Said:
        return _Said(status, int(1000 * (time.monotonic() - began)), **more)  # type: ignore[arg-type]

    if rules.address_problem(endpoint.url, loopback_only=settings.LOOPBACK_ONLY):
        return said(None, trouble=REFUSED)
    body = body_of(event)
    secrets = queries.signing_secrets(endpoint_id=endpoint.pk, at=at)
    headers = headers_of(event, secrets=secrets, body=body, at=at)
    try:
        with http.client(endpoint.url, timeout_seconds=TIMEOUT_SECONDS, public_only=True) as client:
            answer = client.post(endpoint.url, content=body.encode(), headers=headers)
    except httpx.TimeoutException:
        return said(None, trouble=NO_ANSWER)
    except (http.NotLoopback, http.NotPublic):
        return said(None, trouble=REFUSED)
    except (httpx.HTTPError, httpx.InvalidURL):
        return said(None, trouble=NO_CONNECTION)
    return said(
        answer.status_code,
        answer=answer.text[:KEPT_OF_ANSWER].replace("\x00", ""),
        retry_after=rules.retry_after_of(answer.headers.get("retry-after", ""), at=at),
    )


@transaction.atomic
def _note(delivery: Delivery, said: _Said, at: datetime) -> None:
    """Keep the try, and decide what becomes of the delivery and its endpoint."""
    Attempt.objects.create(
        delivery=delivery,
        at=at,
        status=said.status,
        took_ms=said.took_ms,
        answer=said.answer,
        trouble=said.trouble,
    )
    verdict = rules.verdict_of(said.status)
    row = Delivery.objects.filter(pk=delivery.pk)
    row.update(tries=F("tries") + 1, lease_until=None)
    endpoint = Endpoint.objects.filter(pk=delivery.endpoint_id)
    if verdict == Verdict.TAKEN:
        row.update(state=DeliveryState.DONE.value, done_at=at)
        endpoint.update(last_ok_at=at, spared_until=None, trouble="")
    elif verdict == Verdict.GONE:
        row.update(state=DeliveryState.DEAD.value)
        _switch_off(delivery.endpoint, state=EndpointState.GONE, trouble=SAID_GONE)
    else:
        if verdict == Verdict.THROTTLED:
            endpoint.update(spared_until=at + max(said.retry_after or SPARED, SPARED))
        _later(delivery, said, at)


def _later(delivery: Delivery, said: _Said, at: datetime) -> None:
    tries = delivery.tries + 1
    # S311: nothing secret hangs on the jitter
    next_at = rules.next_try_at(
        tries=tries,
        at=at,
        retry_after=said.retry_after,
        chance=random.random(),  # noqa: S311
    )
    if next_at is not None:
        Delivery.objects.filter(pk=delivery.pk).update(next_at=next_at)
        if next_at - at < timedelta(minutes=1):
            actions.send_soon(seconds=max(1, round((next_at - at).total_seconds())))
        return
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DEAD.value)
    since = delivery.event.at
    quiet = Endpoint.objects.filter(pk=delivery.endpoint_id).filter(
        Q(last_ok_at=None) | Q(last_ok_at__lt=since)
    )
    if quiet.exists():
        _switch_off(delivery.endpoint, state=EndpointState.OFF, trouble=GAVE_UP)


def _switch_off(endpoint: Endpoint, *, state: EndpointState, trouble: str) -> None:
    Endpoint.objects.filter(pk=endpoint.pk).update(state=state.value, trouble=trouble)
    actions.give_up_waiting(endpoint)
