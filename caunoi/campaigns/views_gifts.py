"""Promises at the desk: listed for those who handle them, and taken in over the telephone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.campaigns import actions, forms_desk, forms_promise, queries, rules, words
from caunoi.campaigns.models import Gift
from caunoi.campaigns.terms import CampaignError, GiftState
from caunoi.campaigns.views_desk import load
from caunoi.funds.terms import OutsideCampaign
from caunoi.kit import clock, paging, sheets
from caunoi.kit.access import access

SHEET = ("Mã", "Thứ góp", "Số lượng", "Đã đến", "Đơn vị tính", "Trạng thái", "Người góp", "Liên hệ", "Ngày hứa", "Giữ đến")  # fmt: skip


@access("campaigns.view")
@require_safe
def gifts(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """List the promises to a campaign; names stand there for those who handle them."""
    found, on = load(request, pk), clock.local_date(clock.now())
    staff = request.staff  # type: ignore[attr-defined]
    chosen = {n: request.GET.get(n, "")[:60] for n in ("text", "state", "thing")}
    rows = queries.gifts(staff, campaign=found, on=on, **chosen)
    names = queries.sees_givers(staff, campaign=found, on=on)
    if sheets.wanted(request):
        return sheets.as_asked(request, "loi-hua", SHEET, _rows(rows, names))
    page = paging.cut(rows, page=request.GET.get("page"))
    shown = {
        "campaign": found,
        "page": page,
        "rows": [_row(g) for g in page.rows],
        "names": names,
        "chosen": chosen,
        "things": forms_desk.things(),
        "states": words.GIFT_STATES.items(),
    }
    return render(request, "campaigns/gifts.html", shown)


def _row(gift: Gift) -> dict[str, Any]:
    state = GiftState(gift.state)
    return {"gift": gift, "state": words.GIFT_STATES[state], "tone": words.GIFT_TONES[state]}


def _rows(found: Any, names: bool) -> Iterator[list[Any]]:
    for g in found[:50_000]:
        yield [
            *(g.code.text, g.commodity.name, g.amount, g.came, g.commodity.unit_word),
            str(words.GIFT_STATES[GiftState(g.state)]),
            *((g.giver, g.contact) if names else (_hidden(g), "")),
            *(clock.local_date(g.promised_at), g.good_until),
        ]


def _hidden(gift: Gift) -> str:
    return rules.shown_name(giver=gift.giver, initials=True)


@access("campaigns.write")
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in a promise said over the telephone or at the desk."""
    found = load(request, pk)
    form = forms_promise.TakeInForm(
        request.POST or None,
        campaign=found,
        public=False,
        on=clock.local_date(clock.now()),
        initial={"key": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            gift = actions.promise(
                campaign=found,
                commodity=fields["thing"],
                amount=fields["amount"],
                fields=form.gift_fields(),
                key=fields["key"],
                at=clock.now(),
                by=request.staff,  # type: ignore[attr-defined]
            )
            said = _("The promise is kept under the code %(code)s.") % {"code": gift.code.text}
            messages.success(request, said)
            return redirect("campaigns:gifts", pk=pk)
        except (CampaignError, OutsideCampaign) as error:
            form.add_error(None, _(str(error)))
    shown = {"form": form, "campaign": found}
    return render(request, "campaigns/take_in.html", shown, status=422 if form.errors else 200)
