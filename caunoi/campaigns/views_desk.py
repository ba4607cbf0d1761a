"""Campaigns at the desk: written, approved, ended, settled; what was published; how it goes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.campaigns import (
    actions,
    actions_running,
    forms_desk,
    launching,
    picture_of,
    queries,
    words,
)
from caunoi.campaigns.models import Campaign, Publication
from caunoi.campaigns.terms import CampaignError, Deed, Kind, State
from caunoi.files.terms import FileError
from caunoi.kit import clock, paging, sheets
from caunoi.kit.access import access
from caunoi.kit.text import clean
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SHEET = ("Tiêu đề", "Loại", "Đơn vị", "Trạng thái", "Từ ngày", "Đến ngày", "Địa chỉ")


@access("campaigns.view")
@require_safe
def campaigns(request: HttpRequest) -> HttpResponseBase:
    """List what the viewer's units run, and what reaches them from above."""
    on = clock.local_date(clock.now())
    text, state = request.GET.get("q", "")[:100], request.GET.get("state", "")[:9]
    found = queries.listed(request.staff, on=on, text=text, state=state)  # type: ignore[attr-defined]
    if sheets.wanted(request):
        return sheets.as_asked(request, "van-dong", SHEET, _rows(found, on))
    page = paging.cut(found, page=request.GET.get("page"))
    names = units.names_of(unit_ids=[c.unit_id for c in page.rows], on=on)
    rows = [
        {
            "campaign": c,
            "unit_name": names.get(c.unit_id, ""),
            "state": words.STATES[State(c.state)],
            "tone": words.STATE_TONES[State(c.state)],
            "over": c.ends_on is not None and c.ends_on < on,
            "kind": words.KINDS[Kind(c.kind)],
        }
        for c in page.rows
    ]
    shown = {"page": page, "rows": rows, "text": text, "state": state, "states": words.STATES}
    return render(request, "campaigns/campaigns.html", shown)


def _rows(found: Any, on: Any) -> Iterator[list[Any]]:
    rows = list(found[:5000])
    names = units.names_of(unit_ids=[c.unit_id for c in rows], on=on)
    for c in rows:
        yield [
            *(c.title, str(words.KINDS[Kind(c.kind)]), names.get(c.unit_id, "")),
            *(str(words.STATES[State(c.state)]), c.starts_on, c.ends_on, c.slug),
        ]


@access("campaigns.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a new campaign of the unit in which one may."""
    at = clock.now()
    on = clock.local_date(at)
    unit_id = next(iter(request.staff.unit_ids(Permission.CAMPAIGNS_WRITE)))  # type: ignore[attr-defined]
    unit = units.as_of(unit_id=unit_id, on=on)
    first = {"area": unit.slug if unit else "", "starts_on": on, "launched_by": _body(unit_id, on)}
    form = forms_desk.CampaignForm(
        request.POST or None, request.FILES or None, on_day=on, initial=first
    )
    if request.method == "POST" and form.is_valid():
        try:
            fields = form.table_fields()
            made = actions.write(unit_id=unit_id, fields=fields, by=request.staff, at=at)  # type: ignore[attr-defined]
            _beside(request, made, form)
            messages.success(request, _("The draft is kept. Hand it in when it is ready."))
            return redirect("campaigns:campaign", pk=made.pk)
        except (CampaignError, FileError) as error:
            form.add_error(None, _(str(error)))
    shown = {"form": form, "unit": unit, "rules": _rules(on)}
    return render(request, "campaigns/write.html", shown, status=422 if form.errors else 200)


def _body(unit_id: UUID, on: Any) -> str:
    rule = launching.rule_of(kind=Kind.RELIEF.value, unit_id=unit_id, on=on)
    return rule.body if rule else ""


def _rules(on: Any) -> list[dict[str, Any]]:
    levels = dict(forms_desk.LEVELS)
    return [
        {"rule": r, "kind": words.KINDS[Kind(r.kind)], "level": levels.get(r.level, r.level)}
        for r in queries.launch_rules(on=on)
    ]


def _beside(request: HttpRequest, campaign: Campaign, form: forms_desk.CampaignForm) -> None:
    """Keep what stands in other tables: purposes and the picture."""
    actions.set_purposes(campaign=campaign, names=form.purpose_names())
    if photo := form.cleaned_data["photo"]:
        actions_running.show_picture(
            campaign=campaign,
            photo=photo.read(),
            says=form.cleaned_data["picture_says"],
            by=request.staff,  # type: ignore[attr-defined]
            at=clock.now(),
        )


def load(request: HttpRequest, pk: UUID) -> Campaign:
    """Return a campaign of a unit below the viewer; anybody else gets 404."""
    found = queries.campaign(request.staff, pk=pk, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("campaigns.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft."""
    at = clock.now()
    on = clock.local_date(at)
    found = load(request, pk)
    form = forms_desk.CampaignForm(
        request.POST or None, request.FILES or None, on_day=on, initial=_initial(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            fields = form.table_fields(taken=found)
            held = actions.edit(campaign=found, fields=fields, by=request.staff, at=at)  # type: ignore[attr-defined]
            _beside(request, held, form)
            return redirect("campaigns:campaign", pk=pk)
        except (CampaignError, FileError) as error:
            form.add_error(None, _(str(error)))
    unit = units.latest(unit_id=found.unit_id, on=on)
    shown = {"form": form, "unit": unit, "campaign": found, "rules": _rules(on)}
    return render(request, "campaigns/write.html", shown, status=422 if form.errors else 200)


def _initial(campaign: Campaign) -> dict[str, Any]:
    plain = (
        *("kind", "title", "launched_by", "legal_basis", "purpose", "bring", "do_not_bring"),
        *("starts_on", "ends_on", "hand_out_by", "bank", "account_number", "account_holder"),
        "picture_says",
    )
    names = "\n".join(campaign.purposes.order_by("pk").values_list("name", flat=True))
    area = units.slugs_of(unit_ids=[campaign.area_id]).get(campaign.area_id, "")
    return {n: getattr(campaign, n) for n in plain} | {"purposes": names, "area": area}


@access("campaigns.view")
@require_safe
def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one campaign with everything that may be done about it."""
    return page(request, load(request, pk))


def page(request: HttpRequest, found: Campaign, *, status: int = 200, **bound: Any) -> HttpResponse:
    """Draw the campaign's page; ``bound`` are forms that came back."""
    on = clock.local_date(clock.now())
    staff = request.staff  # type: ignore[attr-defined]
    path = units.paths_of(unit_ids=[found.unit_id], on=on).get(found.unit_id, "")
    over = found.ends_on is not None and found.ends_on < on
    shown: dict[str, Any] = {
        "campaign": found,
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "area_name": units.name_of(unit_id=found.area_id, on=on),
        "kind": words.KINDS[Kind(found.kind)],
        "state": words.STATES[State(found.state)],
        "tone": words.STATE_TONES[State(found.state)],
        "over": over,
        "left": actions_running.left_open(campaign=found) if over else [],
        "purposes": found.purposes.order_by("pk"),
        "numbers": picture_of.of_campaign(campaign=found, on=on),
        "publications": duties(found, on),
        "updates": queries.updates_of(campaign=found, most=10),
        "memo": queries.code_text(campaign=found),
        "writes": staff.may(Permission.CAMPAIGNS_WRITE, path),
        "approves": staff.may(Permission.CAMPAIGNS_APPROVE, path),
        "books_seen": staff.may(Permission.FUNDS_VIEW, path),
        "own": found.written_by_id == staff.account_id,
        "gifts": queries.gift_counts(campaign=found),
        "reason_form": forms_desk.ReasonForm(),
        "update_form": forms_desk.UpdateForm(),
        "proof_form": forms_desk.ProofForm(initial={"done_on": on}, auto_id=False),
    }
    return render(request, "campaigns/campaign.html", shown | bound, status=status)


def duties(campaign: Campaign, on: Any) -> list[dict[str, Any]]:
    """Return what must be published, in words, and whether it is late."""
    return [
        {
            "row": p,
            "label": words.DUTIES[p.duty],  # type: ignore[index]
            "late": p.done_on is None and p.due_on < on,
            "days": (p.due_on - on).days,
        }
        for p in queries.publications_of(campaign=campaign)
    ]


DONE = {
    Deed.SUBMIT: gettext_noop("Handed in. Another person approves it."),
    Deed.APPROVE: gettext_noop("The campaign is open; its page is public."),
    Deed.SEND_BACK: gettext_noop("It is with its writer again."),
    Deed.END: gettext_noop("From tomorrow on nothing is accepted."),
    Deed.SETTLE: gettext_noop("The campaign is settled."),
}


@access("campaigns.write")
@require_POST
def turn(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Take a campaign a step further."""
    found = load(request, pk)
    if deed not in list(Deed):
        raise Http404
    form = forms_desk.ReasonForm(request.POST)
    who: dict[str, Any] = {"campaign": found, "by": request.staff, "at": clock.now()}  # type: ignore[attr-defined]
    reason = clean(request.POST.get("reason", ""))[:300]
    deeds: dict[str, Any] = {
        Deed.SUBMIT: lambda: actions.submit(**who),
        Deed.APPROVE: lambda: actions.approve(**who),
        Deed.SEND_BACK: lambda: actions.send_back(reason=reason, **who),
        Deed.END: lambda: actions_running.end_early(reason=reason, **who),
        Deed.SETTLE: lambda: actions_running.settle(**who),
    }
    try:
        deeds[deed]()
    except CampaignError as error:
        return page(request, found, status=422, problem=_(str(error)), reason_form=form)
    messages.success(request, _(DONE[Deed(deed)]))
    return redirect("campaigns:campaign", pk=pk)


@access("campaigns.view")
@require_safe
def picture(request: HttpRequest, pk: UUID, picture_pk: UUID) -> HttpResponse:
    """Give a picture of a campaign to whoever sees it at the desk."""
    found = queries.picture(campaign=load(request, pk), pk=picture_pk)
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.preview), content_type="image/webp")


@access("campaigns.write")
@require_POST
def tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell everybody how it goes."""
    found, form = load(request, pk), forms_desk.UpdateForm(request.POST, request.FILES)
    if form.is_valid():
        fields = form.cleaned_data
        try:
            actions_running.tell(
                campaign=found,
                text=fields["text"],
                photo=fields["photo"].read() if fields["photo"] else None,
                picture_says=fields["picture_says"],
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
            )
            messages.success(request, _("Everybody reads it now."))
            return redirect("campaigns:campaign", pk=pk)
        except (CampaignError, FileError) as error:
            form.add_error(None, _(str(error)))
    return page(request, found, status=422, update_form=form)


@access("campaigns.write")
@require_POST
def publish(request: HttpRequest, pk: UUID, duty: str) -> HttpResponse:
    """Note that something was published, with its proof."""
    found, form = (
        load(request, pk),
        forms_desk.ProofForm(request.POST, request.FILES, auto_id=False),
    )
    row = Publication.objects.filter(campaign=found, duty=duty).first()
    if row is None:
        raise Http404
    if form.is_valid():
        fields = form.cleaned_data
        try:
            actions_running.publish(
                publication=row,
                done_on=fields["done_on"],
                proof=fields["proof"],
                photo=fields["photo"].read() if fields["photo"] else None,
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
            )
            return redirect("campaigns:campaign", pk=pk)
        except (CampaignError, FileError) as error:
            form.add_error(None, _(str(error)))
    return page(request, found, status=422, bad_duty=duty, bad_proof=form)


@access("campaigns.view")
@require_http_methods(["GET", "HEAD", "POST"])
def launch_rules(request: HttpRequest) -> HttpResponse:
    """Show who may launch what, and how long things may take; an approver enters what holds from a day on."""
    at = clock.now()
    on = clock.local_date(at)
    staff = request.staff  # type: ignore[attr-defined]
    may = staff.may(Permission.CAMPAIGNS_APPROVE)
    form = forms_desk.RuleForm(request.POST or None, initial={"valid_from": on})
    if request.method == "POST" and not may:
        raise Http404
    if request.method == "POST" and form.is_valid():
        unit_id = next(iter(staff.unit_ids(Permission.CAMPAIGNS_APPROVE)))
        actions_running.rule_launching(unit_id=unit_id, by=staff, at=at, **form.cleaned_data)
        messages.success(request, _("The rule is entered."))
        return redirect("campaigns:launch_rules")
    terms = launching.terms_of(on=on).values()
    shown = {"rules": _rules(on), "terms": terms, "form": form, "may": may}
    return render(request, "campaigns/rules.html", shown, status=422 if form.errors else 200)
