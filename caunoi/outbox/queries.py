"""Reads about what goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.contract import Capability, PostKind
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer, system
from caunoi.outbox import rules
from caunoi.outbox.models import Breaker, OutboundMessage
from caunoi.outbox.terms import BreakerState, SendState
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

UNCONFIRMED = "unconfirmed"
"""Sent, and no echo or receipt within three days: shown like a state of its own."""
PERSON = "person"
"""Whatever a person must decide: refused, given up, or looked for in vain."""
NEEDS_A_PERSON = Q(state__in=[s.value for s in rules.GIVEN_UP]) | Q(
    state=SendState.UNCERTAIN, looks__gte=len(rules.READ_BACK_SECONDS)
)


@system("what became of last words is shown to whoever prepares a reform")
def last_words_of(*, reference: str) -> dict[UUID, OutboundMessage]:
    """Return the last words of channels under this reference, by channel."""
    found = OutboundMessage.objects.filter(reference=f"{rules.LAST_WORDS}{reference}")
    return {row.channel_id: row for row in found}


@system("the case page asks after the viewer was allowed to open the case")
def sends_for(*, reference_prefix: str) -> list[OutboundMessage]:
    """Return the sends whose reference begins so, oldest first, with their channel."""
    found = OutboundMessage.objects.filter(reference__startswith=reference_prefix)
    return list(found.select_related("channel", "content").order_by("created_at", "seq"))


@system("a notice asks how its own sends stand")
def states_of(*, reference: str) -> dict[SendState, int]:
    """Return how many sends of that reference are in each state; states without any are left out."""
    rows = OutboundMessage.objects.filter(reference=reference).order_by().values("state")
    return {SendState(r["state"]): r["n"] for r in rows.annotate(n=Count("pk"))}


@system("a notice asks whether all its own sends are handed over")
def still_moving(*, reference: str) -> bool:
    """True while a publication of that reference will go on by itself: it waits, is being sent, or is still looked up.

    What waits for a person (a lost or paused channel, an outcome nobody can find out, a group posted by hand) does not move.
    """
    moving = Q(state__in=[SendState.QUEUED, SendState.SENDING]) | Q(
        state=SendState.UNCERTAIN, looks__lt=len(rules.READ_BACK_SECONDS)
    )
    return OutboundMessage.objects.filter(
        moving,
        reference=reference,
        kind=PostKind.PUBLICATION,
        channel__state=ChannelState.ACTIVE,
    ).exists()


@system("a recalled notice is corrected where it cannot be taken away")
def channels_told(*, reference: str) -> list[Channel]:
    """Return the channels through which a publication of that reference arrived, or may have."""
    arrived = [SendState.SENT, SendState.CONFIRMED, SendState.UNCERTAIN]
    told = OutboundMessage.objects.filter(
        reference=reference, kind=PostKind.PUBLICATION, state__in=arrived
    )
    return list(Channel.objects.filter(pk__in=told.values("channel_id")).order_by("pk"))


@system("a provider allows one private reply to a comment")
def was_sent(*, channel: Channel, kind: PostKind, target_ref: str) -> bool:
    """True when something of this kind went out, or is about to, to that target."""
    found = OutboundMessage.objects.filter(channel=channel, kind=kind.value, target_ref=target_ref)
    return found.exclude(state__in=[*rules.GIVEN_UP, SendState.CANCELLED]).exists()


def visible_sends(viewer: Viewer, *, on: date) -> QuerySet[OutboundMessage]:
    """Return the sends of the channels of the units below the viewer."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.OUTBOX_VIEW), on=on)
    found = OutboundMessage.objects.filter(channel__unit_id__in=reach)
    return found.select_related("channel", "content")


def manageable_sends(viewer: Viewer, *, on: date) -> QuerySet[OutboundMessage]:
    """Return the sends about which the viewer may decide."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.OUTBOX_MANAGE), on=on)
    found = OutboundMessage.objects.filter(channel__unit_id__in=reach)
    return found.select_related("channel", "content")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of sends is narrowed to; empty means all. Days are Việt Nam's, both included."""

    state: str = ""
    channel_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def narrow(self, found: QuerySet[OutboundMessage]) -> QuerySet[OutboundMessage]:
        """Return those of the sends that are wanted, newest first."""
        if self.state == PERSON:
            found = found.filter(NEEDS_A_PERSON)
        elif self.state == UNCONFIRMED:
            found = found.filter(state=SendState.SENT, unconfirmed_at__isnull=False)
        elif self.state:
            found = found.filter(state=self.state)
        if self.channel_id:
            found = found.filter(channel_id=self.channel_id)
        if self.since:
            found = found.filter(created_at__gte=clock.start_of(self.since))
        if self.until:
            found = found.filter(created_at__lt=clock.start_of(self.until + timedelta(days=1)))
        return found.order_by("-created_at", "-seq")


def sends(viewer: Viewer, *, on: date, wanted: Wanted) -> QuerySet[OutboundMessage]:
    """Return the filtered list, newest first."""
    return wanted.narrow(visible_sends(viewer, on=on))


def counts(viewer: Viewer, *, on: date) -> dict[str, int]:
    """Return how many sends are in each state; those nobody confirmed for three days are counted by themselves."""
    found = visible_sends(viewer, on=on).order_by()
    rows = found.annotate(late=Q(unconfirmed_at__isnull=False)).values("state", "late")
    counted: dict[str, int] = {}
    for row in rows.annotate(n=Count("pk")):
        state = UNCONFIRMED if row["state"] == SendState.SENT and row["late"] else row["state"]
        counted[state] = counted.get(state, 0) + row["n"]
    return counted


def channels_with_sends(viewer: Viewer, *, on: date) -> list[Channel]:
    """Return the viewer's channels through which anything was ever sent, by name."""
    mine: QuerySet[Channel] = channels.visible_channels(viewer, on=on)
    used = OutboundMessage.objects.filter(channel_id=OuterRef("pk"))
    return list(mine.filter(Exists(used)).order_by("name")[:500])


def waiting_for_a_person(viewer: Viewer, *, on: date) -> int:
    """Return how many sends the viewer must decide about."""
    return manageable_sends(viewer, on=on).filter(NEEDS_A_PERSON).count()


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
    related = found.select_related("channel", "channel__app", "content")
    return list(related.order_by("sent_at")[:limit])


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
