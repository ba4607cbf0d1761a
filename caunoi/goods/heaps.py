"""What every deed with goods has in common: its postings, the heap it takes from, what is written beside it."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from caunoi.campaigns import actions_needs as needs
from caunoi.campaigns.models import Campaign, Need
from caunoi.files import actions as files
from caunoi.files.models import Picture
from caunoi.funds import actions as funds
from caunoi.funds.models import Account, Fund
from caunoi.funds.terms import Address, Draft, Move, NotEnough, Place
from caunoi.goods import queries, queries_kept
from caunoi.goods.models import Movement
from caunoi.goods.terms import Detail, NotNow, WrongCount, WrongThing
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer


class Deed:
    """The postings of one movement, in order; ``main`` is the one that the movement stands beside."""

    def __init__(self, key: UUID, fund_id: UUID, on: date) -> None:
        self.key, self.fund_id, self.on = key, fund_id, on
        self.drafts: list[Draft] = []

    def add(
        self, move: Move, source: Address, target: Address, amount: int, *, word: str = ""
    ) -> UUID:
        """Add a posting unless it is of nothing or goes nowhere. -> its id"""
        name = uuid5(self.key, str(len(self.drafts)))
        if amount > 0 and source != target:
            first = self.drafts[0].id if self.drafts else None
            draft = Draft(name, move, source, target, amount, self.on, first, None, word)
            self.drafts.append(draft)
        return name

    def post(self, at: datetime, by: Viewer | None) -> None:
        funds.post(self.drafts, fund_id=self.fund_id, at=at, by=by)


def address_of(place: Place, like: Account | Movement, unit_id: UUID) -> Address:
    return Address(place, like.commodity_id, like.purpose, unit_id)


def done_before(key: UUID) -> Movement | None:
    return Movement.objects.filter(pk=key).first()


def picture_of(detail: Detail, at: datetime, by: Viewer) -> Picture | None:
    return files.keep_picture(content=detail.picture, at=at, by=by) if detail.picture else None


def beside(detail: Detail, at: datetime, by: Viewer) -> dict[str, object]:
    return {
        "at": at,
        "by_id": by.account_id,
        "place": clean(detail.place).strip()[:160],
        "note": clean(detail.note).strip()[:300],
        "picture": picture_of(detail, at, by),
    }


def write_down(event: str, made: Movement, by: Viewer, at: datetime) -> Movement:
    made.save(force_insert=True)
    told = {"amount": made.amount, "what": made.commodity_id}
    audit.record(f"goods.{event}", on=made, by=by, at=at, unit_id=made.unit_id, after=told)
    return made


def meet(need: Need | None, on: date, by: Viewer, at: datetime) -> None:
    """Let a need be met when all of it came. It is asked for no longer then."""
    if need is not None and queries_kept.reached(need=need, on=on) >= need.amount:
        needs.note_met(need=need, by=by, at=at)


def books_of(campaign: Campaign) -> UUID:
    if campaign.fund_id is None:
        raise NotNow(_("The campaign is not open yet."))
    return campaign.fund_id


def unit_of(stock: Account) -> UUID:
    if stock.unit_id is None:
        raise WrongThing(_("This is no stock of a campaign."))
    return stock.unit_id


def hold(stock: Account) -> tuple[Account, Campaign]:
    """Hold the fund, so that nobody takes from the same heap meanwhile. -> the heap as it stands, and its campaign"""
    Fund.objects.select_for_update(of=("self",), no_key=True).get(pk=stock.fund_id)
    fresh = Account.objects.get(pk=stock.pk)
    campaign = Campaign.objects.filter(fund_id=stock.fund_id).first()
    if campaign is None or fresh.place not in queries.STOCK:
        raise WrongThing(_("This is no stock of a campaign."))
    return fresh, campaign


def check_there(stock: Account, amount: int) -> None:
    """Raise NotEnough when it is not all there, or still on its way."""
    if amount <= 0:
        raise WrongCount(_("Write how many; at least one."))
    coming = queries.on_the_way_to(account=stock)
    if amount > stock.balance - coming:
        if coming:
            raise NotEnough(
                _("Part of it is still on its way. Note its arrival first, or take less.")
            )
        raise NotEnough(_("There is not as much there as you want to take."))


def check_kept(stock: Account, amount: int, *, on: date) -> None:
    """Raise WrongCount when free stock would go that is agreed on for needs elsewhere; what is meant for a need was counted before."""
    kept = queries_kept.kept_here(account=stock, on=on) if stock.place == Place.ON_HAND else 0
    if kept and amount > stock.balance - kept:
        raise WrongCount(_("%(n)d of these are kept back for others. Choose for whom they go, or send fewer.") % {"n": kept})  # fmt: skip


def free_of(deed: Deed, stock: Account, amount: int) -> Address:
    """Return where free stock lies; what is kept for a need is released into it first."""
    here = address_of(Place.ON_HAND, stock, unit_of(stock))
    if stock.place == Place.ALLOCATED:
        deed.add(Move.RELEASE, stock.address, here, amount)
    return here


def allocate(deed: Deed, stock: Account, unit_id: UUID, amount: int) -> UUID:
    """Let it be meant for that unit, unless it is already. -> the posting"""
    target = address_of(Place.ALLOCATED, stock, unit_id)
    here = target if stock.address == target else free_of(deed, stock, amount)
    return deed.add(Move.ALLOCATE, here, target, amount)
