"""Needs at the desk: said, confirmed, met; a whole sheet at once."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.campaigns import actions_needs, forms_desk, queries, sheet, words
from caunoi.campaigns.models import Campaign, Need
from caunoi.campaigns.terms import CampaignError, NeedRow, NeedState, Priority, UnreadableSheet
from caunoi.funds.models import Commodity
from caunoi.kit import clock, paging, sheets
from caunoi.kit.access import access
from caunoi.kit.text import fold
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SHEET = (*sheet.HEADER, "Trạng thái", "Đã xác nhận đến", "Cuộc vận động")


def _load(request: HttpRequest, pk: UUID) -> Campaign:
    on = clock.local_date(clock.now())
    found = queries.campaign_to_help(request.staff, pk=pk, on=on)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("needs.report")
@require_safe
def needs(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """List the needs of one campaign that the viewer may see."""
    return _list(request, _load(request, pk))


@access("needs.report")
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """List the needs of the viewer's units in all campaigns; ``?stale=1`` those that must be confirmed."""
    return _list(request, None)


def _list(request: HttpRequest, campaign: Campaign | None) -> HttpResponseBase:
    on = clock.local_date(clock.now())
    chosen = {n: request.GET.get(n, "")[:60] for n in ("text", "state", "priority", "thing")}
    stale = request.GET.get("stale") == "1"
    found = queries.needs(request.staff, on=on, campaign=campaign, stale=stale, **chosen)  # type: ignore[attr-defined]
    if sheets.wanted(request):
        return sheets.as_asked(request, "nhu-cau", SHEET, _rows(found, on))
    page = paging.cut(found, page=request.GET.get("page"))
    names = units.names_of(unit_ids=[n.unit_id for n in page.rows], on=on)
    shown = {
        "campaign": campaign,
        "page": page,
        "rows": [_row(n, names.get(n.unit_id, ""), on) for n in page.rows],
        "chosen": chosen,
        "stale": stale,
        "things": forms_desk.things(),
        "priorities": words.PRIORITIES.items(),
        "states": words.NEED_STATES.items(),
        "today": on,
        "open_to": [] if campaign else queries.listed(request.staff, on=on, state="open")[:10],  # type: ignore[attr-defined]
    }
    return render(request, "campaigns/needs.html", shown)


def _row(need: Need, unit_name: str, on: Any) -> dict[str, Any]:
    is_open = need.state == NeedState.OPEN
    return {
        "need": need,
        "unit_name": unit_name,
        "priority": words.PRIORITIES[Priority(need.priority)],
        "state": words.NEED_STATES[NeedState(need.state)],
        "stale": is_open and need.confirmed_until < on,
        "late": is_open and need.needed_by is not None and need.needed_by < on,
        "open": is_open,
    }


def _rows(found: Any, on: Any) -> Iterator[list[Any]]:
    rows = list(found[:50_000])
    names = units.names_of(unit_ids={n.unit_id for n in rows}, on=on)
    for n in rows:
        yield [
            *(names.get(n.unit_id, ""), n.commodity.name, n.amount),
            *(
                str(words.PRIORITIES[Priority(n.priority)]).lower(),
                n.households,
                n.needed_by,
                n.note,
            ),
            *(str(words.NEED_STATES[NeedState(n.state)]), n.confirmed_until, n.campaign.title),
        ]


@access("needs.report")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what a unit needs."""
    at = clock.now()
    on = clock.local_date(at)
    found = _load(request, pk)
    form = forms_desk.NeedForm(
        request.POST or None, on_day=on, campaign=found, initial={"unit": _home(request, on)}
    )
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            actions_needs.report(
                campaign=found,
                unit_id=fields["unit"].id,
                commodity=fields["thing"],
                amount=fields["amount"],
                fields=form.table_fields(),
                by=request.staff,  # type: ignore[attr-defined]
                at=at,
            )
            messages.success(request, _("The need is kept. You are asked again in two weeks."))
            return redirect("campaigns:needs", pk=pk)
        except CampaignError as error:
            form.add_error("unit", _(str(error)))
    shown = {"form": form, "campaign": found, "sheet_form": forms_desk.SheetForm()}
    return render(request, "campaigns/report.html", shown, status=422 if form.errors else 200)


def _home(request: HttpRequest, on: Any) -> str:
    held = request.staff.unit_ids(Permission.NEEDS_REPORT)  # type: ignore[attr-defined]
    return next(iter(units.slugs_of(unit_ids=list(held)[:1]).values()), "")


@access("needs.report")
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    """Give the empty sheet."""
    response = HttpResponse(sheet.pattern(()), content_type=sheets.KIND)
    response["Content-Disposition"] = 'attachment; filename="mau-nhu-cau.xlsx"'
    return response


@access("needs.report")
@require_POST
def from_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at the needs of a sheet first, line by line; ``keep`` takes in the good ones."""
    found, on = _load(request, pk), clock.local_date(clock.now())
    if "keep" in request.POST:
        return _keep(request, found)
    form = forms_desk.SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            lines = sheet.rows_of_sheet(form.cleaned_data["file"].read())
            rows, _ids = _judge(request, lines, on)
            shown = {"campaign": found, "rows": rows, "good": sum(not r.problem for r in rows)}
            return render(request, "campaigns/look.html", shown)
        except UnreadableSheet as error:
            form.add_error("file", _(str(error)))
    need_form = forms_desk.NeedForm(on_day=on, campaign=found, initial={"unit": _home(request, on)})
    shown = {"form": need_form, "campaign": found, "sheet_form": form}
    return render(request, "campaigns/report.html", shown, status=422)


def _judge(
    request: HttpRequest, lines: list[list[Any]], on: Any
) -> tuple[list[NeedRow], dict[str, UUID]]:
    """Read the lines; a unit is known by the names of those below the viewer."""
    things = {fold(c.name): c.pk for c in Commodity.objects.all()}
    things |= {fold(code): code for code in things.values()}
    wanted = {fold(str(line[0])) for line in lines if line}
    known = queries.units_to_report_for(request.staff, names=wanted, on=on)  # type: ignore[attr-defined]
    return sheet.judged(lines, things=things, units=known), known


def _keep(request: HttpRequest, found: Campaign) -> HttpResponse:
    at = clock.now()
    cells = [line.split("\t") for line in request.POST.get("lines", "")[:400_000].splitlines()]
    rows, ids = _judge(request, [c for c in cells if any(c)], clock.local_date(at))
    used = {r.unit_name: ids[r.unit_name] for r in rows if not r.problem}
    try:
        n = actions_needs.take_in(campaign=found, rows=rows, unit_ids=used, by=request.staff, at=at)  # type: ignore[attr-defined]
    except CampaignError as error:
        messages.error(request, _(str(error)))
        return redirect("campaigns:report_need", pk=found.pk)
    said = ngettext("%(n)d need is taken in.", "%(n)d needs are taken in.", n) % {"n": n}
    messages.success(request, said)
    return redirect("campaigns:needs", pk=found.pk)


def _need(request: HttpRequest, pk: UUID) -> Need:
    found = queries.need(request.staff, pk=pk, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("needs.report")
@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one need, and correct it."""
    at = clock.now()
    on = clock.local_date(at)
    found = _need(request, pk)
    names = ("amount", "priority", "households", "needed_by", "purpose", "note")
    form = forms_desk.NeedForm(
        request.POST or None,
        on_day=on,
        campaign=found.campaign,
        fixed=True,
        initial={n: getattr(found, n) for n in names},
    )
    if request.method == "POST" and form.is_valid():
        try:
            amount, fields = form.cleaned_data["amount"], form.table_fields()
            actions_needs.change(need=found, amount=amount, fields=fields, by=request.staff, at=at)  # type: ignore[attr-defined]
            return redirect("campaigns:needs", pk=found.campaign_id)
        except CampaignError as error:
            form.add_error(None, _(str(error)))
    row = _row(found, units.name_of(unit_id=found.unit_id, on=on), on)
    shown = {"form": form, "row": row, "need": found}
    return render(request, "campaigns/need.html", shown, status=422 if form.errors else 200)


@access("needs.report")
@require_POST
def turn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One tap: still needed, met, withdrawn."""
    found, to = _need(request, pk), request.POST.get("to", "")
    who: dict[str, Any] = {"need": found, "by": request.staff, "at": clock.now()}  # type: ignore[attr-defined]
    try:
        if to == "confirm":
            actions_needs.confirm(**who)
        elif to in list(NeedState):
            actions_needs.close(state=NeedState(to), **who)
        else:
            return HttpResponse(status=400)
        messages.success(request, _("Kept."))
    except CampaignError as error:
        messages.error(request, _(str(error)))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(back)
    return redirect("campaigns:needs", pk=found.campaign_id)
