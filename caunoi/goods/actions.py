"""Writes of what is kept back for whom: proposed, agreed by both sides, given free again."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.campaigns.models import Gift, Need
from caunoi.campaigns.terms import GiftState, NeedState
from caunoi.goods.models import Reservation
from caunoi.goods.terms import (
    FREE_AGAIN,
    HOLDS_FOR,
    AlreadyTaken,
    GoodsError,
    NotNow,
    NotWanted,
    NotYourStock,
    OtherPerson,
    ReservationState,
    Side,
    WrongThing,
)
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs

S = ReservationState
NOT_YOURS = gettext_noop("This lies at a unit that is not yours.")
NOT_WAITING = gettext_noop("Nothing waits for your yes any more. Below stands how it is now.")


@transaction.atomic
def reserve(
    *,
    gift: Gift,
    need: Need,
    amount: int,
    key: UUID,
    by: Viewer,
    at: datetime,
    may_exceed: bool = False,
) -> Reservation:
    """Keep so much of a gift back for a need. Whoever proposes it speaks for one side already. Asked twice with one key it is one.

    may_exceed  the unit wishes more than its need says
    Raises NotYourStock, WrongThing, NotNow, AlreadyTaken, NotWanted
    """
    there = Reservation.objects.filter(pk=key).first()
    if there is not None:
        return there
    side = _side_of(gift, need, by, at)
    _check_fits(gift, need, amount)
    on = clock.local_date(at)
    made = Reservation(
        id=key,
        gift=gift,
        need=need,
        amount=amount,
        may_exceed=may_exceed,
        holds_until=min(on + HOLDS_FOR, max(need.needed_by or date.max, on)),
        made_at=at,
        made_by_id=by.account_id,
    )
    _speak(made, side, by, at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise _explained(error) from error
    told = {"gift": gift.pk, "need": need.pk, "amount": amount}
    audit.record("goods.reserved", on=made, by=by, at=at, unit_id=need.unit_id, after=told)
    return made


def _check_fits(gift: Gift, need: Need, amount: int) -> None:
    same = gift.campaign_id == need.campaign_id and gift.commodity_id == need.commodity_id
    if not same or gift.purpose not in {"", need.purpose} or amount <= 0:
        raise WrongThing(_("This gift does not fit this need: another thing, purpose or campaign."))
    if need.state != NeedState.OPEN:
        raise NotNow(_("This need is not open any more. Choose another one."))
    if gift.state == GiftState.LAPSED and not gift.came:
        raise NotNow(_("This promise has lapsed. Ask the giver to promise again."))


def _explained(error: IntegrityError) -> Exception:
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if broken == "reservation_within_gift":
        return AlreadyTaken(
            _("Somebody else was faster: not as much of this gift is free. Look at what is left.")
        )
    if broken == "reservation_within_need":
        return NotWanted(
            _("This need is covered already. Choose a smaller amount or another need.")
        )
    return error


def may_keep(unit_id: UUID, by: Viewer, at: datetime) -> bool:
    """True when the viewer keeps goods at that unit, or, when it ended, at the one that took it over."""
    path = heirs.desk_of(unit_id=unit_id, on=clock.local_date(at))
    return path is not None and by.may(Permission.GOODS_KEEP, path)


def check_keeps(unit_id: UUID, by: Viewer, at: datetime) -> None:
    """Raise NotYourStock unless the viewer keeps goods at that unit."""
    if not may_keep(unit_id, by, at):
        raise NotYourStock(_(NOT_YOURS))


def _side_of(gift: Gift, need: Need, by: Viewer, at: datetime) -> Side:
    """Return for which side the viewer speaks: the unit in need when she is of it alone, else the giver's."""
    if may_keep(gift.campaign.unit_id, by, at) or (
        gift.from_unit_id and may_keep(gift.from_unit_id, by, at)
    ):
        return Side.GIVER
    check_keeps(need.unit_id, by, at)
    return Side.UNIT


def _speak(held: Reservation, side: Side, by: Viewer, at: datetime) -> None:
    if side == Side.GIVER:
        held.giver_at, held.giver_by_id = at, by.account_id
    else:
        held.unit_at, held.unit_by_id = at, by.account_id


def locked(reservation: Reservation) -> Reservation:
    """Return the row as it stands, held; the gift is held first, as everywhere."""
    Gift.objects.select_for_update(of=("self",), no_key=True).get(pk=reservation.gift_id)
    rows = Reservation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("gift__campaign", "need").get(pk=reservation.pk)


@transaction.atomic
def agree(*, reservation: Reservation, side: Side, by: Viewer, at: datetime) -> Reservation:
    """Say yes for one side. When both said yes, it is agreed. Said twice it is said once.

    Raises NotYourStock, OtherPerson, NotNow
    """
    held = locked(reservation)
    if side == Side.UNIT:
        check_keeps(held.need.unit_id, by, at)
    elif _side_of(held.gift, held.need, by, at) != Side.GIVER:
        raise NotYourStock(_(NOT_YOURS))
    if held.state != S.OFFERED:
        if held.state in FREE_AGAIN:
            raise NotNow(_("This was given free again. Keep it back anew."))
        return held
    other = held.giver_by_id if side == Side.UNIT else held.unit_by_id
    if other == by.account_id:
        raise OtherPerson(_("You spoke for the other side. Another person says yes for this one."))
    _speak(held, side, by, at)
    if held.giver_at and held.unit_at:
        held.state = S.CONFIRMED.value
    held.save(update_fields=["state", "giver_at", "giver_by", "unit_at", "unit_by"])
    told = {"side": side.value, "state": held.state}
    audit.record("goods.agreed", on=held, by=by, at=at, unit_id=held.need.unit_id, after=told)
    return held


@transaction.atomic
def agree_by_code(*, gift: Gift | None, reservation_id: UUID, at: datetime) -> Reservation:
    """Say yes as the giver, who holds the code of the gift and needs no account. Said twice it is said once. Raises NotNow"""
    found = Reservation.objects.filter(pk=reservation_id, gift=gift).first()
    if found is None:
        raise NotNow(_(NOT_WAITING))
    held = locked(found)
    if held.state in FREE_AGAIN:
        raise NotNow(_(NOT_WAITING))
    if held.state != S.OFFERED or held.giver_at:
        return held
    held.giver_at = at
    if held.unit_at:
        held.state = S.CONFIRMED.value
    held.save(update_fields=["state", "giver_at"])
    told = {"state": held.state}
    audit.record("goods.giver.agreed", on=held, at=at, unit_id=held.need.unit_id, after=told)
    return held


@transaction.atomic
def release(*, reservation: Reservation, because: str, by: Viewer, at: datetime) -> Reservation:
    """Give it free again, with a reason. What is on its way arrives first. Raises NotYourStock, NotNow"""
    held = locked(reservation)
    _side_of(held.gift, held.need, by, at)
    if held.state in FREE_AGAIN:
        return held
    if held.state not in {S.OFFERED, S.CONFIRMED}:
        raise NotNow(_("It is on its way or handed over already."))
    if not because.strip():
        raise GoodsError(_("Write why it is given free again; both sides will read it."))
    _end(held, S.RELEASED, clean(because).strip()[:200], at)
    audit.record("goods.released", on=held, by=by, at=at, unit_id=held.need.unit_id)
    return held


def _end(held: Reservation, to: ReservationState, because: str, at: datetime) -> None:
    held.state, held.ended_at, held.ended_because = to.value, at, because
    held.save(update_fields=["state", "ended_at", "ended_because"])


NOBODY_AGREED = "Không có hai bên xác nhận trước hạn"
NOTHING_CAME = "Lời hứa đã hết hạn mà chưa có gì đến"
"""What stands beside what ended by itself: content, so always Vietnamese."""


@transaction.atomic
def expire(*, at: datetime, limit: int = 500) -> int:
    """Give free what nobody agreed to in time, and what was kept back of a promise that never came. -> how many."""
    on = clock.local_date(at)
    live = Reservation.objects.filter(state__in=[S.OFFERED.value, S.CONFIRMED.value])
    unheard = live.filter(state=S.OFFERED.value, holds_until__lt=on)
    unkept = live.filter(gift__came=0, gift__good_until__lt=on) | live.filter(
        gift__came=0, gift__state=GiftState.LAPSED.value
    )
    ended = 0
    for which, because in ((unheard, NOBODY_AGREED), (unkept, NOTHING_CAME)):
        for found in which.order_by("gift_id", "pk")[:limit]:
            held = locked(found)
            if held.state in {S.OFFERED, S.CONFIRMED}:
                _end(held, S.EXPIRED, because, at)
                audit.record("goods.expired", on=held, at=at, unit_id=held.need.unit_id)
                ended += 1
    return ended
