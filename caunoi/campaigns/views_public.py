"""What everybody sees of campaigns: what is asked, given and handed over; the account and its code; how it goes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.campaigns import payment, picture_of, queries, sharing, words
from caunoi.campaigns.forms_promise import need_of
from caunoi.campaigns.models import Campaign
from caunoi.campaigns.terms import Kind, Priority, State
from caunoi.campaigns.views_desk import duties
from caunoi.funds import queries as books
from caunoi.kit import clock, paging, sheets
from caunoi.kit.access import public
from caunoi.units import queries as units

PUBLIC = "what is asked for, given and handed over is public"
NEEDS_SHOWN = 20
SHEET = ("Nơi", "Thứ góp", "Đơn vị tính", "Cần", "Đã đăng ký", "Đã nhận", "Đã phân bổ", "Đã trao")


@public(PUBLIC)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """List the campaigns, open first asked; searched, and narrowed to a unit."""
    on = clock.local_date(clock.now())
    text, when = request.GET.get("q", "")[:100], request.GET.get("khi", "")[:6]
    unit = units.by_slug(slug=request.GET.get("don-vi", "")[:140], on=on)
    found = queries.public_found(text=text, under=unit.id if unit else None, when=when, on=on)
    page = paging.cut(found, page=request.GET.get("page"), size=20)
    names = units.names_of(unit_ids=[c.unit_id for c in page.rows], on=on)
    rows = [
        {
            "campaign": c,
            "unit_name": names.get(c.unit_id, ""),
            "over": over(c, on),
            "kind": words.KINDS[Kind(c.kind)],
        }
        for c in page.rows
    ]
    shown = {"page": page, "rows": rows, "text": text, "when": when, "unit": unit}
    return render(request, "campaigns/public_list.html", shown | {"section": "campaigns"})


def over(campaign: Campaign, on: Any) -> bool:
    """True when nothing is accepted any more."""
    return campaign.state == State.SETTLED or (
        campaign.ends_on is not None and campaign.ends_on < on
    )


def load(slug: str) -> Campaign:
    """Return a campaign that everybody sees; what is not public is not there."""
    found = queries.by_slug(slug=slug)
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
def campaign(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show one campaign; ``?xlsx`` and ``?csv`` give its four columns as a file."""
    on = clock.local_date(clock.now())
    found = load(slug)
    numbers = picture_of.of_campaign(campaign=found, on=on)
    if sheets.wanted(request):
        return sheets.as_asked(
            request, f"so-bon-cot-{found.slug}", SHEET, _rows(numbers), heading=found.title
        )
    unit = units.latest(unit_id=found.unit_id, on=on)
    address = f"{settings.PUBLIC_URL}{reverse('campaigns:public', args=[found.slug])}"
    area_name = units.name_of(unit_id=found.area_id, on=on)
    ended = over(found, on)
    page = paging.cut(
        queries.public_needs(campaign=found), page=request.GET.get("page"), size=NEEDS_SHOWN
    )
    shown = {
        "campaign": found,
        "unit": unit,
        "unit_name": unit.full_name if unit else "",
        "area_name": area_name,
        "kind": words.KINDS[Kind(found.kind)],
        "over": ended,
        "begun": found.starts_on <= on,
        "numbers": numbers,
        "purposes": found.purposes.order_by("pk"),
        "page": page,
        "needs": _needs(found, page.rows, on),
        "updates": queries.updates_of(campaign=found),
        "publications": duties(found, on),
        "memo": queries.code_text(campaign=found),
        "late": books.came_too_late(fund_id=found.fund_id).get("VND") if found.fund_id else None,  # type: ignore[arg-type]
        "address": address,
        "structured": sharing.facts(
            campaign=found,
            unit_name=unit.full_name if unit else "",
            area_name=area_name,
            address=address,
        ),
        "section": "campaigns",
        "unit_url": reverse("portal:unit", args=[unit.slug]) if unit else "/",
    }
    return render(request, "campaigns/public.html", shown)


def _needs(campaign: Campaign, rows: list[Any], on: Any) -> list[dict[str, Any]]:
    names = units.names_of(unit_ids=[n.unit_id for n in rows], on=on)
    met = queries.met_of(need_ids=[n.pk for n in rows])
    return [
        {
            "need": n,
            "met": met.get(n.pk, 0),
            "missing": max(n.amount - met.get(n.pk, 0), 0),
            "unit_name": names.get(n.unit_id, ""),
            "priority": words.PRIORITIES[Priority(n.priority)],
            "stale": n.confirmed_until < on,
            "money": n.commodity_id == "VND" and bool(campaign.account_number),
        }
        for n in rows
    ]


def _rows(numbers: picture_of.Shown) -> Iterator[list[Any]]:
    parts = [("Tất cả", numbers.totals)]
    parts += [(p.area.unit.full_name, p.lines) for p in numbers.places]
    parts += [(f"Mục đích: {n or 'không ghi'}", lines) for n, lines in numbers.purposes]
    for name, lines in parts:
        for a in lines:
            yield [
                *(name, a.commodity.name, a.commodity.unit_word, a.needed),
                *(a.registered, a.received, a.allocated, a.delivered),
            ]


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def qr(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Draw the payment code of the campaign, or with ``?nhu-cau=`` of one need; nothing of the sort before its days and after them."""
    found, on = load(slug), clock.local_date(clock.now())
    need = need_of(found, request.GET.get("nhu-cau", "")[:40], on=clock.local_date(clock.now()))
    code = queries.code_text(campaign=found, need=need)
    closed = over(found, on) or found.starts_on > on
    text = "" if closed else payment.payload(campaign=found, code=code)
    if form not in payment.FORMS or not text:
        raise Http404
    return HttpResponse(payment.drawn(text=text, form=form), content_type=payment.FORMS[form])


@public(PUBLIC)
@require_safe
@cache_control(max_age=900)
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the picture that is shown where the address is shared."""
    found, on = load(slug), clock.local_date(clock.now())
    body = sharing.image(
        campaign=found,
        unit_name=units.name_of(unit_id=found.unit_id, on=on),
        numbers=picture_of.of_campaign(campaign=found, on=on),
        on=on,
    )
    return HttpResponse(body, content_type="image/png")


@public(PUBLIC)
@require_safe
@cache_control(max_age=86400)
def picture(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give a picture of the campaign or of one of its updates: small, or with ``?to`` as large as it is kept."""
    found = queries.picture(campaign=load(slug), pk=pk)
    if found is None:
        raise Http404
    body = found.body if "to" in request.GET else found.preview
    return HttpResponse(bytes(body), content_type="image/webp")


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell feed readers how it goes."""
    found = load(slug)
    address = f"{settings.PUBLIC_URL}{reverse('campaigns:public', args=[found.slug])}"
    written = Atom1Feed(
        title=found.title,
        link=address,
        description=found.purpose[:300],
        language="vi",
        feed_url=f"{settings.PUBLIC_URL}{request.path}",
        author_name=found.launched_by,
    )
    for update in queries.updates_of(campaign=found):
        written.add_item(
            title=update.text[:80],
            link=f"{address}#tin-{update.pk}",
            unique_id=f"urn:uuid:{update.pk}",
            description=update.text,
            pubdate=update.at,
            updateddate=update.at,
        )
    body = written.writeString("utf-8")
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
