"""Writes of what lies where: received, sent on, arrived. Every amount moves by postings only; what leaves for good: ``actions_giving``."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns.models import Campaign, Gift
from caunoi.funds.models import Account
from caunoi.funds.terms import Address, Move, NotEnough, Place
from caunoi.goods import actions, heaps, queries_kept, rules
from caunoi.goods.models import Movement, Reservation
from caunoi.goods.terms import (
    Detail,
    MovementKind,
    NotNow,
    ReservationState,
    WrongCount,
    WrongThing,
)
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer

K, S = MovementKind, ReservationState


@transaction.atomic
def receive(
    *,
    key: UUID,
    campaign: Campaign,
    unit_id: UUID,
    commodity: str,
    good: int,
    spoiled: int = 0,
    on: date,
    by: Viewer,
    at: datetime,
    detail: Detail | None = None,
    gift: Gift | None = None,
    giver: str = "",
    purpose: str = "",
    expires_on: date | None = None,
) -> Movement:
    """Take things in at a unit: what is good lies there, what came spoiled is in the books and gone again. Idempotent by the key.

    giver  of what nobody promised; sealed beside the posting
    Raises NotYourStock, WrongThing, WrongCount, NotNow; OutsideCampaign when the campaign accepts nothing on that day
    """
    if there := heaps.done_before(key):
        return there
    actions.check_keeps(unit_id, by, at)
    if good < 0 or spoiled < 0 or good + spoiled <= 0:
        raise WrongCount(_("Write how many came; at least one."))
    if gift and (gift.campaign_id != campaign.pk or gift.commodity_id != commodity):
        raise WrongThing(_("This promise is of another thing or campaign."))
    purpose = gift.purpose if gift else purpose
    promised = max(gift.amount - gift.came, 0) if gift else None
    here = Address(Place.ON_HAND, commodity, purpose, unit_id)
    deed = heaps.Deed(key, heaps.books_of(campaign), on)
    word = gift.giver if gift else clean(giver).strip()[:120]
    givers = Address(Place.GIVERS, commodity, purpose)
    main = deed.add(Move.RECEIVE, givers, here, good + spoiled, word=word)
    deed.add(Move.SPOIL, here, Address(Place.SPOILED, commodity, purpose, unit_id), spoiled)
    if gift:
        campaigns.note_came(gift=gift, amount=good + spoiled, on=on, at=at, by=by)
    deed.post(at, by)
    made = Movement(
        id=key,
        kind=K.RECEIVED.value,
        campaign=campaign,
        commodity_id=commodity,
        purpose=purpose,
        amount=good + spoiled,
        unit_id=unit_id,
        gift=gift,
        posting_id=main,
        on=on,
        promised=promised,
        good=good,
        spoiled=spoiled,
        expires_on=expires_on,
        **heaps.beside(detail or Detail(), at, by),
    )
    heaps.write_down("received", made, by, at)
    heaps.meet(gift.need if gift else None, on, by, at)
    return made


@transaction.atomic
def send(
    *,
    key: UUID,
    stock: Account,
    to_unit_id: UUID,
    amount: int,
    on: date,
    by: Viewer,
    at: datetime,
    detail: Detail | None = None,
    reservation: Reservation | None = None,
) -> Movement:
    """Send things on to another unit: for a need when one is given or when they are meant for one, else as free stock there.

    They count there at once and lie there when their arrival is noted. Idempotent by the key.
    Raises NotYourStock, NotEnough, NotNow, WrongThing
    """
    if there := heaps.done_before(key):
        return there
    actions.check_keeps(heaps.unit_of(stock), by, at)
    meant = stock.place == Place.ALLOCATED
    passed_on = queries_kept.reservation_for(account=stock, on=on) if meant else None
    found = reservation or passed_on
    held = actions.locked(found) if found else None
    fresh, campaign = heaps.hold(stock)
    heaps.check_there(fresh, amount)
    if held:
        _check_agreed(held, fresh, campaign, amount)
    else:
        heaps.check_kept(fresh, amount, on=on)
    if to_unit_id == fresh.unit_id:
        raise WrongThing(_("It lies there already. Choose another unit."))
    earmarked = held is not None or fresh.place == Place.ALLOCATED
    deed = heaps.Deed(key, fresh.fund_id, on)
    if earmarked:
        main = heaps.allocate(deed, fresh, to_unit_id, amount)
    else:
        there_free = heaps.address_of(Place.ON_HAND, fresh, to_unit_id)
        main = deed.add(Move.FORWARD, fresh.address, there_free, amount)
    deed.post(at, by)
    if held and held.state == S.CONFIRMED:
        held.state = S.ON_WAY.value
        held.save(update_fields=["state"])
    made = Movement(
        id=key,
        kind=K.SENT.value,
        campaign=campaign,
        commodity_id=fresh.commodity_id,
        purpose=fresh.purpose,
        amount=amount,
        unit_id=heaps.unit_of(fresh),
        to_unit_id=to_unit_id,
        reservation=held,
        gift=held.gift if held else None,
        earmarked=earmarked,
        posting_id=main,
        on=on,
        **heaps.beside(detail or Detail(), at, by),
    )
    return heaps.write_down("sent", made, by, at)


def _check_agreed(held: Reservation, stock: Account, campaign: Campaign, amount: int) -> None:
    if held.state not in {S.CONFIRMED, S.ON_WAY}:
        raise NotNow(_("Both sides agree first; then it goes on its way."))
    if held.gift.campaign_id != campaign.pk or held.gift.commodity_id != stock.commodity_id:
        raise WrongThing(_("This gift does not fit this need: another thing, purpose or campaign."))
    if stock.place == Place.ON_HAND and amount > (left := queries_kept.to_send(reservation=held)):
        raise WrongCount(_("Of this agreement %(n)d are still to be sent.") % {"n": left})


@transaction.atomic
def arrive(
    *,
    movement: Movement,
    good: int,
    spoiled: int = 0,
    on: date,
    by: Viewer,
    at: datetime,
    note: str = "",
    picture: bytes = b"",
) -> Movement:
    """Note that what was sent has arrived, in what number. What spoiled is written off there; what was not on the lorry goes
    back into the sender's books; what came beyond the way-bill comes out of them. Said twice it is said once.

    Raises NotYourStock, NotNow, WrongCount, NotEnough
    """
    held = Movement.objects.select_for_update(of=("self",), no_key=True).get(pk=movement.pk)
    if held.kind != K.SENT or held.to_unit_id is None:
        raise NotNow(_("This was not sent to a unit."))
    actions.check_keeps(held.to_unit_id, by, at)
    if held.arrived_at:
        return held
    if good < 0 or spoiled < 0:
        raise WrongCount(_("A count is a whole number, nothing below zero."))
    kept = actions.locked(held.reservation) if held.reservation and spoiled else None
    missing = rules.missing_of(sent=held.amount, good=good, spoiled=spoiled)
    _post_arrival(held, spoiled, missing, on, at, by)
    if kept:
        kept.lost += spoiled
        kept.save(update_fields=["lost"])
    held.good, held.spoiled, held.missing = good, spoiled, missing
    held.arrived_at, held.arrived_by_id = at, by.account_id
    held.note = "\n".join(filter(None, (held.note, clean(note).strip())))[:300]
    held.picture = heaps.picture_of(Detail(picture=picture), at, by) or held.picture
    held.save(
        update_fields=["good", "spoiled", "missing", "arrived_at", "arrived_by", "note", "picture"]
    )
    told = {"good": good, "spoiled": spoiled, "missing": missing}
    audit.record("goods.arrived", on=held, by=by, at=at, unit_id=held.to_unit_id, after=told)
    heaps.meet(held.reservation.need if held.reservation else None, on, by, at)
    return held


def _post_arrival(
    held: Movement, spoiled: int, missing: int, on: date, at: datetime, by: Viewer
) -> None:
    """Put the books right where another number came than was sent."""
    unit = held.to_unit_id
    if unit is None:
        return
    sender, here = (
        heaps.address_of(Place.ON_HAND, held, held.unit_id),
        heaps.address_of(Place.ON_HAND, held, unit),
    )
    kept = heaps.address_of(Place.ALLOCATED, held, unit) if held.earmarked else here
    deed = heaps.Deed(uuid5(held.pk, "arrived"), heaps.books_of(held.campaign), on)
    if held.earmarked:
        deed.add(Move.RELEASE, kept, here, spoiled)
    deed.add(Move.SPOIL, here, heaps.address_of(Place.SPOILED, held, unit), spoiled)
    deed.add(Move.RELEASE if held.earmarked else Move.FORWARD, kept, sender, missing)
    deed.add(Move.ALLOCATE if held.earmarked else Move.FORWARD, sender, kept, -missing)
    if not deed.drafts:
        return
    try:
        deed.post(at, by)
    except NotEnough as error:
        raise NotEnough(
            _("More came than the sender has in its books. Ask the sender to note what it sent.")
        ) from error
