"""What became of videos that providers took: they are worked on afterwards, and may fail or stay hidden."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from caunoi.channels import registry
from caunoi.channels.afterwards import Became, Outcome
from caunoi.channels.contract import (
    Capability,
    PostKind,
)
from caunoi.outbox import asking
from caunoi.outbox.models import OutboundMessage, VideoOutcome
from caunoi.outbox.terms import SendState

AT_ONCE = 30
"""Videos asked about in one round."""
CALLS = 2
AGAIN_AFTER = {Became.WORKING: timedelta(minutes=4), Became.HIDDEN: timedelta(hours=3)}
FOR = timedelta(days=3)
"""How long a video is asked about: a provider is done in hours, a person who must make it public in days."""
TAKEN = [SendState.SENT, SendState.CONFIRMED]
log = logging.getLogger("caunoi.outbox")


def ask(*, at: datetime) -> int:
    """Ask providers about the videos that are not seen yet, those sent first. -> how many answered. No transaction is open meanwhile."""
    return sum(_ask(send, at) for send in due(at=at))


def due(*, at: datetime) -> list[OutboundMessage]:
    """Return the sends to ask about now."""
    final = Q(became__in=[Became.SEEN, Became.FAILED])
    lately = Q()
    for became, pause in AGAIN_AFTER.items():
        lately |= Q(became=became, asked_at__gt=at - pause)
    known = VideoOutcome.objects.filter(final | lately, send=OuterRef("pk"))
    found = OutboundMessage.objects.filter(
        ~Exists(known),
        kind=PostKind.PUBLICATION.value,
        state__in=TAKEN,
        sent_at__gt=at - FOR,
        channel__connector_key__in=registry.kinds_that(Capability.OUTCOME),
        channel__state="active",
    )
    with_video = found.exclude(content__video_ref={}).exclude(external_id="")
    with_video = with_video.select_related("channel", "channel__app")
    return list(with_video.order_by("sent_at", "seq")[:AT_ONCE])


def _ask(send: OutboundMessage, at: datetime) -> bool:
    try:
        found = asking.ask(
            send, lambda c, a: c.outcome(a, send.external_id, at=at), calls=CALLS, at=at
        )
    except asking.NoCallsLeft:
        return False
    except asking.UNANSWERED as error:
        log.info("what became of %s is not told: %s", send.pk, error)
        return False
    record(send=send, found=found, at=at)
    return True


@transaction.atomic
def record(*, send: OutboundMessage, found: Outcome, at: datetime) -> None:
    """Keep what the provider said. People see it: confirmed. Lost: a dead letter with the reason. Hidden: the reason stands beside it.

    A hidden video stays as sent: it is there, and sending it again would make a second one.
    """
    VideoOutcome.objects.update_or_create(
        send=send, defaults={"became": found.became.value, "asked_at": at}
    )
    rows = OutboundMessage.objects.filter(pk=send.pk, state__in=TAKEN)
    if found.became is Became.SEEN:
        rows.update(state=SendState.CONFIRMED.value, trouble="")
    elif found.became is Became.FAILED:
        rows.update(state=SendState.FAILED.value, trouble=found.reason[:300])
    elif found.became is Became.HIDDEN:
        rows.update(state=SendState.SENT.value, trouble=found.reason[:300])
