"""Writes about campaigns: launching one, promises and their codes."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import launching, rules
from caunoi.campaigns.launching import check
from caunoi.campaigns.models import Campaign, Gift, Need, Purpose, TransferCode
from caunoi.campaigns.terms import (
    Ended,
    GiftState,
    NameTaken,
    NoReason,
    OnePerson,
    State,
    WrongAmount,
    WrongState,
)
from caunoi.funds import actions as funds
from caunoi.funds import codes
from caunoi.funds import queries as books
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

PROMISE_HOLDS = timedelta(days=30)
CODE_TRIES = 20


@transaction.atomic
def write(*, unit_id: UUID, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Campaign:
    """Begin a campaign of that unit as a draft. ``fields`` are those of the table. Raises NotYourCampaign."""
    check(Permission.CAMPAIGNS_WRITE, unit_id, by, at)
    campaign = Campaign.objects.create(
        unit_id=unit_id, written_by_id=by.account_id, written_at=at, **fields
    )
    audit.record("campaigns.campaign.written", on=campaign, by=by, at=at, unit_id=unit_id)
    return campaign


@transaction.atomic
def edit(*, campaign: Campaign, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Campaign:
    """Change a draft. Raises NotYourCampaign, WrongState."""
    check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.state != State.DRAFT:
        raise WrongState(_("Only a draft is changed. What was approved stands as it was told."))
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=[*fields])
    told = {"fields": sorted(fields)}
    audit.record(
        "campaigns.campaign.edited", on=held, by=by, at=at, unit_id=held.unit_id, after=told
    )
    return held


def set_purposes(*, campaign: Campaign, names: Mapping[str, str]) -> None:
    """Let givers bind a gift to these purposes, by code and name, and to no other ones. Part of writing or editing a draft."""
    campaign.purposes.exclude(code__in=names).delete()
    for code, name in names.items():
        Purpose.objects.update_or_create(campaign=campaign, code=code, defaults={"name": name})


@transaction.atomic
def submit(*, campaign: Campaign, by: Viewer, at: datetime) -> Campaign:
    """Hand a draft in for approval. Raises NotYourCampaign, WrongState, NotLaunched, NameTaken."""
    check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    launching.refuse_against_rules(campaign=campaign, on=clock.local_date(at))
    _refuse_taken_name(campaign)
    return _turn(campaign, State.DRAFT, State.SUBMITTED, by, at)


@transaction.atomic
def approve(*, campaign: Campaign, by: Viewer, at: datetime) -> Campaign:
    """Open a campaign that another person wrote: its books are begun, its code is given.

    Raises NotYourCampaign, OnePerson, WrongState, NameTaken
    """
    check(Permission.CAMPAIGNS_APPROVE, campaign.unit_id, by, at)
    _held(campaign, State.SUBMITTED)
    _refuse_taken_name(campaign)
    if campaign.written_by_id == by.account_id:
        raise OnePerson(_("Another person than the writer approves a campaign."))
    funds.know_common_commodities()
    fund = funds.open_fund(
        unit_id=campaign.unit_id, name=campaign.title, on=campaign.starts_on, at=at, by=by
    )
    more = {"fund": fund, "approved_by_id": by.account_id, "approved_at": at}
    campaign = _turn(campaign, State.SUBMITTED, State.OPEN, by, at, **more)
    give_code(campaign=campaign)
    launching.plan_publications(campaign=campaign, on=clock.local_date(at))
    return campaign


@transaction.atomic
def send_back(*, campaign: Campaign, reason: str, by: Viewer, at: datetime) -> Campaign:
    """Give what was handed in back to its writer, with the reason. Raises NotYourCampaign, WrongState, NoReason."""
    check(Permission.CAMPAIGNS_APPROVE, campaign.unit_id, by, at)
    why = clean(reason).strip()[:300]
    if not why:
        raise NoReason(_("Say why; the writer reads it."))
    return _turn(campaign, State.SUBMITTED, State.DRAFT, by, at, sent_back_because=why)


def _held(campaign: Campaign, was: State) -> Campaign:
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.state != was:
        raise WrongState(_("The campaign has come further than that already."))
    return held


def _refuse_taken_name(campaign: Campaign) -> None:
    """Its books will carry its title, and two sets of books of one unit are not called the same."""
    if books.is_named(unit_id=campaign.unit_id, name=campaign.title):
        raise NameTaken(
            _("The unit has a fund of this name already. Give the campaign another title.")
        )


def _turn(
    campaign: Campaign, was: State, becomes: State, by: Viewer, at: datetime, **more: Any
) -> Campaign:
    held = _held(campaign, was)
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
    fits = need is None or (need.commodity_id == commodity and need.campaign_id == campaign.pk)
    if not 0 < amount <= rules.MOST_OF_ALL or not fits:
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
def note_came(
    *,
    gift: Gift,
    amount: int,
    on: date,
    at: datetime,
    by: Viewer | None = None,
    key: UUID | None = None,
) -> Gift:
    """Note that so much of a promise came, and take as much out of what stands as pledged. The receipt itself is posted by whoever calls.

    More than was promised may come; less leaves the rest open. Who may have to take it back names it by a ``key`` of its own.
    """
    held = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    open_still = 0 if held.state == GiftState.LAPSED else max(held.amount - held.came, 0)
    if taken := min(open_still, amount):
        draft = _pledge(held, Move.FULFIL, taken, key=key or uuid4(), on=on)
        funds.post([draft], fund_id=_books(held.campaign), at=at, by=by)
    held.came += amount
    held.state = rules.state_of_more(was=held.state, amount=held.amount, came=held.came)
    held.save(update_fields=["came", "state"])
    return held


@transaction.atomic
def note_taken_back(
    *, gift: Gift, amount: int, key: UUID, on: date, at: datetime, by: Viewer | None = None
) -> Gift:
    """Note that what was said to have come of a promise did not: as much stands as pledged again, or lapses where the rest has lapsed.

    key  the one it was noted under (``note_came``). The receipt itself is reversed by whoever calls
    """
    held = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    fund_id = _books(held.campaign)
    stands = 0 if held.state == GiftState.LAPSED else max(held.amount - held.came, 0)
    if fulfilled := books.posting_by_key(key=key):
        funds.reverse(posting=fulfilled, key=uuid5(key, "back"), on=on, at=at, by=by)
        stands += fulfilled.amount
    held.came = max(held.came - amount, 0)
    rest = max(held.amount - held.came, 0)
    lapsed = rest > 0 and (held.state == GiftState.LAPSED or stands < rest)
    if over := stands - (0 if lapsed else rest):
        move = Move.LAPSE if lapsed else Move.FULFIL
        draft = _pledge(held, move, over, key=uuid5(key, "over"), on=on)
        funds.post([draft], fund_id=fund_id, at=at, by=by)
    state = rules.state_after(amount=held.amount, came=held.came)
    held.state = GiftState.LAPSED if lapsed else state
    held.save(update_fields=["came", "state"])
    unit_id = held.campaign.unit_id
    audit.record("campaigns.gift.taken_back", on=held, by=by, at=at, unit_id=unit_id)
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


@transaction.atomic
def lapse(*, gift: Gift, at: datetime) -> Gift:
    """Let what did not come of a promise go: it stands as pledged no longer, and the books say so. Idempotent."""
    held = Gift.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=gift.pk)
    rest = held.amount - held.came
    if held.state not in (GiftState.PROMISED, GiftState.PARTLY) or rest <= 0:
        return held
    draft = _pledge(held, Move.LAPSE, rest, key=uuid4(), on=clock.local_date(at))
    funds.post([draft], fund_id=_books(held.campaign), at=at)
    held.state = GiftState.LAPSED
    held.save(update_fields=["state"])
    audit.record("campaigns.gift.lapsed", on=held, at=at, unit_id=held.campaign.unit_id)
    return held


def lapse_gifts(*, at: datetime, most: int = 2000) -> int:
    """Let every promise lapse whose day has passed. -> how many; what is left over lapses the next night."""
    past = Gift.objects.filter(
        state__in=[GiftState.PROMISED.value, GiftState.PARTLY.value],
        good_until__lt=clock.local_date(at),
    )
    found = list(past.order_by("good_until")[:most])
    for gift in found:
        lapse(gift=gift, at=at)
    return len(found)
