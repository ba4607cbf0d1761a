"""Writes of what leaves for good: handed over, spoiled, given back; and of days that somebody gave."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns.models import Campaign, Gift
from caunoi.funds.models import Account
from caunoi.funds.terms import Address, Move, Place
from caunoi.goods import actions, heaps, queries_kept, rules
from caunoi.goods.models import Movement, Reservation, Share, Team
from caunoi.goods.terms import (
    Detail,
    GoodsError,
    MovementKind,
    NobodyNamed,
    ReservationState,
    WrongCount,
    WrongThing,
)
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer

K, S = MovementKind, ReservationState


@transaction.atomic
def hand_over(
    *,
    key: UUID,
    stock: Account,
    amount: int,
    recipient: str,
    witness: str,
    households: int = 0,
    on: date,
    by: Viewer,
    at: datetime,
    detail: Detail | None = None,
) -> Movement:
    """Give things into people's hands: who got them is sealed, who saw it stands beside. Idempotent by the key.

    Raises NotYourStock, NotEnough, NobodyNamed
    """
    if there := heaps.done_before(key):
        return there
    actions.check_keeps(heaps.unit_of(stock), by, at)
    who, saw = _named(recipient, witness)
    used = _used_of(queries_kept.reservations_for(account=stock, on=on), amount)
    fresh, campaign = heaps.hold(stock)
    heaps.check_there(fresh, amount)
    heaps.check_kept(fresh, amount, on=on)
    held = used[0][0] if used else None
    unit_id = heaps.unit_of(fresh)
    deed = heaps.Deed(key, fresh.fund_id, on)
    heaps.allocate(deed, fresh, unit_id, amount)
    kept = heaps.address_of(Place.ALLOCATED, fresh, unit_id)
    given = heaps.address_of(Place.HANDED_OVER, fresh, unit_id)
    main = deed.add(Move.HAND_OVER, kept, given, amount, word=who)
    deed.post(at, by)
    for one, part in used:
        _deliver(one, on, part)
    made = Movement(
        id=key,
        kind=K.HANDED_OVER.value,
        campaign=campaign,
        commodity_id=fresh.commodity_id,
        purpose=fresh.purpose,
        amount=amount,
        unit_id=unit_id,
        reservation=held,
        gift=held.gift if held else None,
        posting_id=main,
        on=on,
        households=households,
        witness=saw,
        **heaps.beside(detail or Detail(), at, by),
    )
    heaps.write_down("handed_over", made, by, at)
    return _share(made, used, by, at)


def _used_of(found: Sequence[Reservation], amount: int) -> list[tuple[Reservation, int]]:
    """Hold what is kept back and say how much of the amount comes from each, none more than is left of it."""
    held = [actions.locked(r) for r in found]
    parts = rules.shares(amount, [r.amount - r.delivered - r.lost for r in held])
    return [(one, part) for one, part in zip(held, parts, strict=True) if part]


def _share(
    made: Movement, used: list[tuple[Reservation, int]], by: Viewer, at: datetime
) -> Movement:
    """Write down from which gifts it came, so that each giver follows her own part, and look whether their needs are met."""
    Share.objects.bulk_create(
        [Share(movement=made, reservation=one, amount=part) for one, part in used]
    )
    for need in dict.fromkeys(one.need for one, _part in used):
        heaps.meet(need, made.on, by, at)
    return made


def _named(recipient: str, witness: str) -> tuple[str, str]:
    who, saw = clean(recipient).strip()[:200], clean(witness).strip()[:120]
    if not who or not saw:
        raise NobodyNamed(_("Write who got it and who saw it."))
    return who, saw


def _deliver(held: Reservation, on: date, amount: int = 0, *, lost: int = 0) -> None:
    """Note what of a reservation reached people or was lost; when nothing is left of it, it is done."""
    held.delivered += amount
    held.lost += lost
    sent, left = queries_kept.left_for(reservation=held, on=on)
    given, gone = held.delivered, held.lost
    if rules.is_given(amount=held.amount, delivered=given, lost=gone, sent=sent, left=left):
        held.state = S.HANDED_OVER.value
    held.save(update_fields=["delivered", "lost", "state"])


@transaction.atomic
def spoil(
    *,
    key: UUID,
    stock: Account,
    amount: int,
    on: date,
    by: Viewer,
    at: datetime,
    detail: Detail,
    back: bool = False,
) -> Movement:
    """Write off what spoiled or died, with the reason; or, with ``back``, give it back to the giver. Idempotent by the key.

    Raises NotYourStock, NotEnough, GoodsError without a reason
    """
    if there := heaps.done_before(key):
        return there
    actions.check_keeps(heaps.unit_of(stock), by, at)
    if not detail.note.strip():
        raise GoodsError(_("Write what happened; it stays in the books."))
    meant = (
        queries_kept.reservations_for(account=stock, on=on)
        if stock.place == Place.ALLOCATED
        else []
    )
    used = _used_of(meant, amount)
    fresh, campaign = heaps.hold(stock)
    heaps.check_there(fresh, amount)
    deed = heaps.Deed(key, fresh.fund_id, on)
    here = heaps.free_of(deed, fresh, amount)
    place = Place.RETURNED if back else Place.SPOILED
    gone = heaps.address_of(place, fresh, heaps.unit_of(fresh))
    main = deed.add(Move.GIVE_BACK if back else Move.SPOIL, here, gone, amount)
    deed.post(at, by)
    for one, part in used:
        _deliver(one, on, lost=part)
    made = Movement(
        id=key,
        kind=(K.GIVEN_BACK if back else K.SPOILED).value,
        campaign=campaign,
        commodity_id=fresh.commodity_id,
        purpose=fresh.purpose,
        amount=amount,
        unit_id=heaps.unit_of(fresh),
        posting_id=main,
        on=on,
        **heaps.beside(detail, at, by),
    )
    heaps.write_down(made.kind, made, by, at)
    return _share(made, used, by, at)


@transaction.atomic
def work(
    *,
    key: UUID,
    team: Team,
    campaign: Campaign,
    days: int,
    recipient: str,
    witness: str,
    on: date,
    by: Viewer,
    at: datetime,
    households: int = 0,
    detail: Detail | None = None,
    gift: Gift | None = None,
) -> Movement:
    """Note the days a team gave: given, meant for and used up in one deed, since nobody stores a day. Idempotent by the key.

    recipient  for whom or on what they worked; sealed
    gift       the promise by which they came; what was agreed on of it is given then
    Raises NotYourStock, NobodyNamed, WrongCount, WrongThing, OutsideCampaign
    """
    if there := heaps.done_before(key):
        return there
    actions.check_keeps(team.unit_id, by, at)
    who, saw = _named(recipient, witness)
    _check_days(days, team, campaign, gift)
    used = _used_of(
        queries_kept.agreed_of(gift=gift, unit_id=team.unit_id, on=on) if gift else [], days
    )
    thing, unit, purpose = team.commodity_id, team.unit_id, gift.purpose if gift else ""
    here = Address(Place.ON_HAND, thing, purpose, unit)
    kept = Address(Place.ALLOCATED, thing, purpose, unit)
    deed = heaps.Deed(key, heaps.books_of(campaign), on)
    deed.add(Move.RECEIVE, Address(Place.GIVERS, thing, purpose), here, days)
    deed.add(Move.ALLOCATE, here, kept, days)
    main = deed.add(Move.HAND_OVER, kept, Address(Place.HANDED_OVER, thing, purpose, unit), days, word=who)  # fmt: skip
    if gift:
        campaigns.note_came(gift=gift, amount=days, on=on, at=at, by=by)
    deed.post(at, by)
    for one, part in used:
        _deliver(one, on, part)
    made = Movement(
        id=key,
        kind=K.WORKED.value,
        campaign=campaign,
        commodity_id=thing,
        purpose=purpose,
        amount=days,
        unit_id=unit,
        team=team,
        gift=gift,
        posting_id=main,
        on=on,
        households=households,
        witness=saw,
        **heaps.beside(detail or Detail(), at, by),
    )
    heaps.write_down("worked", made, by, at)
    return _share(made, used, by, at)


def _check_days(days: int, team: Team, campaign: Campaign, gift: Gift | None) -> None:
    if days <= 0:
        raise WrongCount(_("Write how many days; at least one."))
    if gift and (gift.campaign_id, gift.commodity_id) != (campaign.pk, team.commodity_id):
        raise WrongThing(_("This promise is of another thing or campaign."))
