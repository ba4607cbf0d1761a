"""Reads of the treasurer's desk and of the public books. Names stand in vouchers only, and those are read by whom they concern."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caunoi.campaigns.models import Campaign, Purpose
from caunoi.funds.models import Account, Commodity, Fund, Posting, Receipt, Root
from caunoi.funds.terms import Move, Place
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.statements import queries as statements
from caunoi.treasury import naming, rules
from caunoi.treasury.models import Declared, Limit, Voucher
from caunoi.treasury.terms import State
from caunoi.units import queries as units

HELD = (Place.ON_HAND, Place.UNMATCHED, Place.ALLOCATED)
"""Where money is that still lies in the account or in the box."""


def visible_funds(viewer: Viewer, *, on: date) -> QuerySet[Fund]:
    """Return the books of the units below the viewer, by name."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.FUNDS_VIEW), on=on)
    return Fund.objects.filter(unit_id__in=reach).order_by("name", "pk")


def fund(viewer: Viewer, *, pk: UUID, on: date) -> Fund | None:
    """Return one set of books of a unit below the viewer, or None."""
    return visible_funds(viewer, on=on).filter(pk=pk).first()


def vouchers(
    viewer: Viewer,
    *,
    on: date,
    fund_id: UUID | None = None,
    text: str = "",
    kind: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Voucher]:
    """Return vouchers of the viewer's books, the newest first, narrowed."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.FUNDS_VIEW), on=on)
    # by who keeps the books today: numbers of an ended unit's register go along
    found = Voucher.objects.filter(fund__unit_id__in=reach)
    if fund_id:
        found = found.filter(fund_id=fund_id)
    if text:
        number = text.strip().split("/")[0].removeprefix("PC").removeprefix("PT").strip()
        same = Q(number=int(number)) if number.isascii() and number.isdecimal() and len(number) < 7 else Q()  # fmt: skip
        found = found.filter(Q(folded__contains=fold(text)) | same if same else Q(folded__contains=fold(text)))  # fmt: skip
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    if since:
        found = found.filter(on__gte=since)
    if until:
        found = found.filter(on__lte=until)
    return found.select_related("fund", "prepared_by", "approved_by").order_by(
        "-prepared_at", "-number", "pk"
    )


def voucher(viewer: Viewer, *, pk: UUID, on: date) -> Voucher | None:
    """Return one voucher of the viewer's books, or None."""
    return vouchers(viewer, on=on).select_related("ended_by", "picture").filter(pk=pk).first()


def to_approve(viewer: Viewer, *, on: date) -> QuerySet[Voucher]:
    """Return what waits for the viewer as the second person."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.FUNDS_APPROVE), on=on)
    waiting = Voucher.objects.filter(fund__unit_id__in=reach, state=State.WAITING.value)
    return waiting.exclude(prepared_by_id=viewer.account_id).select_related("fund", "prepared_by")


@system("the limit decides for whoever prepares")
def limit_of(*, unit_id: UUID, on: date) -> int:
    """Return above which amount two persons decide in that unit: its own limit, or that of the nearest unit above."""
    line = [u.id for u in units.ancestors(unit_id=unit_id, on=on) if u.id != unit_id]
    known: dict[UUID, int] = {}
    rows = Limit.objects.filter(unit_id__in=[*line, unit_id], valid_from__lte=on)
    for row in rows.order_by("valid_from"):
        known[row.unit_id] = row.amount
    nearest = [unit_id, *reversed(line)]
    return next((known[u] for u in nearest if u in known), rules.UNLESS_SAID)


def limits(viewer: Viewer, *, on: date) -> QuerySet[Limit]:
    """Return the limits set in the units below the viewer with their history, the newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.FUNDS_VIEW), on=on)
    found = Limit.objects.filter(unit_id__in=reach).select_related("set_by")
    return found.order_by("-valid_from", "-set_at")


@system("asked for books that were loaded for their viewer")
def lies_at(*, fund_id: UUID, purpose: str) -> UUID | None:
    """Return the unit at which money of that purpose lies, as contributions to a project do; None when it lies with the fund itself."""
    rows = Account.objects.filter(fund_id=fund_id, place=Place.ON_HAND, commodity_id="VND", purpose=purpose)  # fmt: skip
    found = list(rows.filter(came_in__gt=F("went_out")).values_list("unit_id", flat=True)[:2])
    return found[0] if len(found) == 1 else None


@system("asked for books that were loaded for their viewer")
def purposes_of(*, fund: Fund, coming_in: bool = False) -> dict[str, str]:
    """Return what money of these books may be bound to, by code: purposes of a campaign, projects of a commune.

    coming_in  only what a voucher takes money in for: what people give to a project is written down on its own page
    """
    own = dict(Purpose.objects.filter(campaign__fund=fund).values_list("code", "name"))
    return own if coming_in else own | naming.named(fund.pk)


@system("the receipt of a posting is shown to whoever holds its address")
def receipt_of(*, posting_id: UUID) -> Receipt | None:
    """Return the receipt of a posting with the posting."""
    found = Receipt.objects.select_related("posting__fund", "posting__source", "posting__target")
    return found.filter(posting_id=posting_id).first()


@system("vouchers were loaded for their viewer")
def receipts_of(*, vouchers: Iterable[Voucher]) -> dict[UUID, Receipt]:
    """Return the receipt of each voucher that has one."""
    found = Receipt.objects.filter(posting_id__in=[v.pk for v in vouchers])
    return {r.posting_id: r for r in found.select_related("posting")}


# -- what the books say ------------------------------------------------------


@system("the fund was loaded for its viewer")
def trial_balance(*, fund: Fund) -> list[Account]:
    """Return every account that ever moved, in an order that adds up."""
    order = Case(
        *(When(place=p.value, then=n) for n, p in enumerate(Place)), output_field=IntegerField()
    )
    found = Account.objects.filter(fund=fund).exclude(came_in=0, went_out=0)
    return list(found.select_related("commodity").order_by("commodity_id", order, "purpose", "pk"))


@system("the fund was loaded for its viewer")
def held_on(*, fund: Fund, day: date) -> int:
    """Return how much money lies in account and box at the end of a day, by the books."""
    rows = Posting.objects.filter(fund=fund, commodity_id=rules.MONEY, on__lte=day).order_by()
    came = rows.filter(target__place__in=HELD).aggregate(n=Sum("amount"))["n"] or 0
    went = rows.filter(source__place__in=HELD).aggregate(n=Sum("amount"))["n"] or 0
    return came - went


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was declared beside what the books say of that day.

    statement  the closing balance of that day by the bank's own statements, where one was brought in; it counts, not what was typed
    """

    declared: Declared
    books: int
    statement: int | None = None

    @property
    def bank(self) -> int:
        return self.declared.bank if self.statement is None else self.statement

    @property
    def said(self) -> int:
        return self.declared.cash + self.bank

    @property
    def differs(self) -> int:
        return self.said - self.books


@system("the fund was loaded for its viewer")
def reconciliations(*, fund: Fund, limit: int = 12) -> list[Reconciled]:
    """Return what was declared lately, the newest first, each beside the books."""
    found = Declared.objects.filter(fund=fund).select_related("by").order_by("-on", "-at")[:limit]
    closing = statements.closings(fund_id=fund.pk)
    return [Reconciled(d, held_on(fund=fund, day=d.on), closing.get(d.on)) for d in found]


@system("the fund was loaded for its viewer")
def against_closing(*, fund: Fund, through: date, on: date) -> list[str]:
    """Return what stands against closing the books through a day, in sentences; nothing = they can be closed."""
    from caunoi.treasury import auditing

    found: list[str] = []
    if through >= on:
        found.append(_("Only days that are over can be closed."))
    waiting = fund.vouchers.filter(state=State.WAITING.value, on__lte=through).count()
    if waiting:
        found.append(
            ngettext(
                "%(n)d voucher still waits for approval.",
                "%(n)d vouchers still wait for approval.",
                waiting,
            )
            % {"n": waiting}
        )
    open_ones = sum(not a.explained for a in auditing.anomalies(fund=fund, until=through))
    if open_ones:
        found.append(
            ngettext(
                "%(n)d thing that looks wrong is not explained.",
                "%(n)d things that look wrong are not explained.",
                open_ones,
            )
            % {"n": open_ones}
        )
    said = Declared.objects.filter(fund=fund, on=through).order_by("-at").first()
    if said is None:
        found.append(_("What lies in account and box on that day is not declared yet."))
    elif Reconciled(
        said,
        held_on(fund=fund, day=through),
        statements.closings(fund_id=fund.pk).get(through),
    ).differs:
        found.append(_("Account and box differ from the books."))
    return found


# -- the public books --------------------------------------------------------


@system("the journal is public: it names nobody")
def public_funds() -> QuerySet[Fund]:
    """Return every set of books, by name."""
    return Fund.objects.order_by("name", "pk")


@system("the journal is public: it names nobody")
def public_fund(*, pk: UUID) -> Fund | None:
    """Return one set of books."""
    return Fund.objects.filter(pk=pk).first()


@system("the journal is public: it names nobody")
def movements(
    *,
    fund: Fund,
    move: str = "",
    thing: str = "",
    unit_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Posting]:
    """Return the postings of a fund, the newest first, narrowed."""
    found = Posting.objects.filter(fund=fund).select_related("source", "target", "commodity")
    if move:
        found = found.filter(move=move)
    if thing:
        found = found.filter(commodity_id=thing)
    if unit_id:
        found = found.filter(Q(source__unit_id=unit_id) | Q(target__unit_id=unit_id))
    if since:
        found = found.filter(on__gte=since)
    if until:
        found = found.filter(on__lte=until)
    return found.order_by("-seq")


@system("what is asked for is public")
def campaigns_of(*, fund_ids: Iterable[UUID]) -> dict[UUID, Campaign]:
    """Return the campaign of each of these funds that has one."""
    found = Campaign.objects.filter(fund_id__in=list(fund_ids))
    return {c.fund_id: c for c in found if c.fund_id}


@system("published sheets hang on notice boards")
def by_unit(*, fund: Fund) -> dict[UUID, dict[str, dict[str, int]]]:
    """Return per unit and thing what was allocated to it and handed over there: {unit: {thing: {"allocated": n, "delivered": n}}}.

    A reversal takes away what its original added.
    """
    found: dict[UUID, dict[str, dict[str, int]]] = {}
    rows = Account.objects.filter(
        fund=fund, place__in=[Place.ALLOCATED, Place.HANDED_OVER], unit_id__isnull=False
    )
    for row in rows.values("unit_id", "commodity_id", "place").annotate(
        n=Sum(F("came_in") - F("went_out"))
    ):
        counts = found.setdefault(row["unit_id"], {}).setdefault(
            row["commodity_id"], {"allocated": 0, "delivered": 0}
        )
        counts["allocated"] += row["n"]
        if row["place"] == Place.HANDED_OVER:
            counts["delivered"] += row["n"]
    return found


@system("roots are published every night")
def without_root(*, day: date) -> list[UUID]:
    """Return the funds whose postings have grown since their last root, and that have none of that day."""
    known = {
        r["fund_id"]: (r["day"], r["size"])
        for r in Root.objects.order_by("fund_id", "-day")
        .distinct("fund_id")
        .values("fund_id", "day", "size")
    }
    found = []
    for one in Fund.objects.filter(seq__gt=0).only("pk", "seq"):
        last = known.get(one.pk)
        if last is None or (last[0] < day and last[1] < one.seq):
            found.append(one.pk)
    return found


@system("the fund was loaded for its viewer, or is public")
def moves_of(*, fund: Fund, since: date, until: date) -> dict[str, int]:
    """Return how much money went each way in a time, reversals taken off what they take back."""
    rows = Posting.objects.filter(
        fund=fund, commodity_id=rules.MONEY, on__gte=since, on__lte=until
    ).order_by()
    found = {r["move"]: r["n"] for r in rows.values("move").annotate(n=Sum("amount"))}
    back = rows.filter(move=Move.REVERSE).values("reverses__move").annotate(n=Sum("amount"))
    for row in back:
        found[row["reverses__move"]] = found.get(row["reverses__move"], 0) - row["n"]
    found.pop(Move.REVERSE, None)
    return found


@system("the fund was loaded for its viewer")
def receipts_between(*, fund: Fund, since: date, until: date) -> QuerySet[Receipt]:
    """Return the receipts for what came in those days, by number."""
    found = Receipt.objects.filter(
        posting__fund=fund, posting__on__gte=since, posting__on__lte=until
    )
    return found.select_related("posting__sealed_word", "posting__commodity").order_by(
        "year", "number"
    )


@system("the funds were loaded for their viewer")
def money_of(*, fund_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how much money still lies in account and box of each fund."""
    rows = Account.objects.filter(
        fund_id__in=list(fund_ids), commodity_id=rules.MONEY, place__in=HELD
    )
    told = rows.order_by().values("fund_id").annotate(n=Sum(F("came_in") - F("went_out")))
    return {r["fund_id"]: r["n"] for r in told}


@system("the fund was loaded for its viewer")
def standing(*, fund: Fund) -> dict[str, int]:
    """Return how much money stands in each place of a fund, by place."""
    rows = Account.objects.filter(fund=fund, commodity_id=rules.MONEY).order_by()
    told = rows.values("place").annotate(n=Sum(F("came_in") - F("went_out")))
    found = {r["place"]: r["n"] for r in told}
    return {p.value: found.get(p.value, 0) for p in Place}


@system("what things are called is public")
def things() -> dict[str, tuple[str, str]]:
    """Return name and counting word of every commodity by its code."""
    return {c.code: (c.name, c.unit_word) for c in Commodity.objects.all()}


@system("published sheets hang on notice boards")
def handed_over_at(*, fund: Fund, unit_id: UUID, limit: int = 100) -> list[Posting]:
    """Return the hand-overs in a unit that stand, the newest first."""
    found = Posting.objects.filter(
        fund=fund, move=Move.HAND_OVER, target__unit_id=unit_id, reversed_by=None
    )
    return list(found.order_by("-on", "-seq")[:limit])


@system("the fund was loaded for its viewer")
def approved(*, fund: Fund, limit: int = 20) -> list[Voucher]:
    """Return the last vouchers that took two persons, with both."""
    found = fund.vouchers.filter(approved_by__isnull=False).select_related(
        "prepared_by", "approved_by"
    )
    return list(found.order_by("-approved_at")[:limit])
