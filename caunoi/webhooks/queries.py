"""Reads about webhooks; every list starts from the units in which the viewer may manage them."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from caunoi.kit import keyring
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.webhooks.models import Attempt, Delivery, Endpoint, Secret
from caunoi.webhooks.terms import DeliveryState

MAX_SHOWN = 20


def endpoints(viewer: Viewer, *, on: date) -> QuerySet[Endpoint]:
    """Return the endpoints of the viewer's units, by name, each with how many deliveries wait and were given up."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.WEBHOOKS_MANAGE), on=on)
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    dead = Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD))
    found = Endpoint.objects.filter(unit_id__in=reach).annotate(waiting=waiting, dead=dead)
    return found.order_by("name", "pk")


def endpoint(viewer: Viewer, *, pk: UUID, on: date) -> Endpoint | None:
    """Return one endpoint the viewer may manage, or None."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.WEBHOOKS_MANAGE), on=on)
    return Endpoint.objects.filter(pk=pk, unit_id__in=reach).select_related("made_by").first()


def deliveries(
    viewer: Viewer, *, endpoint: Endpoint, on: date, state: str = "", text: str = ""
) -> QuerySet[Delivery]:
    """Return what the endpoint was told, newest first, with every try; nothing of an endpoint the viewer may not manage.

    text  the beginning of a number
    """
    reach = units.subtree_filter(paths=viewer.scope(Permission.WEBHOOKS_MANAGE), on=on)
    found = Delivery.objects.filter(endpoint=endpoint, endpoint__unit_id__in=reach)
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(event__number__startswith=text.strip().upper())
    tries = Prefetch("attempts", Attempt.objects.order_by("-at", "-pk"))
    return found.select_related("event").prefetch_related(tries).order_by("-pk")


@system("the worker signs a call")
def signing_secrets(*, endpoint_id: UUID, at: datetime) -> list[str]:
    """Return the secrets that sign now, newest first."""
    lasting = Q(ends_at=None) | Q(ends_at__gt=at)
    found = Secret.objects.filter(lasting, endpoint_id=endpoint_id).order_by("-made_at", "-pk")
    ring = keyring.load()
    return [ring.open(s.sealed, context=f"webhook:{endpoint_id}") for s in found]


@system("shown on the page of an endpoint that was loaded for the viewer")
def secrets_of(*, endpoint: Endpoint, at: datetime) -> list[Secret]:
    """Return the secrets that sign now, without their words."""
    lasting = Q(ends_at=None) | Q(ends_at__gt=at)
    return list(Secret.objects.filter(lasting, endpoint=endpoint).order_by("-made_at")[:MAX_SHOWN])
