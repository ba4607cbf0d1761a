"""What looks wrong in a fund, found from rows that stand; each with what an auditor wrote about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from caunoi.campaigns.models import Campaign
from caunoi.funds.models import Fund, Posting, Receipt, Series
from caunoi.funds.terms import Move
from caunoi.goods.models import Movement
from caunoi.goods.terms import PROVEN
from caunoi.kit.text import fold
from caunoi.kit.viewing import system
from caunoi.statements import queries as statements
from caunoi.treasury import queries, rules
from caunoi.treasury.models import Explanation, Register, Voucher
from caunoi.treasury.terms import Anomaly, Check, State

STANDING = (State.WAITING.value, State.POSTED.value)
AT_MOST = 200


@system("the fund was loaded for its viewer")
def anomalies(*, fund: Fund, until: date | None = None) -> list[Anomaly]:
    """Return what looks wrong, that of later days left out with ``until``; unexplained ones first."""
    noted = {
        (e.check_name, e.key): e for e in Explanation.objects.filter(fund=fund).select_related("by")
    }
    found = []
    for make in (
        _twice,
        _same_line,
        _gaps,
        _no_photo,
        _goods_without_photo,
        _late,
        _round_trips,
        _bank_differs,
    ):
        for one in make(fund):
            if until and one.on and one.on > until:
                continue
            note = noted.get((one.check, one.key))
            if note:
                one = replace(
                    one, explained=note.note, explained_by=note.by.full_name, explained_at=note.at
                )
            found.append(one)
    return sorted(found, key=lambda a: bool(a.explained))


def _groups(fund: Fund, check: Check, rows: list[Voucher], groups: list[list[int]]) -> Iterator[Anomaly]:  # fmt: skip
    for group in groups:
        first, *others = [rows[n] for n in group]
        for other in others:
            yield Anomaly(
                check,
                key=f"{first.pk}/{other.pk}",
                on=other.on,
                amount=other.amount,
                voucher=other.pk,
                words=f"{first.symbol}, {other.symbol}",
            )


def _twice(fund: Fund) -> Iterator[Anomaly]:
    rows = list(fund.vouchers.filter(state__in=STANDING).order_by("prepared_at", "pk"))
    same = ((n, (v.kind, v.amount, v.on, v.place_id, fold(v.partner), fold(v.recipient))) for n, v in enumerate(rows))  # fmt: skip
    yield from _groups(fund, Check.TWICE, rows, rules.doubles(same))


def _same_line(fund: Fund) -> Iterator[Anomaly]:
    rows = list(
        fund.vouchers.filter(state__in=STANDING).exclude(reference="").order_by("prepared_at", "pk")
    )
    same = ((n, (fold(v.reference),)) for n, v in enumerate(rows))
    yield from _groups(fund, Check.SAME_LINE, rows, rules.doubles(same))
    for first, again in statements.told_twice(fund_id=fund.pk):
        yield Anomaly(
            Check.SAME_LINE,
            key=f"{first.short}/{again.short}",
            on=again.on,
            amount=again.amount,
            words=f"{again.reference}: {first.short}, {again.short}",
        )


def _gaps(fund: Fund) -> Iterator[Anomaly]:
    """Registers belong to the unit; the books of a unit with several funds all show its gaps.

    Books that came from an ended unit are looked at in its registers too.
    """
    keepers = {fund.unit_id, *fund.vouchers.values_list("unit_id", flat=True).distinct()}
    for register in Register.objects.filter(unit_id__in=keepers):
        rows = Voucher.objects.filter(
            unit_id=register.unit_id, year=register.year, series=register.series
        )
        numbers = list(rows.values_list("number", flat=True))
        for number in rules.gaps(numbers, last=register.last):
            symbol = f"{register.series} {number}/{register.year}"
            yield Anomaly(Check.GAP, key=symbol, words=symbol)
    for series in Series.objects.filter(unit_id__in=keepers):
        given = Receipt.objects.filter(unit_id=series.unit_id, year=series.year)
        for number in rules.gaps(list(given.values_list("number", flat=True)), last=series.last):
            symbol = f"BN {number}/{series.year}"
            yield Anomaly(Check.GAP, key=symbol, words=symbol)


def _no_photo(fund: Fund) -> Iterator[Anomaly]:
    kinds = [k.value for k in rules.WITNESSED]
    rows = fund.vouchers.filter(kind__in=kinds, state=State.POSTED.value, picture=None)
    for v in rows.order_by("-on", "pk")[:AT_MOST]:
        yield Anomaly(
            Check.NO_PHOTO,
            key=str(v.pk),
            on=v.on,
            amount=v.amount,
            voucher=v.pk,
            words=v.symbol,
        )


def _goods_without_photo(fund: Fund) -> Iterator[Anomaly]:
    """Things and days that reached people, and nobody photographed it."""
    rows = Movement.objects.filter(campaign__fund=fund, kind__in=PROVEN, picture=None)
    for m in rows.select_related("commodity").order_by("-on", "pk")[:AT_MOST]:
        words = f"{m.amount} {m.commodity.unit_word}, {m.commodity.name}"
        yield Anomaly(Check.NO_PHOTO, key=str(m.pk), on=m.on, movement=m.pk, words=words)


def _late(fund: Fund) -> Iterator[Anomaly]:
    """Money that came after the campaign's end and was not given back."""
    ended = Campaign.objects.filter(fund=fund, ends_on__isnull=False).values_list("ends_on", flat=True).first()  # fmt: skip
    if ended is None:
        return
    back = Posting.objects.filter(fund=fund, move=Move.GIVE_BACK_UNMATCHED, reversed_by=None)
    given_back = Counter(back.filter(on__gt=ended).values_list("amount", flat=True))
    rows = Posting.objects.filter(fund=fund, move=Move.RECEIVE_UNMATCHED, on__gt=ended, reversed_by=None)  # fmt: skip
    told = 0
    for p in rows.order_by("seq").iterator():
        # each that went back answers for one that came, not for all of its amount
        if given_back[p.amount] > 0:
            given_back[p.amount] -= 1
            continue
        yield Anomaly(Check.LATE, key=str(p.pk), on=p.on, amount=p.amount, seq=p.seq)
        told += 1
        if told == AT_MOST:
            return


def _round_trips(fund: Fund) -> Iterator[Anomaly]:
    """What came and went back, or was allocated and released, in the same amount within days."""
    for back, there in ((Move.GIVE_BACK, Move.RECEIVE), (Move.RELEASE, Move.ALLOCATE)):
        before = Posting.objects.filter(
            fund=fund,
            move=there,
            amount=OuterRef("amount"),
            commodity_id=OuterRef("commodity_id"),
            on__lte=OuterRef("on"),
            on__gte=OuterRef("on") - timedelta(days=rules.ROUND_TRIP_DAYS),
            target__purpose=OuterRef("source__purpose"),
        )
        if back == Move.RELEASE:
            before = before.filter(target=OuterRef("source"))
        rows = Posting.objects.filter(fund=fund, move=back, reversed_by=None)
        for p in rows.filter(Exists(before)).order_by("-seq")[:AT_MOST]:
            yield Anomaly(Check.ROUND_TRIP, key=str(p.pk), on=p.on, amount=p.amount, seq=p.seq)


def _bank_differs(fund: Fund) -> Iterator[Anomaly]:
    for one in queries.reconciliations(fund=fund):
        if one.differs:
            yield Anomaly(
                Check.BANK_DIFFERS,
                key=str(one.declared.pk),
                on=one.declared.on,
                amount=one.differs,
                words=_("declared minus books"),
            )
