"""Reads about what goes out."""

from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from caunoi.channels import queries as channels
from caunoi.channels.models import Channel
from caunoi.kit.viewing import Viewer, system
from caunoi.outbox.models import Breaker, OutboundMessage
from caunoi.outbox.terms import BreakerState, SendState
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

NEEDS_A_PERSON = (SendState.UNCERTAIN, SendState.FAILED, SendState.DEAD)


@system("the case page asks after the viewer was allowed to open the case")
def sends_for(*, reference_prefix: str) -> list[OutboundMessage]:
    """Return the sends whose reference begins so, oldest first, with their channel."""
    found = OutboundMessage.objects.filter(reference__startswith=reference_prefix)
    return list(found.select_related("channel").order_by("created_at", "seq"))


def visible_sends(viewer: Viewer, *, on: date) -> QuerySet[OutboundMessage]:
    """Return the sends of the channels of the units below the viewer."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.OUTBOX_VIEW), on=on)
    return OutboundMessage.objects.filter(channel__unit_id__in=reach).select_related("channel")


def sends(
    viewer: Viewer, *, on: date, state: str = "", channel_id: UUID | None = None
) -> QuerySet[OutboundMessage]:
    """Return the filtered list, newest first."""
    found = visible_sends(viewer, on=on)
    if state:
        found = found.filter(state=state)
    if channel_id:
        found = found.filter(channel_id=channel_id)
    return found.order_by("-created_at", "-seq")


def counts(viewer: Viewer, *, on: date) -> dict[str, int]:
    """Return how many sends are in each state."""
    rows = visible_sends(viewer, on=on).order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def waiting_for_a_person(viewer: Viewer, *, on: date) -> int:
    """Return how many sends a person must decide about."""
    return visible_sends(viewer, on=on).filter(state__in=NEEDS_A_PERSON).count()


def spared_channels(viewer: Viewer, *, on: date) -> list[Breaker]:
    """Return the breakers that are not closed, of the channels the viewer sees."""
    seen: QuerySet[Channel] = channels.visible_channels(viewer, on=on)
    found = Breaker.objects.filter(channel__in=seen).exclude(state=BreakerState.CLOSED)
    return list(found.select_related("channel"))
