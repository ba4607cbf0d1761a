"""Reads about what goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit.viewing import Viewer, system
from caunoi.outbox import rules
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


@system("the watch looks at every channel")
def quiet_sends(*, at: datetime, limit: int) -> list[OutboundMessage]:
    """Return sends an hour old that nothing confirmed and nobody looked for, of working channels that can be read back."""
    found = OutboundMessage.objects.filter(
        state=SendState.SENT,
        unconfirmed_at=None,
        looks=0,
        sent_at__lte=at - rules.CONFIRMED_WITHIN,
        channel__state=ChannelState.ACTIVE,
        channel__connector_key__in=registry.kinds_that(Capability.READ_BACK),
    )
    return list(found.select_related("channel", "channel__app").order_by("sent_at")[:limit])


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sends of one channel that need attention: how many, and since when."""

    channel: Channel
    count: int
    since: datetime


@system("the watch looks at every channel")
def stuck_sends(*, at: datetime) -> list[Waiting]:
    """Return working channels with sends that could have gone out ten minutes ago."""
    return _by_channel(_stuck(at))


@system("the watch looks at every channel")
def sends_for_a_person(*, states: Sequence[SendState], at: datetime) -> list[Waiting]:
    """Return channels with sends that came within the hour into a state in which a person must act."""
    found = OutboundMessage.objects.filter(
        state__in=[s.value for s in states],
        created_at__gte=at - rules.GIVE_UP_AFTER - timedelta(days=3),
        tries__at__gte=at - timedelta(hours=1),
    )
    if SendState.UNCERTAIN in states:
        found = found.filter(looks__gte=len(rules.READ_BACK_SECONDS))
    return _by_channel(found)


def _stuck(at: datetime) -> QuerySet[OutboundMessage]:
    return OutboundMessage.objects.filter(
        state=SendState.QUEUED,
        not_before__lte=at - rules.QUEUED_TOO_LONG,
        channel__state=ChannelState.ACTIVE,
    )


def _by_channel(found: QuerySet[OutboundMessage]) -> list[Waiting]:
    rows = (
        found.order_by()
        .values("channel_id")
        .annotate(n=Count("pk", distinct=True), since=Min("created_at"))
    )
    held = {row["channel_id"]: row for row in rows}
    return [
        Waiting(c, held[c.pk]["n"], held[c.pk]["since"])
        for c in Channel.objects.filter(pk__in=held).order_by("name")
    ]


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watch over sends finds now, among those the viewer sees."""

    stuck: list[Waiting]
    uncertain: int
    unconfirmed: int
    dead: int
    held_back: int
    """Sends of channels that must be connected again, or are paused."""


def watch(viewer: Viewer, *, at: datetime, on: date) -> Watch:
    """Return what needs attention in the outbox of the viewer's units."""
    mine = visible_sends(viewer, on=on)
    held = mine.filter(state=SendState.QUEUED).exclude(channel__state=ChannelState.ACTIVE)
    return Watch(
        stuck=_by_channel(_stuck(at).filter(pk__in=mine.values("pk"))),
        uncertain=mine.filter(
            state=SendState.UNCERTAIN, looks__gte=len(rules.READ_BACK_SECONDS)
        ).count(),
        unconfirmed=mine.filter(state=SendState.SENT, unconfirmed_at__isnull=False).count(),
        dead=mine.filter(state__in=[SendState.FAILED, SendState.DEAD]).count(),
        held_back=held.count(),
    )
