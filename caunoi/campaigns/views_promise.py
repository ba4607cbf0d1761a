"""Promising a gift, in two steps and without JavaScript; and the page of a promise, found by its code."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.campaigns import actions, forms_promise, payment, queries, rules, words
from caunoi.campaigns.models import Campaign, Gift, Need
from caunoi.campaigns.terms import CampaignError, GiftState
from caunoi.campaigns.views_public import load, over
from caunoi.funds.models import Commodity
from caunoi.funds.terms import OutsideCampaign
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.kit.limits import LOOK_UP, PUBLIC_FORM, limited

PUBLIC = "anybody may promise a gift and follow it by its code"


@public(PUBLIC)
@limited(PUBLIC_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what and how much, then who, then keep it."""
    found = load(slug)
    on, asked = clock.local_date(clock.now()), request.GET.get("nhu-cau", "")[:40]
    need = forms_promise.need_of(found, asked, on=on)
    if shut := _shut(found, on):
        refused = 410 if shut == "ended" else 422
        return _page(request, found, shut, status=refused if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, found, "what", form=_what(found, need), need=need)
    what = _what(found, need, request.POST)
    if not what.is_valid() or "back" in request.POST:
        status = 422 if what.errors else 200
        return _page(request, found, "what", form=what, need=need, status=status)
    given: dict[str, Any] = {"thing": what.cleaned_data["thing"], "on": on}
    if request.POST.get("step") != "who":
        who = forms_promise.WhoForm(initial=_carried(what) | {"key": uuid4()}, **given)
        return _page(request, found, "who", form=who, need=need, what=what)
    who = forms_promise.WhoForm(request.POST, **given)
    if who.is_valid():
        try:
            gift = _keep(found, need, what, who)
            return redirect("campaigns:promised", code=gift.code.text)
        except (CampaignError, OutsideCampaign) as error:
            who.add_error(None, _(str(error)))
    return _page(request, found, "who", form=who, need=need, what=what, status=422)


def _shut(campaign: Campaign, on: date) -> str:
    """Return why nothing is taken on that day: "ended" or "early"; empty on the campaign's own days."""
    if over(campaign, on):
        return "ended"
    return "early" if campaign.starts_on > on else ""


def _what(campaign: Campaign, need: Need | None, data: Any = None) -> forms_promise.WhatForm:
    return forms_promise.WhatForm(data, campaign=campaign, need=need)


def _carried(what: forms_promise.WhatForm) -> dict[str, Any]:
    fields = what.cleaned_data
    return {n: fields.get(n) or "" for n in ("thing", "amount", "purpose")}


def _keep(campaign: Campaign, need: Need | None, what: Any, who: forms_promise.WhoForm) -> Gift:
    return actions.promise(
        campaign=campaign,
        need=need,
        commodity=what.cleaned_data["thing"],
        amount=what.cleaned_data["amount"],
        fields=who.gift_fields() | {"purpose": what.cleaned_data.get("purpose") or ""},
        key=who.cleaned_data["key"],
        at=clock.now(),
    )


def _page(
    request: HttpRequest, campaign: Campaign, step: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    shown: dict[str, Any] = {"campaign": campaign, "step": step, "section": "campaigns"} | more
    shown["not_asked"] = "nhu-cau" in request.GET and more.get("need") is None
    shown |= _at_once(campaign, more.get("need")) if step == "what" else {}
    what = more.get("what")
    if what is not None:
        shown["thing"] = Commodity.objects.get(pk=what.cleaned_data["thing"])
    return render(request, "campaigns/promise.html", shown, status=status)


def _at_once(campaign: Campaign, need: Need | None) -> dict[str, Any]:
    """Return the payment code of a need of money, for whoever transfers without promising first."""
    if need is None or need.commodity_id != "VND" or campaign.starts_on > clock.local_date(clock.now()):  # fmt: skip
        return {}
    memo = queries.code_text(campaign=campaign, need=need)
    return {"memo": memo, "qr": payment.inline(text=payment.payload(campaign=campaign, code=memo))}


@public(PUBLIC)
@limited(LOOK_UP, methods=("GET",))
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Find a promise by its code, typed as it may be: small letters, O for 0."""
    typed = request.GET.get("ma", "")[:40]
    gift = queries.gift_by_code(text=typed) if typed else None
    if gift is not None:
        return redirect("campaigns:promised", code=gift.code.text)
    shown = {"typed": typed, "section": "campaigns"}
    return render(request, "campaigns/find.html", shown, status=422 if typed else 200)


def _gift(code: str) -> Gift:
    gift = queries.gift_by_code(text=code[:20])
    if gift is None:
        raise Http404
    return gift


@public(PUBLIC)
@limited(LOOK_UP, methods=("GET",))
@require_safe
@never_cache
def promised(request: HttpRequest, code: str) -> HttpResponse:
    """Show how far a promise is, how to pay or bring it, and its payment code."""
    gift, on = _gift(code), clock.local_date(clock.now())
    text = gift.code.text
    if code != text:
        return redirect("campaigns:promised", code=text)
    state = GiftState(gift.state)
    shown = {
        "gift": gift,
        "campaign": gift.campaign,
        "memo": text,
        "state": words.GIFT_STATES[state],
        "tone": words.GIFT_TONES[state],
        "rest": max(gift.amount - gift.came, 0),
        "over": over(gift.campaign, on),
        "giver": rules.shown_name(giver=gift.giver, initials=True),
        "qr": payment.inline(text=_payload(gift)),
        "section": "campaigns",
    }
    return render(request, "campaigns/promised.html", shown)


def _payload(gift: Gift) -> str:
    """Return the text of the payment code for what is still open of a promise of money, or nothing."""
    open_still = gift.amount - gift.came
    waits = gift.state in (GiftState.PROMISED, GiftState.PARTLY)
    on = clock.local_date(clock.now())
    closed = _shut(gift.campaign, on)
    if gift.commodity_id != "VND" or open_still <= 0 or not waits or closed:
        return ""
    return payment.payload(campaign=gift.campaign, code=gift.code.text, amount=open_still)


@public(PUBLIC)
@limited(LOOK_UP, methods=("GET",))
@require_safe
def promised_qr(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Draw the payment code of one promise."""
    text = _payload(_gift(code))
    if form not in payment.FORMS or not text:
        raise Http404
    return HttpResponse(payment.drawn(text=text, form=form), content_type=payment.FORMS[form])
