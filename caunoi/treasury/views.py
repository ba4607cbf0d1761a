"""The treasurer's desk: books, vouchers, and the second person's word."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.campaigns.models import Campaign
from caunoi.funds.models import Fund
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.treasury import actions, auditing, forms, queries, rules
from caunoi.treasury.models import Voucher
from caunoi.treasury.terms import Kind, Means, State
from caunoi.units import queries as units

PAGE = 50
SHEET = (
    *("Số phiếu", "Loại", "Trạng thái", "Ngày", "Số tiền (đồng)", "Mục đích", "Đơn vị"),
    *("Người nộp / nhận tiền", "Nội dung", "Người lập", "Người duyệt", "Số tham chiếu"),
)


def today() -> date:
    """Return the day in Việt Nam."""
    return clock.local_date(clock.now())


def load_fund(request: HttpRequest, pk: UUID) -> Fund:
    """Return the books when the viewer may see them. Raises Http404."""
    found = queries.fund(request.staff, pk=pk, on=today())
    if found is None:
        raise Http404
    return found


def load_voucher(request: HttpRequest, pk: UUID) -> Voucher:
    """Return the voucher when the viewer may see its books. Raises Http404."""
    found = queries.voucher(request.staff, pk=pk, on=today())
    if found is None:
        raise Http404
    return found


def may(request: HttpRequest, permission: Permission, unit_id: UUID) -> bool:
    """True when the viewer holds the permission at that unit."""
    path = units.paths_of(unit_ids=[unit_id], on=today()).get(unit_id)
    return path is not None and request.staff.may(permission, path)


@access("funds.view")
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """List the books of the viewer's units, and what waits for a second person."""
    on = today()
    page = Paginator(queries.visible_funds(request.staff, on=on), PAGE).get_page(
        request.GET.get("page")
    )
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=[f.unit_id for f in page], on=on),
        "campaigns": queries.campaigns_of(fund_ids=[f.pk for f in page]),
        "money": queries.money_of(fund_ids=[f.pk for f in page]),
        "waiting": queries.to_approve(request.staff, on=on)[:20],
    }
    return render(request, "treasury/funds.html", shown)


@access("funds.view")
@require_safe
def fund(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one set of books: what lies there, what to do, the last vouchers."""
    found, on = load_fund(request, pk), today()
    anomalies = auditing.anomalies(fund=found)
    shown = {
        "fund": found,
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "campaign": Campaign.objects.filter(fund=found).first(),
        "stands": queries.standing(fund=found),
        "vouchers": queries.vouchers(request.staff, on=on, fund_id=found.pk)[:8],
        "kinds": [(k.value, w) for k, w in forms.KINDS.items()],
        "keeps": may(request, Permission.FUNDS_KEEP, found.unit_id),
        "approves": may(request, Permission.FUNDS_APPROVE, found.unit_id),
        "open_anomalies": sum(not a.explained for a in anomalies),
    }
    return render(request, "treasury/fund.html", shown)


@access("funds.view")
@require_safe
def vouchers(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """List the vouchers of a fund, filtered; ``?xlsx`` gives them as a file."""
    found, on = load_fund(request, pk), today()
    span = forms.SpanForm(request.GET)
    days = span.cleaned_data if span.is_valid() else {}
    chosen = {name: request.GET.get(name, "")[:60] for name in ("text", "kind", "state")}
    rows = queries.vouchers(
        request.staff,
        on=on,
        fund_id=found.pk,
        since=days.get("since"),
        until=days.get("until"),
        **chosen,
    )
    if sheets.wanted(request):
        return sheets.as_asked(request, "phieu", SHEET, voucher_rows(rows, on), heading=found.name)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = {
        "fund": found,
        "page": page,
        "names": units.names_of(unit_ids=[v.place_id for v in page if v.place_id], on=on),
        "chosen": chosen,
        "days": days,
        "kinds": forms.KINDS.items(),
        "states": list(State),
        "keeps": may(request, Permission.FUNDS_KEEP, found.unit_id),
    }
    return render(request, "treasury/vouchers.html", shown)


def voucher_rows(found: Any, on: date) -> Any:
    """Yield vouchers as rows of ``SHEET``."""
    rows = list(found)
    names = units.names_of(unit_ids=[v.place_id for v in rows if v.place_id], on=on)
    for v in rows:
        yield [
            *(v.symbol, str(forms.KINDS[Kind(v.kind)]), v.state, v.on, v.amount, v.purpose),
            *(names.get(v.place_id, ""), v.partner or v.recipient, v.reason),
            v.prepared_by.full_name,
            v.approved_by.full_name if v.approved_by else "",
            v.reference,
        ]


@access("funds.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Write a voucher of that kind."""
    found, at = load_fund(request, pk), clock.now()
    if kind not in list(Kind) or not may(request, Permission.FUNDS_KEEP, found.unit_id):
        raise Http404
    purposes = list(
        queries.purposes_of(fund=found, coming_in=Kind(kind) in rules.COMING_IN).items()
    )
    form = forms.VoucherForm(
        request.POST or None,
        request.FILES or None,
        kind=Kind(kind),
        purposes=purposes,
        on_day=clock.local_date(at),
    )
    if request.method == "POST" and form.is_valid():
        try:
            voucher = _prepared(request, found, Kind(kind), form.cleaned_data, at)
            return redirect("treasury:voucher", pk=voucher.pk)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    shown = {
        "fund": found,
        "form": form,
        "kind": kind,
        "kind_words": forms.KINDS[Kind(kind)],
        "limit": queries.limit_of(unit_id=found.unit_id, on=clock.local_date(at)),
        "two": kind != Kind.TAKE_IN,
    }
    return render(request, "treasury/prepare.html", shown, status=422 if form.errors else 200)


def _prepared(request: HttpRequest, fund: Fund, kind: Kind, fields: dict, at: Any) -> Voucher:
    voucher = actions.prepare(
        key=fields["key"],
        fund=fund,
        kind=kind,
        amount=fields["amount"],
        on=fields["on"],
        by=request.staff,
        at=at,
        words={name: fields.get(name, "") for name in actions.WORDS},
        purpose=fields.get("purpose", ""),
        place_id=fields["place"].id if fields.get("place") else None,
        means=Means(fields["means"]) if fields.get("means") else rules.by_default(kind),
        photo=fields.get("photo", b""),
    )
    if voucher.state == State.WAITING:
        messages.success(request, _("Written. Another person approves it before it counts."))
    else:
        messages.success(request, _("Posted under number %(n)s.") % {"n": voucher.symbol})
    return voucher


@access("funds.view")
@require_safe
def voucher(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one voucher with everything that may be done about it."""
    return voucher_page(request, load_voucher(request, pk))


def voucher_page(
    request: HttpRequest, found: Voucher, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """Draw the page of a voucher."""
    on = today()
    keeps = may(request, Permission.FUNDS_KEEP, found.unit_id)
    approves = may(request, Permission.FUNDS_APPROVE, found.unit_id)
    own = found.prepared_by_id == request.staff.account_id
    waiting, posted = found.state == State.WAITING, found.state == State.POSTED
    place = units.name_of(unit_id=found.place_id, on=on) if found.place_id else ""
    shown = {
        "voucher": found,
        "kind_words": forms.KINDS[Kind(found.kind)],
        "means_words": forms.MEANS[Means(found.means)],
        "place": place,
        "receipt": queries.receipt_of(posting_id=found.pk),
        "approves": waiting and approves and not own,
        "own": waiting and approves and own,
        "voids": waiting and (keeps or approves),
        "reverses": posted and ((approves and not own) if found.needs_second else keeps),
        "pictures": keeps and not found.picture_id and Kind(found.kind) in rules.WITNESSED,
        "photo_form": forms.PhotoForm(),
        "because_form": forms.BecauseForm(),
    } | bound
    return render(request, "treasury/voucher.html", shown, status=status)


@access("funds.view")
@require_POST
def decide(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Approve, give up, take back, or bring a photo; the action looks who may."""
    found = load_voucher(request, pk)
    if deed not in DEEDS:
        raise Http404
    try:
        DEEDS[deed](request, found)
        messages.success(request, _("Recorded."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
        return voucher_page(request, found, status=422)
    return redirect("treasury:voucher", pk=pk)


def _approve(request: HttpRequest, found: Voucher) -> None:
    actions.approve(voucher=found, by=request.staff, at=clock.now())


def _void(request: HttpRequest, found: Voucher) -> None:
    because = request.POST.get("because", "")
    actions.void(voucher=found, because=because, by=request.staff, at=clock.now())


def _reverse(request: HttpRequest, found: Voucher) -> None:
    because, at = request.POST.get("because", ""), clock.now()
    on = clock.local_date(at)
    actions.reverse(voucher=found, because=because, on=on, by=request.staff, at=at)


def _photo(request: HttpRequest, found: Voucher) -> None:
    file = request.FILES.get("photo")
    content = file.read(forms.BIGGEST_PHOTO) if file else b""
    actions.add_photo(voucher=found, photo=content, by=request.staff, at=clock.now())


DEEDS = {"duyet": _approve, "huy": _void, "dao": _reverse, "them-anh": _photo}


@access("funds.view")
@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the photo of a hand-over."""
    found = load_voucher(request, pk)
    if found.picture is None:
        raise Http404
    return HttpResponse(bytes(found.picture.body), content_type="image/webp")
