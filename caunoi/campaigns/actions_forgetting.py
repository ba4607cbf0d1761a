"""Givers are forgotten when the campaign ended long ago; what they gave, when and for what stays."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from caunoi.campaigns.models import Campaign, Gift
from caunoi.campaigns.terms import GiftState
from caunoi.deadlines import queries as deadlines
from caunoi.kit import audit, clock

KEPT = "giver.names.kept"
"""The row of the table of deadlines that says how long."""
ON_THEIR_WAY = [GiftState.PROMISED.value, GiftState.PARTLY.value]


def kept_since(*, on: date) -> date:
    """Return the day before which a campaign must have ended for its givers to be forgotten."""
    return on - timedelta(days=deadlines.term(code=KEPT, on=on).amount)


@transaction.atomic
def forget_givers(*, at: datetime, limit: int = 2_000) -> int:
    """Forget name, contact and words of who gave to campaigns that ended long ago; of a standing fund, of who gave long ago. -> how many.

    Idempotent; what is left over is forgotten the next night. A promise on its way is none of them.
    """
    before = kept_since(on=clock.local_date(at))
    over = Q(campaign__ends_on__lt=before) | Q(
        campaign__ends_on=None, promised_at__lt=clock.start_of(before)
    )
    known = ~Q(giver="") | ~Q(contact="") | ~Q(note="")
    old = Gift.objects.filter(over, known).exclude(state__in=ON_THEIR_WAY)
    locked = old.select_for_update(of=("self",), skip_locked=True).order_by("promised_at", "pk")
    ids = list(locked.values_list("pk", flat=True)[:limit])
    gone = Gift.objects.filter(pk__in=ids)
    for campaign in Campaign.objects.filter(pk__in=gone.values("campaign_id")):
        n = gone.filter(campaign=campaign).count()
        audit.record(
            "campaigns.givers.forgotten",
            on=campaign,
            at=at,
            unit_id=campaign.unit_id,
            after={"gifts": n},
        )
    gone.update(giver="", contact="", note="")
    return len(ids)
