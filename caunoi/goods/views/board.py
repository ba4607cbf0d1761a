"""Gifts and needs side by side, and what is kept back for whom."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.goods import actions, forms, queries, rules, words
from caunoi.goods.models import Reservation
from caunoi.goods.terms import GoodsError, ReservationState, Side
from caunoi.goods.views.page import PAGE, campaign_choices, today, who
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.units import queries as units

SUGGESTED, LOOKED_AT = 20, 1000


@access("goods.keep")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show gifts and needs; with a gift chosen, the needs it fits, in order, with the reasons."""
    return _board(request)


def _board(request: HttpRequest, *, bound: forms.ReserveForm | None = None) -> HttpResponse:
    on, viewer = today(), who(request)
    asked = request.POST if bound else request.GET
    chosen = {"campaign": asked.get("dot", "")[:80]}
    offers = queries.offers(viewer, on=on, **chosen)
    needs = queries.needs(viewer, on=on, **chosen)
    gift = _chosen(offers, str(bound.data.get("gift", "")) if bound else request.GET.get("qua", ""))
    page = Paginator(offers, PAGE).get_page(request.GET.get("page"))
    shown: dict[str, Any] = {
        "page": page,
        "gift": gift,
        "campaigns": campaign_choices(),
        "chosen": chosen["campaign"],
        "bound": bound,
    }
    if gift is None:
        shown["needs"] = list(needs[:PAGE])
    else:
        shown["suggestions"] = _suggestions(gift, needs, bound)
    places = [g.from_unit_id for g in page] + [n.unit_id for n in shown.get("needs", [])]
    places += [s["need"].unit_id for s in shown.get("suggestions", [])]
    if gift is not None:
        places.append(gift.from_unit_id)
    shown["names"] = units.names_of(unit_ids=[p for p in places if p], on=on)
    return render(request, "goods/board.html", shown, status=422 if bound else 200)


def _chosen(offers: Any, text: str) -> Any:
    try:
        return offers.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def _suggestions(gift: Any, needs: Any, bound: forms.ReserveForm | None) -> list[dict[str, Any]]:
    """Return the needs that fit, each with reasons in words and a form of its own; the one that was refused keeps what was typed."""
    on = today()
    rows = {n.pk: n for n in needs.filter(commodity_id=gift.commodity_id)[:LOOKED_AT]}
    offer = queries.offer_of(gift=gift, on=on)
    found = rules.suggest(offer, queries.wanted_of(found=rows.values(), on=on), on=on)
    refused = str(bound.data.get("need", "")) if bound else ""
    shown = []
    for s in found[:SUGGESTED]:
        first = {"gift": gift.pk, "need": s.need_id, "amount": s.amount}
        form = forms.ReserveForm(initial=first, prefix=None, auto_id=f"id_{s.need_id}_%s")
        if bound is not None and refused == str(s.need_id):
            form = bound
        reasons = words.all_said(s.reasons)
        shown.append({"need": rows[s.need_id], "reasons": reasons, "form": form})
    return shown


@access("goods.keep")
@require_POST
def reserve(request: HttpRequest) -> HttpResponse:
    """Keep a part of a gift back for a need."""
    on, viewer = today(), who(request)
    need_id = request.POST.get("need", "")
    form = forms.ReserveForm(request.POST, auto_id=f"id_{need_id}_%s")
    if not form.is_valid():
        return _board(request, bound=form)
    fields = form.cleaned_data
    there = queries.reservation(viewer, pk=fields["key"], on=on)
    if there is not None:
        return redirect("goods:reservation", pk=there.pk)
    gift = queries.offers(viewer, on=on).filter(pk=fields["gift"]).first()
    need = queries.needs(viewer, on=on).filter(pk=fields["need"]).first()
    if gift is None or need is None:
        form.add_error(None, _("Somebody else was faster: the gift or the need is covered now."))
        return _board(request, bound=form)
    try:
        made = actions.reserve(
            gift=gift,
            need=need,
            amount=fields["amount"],
            key=fields["key"],
            may_exceed=fields["may_exceed"],
            by=viewer,
            at=clock.now(),
        )
    except GoodsError as error:
        form.add_error("amount", _(str(error)))
        return _board(request, bound=form)
    messages.success(request, _("Kept back. Now the other side says yes."))
    return redirect("goods:reservation", pk=made.pk)


SHEET = ("Hàng", "Số lượng", "Đã trao", "Cho đơn vị", "Cuộc vận động", "Trạng thái", "Lập lúc")


@access("goods.view")
@require_safe
def reservations(request: HttpRequest) -> HttpResponseBase:
    """List what is kept back for whom."""
    on = today()
    state, text = request.GET.get("trang-thai", "")[:12], request.GET.get("q", "")[:60]
    found = queries.reservations(who(request), on=on, state=state, text=text)
    if sheets.wanted(request):
        return sheets.as_asked(request, "giu-qua", SHEET, _rows(found[:10_000]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=[r.need.unit_id for r in page], on=on),
        "chips": {r.pk: words.state_chip(r.state) for r in page},
        "states": [(s.value, words.state_chip(s)["label"]) for s in ReservationState],
        "state": state,
        "text": text,
    }
    return render(request, "goods/reservations.html", shown)


def _rows(found: Any) -> Iterator[list[Any]]:
    rows = list(found)
    names = units.names_of(unit_ids=[r.need.unit_id for r in rows], on=today())
    for r in rows:
        yield [
            *(r.gift.commodity.name, r.amount, r.delivered, names.get(r.need.unit_id, "")),
            *(r.gift.campaign.title, words.state_chip(r.state)["label"], r.made_at),
        ]


def _load(request: HttpRequest, pk: UUID) -> Reservation:
    found = queries.reservation(who(request), pk=pk, on=today())
    if found is None:
        raise Http404
    return found


@access("goods.view")
@require_safe
def reservation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one: how far it has come, who said yes, what may be done now."""
    return _page(request, _load(request, pk))


def _page(
    request: HttpRequest,
    found: Reservation,
    *,
    status: int = 200,
    form: forms.ReleaseForm | None = None,
) -> HttpResponse:
    on, at, viewer = today(), clock.now(), who(request)
    keeps_unit = actions.may_keep(found.need.unit_id, viewer, at)
    keeps_gift = actions.may_keep(found.gift.campaign.unit_id, viewer, at)
    live = found.state in {"offered", "confirmed"}
    shown = {
        "r": found,
        "chip": words.state_chip(found.state),
        "unit_name": units.name_of(unit_id=found.need.unit_id, on=on),
        "may_unit": live and keeps_unit and not found.unit_at and found.giver_by_id != viewer.account_id,
        "may_giver": live and keeps_gift and not found.giver_at and found.unit_by_id != viewer.account_id,
        "may_release": live and (keeps_unit or keeps_gift),
        "form": form or forms.ReleaseForm(),
        "movements": found.movements.select_related("commodity").order_by("at"),
    }  # fmt: skip
    return render(request, "goods/reservation.html", shown, status=status)


@access("goods.keep")
@require_POST
def decide(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Say yes for one side, or give it free again."""
    found, at = _load(request, pk), clock.now()
    form = forms.ReleaseForm(request.POST)
    try:
        if deed == "nha":
            because = form.data.get("because", "")
            actions.release(reservation=found, because=because, by=who(request), at=at)
            messages.success(request, _("Given free; others can have it now."))
        else:
            side = Side.UNIT if deed == "nhan" else Side.GIVER
            actions.agree(reservation=found, side=side, by=who(request), at=at)
            messages.success(request, _("Recorded: this side says yes."))
    except GoodsError as error:
        form.is_valid()
        form.add_error(None, _(str(error)))
        return _page(request, found, status=422, form=form)
    return redirect(reverse("goods:reservation", args=[pk]))
