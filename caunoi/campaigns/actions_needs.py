"""Writes about needs: what a unit says it needs, that it still does, that it is met."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import actions, rules
from caunoi.campaigns.launching import check
from caunoi.campaigns.models import Campaign, Need
from caunoi.campaigns.terms import NeedRow, NeedState, State, WrongAmount, WrongState
from caunoi.funds.models import Commodity
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

MOST_HOUSEHOLDS = 1_000_000


@transaction.atomic
def report(
    *,
    campaign: Campaign,
    unit_id: UUID,
    commodity: str,
    amount: int,
    by: Viewer,
    at: datetime,
    fields: Mapping[str, Any] | None = None,
) -> Need:
    """Say what a unit needs. ``fields``: purpose, priority, households, note, needed_by.

    Raises NotYourCampaign (another unit's), WrongState, WrongAmount
    """
    check(Permission.NEEDS_REPORT, unit_id, by, at)
    on = clock.local_date(at)
    _refuse_outside(campaign, unit_id, on)
    need = Need(
        campaign=campaign,
        unit_id=unit_id,
        commodity_id=commodity,
        amount=_sane(amount),
        confirmed_until=on + rules.CONFIRMED_FOR,
        said_by_id=by.account_id,
        said_at=at,
        **_clean(fields or {}),
    )
    need.save(force_insert=True)
    _code_for_money(need)
    audit.record("campaigns.need.reported", on=need, by=by, at=at, unit_id=unit_id)
    return need


def _refuse_outside(campaign: Campaign, unit_id: UUID, on: date) -> None:
    if campaign.state != State.OPEN:
        raise WrongState(_("Needs are reported to a campaign that is open."))
    if not units.within(unit_id=unit_id, root_id=campaign.area_id, on=on):
        raise WrongState(_("This unit lies outside the area of the campaign."))


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {
        k: clean(v).strip() if isinstance(v, str) else v for k, v in fields.items()
    }
    words["note"] = words.get("note", "")[:300]
    if not 0 <= words.get("households", 0) <= MOST_HOUSEHOLDS:
        raise WrongAmount(_("So many households do not live there."))
    return words


def _sane(amount: int) -> int:
    if not 0 < amount <= rules.MOST_OF_ALL:
        raise WrongAmount(_("An amount is a whole number above zero."))
    return amount


def _code_for_money(need: Need) -> None:
    if need.commodity_id == "VND":
        actions.give_code(campaign=need.campaign, need=need, purpose=need.purpose)


@transaction.atomic
def change(*, need: Need, amount: int, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Need:
    """Correct what was said of a need; it counts as confirmed. Raises NotYourCampaign, WrongState, WrongAmount."""
    held = _held(need, by, at)
    if held.state != NeedState.OPEN:
        raise WrongState(_("Help is not asked for here any more."))
    before = {"amount": held.amount}
    held.amount = _sane(amount)
    changed = _clean(fields)
    for name, value in changed.items():
        setattr(held, name, value)
    held.confirmed_until = clock.local_date(at) + rules.CONFIRMED_FOR
    held.save(update_fields=["amount", "confirmed_until", *changed])
    audit.record(
        "campaigns.need.changed",
        on=held,
        by=by,
        at=at,
        unit_id=held.unit_id,
        before=before,
        after={"amount": held.amount},
    )
    return held


@transaction.atomic
def confirm(*, need: Need, by: Viewer, at: datetime) -> Need:
    """Say that it is still needed. Idempotent within a day. Raises NotYourCampaign, WrongState."""
    held = _held(need, by, at)
    if held.state != NeedState.OPEN:
        raise WrongState(_("Help is not asked for here any more."))
    held.confirmed_until = clock.local_date(at) + rules.CONFIRMED_FOR
    held.save(update_fields=["confirmed_until"])
    audit.record("campaigns.need.confirmed", on=held, by=by, at=at, unit_id=held.unit_id)
    return held


@transaction.atomic
def close(*, need: Need, state: NeedState, by: Viewer, at: datetime) -> Need:
    """Say that a need is met or withdrawn, or (``OPEN``) that it is not after all. Raises NotYourCampaign."""
    held = _held(need, by, at)
    if held.state == state:
        return held
    held.state = state.value
    held.confirmed_until = clock.local_date(at) + rules.CONFIRMED_FOR
    held.save(update_fields=["state", "confirmed_until"])
    told = {"state": state.value}
    audit.record("campaigns.need.turned", on=held, by=by, at=at, unit_id=held.unit_id, after=told)
    return held


@transaction.atomic
def note_met(*, need: Need, at: datetime, by: Viewer | None = None) -> Need:
    """Note that all of a need came: it is asked for no longer. Whoever calls knows that it did; said twice it is said once."""
    held = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
    if held.state != NeedState.OPEN:
        return held
    held.state = NeedState.MET.value
    held.save(update_fields=["state"])
    told = {"state": held.state}
    audit.record("campaigns.need.turned", on=held, by=by, at=at, unit_id=held.unit_id, after=told)
    return held


def _held(need: Need, by: Viewer, at: datetime) -> Need:
    """Lock it; a unit that is gone is spoken for by whoever took over, or by the campaign's unit."""
    held = Need.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=need.pk)
    on = clock.local_date(at)
    speaks = held.unit_id
    if not units.paths_of(unit_ids=[speaks], on=on):
        heirs = [s.unit for s in units.successors(unit_id=speaks, on=on) if s.unit]
        speaks = heirs[0].id if len(heirs) == 1 else held.campaign.unit_id
    check(Permission.NEEDS_REPORT, speaks, by, at)
    return held


@transaction.atomic
def take_in(
    *,
    campaign: Campaign,
    rows: Sequence[NeedRow],
    unit_ids: Mapping[str, UUID],
    by: Viewer,
    at: datetime,
) -> int:
    """Take in the good lines of a sheet, all of them or none. -> how many. Raises what ``report`` raises."""
    good = [r for r in rows if not r.problem]
    on = clock.local_date(at)
    known = set(Commodity.objects.values_list("pk", flat=True))
    made = []
    for unit_id in set(unit_ids.values()):
        check(Permission.NEEDS_REPORT, unit_id, by, at)
        _refuse_outside(campaign, unit_id, on)
    for row in good:
        if row.commodity not in known:
            raise WrongAmount(_("The amount or the thing does not fit what is asked for."))
        made.append(
            Need(
                campaign=campaign,
                unit_id=unit_ids[row.unit_name],
                commodity_id=row.commodity,
                amount=_sane(row.amount),
                priority=row.priority,
                households=row.households,
                needed_by=row.needed_by,
                note=row.note[:300],
                confirmed_until=on + rules.CONFIRMED_FOR,
                said_by_id=by.account_id,
                said_at=at,
            )
        )
    Need.objects.bulk_create(made)
    for need in made:
        _code_for_money(need)
    told = {"lines": len(made)}
    audit.record(
        "campaigns.needs.taken_in", on=campaign, by=by, at=at, unit_id=campaign.unit_id, after=told
    )
    return len(made)
