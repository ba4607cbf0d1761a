"""Writes about webhooks. What happens is noted in the transaction in which it happens; the calls are made by the worker."""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from caunoi.kit import audit, keyring
from caunoi.kit.clock import local_date
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.webhooks import rules
from caunoi.webhooks.models import Delivery, Endpoint, Event, Secret
from caunoi.webhooks.terms import (
    SUBSCRIBABLE,
    AddressProblem,
    BadAddress,
    DeliveryState,
    EndpointState,
    EventType,
    NothingChosen,
    NotYourEndpoint,
    SwitchedOff,
)

EXPLAINED = {
    AddressProblem.UNREADABLE: "This is no web address.",
    AddressProblem.NOT_HTTPS: "Only https addresses are called.",
    AddressProblem.OTHER_PORT: "Only the ports 443 and 8443 are called.",
    AddressProblem.INSIDE: "This address lies inside a network of one's own.",
}
SEND_TASK = "webhooks.send"
SECRET_BYTES = 32
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: its number, where it is found, and the units it concerns."""

    number: str
    path: str
    unit_ids: frozenset[UUID]


def tell(
    event_type: EventType, *, number: str, path: str, unit_ids: Iterable[UUID | None], at: datetime
) -> int:
    """Note for every endpoint above these units that something happened; called in the transaction in which it does.

    path  of what it happened to, below the public address
    -> how many endpoints will be told. Not done here: any call
    """
    concerned = frozenset(u for u in unit_ids if u is not None)
    return tell_all(event_type, [Happening(number, path, concerned)], at=at)


def tell_all(event_type: EventType, happenings: Sequence[Happening], *, at: datetime) -> int:
    """Note many happenings of one type as ``tell`` does; whom to tell is read once. -> how many calls there will be."""
    if not happenings:
        return 0
    asked = list(
        Endpoint.objects.filter(state=EndpointState.ON, events__contains=[event_type.value])
    )
    if not asked:
        return 0
    concerned = {u for h in happenings for u in h.unit_ids}
    paths = units.paths_of(unit_ids=concerned, on=local_date(at))
    calls = 0
    for one in happenings:
        lines = [paths[u] for u in one.unit_ids if u in paths]
        above = {UUID(label) for line in lines for label in line.split(".")}
        if hearing := [e for e in asked if e.unit_id in above | one.unit_ids]:
            _note(event_type, number=one.number, path=one.path, endpoints=hearing, at=at)
        calls += len(hearing)
    if calls:
        send_soon()
    return calls


def _note(
    event_type: EventType, *, number: str, path: str, endpoints: list[Endpoint], at: datetime
) -> Event:
    event = Event.objects.create(type=event_type.value, number=number, path=path, at=at)
    Delivery.objects.bulk_create(
        [Delivery(event=event, endpoint=endpoint, next_at=at) for endpoint in endpoints]
    )
    return event


def send_soon(*, seconds: int = 0) -> None:
    """Let the worker look for due calls once this is committed, once however often it is asked.

    Only then: a job waits for another of its name to be decided, and whoever waits while holding a case could wait for ever.
    Should the machine stop in between, the round of each minute finds what is due.
    """
    transaction.on_commit(partial(_enqueue, seconds), robust=True)


def _enqueue(seconds: int) -> None:
    later: dict[str, Any] = {"schedule_in": {"seconds": seconds}} if seconds else {}
    lock = f"{SEND_TASK}.{'later' if seconds else 'now'}"
    try:
        with transaction.atomic():
            app.configure_task(SEND_TASK, queueing_lock=lock, **later).defer()
    except AlreadyEnqueued:
        return


@transaction.atomic
def add_endpoint(
    *, unit_id: UUID, name: str, url: str, events: Iterable[str], by: Viewer, at: datetime
) -> tuple[Endpoint, str]:
    """Let another system be told what happens in the unit and below. -> the endpoint and its secret, to be shown once.

    Raises NotYourEndpoint, BadAddress, NothingChosen
    """
    _check_may(unit_id, by, at)
    endpoint = Endpoint(
        unit_id=unit_id,
        name=clean(name)[:80],
        url=_address(url),
        events=_events(events),
        made_at=at,
        made_by_id=by.account_id,
    )
    endpoint.save(force_insert=True)
    secret = _new_secret(endpoint, at=at)
    after = {"url": endpoint.url, "events": endpoint.events}
    audit.record("webhooks.endpoint.added", on=endpoint, by=by, at=at, unit_id=unit_id, after=after)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *, endpoint: Endpoint, name: str, url: str, events: Iterable[str], by: Viewer, at: datetime
) -> Endpoint:
    """Change name, address and what is told; what waits goes to the new address. Raises as add_endpoint."""
    endpoint = _lock(endpoint, by, at)
    before = {"url": endpoint.url, "events": endpoint.events}
    endpoint.name, endpoint.url, endpoint.events = clean(name)[:80], _address(url), _events(events)
    endpoint.save(update_fields=["name", "url", "events"])
    after = {"url": endpoint.url, "events": endpoint.events}
    _record("changed", endpoint, by=by, at=at, before=before, after=after)
    return endpoint


@transaction.atomic
def switch_endpoint(*, endpoint: Endpoint, on: bool, by: Viewer, at: datetime) -> Endpoint:
    """Begin or stop calling an address; what waits while it is off is given up and can be sent again. Raises NotYourEndpoint."""
    endpoint = _lock(endpoint, by, at)
    before = {"state": endpoint.state}
    endpoint.state = (EndpointState.ON if on else EndpointState.OFF).value
    endpoint.trouble, endpoint.spared_until = "", None
    endpoint.save(update_fields=["state", "trouble", "spared_until"])
    if not on:
        give_up_waiting(endpoint)
    _record("switched", endpoint, by=by, at=at, before=before, after={"state": endpoint.state})
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint: Endpoint, by: Viewer, at: datetime) -> str:
    """Make a new secret; the old one signs beside it for two days. -> the new one, to be shown once. Raises NotYourEndpoint."""
    endpoint = _lock(endpoint, by, at)
    Secret.objects.filter(endpoint=endpoint, ends_at=None).update(ends_at=at + rules.OVERLAP)
    secret = _new_secret(endpoint, at=at)
    _record("secret_rotated", endpoint, by=by, at=at)
    return secret


@transaction.atomic
def send_test(*, endpoint: Endpoint, by: Viewer, at: datetime) -> Event:
    """Call the address with a test event, signed like every other. Raises NotYourEndpoint, SwitchedOff."""
    endpoint = _lock(endpoint, by, at)
    _refuse_off(endpoint)
    event = _note(EventType.TEST, number="", path="/api/", endpoints=[endpoint], at=at)
    send_soon()
    _record("tested", endpoint, by=by, at=at)
    return event


@transaction.atomic
def replay(
    *, endpoint: Endpoint, deliveries: Iterable[int] | None, by: Viewer, at: datetime
) -> int:
    """Send again: the chosen deliveries, or (None) everything that was given up. The event keeps its id, so a receiver
    that had it after all knows it.

    -> how many. Raises NotYourEndpoint, SwitchedOff
    """
    endpoint = _lock(endpoint, by, at)
    _refuse_off(endpoint)
    chosen = Delivery.objects.filter(endpoint=endpoint)
    if deliveries is None:
        chosen = chosen.filter(state=DeliveryState.DEAD)
    else:
        chosen = chosen.filter(pk__in=list(deliveries)).exclude(state=DeliveryState.WAITING)
    again = {"state": DeliveryState.WAITING.value, "tries": 0, "next_at": at, "done_at": None}
    count = chosen.update(**again, lease_until=None)
    if count:
        _record("replayed", endpoint, by=by, at=at, after={"deliveries": count})
        send_soon()
    return count


def give_up_waiting(endpoint: Endpoint) -> int:
    """Nothing waits for an address that is not called any more; each can be sent again by hand."""
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    return waiting.update(state=DeliveryState.DEAD.value, lease_until=None)


def forget_old(*, at: datetime) -> int:
    """Forget what was told more than a month ago, with every try."""
    old, _ = Event.objects.filter(at__lt=at - KEPT).delete()
    Secret.objects.filter(ends_at__lt=at - KEPT).delete()
    return old


def _new_secret(endpoint: Endpoint, *, at: datetime) -> str:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    sealed = keyring.load().seal(secret, context=f"webhook:{endpoint.pk}")
    Secret.objects.create(endpoint=endpoint, sealed=sealed, made_at=at)
    return secret


def _address(url: str) -> str:
    url = url.strip()
    if problem := rules.address_problem(url, loopback_only=settings.LOOPBACK_ONLY):
        raise BadAddress(EXPLAINED[problem])
    return url


def _events(chosen: Iterable[str]) -> list[str]:
    known = set(chosen)
    found = [e.value for e in SUBSCRIBABLE if e.value in known]
    if not found:
        raise NothingChosen("Choose at least one event.")
    return found


def _refuse_off(endpoint: Endpoint) -> None:
    if endpoint.state != EndpointState.ON:
        raise SwitchedOff("The endpoint is switched off; switch it on first.")


def _lock(endpoint: Endpoint, by: Viewer, at: datetime) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update(of=("self",), no_key=True).get(pk=endpoint.pk)
    _check_may(endpoint.unit_id, by, at)
    return endpoint


def _check_may(unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.WEBHOOKS_MANAGE, path):
        raise NotYourEndpoint("This endpoint belongs to a unit in which you may not do this.")


def _record(
    what: str,
    endpoint: Endpoint,
    *,
    by: Viewer,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        f"webhooks.endpoint.{what}",
        on=endpoint,
        by=by,
        at=at,
        unit_id=endpoint.unit_id,
        before=before,
        after=after,
    )
