"""What lies where: the stock of my unit, what arrives, what leaves; few taps on a phone, and it works without JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caunoi.funds.models import Account, Commodity
from caunoi.goods import actions_giving, actions_stock, forms, queries, words
from caunoi.goods.models import Movement
from caunoi.goods.views.page import (
    PAGE,
    campaign_choices,
    campaign_of,
    detail_of,
    gift_words,
    near_choices,
    tell,
    today,
    unit_choices,
    who,
)
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SHEET = ("Hàng", "Đơn vị tính", "Số lượng", "Đang trên đường", "Nơi để", "Cuộc vận động", "Dành cho nhu cầu")  # fmt: skip


@access("goods.view")
@require_safe
def stock(request: HttpRequest) -> HttpResponseBase:
    """Show what lies at the viewer's units, and what is coming."""
    on, viewer = today(), who(request)
    text, campaign = request.GET.get("q", "")[:60], request.GET.get("dot", "")[:80]
    found = queries.stock(viewer, on=on, text=text, campaign=campaign)
    if sheets.wanted(request):
        return sheets.as_asked(request, "ton-kho", SHEET, _rows(found[:10_000]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    coming = list(queries.arrivals(viewer, on=on)[:PAGE])
    ids = [a.unit_id for a in page] + [u for m in coming for u in (m.unit_id, m.to_unit_id)]
    shown = {
        "page": page,
        "coming": coming,
        "on_the_way": queries.on_the_way(heaps=list(page)),
        "names": units.names_of(unit_ids=[i for i in ids if i], on=on),
        "campaigns": campaign_choices(),
        "chosen": campaign,
        "text": text,
        "keeps": viewer.may(Permission.GOODS_KEEP),
    }
    return render(request, "goods/stock.html", shown)


def _rows(found: Any) -> Iterator[list[Any]]:
    rows = list(found)
    names = units.names_of(unit_ids=[a.unit_id for a in rows], on=today())
    coming = queries.on_the_way(heaps=rows)
    for a in rows:
        yield [
            *(a.commodity.name, a.commodity.unit_word, a.balance, coming.get(a.pk, 0)),
            *(names.get(a.unit_id, ""), a.fund.campaign.title),
            "có" if a.place == "allocated" else "",
        ]


BALANCE = ("Đơn vị", "Hàng", "Nhận", "Đến từ nơi khác", "Gửi đi", "Đã trao", "Hỏng, chết", "Trả lại", "Tồn", "Khớp")  # fmt: skip


@access("goods.view")
@require_safe
def balance(request: HttpRequest) -> HttpResponseBase:
    """Show that in is out and stock, at each of the viewer's units."""
    on = today()
    held = who(request).unit_ids(Permission.GOODS_VIEW)
    below = {u.id: u.full_name for u in units.with_children(unit_ids=held, on=on)}
    flows = queries.flows(unit_ids=list(below))
    things = {c.code: c for c in Commodity.objects.all()}
    order = list(below)
    flows.sort(key=lambda f: (order.index(f.unit_id), things[f.commodity].name))
    if sheets.wanted(request):
        lines = [
            [
                *(below[f.unit_id], things[f.commodity].name, f.received, f.came, f.went),
                *(f.handed_over, f.spoiled, f.given_back, f.stock, "có" if f.is_whole else "KHÔNG"),
            ]
            for f in flows
        ]
        return sheets.as_asked(request, "can-doi-kho", BALANCE, lines)
    return render(request, "goods/balance.html", {"flows": flows, "names": below, "things": things})


def _heap(request: HttpRequest, pk: int) -> Account:
    found = queries.heap(who(request), pk=pk, on=today())
    if found is None:
        raise Http404
    return found


@access("goods.keep")
@require_safe
def heap(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one heap and what may be done with it."""
    return render(request, "goods/heap.html", _about(_heap(request, pk)))


def _about(found: Account) -> dict[str, Any]:
    coming = queries.on_the_way(heaps=[found]).get(found.pk, 0)
    unit_name = units.name_of(unit_id=found.unit_id, on=today()) if found.unit_id else ""
    here = found.balance - coming
    return {"heap": found, "coming": coming, "here": here, "unit_name": unit_name}


TITLES = {
    "trao": lambda: _("Hand over to people"),
    "gui": lambda: _("Send on to another unit"),
    "hong": lambda: _("Spoiled or died"),
    "tra": lambda: _("Give back to the giver"),
}


@access("goods.keep")
def take(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Hand over, send on, write off or give back from a heap."""
    if deed not in TITLES:
        raise Http404
    found = _heap(request, pk)
    shown = _about(found)
    form = _form(request, found, deed, shown["here"])
    if request.method == "POST" and form.is_valid():
        try:
            made = _carry_out(request, found, deed, form.cleaned_data)
        except Foreseen as error:
            tell(form, error)
        else:
            messages.success(request, _("It stands in the books."))
            return redirect("goods:movement", pk=made.pk)
    shown |= {"form": form, "title": TITLES[deed](), "deed": deed}
    return render(request, "goods/take.html", shown, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: Account, deed: str, here: int) -> Any:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    first = forms.today(today()) | {"amount": here}
    if deed == "trao":
        return forms.HandOverForm(*sent, initial=first)
    if deed != "gui":
        return forms.LossForm(*sent, initial=forms.today(today()))
    agreed = _agreed(request, found)
    if agreed:
        first |= {"to": str(agreed[0].need.unit_id), "reservation": str(agreed[0].pk)}
        first["amount"] = min(here, agreed[0].amount)
    wanted = [r.need.unit_id for r in agreed]
    names = units.names_of(unit_ids=wanted, on=today())
    choices = [(str(r.pk), f"{names.get(r.need.unit_id, '')}: {r.amount}") for r in agreed]
    near = near_choices(found.unit_id, today(), wanted)  # type: ignore[arg-type]
    return forms.SendForm(*sent, initial=first, units=near, reservations=choices)


def _agreed(request: HttpRequest, found: Account) -> list[Any]:
    """Return what both sides agreed to and may be sent from this heap."""
    if found.place != "on_hand":
        return []
    live: Any = queries.reservations(who(request), on=today()).filter(
        state__in=["confirmed", "on_way"],
        gift__campaign__fund_id=found.fund_id,
        gift__commodity_id=found.commodity_id,
        gift__purpose=found.purpose,
    )
    return list(live.exclude(need__unit_id=found.unit_id)[:PAGE])


def _carry_out(request: HttpRequest, found: Account, deed: str, fields: dict[str, Any]) -> Movement:
    common: dict[str, Any] = {
        "stock": found,
        "by": who(request),
        "at": clock.now(),
        "detail": detail_of(fields),
    }
    common |= {name: fields[name] for name in ("key", "amount", "on")}
    if deed == "trao":
        who_got = {"recipient": fields["recipient"], "witness": fields["witness"]}
        return actions_giving.hand_over(households=fields["households"] or 0, **who_got, **common)
    if deed == "gui":
        chosen = fields.get("reservation")
        kept = queries.reservation(who(request), pk=UUID(chosen), on=today()) if chosen else None
        return actions_stock.send(to_unit_id=UUID(fields["to"]), reservation=kept, **common)
    return actions_giving.spoil(back=deed == "tra", **common)


@access("goods.keep")
def receive(request: HttpRequest) -> HttpResponse:
    """Take things in."""
    on, viewer = today(), who(request)
    offers = queries.open_gifts(viewer, on=on)
    choices = {
        "gifts": [(str(g.pk), gift_words(g)) for g in offers[:200]],
        "campaigns": campaign_choices(),
        "units": unit_choices(viewer, on),
    }
    first = forms.today(on) | {"gift": request.GET.get("qua", "")[:36], "spoiled": 0}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.ReceiveForm(*sent, initial=first, **choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = _receive(request, form.cleaned_data, offers)
        except Foreseen as error:
            tell(form, error)
        else:
            messages.success(request, _("It lies in your store now, and stands in the books."))
            return redirect("goods:movement", pk=made.pk)
    shown = {"form": form}
    return render(request, "goods/receive.html", shown, status=422 if form.errors else 200)


def _receive(request: HttpRequest, fields: dict[str, Any], offers: Any) -> Movement:
    gift = offers.filter(pk=UUID(fields["gift"])).first() if fields["gift"] else None
    campaign = gift.campaign if gift else campaign_of(fields["campaign"])
    if campaign is None:
        raise Http404
    return actions_stock.receive(
        key=fields["key"],
        campaign=campaign,
        unit_id=UUID(fields["unit"]),
        commodity=gift.commodity_id if gift else fields["commodity"],
        good=fields["good"],
        spoiled=fields["spoiled"] or 0,
        on=fields["on"],
        gift=gift,
        giver=fields["giver"],
        expires_on=fields["expires_on"],
        detail=detail_of(fields),
        by=who(request),
        at=clock.now(),
    )


Told = Callable[[Movement], str]
LIST = ("Ngày", "Việc", "Hàng", "Số lượng", "Nguyên vẹn", "Hỏng, chết", "Thiếu", "Nơi", "Đến", "Cuộc vận động", "Số hộ", "Có ảnh", "Ghi chú")  # fmt: skip


@access("goods.view")
@require_safe
def movements(request: HttpRequest) -> HttpResponseBase:
    """List what moved, filtered."""
    on = today()
    text, kind = request.GET.get("q", "")[:60], request.GET.get("viec", "")[:12]
    campaign, bare = request.GET.get("dot", "")[:80], request.GET.get("khong-anh") == "1"
    found = queries.movements(
        who(request), on=on, text=text, kind=kind, campaign=campaign, without_photo=bare
    )
    if sheets.wanted(request):
        return sheets.as_asked(request, "so-chuyen-hang", LIST, _lines(found[:10_000]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    ids = [u for m in page for u in (m.unit_id, m.to_unit_id) if u]
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=ids, on=on),
        "kinds": [(k.value, words.kind_words(k)) for k in words.KINDS],
        "kind_of": {m.pk: words.kind_words(m.kind) for m in page},
        "campaigns": campaign_choices(),
        "chosen": {"text": text, "kind": kind, "campaign": campaign, "bare": bare},
    }
    return render(request, "goods/movements.html", shown)


def _lines(found: Any) -> Iterator[list[Any]]:
    rows = list(found)
    ids = [u for m in rows for u in (m.unit_id, m.to_unit_id) if u]
    names = units.names_of(unit_ids=ids, on=today())
    for m in rows:
        yield [
            *(m.on, words.kind_words(m.kind), m.commodity.name, m.amount, m.good, m.spoiled),
            *(m.missing, names.get(m.unit_id, ""), names.get(m.to_unit_id, "")),
            *(m.campaign.title, m.households, "có" if m.picture_id else "không", m.note),
        ]
