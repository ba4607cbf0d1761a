"""What is kept back of gifts for a need they were not promised for counts for it, and no longer for the one they were promised for."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Q

from caunoi.campaigns.meeting import register
from caunoi.goods.models import Reservation
from caunoi.goods.queries import GONE
from caunoi.goods.terms import ReservationState
from caunoi.kit.viewing import system


@system("what is asked for is public")
def met_by_reservations(need_ids: Collection[UUID]) -> Counter[UUID]:
    """Return by need how much is kept back for it from gifts that were promised for none or another, less what went the other way."""
    about = Q(need_id__in=need_ids) | Q(gift__need_id__in=need_ids)
    live = Reservation.objects.filter(about).exclude(state__in=GONE)
    elsewhere = live.filter(~Q(gift__need_id=F("need_id")) | Q(gift__need_id=None))
    found: Counter[UUID] = Counter()
    rows = elsewhere.values_list("need_id", "gift__need_id", "state", "amount", "delivered")
    for need_id, promised_for, state, amount, delivered in rows:
        n = delivered if state == ReservationState.HANDED_OVER else amount
        found[need_id] += n
        if promised_for:
            found[promised_for] -= n
    return found


register(met_by_reservations)
