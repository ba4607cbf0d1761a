"""The statement of a campaign as everybody reads it: searched, line by line, taken along, proved."""

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from caunoi.campaigns.models import Campaign
from caunoi.kit import clock, sheets
from caunoi.kit.access import public
from caunoi.statements import exports, forms, queries
from caunoi.statements.models import BankLine

PUBLIC = "what came in and went out of a campaign's account, givers masked"


@public(PUBLIC)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the campaigns whose statement is public."""
    shown = {"campaigns": list(queries.public_campaigns()[:200])}
    return render(request, "statements/index.html", shown)


def _load(slug: str) -> Campaign:
    found = queries.public_campaign(slug=slug)
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
def statement(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Search the statement of a campaign; ``?csv`` and ``?xlsx`` give all of it."""
    campaign = _load(slug)
    if sheets.wanted(request):
        return _table(request, campaign)
    form = forms.SearchForm(request.GET)
    page = queries.Slice([], has_more=False)
    after = request.GET.get("sau", "")
    if form.is_valid():
        page = queries.found(campaign_id=campaign.pk, wanted=form.wanted(after))
    last = page.lines[-1] if page.has_more else None
    reckonings = queries.reckonings(campaign_id=campaign.pk)
    shown = {
        "campaign": campaign,
        "form": form,
        "page": page,
        "after": after,
        "asked": any(request.GET.get(n) for n in ("q", "tien", "tu", "den")),
        "next": forms.mark(last.on, last.pk) if last else "",
        "reckonings": reckonings,
        "lines": sum(r.lines for r in reckonings),
        "too_many": sum(r.lines for r in reckonings) > exports.MOST_XLSX,
        "most_xlsx": exports.MOST_XLSX,
    }
    return render(request, "statements/statement.html", shown, status=422 if form.errors else 200)


def _table(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    most = exports.MOST_XLSX if "xlsx" in request.GET else None
    rows = exports.rows_of(queries.all_lines(campaign_id=campaign.pk, most=most))
    name = f"sao-ke-{campaign.slug}"
    return sheets.as_asked(request, name, exports.HEADER, rows, heading=campaign.title)


@public(PUBLIC)
@require_safe
def giving(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """Give what came in as grants in the form of 360Giving, JSON or CSV."""
    campaign = _load(slug)
    lines = queries.all_lines(campaign_id=campaign.pk)
    name = f"360giving-{campaign.slug}"
    if ending == "csv":
        return sheets.answer_csv(name, exports.GIVING_COLUMNS, exports.giving_rows(lines, campaign))
    if ending != "json":
        raise Http404
    source = request.build_absolute_uri(reverse("statements:statement", args=[slug]))
    told = exports.giving_json(lines, campaign, at=clock.now(), source=source)
    response = StreamingHttpResponse(told, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _line(short: str) -> BankLine:
    found = queries.public_line(short=short)
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
def line(request: HttpRequest, short: str) -> HttpResponse:
    """Show one line under its lasting address."""
    found = _line(short)
    if found.short != short:
        return redirect("statements:line", short=found.short)
    shown = {"line": found, "has_proof": queries.has_proof(line=found)}
    return render(request, "statements/line.html", shown)


@public(PUBLIC)
@require_safe
def proof(request: HttpRequest, short: str) -> HttpResponse:
    """Give the proof that the line stands in the books, for a verifier of one's own choice."""
    del request
    told = queries.proof_of(line=_line(short))
    if told is None:
        raise Http404
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="chung-thuc-{short[:12]}.json"'
    return response
