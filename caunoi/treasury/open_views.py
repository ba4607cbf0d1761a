"""The open books: every movement, every root, a receipt with its proof, and the page that verifies in the visitor's own browser."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http import StreamingHttpResponse as Stream
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.funds import queries as ledger
from caunoi.funds import verifying
from caunoi.funds.models import Fund, Receipt
from caunoi.funds.terms import Move
from caunoi.kit import clock, sheets
from caunoi.kit.access import public
from caunoi.treasury import forms, queries
from caunoi.treasury.terms import MOVES_SAID
from caunoi.units import queries as units

OPEN = "the books are open: they name nobody"
HOLDER = "whoever holds a receipt may prove it"
PAGE = 40
ROOTS_SHOWN = 10
SHEET = (
    *("Bút toán", "Ngày", "Biến động", "Khoản", "Số lượng", "Đơn vị tính"),
    *("Mục đích", "Đơn vị", "Từ tài khoản", "Đến tài khoản", "Đảo bút toán"),
)


@public(OPEN)
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """List the books that are kept in the open."""
    on = clock.local_date(clock.now())
    page = Paginator(queries.public_funds(), PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=[f.unit_id for f in page], on=on),
        "campaigns": queries.campaigns_of(fund_ids=[f.pk for f in page]),
    }
    return render(request, "treasury/books.html", shown)


def _fund(pk: UUID) -> Fund:
    found = queries.public_fund(pk=pk)
    if found is None:
        raise Http404
    return found


@public(OPEN)
@require_safe
def journal(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show a fund's movements in public words, filtered; ``?csv`` and ``?xlsx`` give all of them."""
    fund, on = _fund(pk), clock.local_date(clock.now())
    span = forms.SpanForm(request.GET)
    days = span.cleaned_data if span.is_valid() else {}
    move, thing = request.GET.get("move", ""), request.GET.get("thing", "")[:24]
    place = units.by_slug(slug=request.GET.get("unit", "")[:140], on=on)
    found = queries.movements(
        fund=fund,
        move=move if move in list(Move) else "",
        thing=thing,
        unit_id=place.id if place else None,
        since=days.get("since"),
        until=days.get("until"),
    )
    if sheets.wanted(request):
        return sheets.as_asked(request, "so-cai", SHEET, _sheet(found, on), heading=fund.name)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 16:
        found = found.filter(seq__lt=int(before))
    rows = list(found[: PAGE + 1])
    shown = {
        "fund": fund,
        "unit_name": units.name_of(unit_id=fund.unit_id, on=on),
        "campaign": queries.campaigns_of(fund_ids=[pk]).get(pk),
        "rows": _said(fund, rows[:PAGE], on),
        "more": rows[PAGE - 1].seq if len(rows) > PAGE else None,
        "columns": _columns(pk),
        "chosen": {"move": move, "thing": thing, "unit": place},
        "days": days,
        "moves": MOVES_SAID.items(),
        "roots": [
            {"day": r.day, "size": r.size, "hex": bytes(r.root).hex()}
            for r in ledger.roots(fund_id=pk)[:ROOTS_SHOWN]
        ],
    }
    return render(request, "treasury/journal.html", shown)


def _columns(fund_id: UUID) -> list[tuple[str, str, list[int]]]:
    told, things = ledger.columns(fund_id=fund_id), queries.things()
    codes = sorted({code for by in told.values() for code in by}, key=lambda c: (c != "VND", c))
    return [
        (*things.get(c, (c, "")), [by.get(c, 0) for by in told.values()])  # type: ignore[misc]
        for c in codes
    ]


def _said(fund: Fund, rows: list, on: Any) -> list[dict[str, Any]]:
    """Return each movement in public words: what, how much, bound to what, for whom."""
    places = {u for p in rows for u in (p.source.unit_id, p.target.unit_id) if u}
    names = units.names_of(unit_ids=places, on=on)
    purposes = queries.purposes_of(fund=fund)
    return [
        {
            "seq": p.seq,
            "on": p.on,
            "words": MOVES_SAID[Move(p.move)],
            "amount": p.amount,
            "thing": p.commodity,
            "purpose": purposes.get(p.target.purpose, p.target.purpose),
            "place": names.get(p.target.unit_id or p.source.unit_id, ""),
            "reverses": p.move == Move.REVERSE,
        }
        for p in rows
    ]


def _sheet(found: Any, on: Any) -> Iterator[list[Any]]:
    names: dict[Any, str] = {None: ""}
    for p in found.iterator(chunk_size=2000):
        place = p.target.unit_id or p.source.unit_id
        if place not in names:
            names[place] = units.name_of(unit_id=place, on=on)
        yield [
            *(p.seq, p.on, MOVES_SAID[Move(p.move)], p.commodity.name, p.amount),
            *(p.commodity.unit_word, p.target.purpose, names[place]),
            *(str(p.source.address), str(p.target.address), str(p.reverses_id or "")),
        ]


@public(OPEN)
@require_safe
def journal_file(request: HttpRequest, pk: UUID) -> Stream:
    """Return the whole journal in the published format, line by line."""
    del request
    lines = (f"{line}\n" for line in ledger.journal(fund_id=_fund(pk).pk))
    answer = Stream(lines, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="so-cai-{pk}.jsonl"'
    return answer


@public(OPEN)
@require_safe
def roots(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Return every published root, so that others keep them too."""
    del request
    told = [
        {
            "day": r.day.isoformat(),
            "size": r.size,
            "root": bytes(r.root).hex(),
            "link": bytes(r.link).hex(),
        }
        for r in ledger.roots(fund_id=_fund(pk).pk)
    ]
    return JsonResponse({"fund": str(pk), "roots": told})


@public(OPEN)
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page that checks a journal or a receipt in the visitor's own browser; nothing is sent to us."""
    return render(request, "treasury/verify.html", {})


def _receipt(pk: UUID) -> Receipt:
    found = queries.receipt_of(posting_id=pk)
    if found is None:
        raise Http404
    return found


@public(HOLDER)
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show number, amount and day of a receipt, and whether its proof holds; no name. Its QR code leads here."""
    found = _receipt(pk)
    proof = ledger.proof(posting=found.posting)
    shown = {
        "receipt": found,
        "posting": found.posting,
        "fund": found.posting.fund,
        "unit_name": units.name_of(unit_id=found.unit_id, on=clock.local_date(clock.now())),
        "proof": proof,
        "holds": proof is not None and verifying.verify([json.dumps(proof)]).holds,
        "proved_on": date.fromisoformat(proof["day"]) if proof else None,
        "reversed": hasattr(found.posting, "reversed_by"),
    }
    return render(request, "treasury/receipt.html", shown)


@public(HOLDER)
@require_safe
def proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the receipt's proof in the published format. 404 as long as no root over it was published."""
    del request
    told = ledger.proof(posting=_receipt(pk).posting)
    if told is None:
        raise Http404
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="bien-nhan-{pk}.json"'
    return answer
