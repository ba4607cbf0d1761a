"""A unit ends while other systems are told what happens in it: each is told of the successor from then on, or no more."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.webhooks.models import Endpoint
from caunoi.webhooks.terms import EndpointState

ENDED = "Đơn vị đã kết thúc."
"""Content, so Vietnamese."""


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID]) -> list[Endpoint]:
    """Return the addresses of these units that are not given up, by name; ones that somebody switched off too."""
    found = Endpoint.objects.filter(unit_id__in=unit_ids).exclude(state=EndpointState.GONE)
    found = found.exclude(state=EndpointState.OFF, trouble=ENDED)
    return list(found.order_by("name", "pk"))


@transaction.atomic
def pass_endpoints(heirs: Mapping[UUID, UUID | None], *, at: datetime) -> int:
    """Let these addresses be told of the successors, or (None) of nothing more. -> how many changed. Idempotent.

    heirs  by endpoint, the unit that takes over; secrets and what was told stay. The statements stay as many
    """
    locked = Endpoint.objects.select_for_update(of=("self",), no_key=True)
    changed, told = [], []
    for endpoint in locked.filter(pk__in=list(heirs)).order_by("pk"):
        before = {"unit": endpoint.unit_id, "state": endpoint.state}
        to = heirs[endpoint.pk]
        if to is not None:
            endpoint.unit_id = to
        elif endpoint.state == EndpointState.ON:
            endpoint.state, endpoint.trouble = EndpointState.OFF.value, ENDED
        after = {"unit": endpoint.unit_id, "state": endpoint.state}
        if after == before:
            continue
        changed.append(endpoint)
        told.append(
            audit.entry(
                "webhooks.endpoint.passed",
                on=endpoint,
                at=at,
                unit_id=endpoint.unit_id,
                before=before,
                after=after,
            )
        )
    Endpoint.objects.bulk_update(changed, ["unit", "state", "trouble"])
    audit.record_all(told)
    return len(changed)
