"""How many saw what was published, as the providers count: totals of a post, asked for once a day; nobody is known."""

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from caunoi.channels import registry
from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import (
    Capability,
    PostKind,
)
from caunoi.outbox import asking
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import SendState
from caunoi.receipts.models import SeenCount

AT_ONCE = 60
"""Posts asked about in one round: every ten minutes that is more than all pages of a province in a day."""
CALLS = 4
FIRST_AFTER = timedelta(hours=1)
AGAIN_AFTER = timedelta(hours=22)
FOR = timedelta(days=14)
"""How long a post is asked about; after that hardly anybody opens it."""
log = logging.getLogger("caunoi.receipts")


def count_seen(*, at: datetime) -> int:
    """Ask providers how many saw our posts of the last days, those asked longest ago first. -> how many answered."""
    return sum(_count(send, at) for send in due(at=at)[:AT_ONCE])


def due(*, at: datetime) -> list[OutboundMessage]:
    """Return the posts to ask about now, the oldest first."""
    lately = SeenCount.objects.filter(send=OuterRef("pk"), asked_at__gt=at - AGAIN_AFTER)
    found = OutboundMessage.objects.filter(
        ~Exists(lately),
        kind=PostKind.PUBLICATION.value,
        state__in=[SendState.SENT, SendState.CONFIRMED],
        sent_at__range=(at - FOR, at - FIRST_AFTER),
        reference__startswith="notice:",
        channel__connector_key__in=registry.kinds_that(Capability.TOTALS),
        channel__state="active",
    )
    found = found.exclude(external_id="").select_related("channel", "channel__app")
    return list(found.order_by("sent_at", "seq")[:AT_ONCE])


def _count(send: OutboundMessage, at: datetime) -> bool:
    """Ask about one post. What went wrong is asked again another day."""
    try:
        found = asking.ask(send, lambda c, a: c.totals(a, send.external_id), calls=CALLS, at=at)
    except asking.NoCallsLeft:
        return False
    except asking.UNANSWERED as error:
        log.info("totals of %s are not told: %s", send.pk, error)
        SeenCount.objects.update_or_create(
            send=send,
            defaults={"asked_at": at},
            create_defaults=_row(send, Totals(), at) | {"counted_at": None},
        )
        return False
    SeenCount.objects.update_or_create(send=send, defaults=_row(send, found, at))
    return True


def _row(send: OutboundMessage, found: Totals, at: datetime) -> dict[str, object]:
    return {
        "notice_id": send.reference.removeprefix("notice:"),
        "connector_key": send.channel.connector_key,
        "seen_total": found.seen,
        "people_total": found.people,
        "acted_total": found.acted,
        "counted_at": at,
        "asked_at": at,
    }
