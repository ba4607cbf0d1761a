"""Reads of goods: what is offered and needed, what lies where, what moved, who offered her days."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from caunoi.campaigns.models import Gift, Need
from caunoi.campaigns.terms import GiftState, NeedState, State
from caunoi.funds.models import Account, Commodity, Posting
from caunoi.funds.terms import Place, Sort
from caunoi.goods.models import FollowUp, Movement, Reservation, Share, Team, Volunteer
from caunoi.goods.terms import FREE_AGAIN, Flow, MovementKind, Offer, ReservationState, Wanted
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units

STOCK = (Place.ON_HAND.value, Place.ALLOCATED.value)
GONE = [s.value for s in FREE_AGAIN]
P = Permission


def _reach(viewer: Viewer, on: date, permission: Permission = P.GOODS_VIEW) -> QuerySet:
    return units.subtree_filter(paths=viewer.scope(permission), on=on)


def _codes(text: str) -> list[str]:
    """Return the things whose name holds these words, with or without marks."""
    wanted = fold(text)
    return [c.code for c in Commodity.objects.all() if wanted in fold(c.name)]


# -- matching ----------------------------------------------------------------


def _live(of: str) -> Coalesce:
    """How much is kept back of a gift, or for a need."""
    live = Reservation.objects.filter(**{of: OuterRef("pk")}).exclude(state__in=GONE)
    done = F("delivered") + F("lost") if of == "gift_id" else F("delivered")
    whole = ReservationState.HANDED_OVER.value
    counts = Case(When(state=whole, then=done), default=F("amount"), output_field=BigIntegerField())
    kept = live.order_by().values(of).annotate(n=Sum(counts)).values("n")
    return Coalesce(Subquery(kept), Value(0), output_field=BigIntegerField())


def offers(viewer: Viewer, *, on: date, campaign: str = "", commodity: str = "") -> QuerySet[Gift]:
    """Return the gifts in kind of which something is free (``left``), of campaigns of the viewer's units or for their area."""
    reach = _reach(viewer, on, P.GOODS_KEEP)
    above = [UUID(x) for path in viewer.scope(P.GOODS_KEEP) for x in path.split(".")]
    mine = Q(campaign__unit_id__in=reach) | Q(from_unit_id__in=reach)
    found = Gift.objects.filter(mine | Q(campaign__area_id__in=above), campaign__state=State.OPEN)
    found = found.exclude(commodity__sort=Sort.MONEY)
    found = found.exclude(state=GiftState.LAPSED, came=0)
    if campaign:
        found = found.filter(campaign__slug=campaign)
    if commodity:
        found = found.filter(commodity_id=commodity)
    spoils = Movement.objects.filter(gift_id=OuterRef("pk"), expires_on__isnull=False)
    soonest = spoils.order_by().values("gift_id").annotate(n=Min("expires_on")).values("n")
    there = Greatest(F("amount"), F("came"))
    found = found.annotate(left=there - _live("gift_id"), spoils_on=Subquery(soonest))
    return found.filter(left__gt=0).select_related("campaign", "commodity").order_by("promised_at")


def open_gifts(viewer: Viewer, *, on: date, thing: str = "") -> QuerySet[Gift]:
    """Return the promises in kind of which something is still to come, for whoever takes them in.

    thing  days or trips a team gives: these alone, which nobody stores; else what is taken into a store
    """
    reach = _reach(viewer, on, P.GOODS_KEEP)
    above = [UUID(x) for path in viewer.scope(P.GOODS_KEEP) for x in path.split(".")]
    mine = Q(campaign__unit_id__in=reach) | Q(campaign__area_id__in=above)
    found = Gift.objects.filter(mine, campaign__state=State.OPEN, came__lt=F("amount"))
    stored = Q(commodity__sort__in=[Sort.GOODS.value, Sort.LAND.value])
    found = found.filter(Q(commodity_id=thing) if thing else stored)
    return found.select_related("campaign", "commodity", "code").order_by("promised_at")


def needs(viewer: Viewer, *, on: date, campaign: str = "", commodity: str = "") -> QuerySet[Need]:
    """Return the open needs of the viewer's units in things, with what is still ``missing``, and what of it givers have ``chosen`` to give."""
    mine = Q(unit_id__in=_reach(viewer, on, P.GOODS_KEEP))
    mine |= Q(unit_id__in=heirs.gone_filter(paths=viewer.scope(P.GOODS_KEEP), on=on))
    found = Need.objects.filter(mine, state=NeedState.OPEN, campaign__state=State.OPEN)
    found = found.exclude(commodity__sort=Sort.MONEY)
    if campaign:
        found = found.filter(campaign__slug=campaign)
    if commodity:
        found = found.filter(commodity_id=commodity)
    bound = Gift.objects.filter(need_id=OuterRef("pk")).exclude(state=GiftState.LAPSED, came=0)
    bound = bound.annotate(left=Greatest(F("amount"), F("came")) - _live("gift_id"))
    chosen = Subquery(bound.order_by().values("need_id").annotate(n=Sum("left")).values("n"))
    found = found.annotate(
        missing=F("amount") - _live("need_id"),
        chosen=Coalesce(chosen, Value(0), output_field=BigIntegerField()),
    ).filter(missing__gt=0)
    return found.select_related("campaign", "commodity").order_by("needed_by", "said_at")


@system("loaded for the viewer by ``offers``")
def offer_of(*, gift: Any, on: date) -> Offer:
    """Return a gift as the matching sees it: it lies where it was taken in, or where its giver said."""
    taken_in = Movement.objects.filter(gift=gift, kind=MovementKind.RECEIVED.value)
    last = taken_in.order_by("-on", "-at").values_list("unit_id", flat=True).first()
    lies = last or gift.from_unit_id
    path = units.paths_of(unit_ids=[lies], on=on).get(lies, "") if lies else ""
    return Offer(
        gift.campaign_id,
        gift.commodity_id,
        gift.left,
        gift.purpose,
        path,
        gift.spoils_on,
        gift.need_id,
    )


@system("loaded for the viewer by ``needs``")
def wanted_of(*, found: Iterable[Any], on: date) -> list[Wanted]:
    """Return needs as the matching sees them, with one query for where they lie."""
    rows = list(found)
    paths = units.paths_of(unit_ids=[n.unit_id for n in rows], on=on)
    return [
        Wanted(
            n.pk,
            n.campaign_id,
            n.commodity_id,
            n.missing,
            n.purpose,
            paths.get(n.unit_id, ""),
            n.priority,
            n.households,
            n.needed_by,
            n.confirmed_until,
            n.chosen,
        )
        for n in rows
    ]


def reservations(
    viewer: Viewer, *, on: date, state: str = "", text: str = ""
) -> QuerySet[Reservation]:
    """Return what is kept back where the viewer's units give or get, newest first."""
    reach = _reach(viewer, on)
    mine = Q(need__unit_id__in=reach) | Q(gift__campaign__unit_id__in=reach)
    mine |= Q(need__unit_id__in=heirs.gone_filter(paths=viewer.scope(P.GOODS_VIEW), on=on))
    found = Reservation.objects.filter(mine | Q(gift__from_unit_id__in=reach))
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(need__commodity_id__in=_codes(text))
    related = ("gift__campaign", "gift__commodity", "need")
    return found.select_related(*related).order_by("-made_at", "pk")


def reservation(viewer: Viewer, *, pk: UUID, on: date) -> Reservation | None:
    """Return one of them, or None."""
    found = reservations(viewer, on=on).filter(pk=pk)
    return found.select_related("gift__campaign", "gift__commodity", "need", "made_by").first()


# -- what lies where ---------------------------------------------------------


def stock(
    viewer: Viewer, *, on: date, text: str = "", campaign: str = "", unit_id: UUID | None = None
) -> QuerySet[Account]:
    """Return the heaps of things at the viewer's units: free ones and those meant for a need."""
    found = _heaps(viewer, on).filter(came_in__gt=F("went_out"))
    if text:
        found = found.filter(commodity_id__in=_codes(text))
    if campaign:
        found = found.filter(fund__campaign__slug=campaign)
    if unit_id:
        found = found.filter(unit_id=unit_id)
    return found.order_by("commodity__name", "fund", "unit", "place", "pk")


def _heaps(viewer: Viewer, on: date) -> QuerySet[Account]:
    found = Account.objects.filter(
        place__in=STOCK, unit_id__in=_reach(viewer, on), fund__campaign__isnull=False
    )
    found = found.exclude(commodity__sort=Sort.MONEY)
    return found.select_related("commodity", "fund__campaign")


def heap(viewer: Viewer, *, pk: int, on: date) -> Account | None:
    """Return one heap at a unit where the viewer keeps goods, empty ones too, or None."""
    reach = _reach(viewer, on, P.GOODS_KEEP)
    return _heaps(viewer, on).filter(pk=pk, unit_id__in=reach).first()


def _coming() -> QuerySet[Movement]:
    return Movement.objects.filter(kind=MovementKind.SENT.value, arrived_at=None)


@system("asked inside a deed, for the unit that makes it")
def on_the_way_to(*, account: Account) -> int:
    """Return how much of a heap is not there yet."""
    coming = _coming().filter(
        to_unit_id=account.unit_id,
        campaign__fund_id=account.fund_id,
        commodity_id=account.commodity_id,
        purpose=account.purpose,
        earmarked=account.place == Place.ALLOCATED,
    )
    return coming.aggregate(n=Sum("amount"))["n"] or 0


@system("the heaps were loaded for their viewer")
def on_the_way(*, heaps: Collection[Account]) -> dict[int, int]:
    """Return how much of each of these heaps is not there yet, in one query."""
    names = {
        (a.fund_id, a.commodity_id, a.purpose, a.unit_id, a.place == Place.ALLOCATED): a.pk
        for a in heaps
    }
    coming = _coming().filter(to_unit_id__in={a.unit_id for a in heaps}).order_by()
    sums = coming.values_list(
        "campaign__fund_id", "commodity_id", "purpose", "to_unit_id", "earmarked"
    ).annotate(n=Sum("amount"))
    return {names[tuple(key)]: n for *key, n in sums if tuple(key) in names}


def arrivals(viewer: Viewer, *, on: date) -> QuerySet[Movement]:
    """Return what is on its way to the units where the viewer keeps goods, the longest on its way first."""
    found = _coming().filter(to_unit_id__in=_reach(viewer, on, P.GOODS_KEEP))
    return found.select_related("commodity", "campaign").order_by("at")


@system("totals by unit are public; whoever asks names the units")
def flows(*, unit_ids: Collection[UUID]) -> list[Flow]:
    """Return in, out and stock of these units by thing, added up from the postings and held against the accounts."""
    here = Account.objects.filter(unit_id__in=unit_ids, place__in=STOCK)
    here = here.exclude(commodity__sort=Sort.MONEY)
    stands: dict[tuple[Any, str], Flow] = {}
    for a in here:
        key: tuple[Any, str] = (a.unit_id, a.commodity_id)
        before = stands.setdefault(key, Flow(*key))
        stands[key] = replace(before, stock=before.stock + a.balance)
    funds = set(here.values_list("fund_id", flat=True))
    rows = Posting.objects.filter(fund_id__in=funds).exclude(commodity__sort=Sort.MONEY).order_by()
    for end, other, sign in (("target", "source", 1), ("source", "target", -1)):
        found = rows.filter(**{f"{end}__unit_id__in": unit_ids, f"{end}__place__in": STOCK})
        sums = found.values_list(
            f"{end}__unit_id", "commodity_id", f"{other}__place", f"{other}__unit_id"
        ).annotate(n=Sum("amount"))
        for unit_id, commodity, place, beyond, n in sums:
            if place in STOCK and beyond == unit_id:
                continue
            key = (unit_id, commodity)
            stands[key] = _with(stands.setdefault(key, Flow(*key)), place, sign, n)
    return sorted(stands.values(), key=lambda f: (f.commodity, str(f.unit_id)))


COLUMN = {
    Place.GIVERS: ("received", 1),
    Place.UNMATCHED: ("received", 1),
    Place.HANDED_OVER: ("handed_over", -1),
    Place.SPOILED: ("spoiled", -1),
    Place.RETURNED: ("given_back", -1),
}


def _with(flow: Flow, place: str, sign: int, n: int) -> Flow:
    """Add a sum that came from (+1) or went to (-1) that place; a reversal takes from the column it came from."""
    if place in STOCK:
        name, by = ("came", 1) if sign > 0 else ("went", -1)
    else:
        name, by = COLUMN[Place(place)]
    return replace(flow, **{name: getattr(flow, name) + sign * by * n})


# -- what moved --------------------------------------------------------------


def movements(
    viewer: Viewer,
    *,
    on: date,
    text: str = "",
    kind: str = "",
    campaign: str = "",
    without_photo: bool = False,
) -> QuerySet[Movement]:
    """Return what moved at the viewer's units, newest first."""
    reach = _reach(viewer, on)
    found = Movement.objects.filter(Q(unit_id__in=reach) | Q(to_unit_id__in=reach))
    if kind:
        found = found.filter(kind=kind)
    if campaign:
        found = found.filter(campaign__slug=campaign)
    if text:
        found = found.filter(Q(folded__contains=fold(text)) | Q(commodity_id__in=_codes(text)))
    if without_photo:
        found = found.filter(picture=None, kind=MovementKind.HANDED_OVER.value)
    return found.select_related("commodity", "campaign").order_by("-at", "pk")


def movement(viewer: Viewer, *, pk: UUID, on: date) -> Movement | None:
    """Return one movement with what is sealed beside it, or None."""
    related = ("posting__sealed_word", "paper", "by", "arrived_by", "reservation", "team")
    return movements(viewer, on=on).filter(pk=pk).select_related(*related, "campaign").first()


@system("the movement was loaded for its viewer")
def follow_ups(*, movement: Movement) -> list[FollowUp]:
    """Return how it fared, the latest first."""
    return list(FollowUp.objects.filter(movement=movement).order_by("-on"))


@system("whoever holds the code of a gift follows it")
def story(*, gift: Gift) -> Sequence[Movement]:
    """Return what moved of a gift, in order; of hand-overs only how many, the day, the unit and how it fares (counts) are shown.

    ``amount`` is this gift's part, ``whole`` what moved at once with other gifts.
    """
    shares = Share.objects.filter(reservation__gift=gift)
    part = dict(shares.order_by().values_list("movement").annotate(n=Sum("amount")))
    found = Movement.objects.filter(Q(gift=gift) | Q(reservation__gift=gift) | Q(pk__in=part))
    fares = Prefetch("follow_ups", FollowUp.objects.order_by("-on"))
    found = found.annotate(whole=F("amount")).prefetch_related(fares)
    moved = list(found.order_by("on", "posting__seq").defer("witness", "note", "place"))
    for movement in moved:
        movement.amount = part.get(movement.pk, movement.amount)
        if movement.gift_id not in {None, gift.pk}:
            movement.households = (
                0  # they got things of several gifts; how many got this one nobody knows
            )
    return moved


@system("whoever holds the code of a gift says yes for its giver")
def asked_of_giver(*, gift: Gift) -> list[Reservation]:
    """Return what a unit wishes of a gift and its giver did not say yes to yet."""
    found = Reservation.objects.filter(gift=gift, state=ReservationState.OFFERED.value)
    return list(found.filter(giver_at=None).select_related("need").order_by("made_at"))


@system("an officer released the picture")
def released_picture(*, pk: UUID) -> Movement | None:
    """Return a movement whose picture everybody may see, or None."""
    found = Movement.objects.filter(pk=pk, released_at__isnull=False)
    return found.select_related("picture").first()


# -- people who give their days ----------------------------------------------


def teams(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[Team]:
    """Return the teams of the units where the viewer keeps goods, by name, with how many people."""
    found = Team.objects.filter(unit_id__in=_reach(viewer, on, P.GOODS_KEEP), ended_at=None)
    if text:
        wanted = fold(text)
        found = found.filter(pk__in=[t.pk for t in found if wanted in fold(t.name)])
    return found.select_related("commodity").order_by("name", "pk")


@system("the teams were loaded for their viewer")
def with_counts(found: QuerySet[Team]) -> QuerySet[Team]:
    """Return the teams with how many people they have and how many days they gave."""
    people = Volunteer.objects.filter(team=OuterRef("pk")).order_by().values("team")
    days = Movement.objects.filter(team=OuterRef("pk")).order_by().values("team")
    return found.annotate(
        people=Coalesce(Subquery(people.annotate(n=Count("pk")).values("n")), Value(0)),
        days=Coalesce(
            Subquery(days.annotate(n=Sum("amount")).values("n")),
            Value(0),
            output_field=BigIntegerField(),
        ),
    )


def team(viewer: Viewer, *, pk: UUID, on: date) -> Team | None:
    """Return one team, or None."""
    return teams(viewer, on=on).filter(pk=pk).first()


@system("the team was loaded for its viewer")
def volunteers(*, team: Team) -> list[Volunteer]:
    """Return the people of a team; whoever shows them sorts them by given name."""
    return list(Volunteer.objects.filter(team=team))
