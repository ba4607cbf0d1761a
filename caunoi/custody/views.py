"""The register of official channels: who holds them, whether they follow the rules, and what the public may ask."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.channels.rules import token_days_left
from caunoi.custody import actions, actions_register, forms, queries, rules
from caunoi.custody.models import Asset, Keeper
from caunoi.custody.terms import REPORTS, AssetKind, AssetState, Brand, CustodyError
from caunoi.documents.terms import PaperError
from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.kit.limits import limited
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level

PAGE = 50
PUBLIC = "anybody may ask whether a page is official, and say that one is not"


@access("channels.view")
@require_safe
def assets(request: HttpRequest) -> HttpResponseBase:
    """List the register, filtered."""
    at = clock.now()
    on = clock.local_date(at)
    chosen: dict[str, Any] = {n: request.GET.get(n, "")[:60] for n in ("text", "kind", "state")}
    ticked: dict[str, Any] = {n: request.GET.get(n) == "1" for n in ("orphans", "unconfirmed")}
    against = request.GET.get("against") == "1"
    found: Any = queries.assets(request.staff, on=on, **ticked, **chosen)  # type: ignore[attr-defined]
    if against:
        found = _against(found, on)
    if sheets.wanted(request):
        return sheets.as_asked(request, "kenh-chinh-thuc", SHEET, _rows(found, on, at))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": queries.places_of(unit_ids=[a.unit_id for a in page], on=on),
        "days": {a.pk: _days(a, at) for a in page},
        "chosen": chosen,
        "problems": _said(queries.problems_of(assets=page, on=on)),
        "states": [("open", _("not decided yet")), *forms.STATES.items()],
        "against": against,
        "mine": request.staff.account_id,  # type: ignore[attr-defined]
        "manages": request.staff.may(Permission.CHANNELS_MANAGE),  # type: ignore[attr-defined]
        **ticked,
        "kinds": forms.KINDS.items(),
        "fewest": rules.FEWEST,
    }
    return render(request, "custody/assets.html", shown)


SHEET = (
    *("Tên", "Loại", "Đơn vị", "Địa chỉ", "Số thuê bao", "Người giữ"),
    *("Nơi cất phong bì", "Trạng thái", "Token còn (ngày)", "Chưa đúng quy định"),
)


def _said(found: dict[UUID, list[str]]) -> dict[UUID, list[str]]:
    return {pk: [str(forms.PROBLEMS[p]) for p in problems] for pk, problems in found.items()}


def _against(found: Any, on: Any) -> list[Asset]:
    """Return those in the register that do not follow the rules of the province."""
    held = list(found.filter(state=AssetState.REGISTERED))
    problems = queries.problems_of(assets=held, on=on)
    return [a for a in held if problems[a.pk]]


def _rows(found: Any, on: Any, at: Any) -> Iterator[list[Any]]:
    rows = list(found)
    names = queries.places_of(unit_ids=[a.unit_id for a in rows], on=on)
    problems = _said(queries.problems_of(assets=rows, on=on))
    for a in rows:
        yield [
            *(a.name, str(forms.KINDS[AssetKind(a.kind)]), names.get(a.unit_id, ""), a.url),
            *(
                a.number,
                a.holding,
                a.envelope,
                str(forms.STATES[AssetState(a.state)]),
                _days(a, at),
            ),
            "; ".join(problems[a.pk]),
        ]


def _days(asset: Asset, at: Any) -> int | None:
    return (
        token_days_left(expires_at=asset.channel.token_expires_at, at=at) if asset.channel else None
    )


@access("channels.view")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a new one."""
    at = clock.now()
    form = forms.AskForm(request.POST or None, on_day=clock.local_date(at))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            made = actions.ask(
                unit_id=fields["unit"].id,
                kind=AssetKind(fields["kind"]),
                name=fields["name"],
                reason=fields["reason"],
                by=request.staff,  # type: ignore[attr-defined]
                at=at,
            )
            return redirect("custody:asset", pk=made.pk)
        except CustodyError as error:
            form.add_error("unit", _(str(error)))
    return render(request, "custody/ask.html", {"form": form}, status=422 if form.errors else 200)


def _load(request: HttpRequest, pk: UUID) -> Asset:
    found = queries.asset(request.staff, pk=pk, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("channels.view")
@require_safe
def asset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one thing with everything that may be done about it."""
    return _page(request, _load(request, pk))


def _page(request: HttpRequest, found: Asset, status: int = 200, **bound: Any) -> HttpResponse:
    at = clock.now()
    on = clock.local_date(at)
    unit_name = queries.places_of(unit_ids=[found.unit_id], on=on)[found.unit_id]
    path = units.paths_of(unit_ids=[found.unit_id], on=on).get(found.unit_id, "")
    keepers = queries.keepers_of(asset=found)
    shown: dict[str, Any] = {
        "asset": found,
        "unit_name": unit_name,
        "keepers": keepers,
        "few": sum(k.until is None and k.account.is_active for k in keepers) < rules.FEWEST,
        "days": _days(found, at),
        "problems": _said(queries.problems_of(assets=[found], on=on))[found.pk],
        "unconfirmed": found.channel_id is not None
        and found.state == AssetState.REGISTERED
        and found.approved_by_id is None,
        "mine": found.asked_by_id == request.staff.account_id,  # type: ignore[attr-defined]
        "next": sorted(rules.NEXT[AssetState(found.state)]),
        "manage": request.staff.may(Permission.CHANNELS_MANAGE, path),  # type: ignore[attr-defined]
        "address": f"{settings.PUBLIC_URL}{reverse('custody:public', args=[found.pk])}",
    }
    if shown["manage"]:
        shown |= _forms(request, found, keepers, on) | bound
    return render(request, "custody/asset.html", shown, status=status)


def _forms(request: HttpRequest, found: Asset, keepers: list[Keeper], on: Any) -> dict[str, Any]:
    people = _people(request, found, on)
    holding = Account.objects.filter(pk__in=[k.account_id for k in keepers if k.until is None])
    fields = ("name", "url", "number", "envelope", "links", "look_ok")
    return {
        "form": forms.AssetForm(initial={name: getattr(found, name) for name in fields}),
        "keeper_form": forms.KeeperForm(people=people),
        "mistake_form": forms.MistakeForm(auto_id="mistake_%s"),
        "over_form": forms.HandOverForm(holding=holding, people=people),
    }


def _people(request: HttpRequest, found: Asset, on: Any) -> Any:
    """Return the active people the viewer sees, from whom holders are chosen."""
    del found
    return staff.people(request.staff, on=on, active="yes")  # type: ignore[attr-defined]


@access("channels.manage")
@require_POST
def describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what the register says."""
    found = _load(request, pk)
    form = forms.AssetForm(request.POST)
    if form.is_valid():
        try:
            actions.describe(asset=found, by=request.staff, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(request, _("Kept."))
            return redirect("custody:asset", pk=pk)
        except CustodyError as error:
            form.add_error("envelope", _(str(error)))
    return _page(request, found, 422, form=form)


@access("channels.manage")
@require_POST
def move_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Check, approve, register, refuse or end."""
    found = _load(request, pk)
    wanted = request.POST.get("to", "")
    if wanted not in list(AssetState):
        raise Http404
    try:
        actions.move_on(asset=found, to=AssetState(wanted), by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("Recorded."))
    except CustodyError as error:
        messages.error(request, _(str(error)))
    return redirect("custody:asset", pk=pk)


@access("channels.manage")
@require_POST
def add_keeper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name one more holder."""
    found, at = _load(request, pk), clock.now()
    on = clock.local_date(at)
    form = forms.KeeperForm(request.POST, people=_people(request, found, on))
    if not form.is_valid():
        return _page(request, found, 422, keeper_form=form)
    person = form.cleaned_data["account"]
    actions.add_keeper(asset=found, account=person, since=on, by=request.staff, at=at)  # type: ignore[attr-defined]
    return redirect("custody:asset", pk=pk)


@access("channels.manage")
@require_POST
def take_out_keeper(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Take out somebody who was named by mistake."""
    found = _load(request, pk)
    keeper = next((k for k in queries.keepers_of(asset=found) if k.pk == number), None)
    if keeper is None:
        raise Http404
    form = forms.MistakeForm(request.POST, auto_id="mistake_%s")
    if form.is_valid():
        try:
            why = form.cleaned_data["why"]
            actions.take_out_keeper(keeper=keeper, why=why, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
            messages.success(request, _("Recorded."))
            return redirect("custody:asset", pk=pk)
        except CustodyError as error:
            form.add_error(None, _(str(error)))
    return _page(request, found, 422, mistake_form=form, taking_out=keeper.pk)


@access("channels.manage")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm channels that were connected without a request: the chosen ones of the list, or the one of the page."""
    at = clock.now()
    waiting = queries.assets(request.staff, on=clock.local_date(at), unconfirmed=True)  # type: ignore[attr-defined]
    form = forms.ConfirmForm(request.POST, waiting=waiting)
    chosen = [a.pk for a in form.cleaned_data["asset"]] if form.is_valid() else []
    done = actions_register.confirm(asset_ids=chosen, by=request.staff, at=at)  # type: ignore[attr-defined]
    if done:
        said = ngettext("%(n)d channel confirmed.", "%(n)d channels confirmed.", done)
        messages.success(request, said % {"n": done})
    else:
        messages.error(
            request, _("Choose channels that another person connected and that wait for you.")
        )
    return redirect(f"{reverse('custody:assets')}?unconfirmed=1")


@access("channels.manage")
@require_POST
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand it over, with minutes."""
    found, at = _load(request, pk), clock.now()
    on = clock.local_date(at)
    running = [k.account_id for k in queries.keepers_of(asset=found) if k.until is None]
    form = forms.HandOverForm(
        request.POST,
        holding=Account.objects.filter(pk__in=running),
        people=_people(request, found, on),
    )
    if form.is_valid():
        try:
            paper = actions.hand_over(asset=found, by=request.staff, at=at, **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(
                request, _("Handed over; the minutes have number %(n)s.") % {"n": paper.symbol}
            )
            return redirect("custody:asset", pk=pk)
        except (CustodyError, PaperError) as error:
            form.add_error(None, _(str(error)))
    return _page(request, found, 422, over_form=form)


@access("channels.manage")
def reports(request: HttpRequest) -> HttpResponse:
    """List reports of impostors to the viewer's offices; POST notes that one was looked at."""
    at = clock.now()
    on = clock.local_date(at)
    found = queries.reports(request.staff, on=on, open_only="all" not in request.GET)  # type: ignore[attr-defined]
    if request.method == "POST":
        number = request.POST.get("report", "")
        one = found.filter(pk=int(number)).first() if number.isdecimal() else None
        if one is not None:
            actions.settle_report(report=one, by=request.staff, at=at)  # type: ignore[attr-defined]
        return redirect("custody:reports")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "custody/reports.html", {"page": page, "now": at})


@access("channels.manage")
def pattern(request: HttpRequest) -> HttpResponse:
    """Say how channels of the viewer's unit and below are called, and where they lead."""
    at = clock.now()
    unit_id = next(iter(request.staff.unit_ids(Permission.CHANNELS_MANAGE)))  # type: ignore[attr-defined]
    known = queries.own_brand(unit_id=unit_id)
    first = {
        "pattern": known.pattern,
        "must_link": known.must_link,
        "may_link": "\n".join(known.may_link),
    }
    form = forms.PatternForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        brand = Brand(fields["pattern"], fields["must_link"], tuple(fields["may_link"].split()))
        actions.set_brand(unit_id=unit_id, brand=brand, by=request.staff, at=at)  # type: ignore[attr-defined]
        messages.success(request, _("Kept."))
        return redirect("custody:assets")
    unit_name = units.name_of(unit_id=unit_id, on=clock.local_date(at))
    above = queries.brand_above(unit_id=unit_id, on=clock.local_date(at))
    shown = {"form": form, "unit_name": unit_name, "above": above}
    return render(request, "custody/pattern.html", shown, status=422 if form.errors else 200)


@public(PUBLIC)
@require_safe
def public_asset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say of one channel whether it is official; this is where its QR code leads."""
    found = queries.public_asset(pk=pk)
    if found is None:
        raise Http404
    on = clock.local_date(clock.now())
    address = f"{settings.PUBLIC_URL}{request.path}"
    shown = {
        "found": found,
        "unit": units.latest(unit_id=found.unit_id, on=on),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        "section": "channels",
    }
    return render(request, "custody/public.html", shown)


@public(PUBLIC)
@limited(REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a report of an impostor, for the office of the province only."""
    at = clock.now()
    first = {"address": request.GET.get("trang", "")[:300]}
    form = forms.ReportForm(request.POST or None, initial=first, on_day=clock.local_date(at))
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        above = units.ancestors(unit_id=unit.id, on=clock.local_date(at))
        office = unit if unit.level == Level.PROVINCE else above[0]
        actions.report_impostor(
            unit_id=office.id,
            address=form.cleaned_data["address"],
            words=form.cleaned_data["words"],
            at=at,
        )
        return render(request, "custody/reported.html", {"section": "channels"})
    shown = {"form": form, "section": "channels"}
    return render(request, "custody/report.html", shown, status=422 if form.errors else 200)
