"""Writes of the treasurer and the auditor: vouchers, the limit of two persons, what lies there, what was looked at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.files import actions as files
from caunoi.funds import actions as funds
from caunoi.funds.models import Fund, Posting
from caunoi.funds.terms import Draft, Move
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.treasury import queries, rules
from caunoi.treasury.models import Declared, Explanation, Limit, Register, Voucher
from caunoi.treasury.terms import (
    SERIES,
    AnotherVoucher,
    Check,
    Kind,
    Means,
    NeedsPeople,
    NeedsReason,
    NotReady,
    NotYourBooks,
    OnePerson,
    State,
    WrongState,
)
from caunoi.units import queries as units

WORDS = ("partner", "address", "recipient", "witness", "reason", "reference")


@transaction.atomic
def prepare(
    *,
    key: UUID,
    fund: Fund,
    kind: Kind,
    amount: int,
    on: date,
    by: Viewer,
    at: datetime,
    words: Mapping[str, str],
    purpose: str = "",
    place_id: UUID | None = None,
    means: Means | None = None,
    photo: bytes = b"",
) -> Voucher:
    """Write a voucher with the next number of its register; one of a small amount is posted at once, and what came in gets its receipt.

    key    chosen by the form: sent twice it is one voucher
    words  partner, address, recipient, witness, reason, reference
    Raises NotYourBooks, NeedsPeople, NeedsReason, AnotherVoucher, files.terms.NotAPhoto and what funds.actions.post raises
    """
    _check(fund, Permission.FUNDS_KEEP, by, at)
    said = {name: clean(words.get(name, "")).strip() for name in WORDS}
    _complete(kind, said, place_id)
    there = Voucher.objects.filter(pk=key).first()
    if there is not None:
        return _same(there, fund, kind, amount, on)
    limit = queries.limit_of(unit_id=fund.unit_id, on=on)
    voucher = Voucher.objects.create(
        pk=key,
        fund=fund,
        unit_id=fund.unit_id,
        year=on.year,
        series=SERIES[kind].value,
        number=_next(fund.unit_id, on.year, SERIES[kind].value),
        kind=kind.value,
        means=(means or rules.by_default(kind)).value,
        amount=amount,
        purpose=purpose,
        place_id=place_id if kind in rules.FOR_A_UNIT else None,
        on=on,
        picture=files.keep_picture(content=photo, at=at, by=by) if photo else None,
        needs_second=rules.needs_second(kind=kind, amount=amount, limit=limit),
        prepared_by_id=by.account_id,
        prepared_at=at,
        **said,
    )
    told = {"symbol": voucher.symbol, "kind": kind.value, "amount": amount}
    audit.record(
        "treasury.voucher.prepared", on=voucher, by=by, at=at, unit_id=fund.unit_id, after=told
    )
    return voucher if voucher.needs_second else _post(voucher, by, at)


def _complete(kind: Kind, said: Mapping[str, str], place_id: UUID | None) -> None:
    if not said["reason"]:
        raise NeedsReason(_("Write what it is for."))
    if kind in rules.FOR_A_UNIT and place_id is None:
        raise NeedsPeople(_("Name the commune or village it is for."))
    if kind in rules.WITNESSED and not (said["recipient"] and said["witness"]):
        raise NeedsPeople(_("A hand-over names who got it and who saw it."))


def _same(there: Voucher, fund: Fund, kind: Kind, amount: int, on: date) -> Voucher:
    known = (there.fund_id, there.kind, there.amount, there.on)
    if known != (fund.pk, kind, amount, on):
        raise AnotherVoucher(
            _("This form was sent before with something else in it. Open it anew.")
        )
    return there


def _next(unit_id: UUID, year: int, series: str) -> int:
    Register.objects.get_or_create(unit_id=unit_id, year=year, series=series)
    held = Register.objects.select_for_update(of=("self",)).get(
        unit_id=unit_id, year=year, series=series
    )
    held.last += 1
    held.save(update_fields=["last"])
    return held.last


def _post(voucher: Voucher, by: Viewer, at: datetime) -> Voucher:
    drafts = _drafts_of(voucher)
    made = funds.post(drafts, fund_id=voucher.fund_id, at=at, by=by)
    if made[0].move == Move.RECEIVE:
        # whoever keeps the books today numbers it, also where an ended unit wrote the voucher
        keeper = voucher.fund.unit_id
        funds.issue_receipt(posting=made[0], unit_id=keeper, year=voucher.on.year, at=at, by=by)
    return _turn(voucher, State.POSTED, by, at)


def _turn(voucher: Voucher, becomes: State, by: Viewer, at: datetime, **more: Any) -> Voucher:
    before = voucher.state
    voucher.state = becomes.value
    for name, value in more.items():
        setattr(voucher, name, value)
    voucher.save(update_fields=["state", *(name.removesuffix("_id") for name in more)])
    audit.record(
        f"treasury.voucher.{becomes.value}",
        on=voucher,
        by=by,
        at=at,
        unit_id=voucher.unit_id,
        before={"state": before},
        after={"state": becomes.value},
    )
    return voucher


def _held(voucher: Voucher, was: State) -> Voucher:
    held = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    if held.state != was:
        raise WrongState(_("The voucher has come further than that already."))
    return held


@transaction.atomic
def approve(*, voucher: Voucher, by: Viewer, at: datetime) -> Voucher:
    """Approve what another person prepared; it is posted with this. Raises NotYourBooks, OnePerson, WrongState and as ``prepare``."""
    _check(voucher.fund, Permission.FUNDS_APPROVE, by, at)
    held = _held(voucher, State.WAITING)
    _another(held, by)
    held.approved_by_id, held.approved_at = by.account_id, at
    held.save(update_fields=["approved_by", "approved_at"])
    return _post(held, by, at)


def _another(voucher: Voucher, by: Viewer) -> None:
    if voucher.prepared_by_id == by.account_id:
        raise OnePerson(_("Another person than who prepared it approves it."))


@transaction.atomic
def void(*, voucher: Voucher, because: str, by: Viewer, at: datetime) -> Voucher:
    """Give up a voucher before it is posted; number and reason stay. Raises NotYourBooks, WrongState, NeedsReason."""
    _check(voucher.fund, Permission.FUNDS_VIEW, by, at)
    if not _may(voucher.fund, Permission.FUNDS_KEEP, by, at):
        _check(voucher.fund, Permission.FUNDS_APPROVE, by, at)
    held = _held(voucher, State.WAITING)
    return _turn(held, State.VOIDED, by, at, **_ended(because, by, at))


def _ended(because: str, by: Viewer, at: datetime) -> dict[str, Any]:
    words = clean(because).strip()[:300]
    if not words:
        raise NeedsReason(_("Write why; the register keeps it."))
    return {"ended_because": words, "ended_by_id": by.account_id, "ended_at": at}


@transaction.atomic
def reverse(*, voucher: Voucher, because: str, on: date, by: Viewer, at: datetime) -> Voucher:
    """Take a posted voucher back by contrary postings; everything stays readable. One that took two persons takes an approver again.

    Raises NotYourBooks, OnePerson, WrongState, NeedsReason and what funds.actions.post raises
    """
    needed = Permission.FUNDS_APPROVE if voucher.needs_second else Permission.FUNDS_KEEP
    _check(voucher.fund, needed, by, at)
    held = _held(voucher, State.POSTED)
    if held.needs_second:
        _another(held, by)
    ended = _ended(because, by, at)
    postings = Posting.objects.select_related("source", "target").filter(fund_id=held.fund_id)
    made = postings.filter(pk__in=[d.id for d in _drafts_of(held)]).order_by("-seq")
    backwards = [
        Draft(
            id=uuid5(p.pk, "reverse"),
            move=Move.REVERSE,
            source=p.target.address,
            target=p.source.address,
            amount=p.amount,
            on=on,
            reverses=p.pk,
        )
        for p in made
    ]
    funds.post(backwards, fund_id=held.fund_id, at=at, by=by)
    return _turn(held, State.REVERSED, by, at, **ended)


def _drafts_of(voucher: Voucher) -> list[Draft]:
    return rules.drafts_of(
        voucher=voucher.pk,
        kind=Kind(voucher.kind),
        amount=voucher.amount,
        purpose=voucher.purpose,
        place_id=voucher.place_id,
        on=voucher.on,
        word=voucher.partner,
        lies_at=queries.lies_at(fund_id=voucher.fund_id, purpose=voucher.purpose),
    )


@transaction.atomic
def add_photo(*, voucher: Voucher, photo: bytes, by: Viewer, at: datetime) -> Voucher:
    """Put the photo of a hand-over to its voucher; one that is there stays. Raises NotYourBooks, WrongState, NotAPhoto."""
    _check(voucher.fund, Permission.FUNDS_KEEP, by, at)
    held = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    if held.picture_id:
        raise WrongState(_("There is a photo already."))
    held.picture = files.keep_picture(content=photo, at=at, by=by)
    held.save(update_fields=["picture"])
    audit.record("treasury.voucher.pictured", on=held, by=by, at=at, unit_id=held.unit_id)
    return held


@transaction.atomic
def set_limit(
    *, unit_id: UUID, amount: int, valid_from: date, source: str, by: Viewer, at: datetime
) -> Limit:
    """Say above which amount two persons decide, in the unit and below it, from a day on. Raises NotYourBooks, NeedsReason."""
    _check_unit(unit_id, Permission.FUNDS_APPROVE, by, at)
    words = clean(source).strip()[:200]
    if not words:
        raise NeedsReason(_("Write which decision says so."))
    limit, _made = Limit.objects.update_or_create(
        unit_id=unit_id,
        valid_from=valid_from,
        defaults={"amount": amount, "source": words, "set_by_id": by.account_id, "set_at": at},
    )
    told = {"amount": amount, "valid_from": valid_from}
    audit.record("treasury.limit.set", on=limit, by=by, at=at, unit_id=unit_id, after=told)
    return limit


@transaction.atomic
def declare(
    *, fund: Fund, on: date, cash: int, bank: int, note: str, by: Viewer, at: datetime
) -> Declared:
    """Write down what was counted and what the bank says at the end of a day. Raises NotYourBooks."""
    _check(fund, Permission.FUNDS_KEEP, by, at)
    made = Declared.objects.create(
        fund=fund,
        on=on,
        cash=cash,
        bank=bank,
        note=clean(note)[:200],
        by_id=by.account_id,
        at=at,
    )
    told = {"on": on, "cash": cash, "bank": bank}
    audit.record("treasury.declared", on=made, by=by, at=at, unit_id=fund.unit_id, after=told)
    return made


@transaction.atomic
def explain(
    *, fund: Fund, check: Check, key: str, note: str, by: Viewer, at: datetime
) -> Explanation:
    """Note that an auditor looked at something, and what it is. Raises NotYourBooks, NeedsReason."""
    _check(fund, Permission.FUNDS_VIEW, by, at)
    _check(fund, Permission.AUDIT_VIEW, by, at)
    words = clean(note).strip()[:400]
    if not words:
        raise NeedsReason(_("Write what you found."))
    made, _new = Explanation.objects.update_or_create(
        fund=fund,
        check_name=check.value,
        key=key[:120],
        defaults={"note": words, "by_id": by.account_id, "at": at},
    )
    told = {"check": check.value, "key": key}
    audit.record("treasury.explained", on=made, by=by, at=at, unit_id=fund.unit_id, after=told)
    return made


@transaction.atomic
def close_period(*, fund: Fund, through: date, by: Viewer, at: datetime) -> Fund:
    """Close the books through a day, when nothing stands against it. Raises NotYourBooks, NotReady."""
    _check(fund, Permission.FUNDS_APPROVE, by, at)
    against = queries.against_closing(fund=fund, through=through, on=clock.local_date(at))
    if against:
        raise NotReady(" ".join(against))
    return funds.close_books(fund_id=fund.pk, through=through, at=at, by=by)


@transaction.atomic
def note_export(*, fund: Fund, by: Viewer, at: datetime) -> None:
    """Record that somebody took everything out, names in vouchers included. Raises NotYourBooks."""
    _check(fund, Permission.FUNDS_VIEW, by, at)
    audit.record("treasury.exported", on=fund, by=by, at=at, unit_id=fund.unit_id)


def _may(fund: Fund, permission: Permission, by: Viewer, at: datetime) -> bool:
    path = units.paths_of(unit_ids=[fund.unit_id], on=clock.local_date(at)).get(fund.unit_id)
    return path is not None and by.may(permission, path)


def _check(fund: Fund, permission: Permission, by: Viewer, at: datetime) -> None:
    _check_unit(fund.unit_id, permission, by, at)


def _check_unit(unit_id: UUID, permission: Permission, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourBooks(_("These books are not kept by you."))
