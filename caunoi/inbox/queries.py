"""Reads about what came in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from caunoi.channels.models import Channel
from caunoi.inbox.models import Message, RawDelivery, Refusal, Thread
from caunoi.inbox.terms import DeliveryState
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
