"""Addresses that are told what happens."""

from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import foreseen, needs, unit_for, units_out
from caunoi.webhooks import actions, queries
from caunoi.webhooks.models import Endpoint

router = Router(tags=["webhooks"])
MANAGES = needs(Scope.WEBHOOKS_MANAGE)
SIZE = 50


def _load(request: KeyRequest, pk: UUID) -> Endpoint:
    found = queries.endpoint(request.viewer, pk=pk, on=request.on)
    if found is None:
        raise Problem(404, _("No such address."))
    return found


def _out(request: KeyRequest, found: Collection[Endpoint]) -> list[dict[str, Any]]:
    named = units_out(request, {e.unit_id for e in found})
    return [
        {
            "id": e.pk,
            "unit": named[e.unit_id],
            "name": e.name,
            "url": e.url,
            "events": e.events,
            "state": e.state,
            "last_ok_at": e.last_ok_at,
        }
        for e in found
    ]


@router.get("", response=list[s.EndpointOut], summary=gettext_noop("List the addresses"), **MANAGES)
def list_endpoints(request: KeyRequest) -> Any:
    """Of the key's unit and below; at most 200."""
    return _out(request, list(queries.endpoints(request.viewer, on=request.on)[:200]))


@router.post(
    "",
    response={201: s.EndpointMadeOut},
    summary=gettext_noop("Add an address"),
    **MANAGES,
)
def add_endpoint(request: KeyRequest, given: s.EndpointIn) -> Any:
    """Its secret is shown this once."""
    unit = unit_for(request, given.unit)
    with foreseen():
        made, secret = actions.add_endpoint(
            unit_id=unit.id,
            name=given.name,
            url=given.url,
            events=given.events,
            by=request.viewer,
            at=request.at,
        )
    return 201, _out(request, [made])[0] | {"secret": secret}


@router.get(
    "/{uuid:pk}", response=s.EndpointOut, summary=gettext_noop("Read one address"), **MANAGES
)
def read_endpoint(request: KeyRequest, pk: UUID) -> Any:
    """With whether it is called."""
    return _out(request, [_load(request, pk)])[0]


@router.put(
    "/{uuid:pk}/state",
    response=s.EndpointOut,
    summary=gettext_noop("Switch an address on or off"),
    **MANAGES,
)
def switch(request: KeyRequest, pk: UUID, given: s.SwitchIn) -> Any:
    """What waits while it is off is given up and can be sent again."""
    found = _load(request, pk)
    with foreseen():
        changed = actions.switch_endpoint(
            endpoint=found, on=given.on, by=request.viewer, at=request.at
        )
    return _out(request, [changed])[0]


@router.post(
    "/{uuid:pk}/test", response={202: s.CountOut}, summary=gettext_noop("Send a test"), **MANAGES
)
def send_test(request: KeyRequest, pk: UUID) -> Any:
    """Signed like every other."""
    found = _load(request, pk)
    with foreseen():
        actions.send_test(endpoint=found, by=request.viewer, at=request.at)
    return 202, {"count": 1}


@router.post(
    "/{uuid:pk}/rotate",
    response={201: s.SecretOut},
    summary=gettext_noop("Make a new secret"),
    **MANAGES,
)
def rotate(request: KeyRequest, pk: UUID) -> Any:
    """The old one signs beside it for two days."""
    found = _load(request, pk)
    with foreseen():
        secret = actions.rotate_secret(endpoint=found, by=request.viewer, at=request.at)
    return 201, {"secret": secret}


@router.post(
    "/{uuid:pk}/replay", response={202: s.CountOut}, summary=gettext_noop("Send again"), **MANAGES
)
def replay(request: KeyRequest, pk: UUID, given: s.ReplayIn) -> Any:
    """Each event keeps its id."""
    found = _load(request, pk)
    with foreseen():
        count = actions.replay(
            endpoint=found, deliveries=given.deliveries, by=request.viewer, at=request.at
        )
    return 202, {"count": count}


class DeliveryFilters(s.Schema):
    """Which page."""

    page: Annotated[int, s.Field(ge=1, le=200)] = 1


@router.get(
    "/{uuid:pk}/deliveries",
    response=s.DeliveryPageOut,
    summary=gettext_noop("What an address was told"),
    **MANAGES,
)
def list_deliveries(request: KeyRequest, pk: UUID, chosen: Query[DeliveryFilters]) -> Any:
    """Newest first, with every try."""
    found = _load(request, pk)
    told = queries.deliveries(request.viewer, endpoint=found, on=request.on)
    start = (chosen.page - 1) * SIZE
    rows = list(told[start : start + SIZE + 1])
    items = [
        {
            "id": d.pk,
            "message_id": f"msg_{d.event.pk.hex}",
            "type": d.event.type,
            "number": d.event.number,
            "state": d.state,
            "tries": d.tries,
            "at": d.event.at,
            "attempts": [
                {"at": a.at, "status": a.status, "took_ms": a.took_ms, "trouble": a.trouble}
                for a in d.attempts.all()
            ],
        }
        for d in rows[:SIZE]
    ]
    more = len(rows) > SIZE and chosen.page < 200
    return {"items": items, "page": chosen.page, "next": chosen.page + 1 if more else None}
