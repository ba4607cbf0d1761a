"""Writes about campaigns: launching one, promises and their codes."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import rules
from caunoi.campaigns.models import Campaign, Gift, Need, TransferCode
from caunoi.campaigns.terms import (
    Ended,
    GiftState,
    NotYourCampaign,
    OnePerson,
    State,
    WrongAmount,
    WrongState,
)
from caunoi.funds import actions as funds
from caunoi.funds import codes
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PROMISE_HOLDS = timedelta(days=30)
CODE_TRIES = 20


@transaction.atomic
def write(*, unit_id: UUID, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Campaign:
    """Begin a campaign of that unit as a draft. ``fields`` are those of the table. Raises NotYourCampaign."""
    _check(Permission.CAMPAIGNS_WRITE, unit_id, by, at)
    campaign = Campaign.objects.create(
        unit_id=unit_id, written_by_id=by.account_id, written_at=at, **fields
    )
    audit.record("campaigns.campaign.written", on=campaign, by=by, at=at, unit_id=unit_id)
    return campaign


@transaction.atomic
def submit(*, campaign: Campaign, by: Viewer, at: datetime) -> Campaign:
    """Hand a draft in for approval. Raises NotYourCampaign, WrongState."""
    _check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    return _turn(campaign, State.DRAFT, State.SUBMITTED, by, at)


@transaction.atomic
def approve(*, campaign: Campaign, by: Viewer, at: datetime) -> Campaign:
    """Open a campaign that another person wrote: its books are begun, its code is given.

    Raises NotYourCampaign, OnePerson, WrongState
    """
    _check(Permission.CAMPAIGNS_APPROVE, campaign.unit_id, by, at)
    if campaign.written_by_id == by.account_id:
        raise OnePerson(_("Another person than the writer approves a campaign."))
    funds.know_common_commodities()
    fund = funds.open_fund(
        unit_id=campaign.unit_id, name=campaign.title, on=campaign.starts_on, at=at, by=by
    )
    more = {"fund": fund, "approved_by_id": by.account_id, "approved_at": at}
    campaign = _turn(campaign, State.SUBMITTED, State.OPEN, by, at, **more)
    give_code(campaign=campaign)
    return campaign


def _turn(
    campaign: Campaign, was: State, becomes: State, by: Viewer, at: datetime, **more: Any
) -> Campaign:
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.state != was:
        raise WrongState(_("The campaign has come further than that already."))
    for name, value in more.items():
        setattr(held, name, value)
    held.state = becomes
    held.save(update_fields=["state", *(n.removesuffix("_id") for n in more)])
    told = {"state": becomes.value}
    audit.record(
        "campaigns.campaign.turned", on=held, by=by, at=at, unit_id=held.unit_id, after=told
    )
    return held


@transaction.atomic
def give_code(
    *, campaign: Campaign, need: Need | None = None, gift: Gift | None = None, purpose: str = ""
) -> TransferCode:
    """Return the transfer code of a campaign (and purpose), a need or a gift; made when there is none. Idempotent."""
    wanted: dict[str, Any] = {"campaign": campaign, "need": need, "gift": gift}
    if gift is None and need is None:
        wanted["purpose"] = purpose
    there = TransferCode.objects.filter(**wanted).first()
    if there is not None:
        return there
    for _try in range(CODE_TRIES):
        number = secrets.randbelow(codes.MOST)
        if not TransferCode.objects.filter(number=number).exists():
            return TransferCode.objects.create(
                number=number, campaign=campaign, need=need, gift=gift, purpose=purpose
            )
    raise RuntimeError("no free transfer code")


@transaction.atomic
def promise(
    *,
    campaign: Campaign,
    commodity: str,
    amount: int,
    at: datetime,
    fields: Mapping[str, Any],
    need: Need | None = None,
    key: UUID | None = None,
    by: Viewer | None = None,
) -> Gift:
    """Take in what somebody promises: a gift with its code, and a pledge in the books. Asked twice with one key it is one gift.

    fields  giver, contact, initials, note, purpose, from_unit_id
    Raises Ended, WrongAmount
    """
    on = clock.local_date(at)
    if not rules.accepts(
        state=campaign.state, starts_on=campaign.starts_on, ends_on=campaign.ends_on, on=on
    ):
        raise Ended(_("This campaign accepts nothing on that day."))
    if amount <= 0 or (need and need.commodity_id != commodity):
        raise WrongAmount(_("The amount or the thing does not fit what is asked for."))
    key = key or uuid4()
    there = Gift.objects.filter(pk=key).first()
    if there is not None:
        return there
    words = {k: clean(v).strip() if isinstance(v, str) else v for k, v in fields.items()}
    purpose = words.pop("purpose", "") or (need.purpose if need else "")
    last = min(on + PROMISE_HOLDS, campaign.ends_on or date.max)
    gift = Gift.objects.create(
        id=key,
        campaign=campaign,
        need=need,
        commodity_id=commodity,
        amount=amount,
        purpose=purpose,
        good_until=last,
        promised_at=at,
        taken_by_id=by.account_id if by else None,
        **words,
    )
    give_code(campaign=campaign, need=need, gift=gift, purpose=purpose)
    pledge = _pledge(gift, Move.PLEDGE, amount, key=uuid4(), on=on)
    funds.post([pledge], fund_id=_books(campaign), at=at, by=by)
    audit.record("campaigns.gift.promised", on=gift, by=by, at=at, unit_id=campaign.unit_id)
    return gift


@transaction.atomic
def note_came(*, gift: Gift, amount: int, on: date, at: datetime, by: Viewer | None = None) -> Gift:
    """Note that so much of a promise came, and take as much out of what stands as pledged. The receipt itself is posted by whoever calls.

    More than was promised may come; less leaves the rest open.
    """
    held = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    open_still = 0 if held.state == GiftState.LAPSED else max(held.amount - held.came, 0)
    if taken := min(open_still, amount):
        draft = _pledge(held, Move.FULFIL, taken, key=uuid4(), on=on)
        funds.post([draft], fund_id=_books(held.campaign), at=at, by=by)
    held.came += amount
    held.state = rules.state_after(amount=held.amount, came=held.came)
    held.save(update_fields=["came", "state"])
    return held


def _pledge(gift: Gift, move: Move, amount: int, *, key: UUID, on: date) -> Draft:
    promised = Address(Place.PLEDGED, gift.commodity_id, gift.purpose)
    outside = Address(Place.PROMISERS, gift.commodity_id, gift.purpose)
    ends = (outside, promised) if move == Move.PLEDGE else (promised, outside)
    return Draft(id=key, move=move, source=ends[0], target=ends[1], amount=amount, on=on)


def _books(campaign: Campaign) -> UUID:
    if campaign.fund_id is None:
        raise WrongState(_("The campaign is not open yet."))
    return campaign.fund_id


def _check(permission: Permission, unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourCampaign(_("This is a campaign of another unit."))
