"""What is asked of agreements inside a deed: what a heap is kept for, what is still to be sent, what came to a need."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from caunoi.campaigns.models import Gift, Need
from caunoi.funds.models import Account
from caunoi.funds.terms import Place
from caunoi.goods.models import Movement, Reservation
from caunoi.goods.queries import GONE
from caunoi.goods.terms import MovementKind, ReservationState
from caunoi.kit.viewing import system
from caunoi.units import heirs
from caunoi.units import queries as units

AGREED = (ReservationState.CONFIRMED.value, ReservationState.ON_WAY.value)
"""Both sides said yes, and it is not done."""


@system("asked inside a hand-over, for the unit that makes it")
def reservation_for(*, account: Account, on: date) -> Reservation | None:
    """Return what is kept back for people who get it from this heap: what is on its way first, then the oldest."""
    return next(iter(reservations_for(account=account, on=on)), None)


@system("asked inside a deed, for the unit that makes it")
def reservations_for(*, account: Account, on: date) -> list[Reservation]:
    """Return everything that is kept back for people who get it from this heap, in the order in which it is used up."""
    own = heirs.stood_for(unit_id=account.unit_id, on=on) if account.unit_id else []
    sent_here = Movement.objects.filter(to_unit_id__in=own, kind=MovementKind.SENT)
    live = Reservation.objects.filter(
        Q(need__unit_id__in=own) | Q(pk__in=sent_here.values("reservation_id")),
        state__in=AGREED,
        gift__campaign__fund_id=account.fund_id,
        gift__commodity_id=account.commodity_id,
        gift__purpose=account.purpose,
    )
    return list(live.order_by("-state", "made_at", "pk"))


@system("asked inside a deed, for the unit that makes it")
def agreed_of(*, gift: Gift, unit_id: UUID, on: date) -> list[Reservation]:
    """Return what both sides agreed on of a gift for needs of that unit, of those below it or of those above it; the oldest first."""
    below = _there(unit_id, on)
    live = Reservation.objects.filter(gift=gift, state__in=AGREED).order_by("made_at", "pk")
    return [
        one
        for one in live.select_related("need")
        if one.need.unit_id in below or unit_id in _there(one.need.unit_id, on)
    ]


@system("asked inside a deed, for the unit that makes it")
def to_send(*, reservation: Reservation) -> int:
    """Return how much of what both sides agreed on has not left for its need yet; what is passed on on its way is counted once."""
    legs = reservation.movements.filter(kind=MovementKind.SENT.value)
    first = legs.exclude(unit_id__in=legs.values("to_unit_id"))
    gone = first.aggregate(n=Sum(F("amount") - F("missing")))["n"] or 0
    return max(0, reservation.amount - reservation.lost - max(gone, reservation.delivered))


@system("asked inside a deed, for the unit that makes it")
def kept_here(*, account: Account, on: date) -> int:
    """Return how much of the free stock of a unit is agreed on for needs elsewhere, no more than was taken in there of each gift."""
    if account.unit_id is None:
        return 0
    taken_in = Movement.objects.filter(kind=MovementKind.RECEIVED.value, unit_id=account.unit_id)
    here = dict(taken_in.order_by().values_list("gift_id").annotate(n=Sum("good")))
    live = Reservation.objects.filter(
        state__in=AGREED,
        gift_id__in=[gift_id for gift_id in here if gift_id],
        gift__campaign__fund_id=account.fund_id,
        gift__commodity_id=account.commodity_id,
        gift__purpose=account.purpose,
    )
    kept = 0
    for one in live.exclude(need__unit_id__in=heirs.stood_for(unit_id=account.unit_id, on=on)):
        part = min(
            to_send(reservation=one),
            max(0, here[one.gift_id] - _gone(one.gift_id, account.unit_id)),
        )
        here[one.gift_id] -= part
        kept += part
    return kept


def _gone(gift_id: UUID, unit_id: UUID) -> int:
    """Return how much of a gift left that unit for the needs it was agreed on for."""
    out = Movement.objects.filter(
        kind=MovementKind.SENT.value, unit_id=unit_id, reservation__gift_id=gift_id
    )
    return out.aggregate(n=Sum(F("amount") - F("missing")))["n"] or 0


def _there(unit_id: UUID, on: date) -> set[UUID]:
    """Return the unit and all below it; when it ended, also the one that took it over, with all below that."""
    desk = heirs.desk_of(unit_id=unit_id, on=on)
    root = UUID(desk.split(".")[-1]) if desk else unit_id
    return {*units.subtree_ids(unit_id=root, on=on), root, unit_id}


@system("asked inside a hand-over, for the unit that makes it")
def left_for(*, reservation: Reservation, on: date) -> tuple[int, int]:
    """Return how much of it was sent out, and how much lies meant for people at the unit in need or below it."""
    below = _there(reservation.need.unit_id, on)
    out = reservation.movements.filter(kind=MovementKind.SENT.value).exclude(unit_id__in=below)
    heaps = Account.objects.filter(
        fund__campaign=reservation.gift.campaign_id,
        place=Place.ALLOCATED.value,
        commodity_id=reservation.gift.commodity_id,
        purpose=reservation.gift.purpose,
        unit_id__in=below,
    )
    lies = heaps.aggregate(n=Sum(F("came_in") - F("went_out")))["n"] or 0
    return out.aggregate(n=Sum("amount"))["n"] or 0, lies


@system("asked inside a deed, for the unit that makes it")
def reached(*, need: Need, on: date) -> int:
    """Return how much of a need came to its unit or below: handed over there, arrived there, or taken in there."""
    below = _there(need.unit_id, on)
    taken_in = Movement.objects.filter(kind=MovementKind.RECEIVED.value, unit_id__in=below)
    came: dict[UUID, int] = {}
    for _pk, gift_id, good in (
        taken_in.filter(Q(gift__need=need) | Q(gift__reservations__need=need))
        .distinct()
        .values_list("pk", "gift_id", "good")
    ):
        came[gift_id] = came.get(gift_id, 0) + (good or 0)
    arrived = Q(movements__to_unit_id__in=below, movements__arrived_at__isnull=False)
    from_outside = arrived & ~Q(movements__unit_id__in=below)
    kept = Reservation.objects.filter(need=need).exclude(state__in=GONE)
    total = 0
    for held in kept.annotate(arrived=Coalesce(Sum("movements__good", filter=from_outside), 0)):
        total += max(held.delivered, min(held.amount, held.arrived + came.pop(held.gift_id, 0)))
    return total + sum(
        came[g] for g in Gift.objects.filter(pk__in=came, need=need).values_list("pk", flat=True)
    )
