"""What is done with a line by hand: matched, taken back, given back, booked as a fee, set aside, shown with initials only."""

import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns.models import Gift, Need, Purpose
from caunoi.funds import actions as funds
from caunoi.funds.models import Posting
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.statements import queries, running
from caunoi.statements.actions import check_keeper
from caunoi.statements.models import BankLine
from caunoi.statements.terms import LineState, Why, WrongTurn

VND = "VND"
UNMATCHED, FREE = Address(Place.UNMATCHED, VND), Address(Place.ON_HAND, VND)


@transaction.atomic
def match(
    *,
    line: BankLine,
    by: Viewer,
    at: datetime,
    gift: Gift | None = None,
    need: Need | None = None,
    purpose: str = "",
) -> BankLine:
    """Say what money that came in was meant for: a promise, a need, a purpose, or the campaign as a whole.

    Raises NotYourStatement, WrongTurn, and what the books refuse: OutsideCampaign, PeriodClosed
    """
    held = _held(line, by, at)
    if held.state != LineState.UNMATCHED or held.amount < 0 or held.posting_id is None:
        raise WrongTurn(_("Only money that came in and waits can be matched."))
    if gift is not None and (gift.campaign_id != held.campaign_id or gift.commodity_id != VND):
        raise WrongTurn(_("This promise belongs to something else."))
    if need is not None and need.campaign_id != held.campaign_id:
        raise WrongTurn(_("This need belongs to another campaign."))
    left = queries.left_of(line=held)
    purpose = purpose or (gift.purpose if gift else need.purpose if need else "")
    if purpose and not Purpose.objects.filter(campaign=held.campaign_id, code=purpose).exists():
        raise WrongTurn(_("The campaign has no such purpose."))
    to = Address(Place.ON_HAND, VND, purpose)
    _post(held, Move.MATCH, UNMATCHED, to, by, at, amount=left)
    if gift is not None:
        key = running.promise_key(held)
        campaigns.note_came(gift=gift, amount=left, on=_day(held), at=at, by=by, key=key)
    held.state, held.why, held.purpose = LineState.MATCHED.value, Why.HAND.value, purpose
    held.gift, held.need = gift, need or (gift.need if gift else None)
    shown = []
    if gift is not None and gift.initials:
        held.initials = True
        running.show(held)
        shown = ["initials", "text", "giver", "folded"]
    held.save(update_fields=["state", "why", "purpose", "gift", "need", "settled_id", "turn", *shown])  # fmt: skip
    return _told(held, "matched", by, at)


@transaction.atomic
def take_back(*, line: BankLine, by: Viewer, at: datetime, checked: bool = False) -> BankLine:
    """Undo what was done with a line by hand, by its code or as a fee: it waits again.

    checked  it was asked before whether the viewer may: the whole file is taken back
    Raises NotYourStatement, WrongTurn, and what the books refuse: NotEnough when it was used already
    """
    held = _held(line, by, at, checked=checked)
    if held.amount < 0 and held.state in {LineState.FEE, LineState.REFUND}:
        return _money_out_again(held, by, at)
    if held.state == LineState.IGNORED:
        held.state, held.why, held.note = LineState.UNMATCHED.value, Why.MONEY_OUT.value, ""
        held.save(update_fields=["state", "why", "note"])
        return _told(held, "taken_back", by, at)
    if held.state != LineState.MATCHED:
        raise WrongTurn(_("Only what is matched or set aside can be taken back."))
    if queries.left_of(line=held) != held.amount:
        raise WrongTurn(_("Part of it was given back. Take that giving back back first."))
    promise_open_again(held, by, at)
    _reverse(held, by, at)
    held.state, held.why, held.purpose = LineState.UNMATCHED.value, Why.NO_CODE.value, ""
    held.need = held.gift = None
    changed = ["state", "why", "purpose", "need", "gift", "settled_id", "posting_id", "turn"]
    held.save(update_fields=changed)
    return _told(held, "taken_back", by, at)


def _money_out_again(line: BankLine, by: Viewer, at: datetime) -> BankLine:
    """Take a fee or a giving back back: the money that went out waits to be explained again."""
    posting = Posting.objects.select_related("source").get(
        pk=line.settled_id or line.posting_id or line.key
    )
    line.turn += 1
    funds.reverse(posting=posting, key=_key(line, "reverse"), on=_day(line), at=at, by=by)
    if (came := line.of) is not None:
        _came_again(came, -line.amount, posting.source.place == Place.ON_HAND, by, at)
    line.state, line.why, line.of = LineState.UNMATCHED.value, Why.MONEY_OUT.value, None
    line.settled_id = line.posting_id = None
    line.save(update_fields=["state", "why", "of", "settled_id", "posting_id", "turn"])
    return _told(line, "taken_back", by, at)


def _came_again(came: BankLine, amount: int, matched: bool, by: Viewer, at: datetime) -> None:
    """A line whose giving back was none stands as before; its promise learns that the money is there after all."""
    if came.gift is not None:
        key, on = _key(came, f"there {uuid.uuid4()}"), _day(came)
        campaigns.note_came(gift=came.gift, amount=amount, on=on, at=at, by=by, key=key)
    if came.state != LineState.REFUND:
        return
    by_code = Why.CODE if came.code is not None else Why.ACCOUNT
    if matched:
        came.state, came.why = (
            LineState.MATCHED.value,
            (Why.HAND if came.settled_id else by_code).value,
        )
    else:
        came.state, came.why = LineState.UNMATCHED.value, Why.NO_CODE.value
    came.save(update_fields=["state", "why"])


def promise_open_again(line: BankLine, by: Viewer, at: datetime) -> Gift | None:
    """Let the promise that this line was matched to wait for its money again."""
    if line.gift is None:
        return None
    key, on = running.promise_key(line), _day(line)
    return campaigns.note_taken_back(
        gift=line.gift, amount=line.amount, key=key, on=on, at=at, by=by
    )


def _reverse(line: BankLine, by: Viewer, at: datetime) -> None:
    """Take the match back; one made by its code was received at once, so it is received again as money that waits."""
    last = Posting.objects.get(pk=line.settled_id or line.posting_id or line.key)
    line.turn += 1
    day = _day(line)
    funds.reverse(posting=last, key=_key(line, "reverse"), on=day, at=at, by=by)
    if line.settled_id is None:
        outside = Address(Place.GIVERS, VND)
        line.posting_id = _key(line, "again")
        draft = Draft(
            id=line.posting_id,
            move=Move.RECEIVE_UNMATCHED,
            source=outside,
            target=UNMATCHED,
            amount=line.amount,
            on=day,
            word=running.sealed_word(line),
        )
        funds.post([draft], fund_id=last.fund_id, at=at, by=by)
    line.settled_id = None


@transaction.atomic
def give_back(*, line: BankLine, of: BankLine, by: Viewer, at: datetime) -> BankLine:
    """Say that money that went out is the giving back of a line that came in, whole or in part. Both show it.

    Raises NotYourStatement, WrongTurn, NotEnough
    """
    held, came = _held(line, by, at), _held(of, by, at)
    left = _left_to_give(held, came)
    back = Address(Place.RETURNED, VND, came.purpose)
    if came.state == LineState.MATCHED:
        _post(held, Move.GIVE_BACK, Address(Place.ON_HAND, VND, came.purpose), back, by, at)
    else:
        _post(held, Move.GIVE_BACK_UNMATCHED, UNMATCHED, Address(Place.RETURNED, VND), by, at)
    held.state, held.why, held.of = LineState.REFUND.value, Why.GIVEN_BACK.value, came
    held.posting_id = held.settled_id
    held.save(update_fields=["state", "why", "of", "settled_id", "posting_id", "turn"])
    if -held.amount == came.amount:
        if gift := promise_open_again(came, by, at):
            campaigns.lapse(gift=gift, at=at)  # who got the money back does not owe it any more
    elif came.gift is not None:
        key = running.promise_key(held)  # in part: what stood as pledged was fulfilled and stays so
        campaigns.note_taken_back(gift=came.gift, amount=-held.amount, key=key, on=_day(held), at=at, by=by)  # fmt: skip
    if left == -held.amount:
        came.state, came.why = LineState.REFUND.value, Why.GIVEN_BACK.value
        came.save(update_fields=["state", "why"])
    return _told(held, "given_back", by, at)


def _left_to_give(out: BankLine, came: BankLine) -> int:
    """Return how much of what came in is left; WrongTurn when the money that went out cannot be a part of it."""
    if out.state != LineState.UNMATCHED or out.amount > 0:
        raise WrongTurn(_("Only money that went out and waits can be a giving back."))
    if came.campaign_id != out.campaign_id or came.amount < 0 or came.on > out.on:
        raise WrongTurn(_("What is given back must have come in before, in the same campaign."))
    if came.state not in {LineState.MATCHED, LineState.UNMATCHED} or came.posting_id is None:
        raise WrongTurn(_("That money was given back already."))
    left = queries.left_of(line=came)
    if left < -out.amount:
        raise WrongTurn(_("No more can be given back than is left of what came in."))
    return left


@transaction.atomic
def book_fee(*, line: BankLine, by: Viewer, at: datetime) -> BankLine:
    """Say that money that went out is a fee of the bank. Raises NotYourStatement, WrongTurn, NotEnough."""
    held = _held(line, by, at)
    if held.state != LineState.UNMATCHED or held.amount > 0:
        raise WrongTurn(_("Only money that went out and waits can be a fee."))
    _post(held, Move.FEE, FREE, Address(Place.FEES, VND), by, at)
    held.state, held.why, held.posting_id = LineState.FEE.value, Why.BANK_FEE.value, held.settled_id
    held.save(update_fields=["state", "why", "settled_id", "posting_id", "turn"])
    return _told(held, "fee", by, at)


@transaction.atomic
def set_aside(*, line: BankLine, note: str, by: Viewer, at: datetime) -> BankLine:
    """Say that money that went out stands in the books already, under a voucher. Raises NotYourStatement, WrongTurn."""
    held = _held(line, by, at)
    note = clean(note).strip()
    if held.state != LineState.UNMATCHED or held.amount > 0:
        raise WrongTurn(_("Only money that went out and waits can be set aside."))
    if not note:
        raise WrongTurn(_("Write the number of the voucher, or why it is set aside."))
    held.state, held.why, held.note = LineState.IGNORED.value, Why.ELSEWHERE.value, note[:200]
    held.save(update_fields=["state", "why", "note"])
    return _told(held, "set_aside", by, at)


@transaction.atomic
def show_initials(*, line: BankLine, initials: bool, by: Viewer, at: datetime) -> BankLine:
    """Show the giver of a line by initials only, as she asked; or no longer. Raises NotYourStatement."""
    held = _held(line, by, at)
    held.initials = initials
    running.show(held)
    held.save(update_fields=["initials", "text", "giver", "folded"])
    return _told(held, "initials", by, at)


def _held(line: BankLine, by: Viewer, at: datetime, *, checked: bool = False) -> BankLine:
    if not checked:
        check_keeper(line.campaign, by, at)
    found = BankLine.objects.select_for_update(of=("self",)).select_related("campaign")
    return found.get(pk=line.pk)


def _key(line: BankLine, deed: str) -> UUID:
    return uuid.uuid5(line.key, f"{deed} {line.turn}")


def _day(line: BankLine) -> date:
    """The day a deed counts for: that of the line, or the first on which the books are open."""
    return running.days_of(line.campaign).counts_for(line.on)


def _post(
    line: BankLine,
    move: Move,
    source: Address,
    target: Address,
    by: Viewer,
    at: datetime,
    *,
    amount: int | None = None,
) -> None:
    fund_id = line.campaign.fund_id
    if fund_id is None:
        raise WrongTurn(_("The campaign is not open yet."))
    line.turn += 1
    line.settled_id = _key(line, move.value)
    draft = Draft(
        id=line.settled_id,
        move=move,
        source=source,
        target=target,
        amount=amount or abs(line.amount),
        on=_day(line),
        together=None if line.amount < 0 else line.posting_id,
        word=running.sealed_word(line) if line.amount < 0 else "",
    )
    funds.post([draft], fund_id=fund_id, at=at, by=by)


def _told(line: BankLine, deed: str, by: Viewer, at: datetime) -> BankLine:
    audit.record(f"statements.line.{deed}", on=line, by=by, at=at, unit_id=line.campaign.unit_id)
    return line
