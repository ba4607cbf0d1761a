"""Reads about what came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from caunoi.channels.contract import MessageReceived
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.inbox.models import Message, Post, RawDelivery, Refusal, Thread
from caunoi.inbox.terms import MAX_TEXT, DeliveryState, Direction
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer, system


@system("the case page asks after the viewer was allowed to open the case")
def messages_of(*, thread_id: UUID) -> list[Message]:
    """Return what was said in a thread, oldest first; removed messages keep their place and lose their text."""
    return list(Message.objects.filter(thread_id=thread_id).order_by("sent_at", "pk")[:500])


@system("journeys answer where the question was asked")
def thread(*, thread_id: UUID) -> Thread:
    """Return the thread with its channel."""
    return Thread.objects.select_related("channel", "channel__app").get(pk=thread_id)


@system("journeys look for the conversation of a message")
def message_by_ref(*, channel: Channel, external_id: str) -> Message | None:
    """Return the message with that provider id."""
    return (
        Message.objects.filter(channel=channel, external_id=external_id)
        .select_related("thread")
        .first()
    )


def deliveries(viewer: Viewer, *, state: str = "") -> QuerySet[RawDelivery]:
    """Return stored deliveries, newest first, for somebody who may see the whole installation's intake."""
    if not viewer.may("health.view"):
        return RawDelivery.objects.none()
    found = RawDelivery.objects.defer("body").order_by("-pk")
    return found.filter(state=state) if state else found


def refusals(viewer: Viewer, *, since: datetime) -> list[dict]:
    """Return how many requests were turned away a day, by reason."""
    if not viewer.may("health.view"):
        return []
    rows = Refusal.objects.filter(day__gte=since.date()).values("day", "connector_key", "reason")
    return [dict(r) for r in rows.annotate(total=Sum("count")).order_by("-day", "connector_key")]


@system("the worker reads")
def waiting_count() -> int:
    """Return how many deliveries wait."""
    return RawDelivery.objects.filter(state=DeliveryState.WAITING).count()


@system("lists show the first words of many threads")
def thread_names(*, thread_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the display names of the people who began these threads."""
    return dict(Thread.objects.filter(pk__in=set(thread_ids)).values_list("pk", "sender_name"))


@dataclass(frozen=True, slots=True)
class PlaceToAsk:
    """A post of a page, and how many conversations were begun under it."""

    post: Post
    asked: int


def posts_of(viewer: Viewer, *, channel: Channel, limit: int = 10) -> list[PlaceToAsk]:
    """Return the newest posts of a channel the viewer was allowed to open, with how often people asked under each."""
    del viewer
    posts = list(
        Post.objects.filter(channel=channel, removed_at=None).order_by("-posted_at")[:limit]
    )
    begun = Thread.objects.filter(channel=channel, post_ref__in=[p.external_id for p in posts])
    asked = dict(begun.order_by().values_list("post_ref").annotate(n=Count("pk")))
    return [PlaceToAsk(p, asked.get(p.external_id, 0)) for p in posts]


@system("the case page shows under which post somebody asked")
def post_under_which(*, thread: Thread) -> Post | None:
    """Return the page's post a conversation was begun under, while it stands."""
    if not thread.post_ref:
        return None
    found = Post.objects.filter(channel_id=thread.channel_id, external_id=thread.post_ref)
    return found.filter(removed_at=None).first()


@system("public: where people may ask")
def places_to_ask(*, unit_id: UUID, since: datetime, limit: int = 3) -> list[Post]:
    """Return the newest posts of the unit's working pages that people can open and comment on."""
    found = Post.objects.filter(
        channel__unit_id=unit_id,
        channel__state=ChannelState.ACTIVE,
        removed_at=None,
        posted_at__gte=since,
    )
    return list(found.exclude(permalink="").order_by("-posted_at")[:limit])


@system("what a provider tells afterwards may have come by webhook under another id")
def heard_already(*, channel: Channel, incoming: MessageReceived) -> bool:
    """True when the message is kept: by its id, or the same words in the same conversation within seconds."""
    known = Message.objects.filter(channel=channel)
    if known.filter(external_id=incoming.external_id).exists():
        return True
    near = timedelta(seconds=5)
    alike = known.filter(
        direction=Direction.IN,
        thread__thread_ref=incoming.thread_ref,
        sender_ref=incoming.sender_ref,
        sent_at__range=(incoming.sent_at - near, incoming.sent_at + near),
    )
    said = clean(incoming.text)[:MAX_TEXT]
    return any(text == said for text in alike.values_list("text", flat=True))
