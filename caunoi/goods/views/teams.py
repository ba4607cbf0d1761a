"""Teams and volunteers: a roster by their own yes, a call sheet, the days they gave."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.campaigns.models import Gift
from caunoi.goods import actions_giving, actions_teams, forms, queries
from caunoi.goods.models import Team
from caunoi.goods.terms import GoodsError
from caunoi.goods.views.page import (
    PAGE,
    campaign_choices,
    campaign_of,
    detail_of,
    gift_words,
    tell,
    today,
    unit_choices,
    who,
)
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.text import given_name_key
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SHEET = ("Đội", "Đơn vị", "Giúp gì", "Số người", "Số công đã giúp")


@access("goods.keep")
@require_safe
def teams(request: HttpRequest) -> HttpResponseBase:
    """List the teams of the viewer's units."""
    on, text = today(), request.GET.get("q", "")[:60]
    found = queries.with_counts(queries.teams(who(request), on=on, text=text))
    if sheets.wanted(request):
        rows: list[Any] = list(found[:10_000])
        names = units.names_of(unit_ids=[t.unit_id for t in rows], on=on)
        lines = [[t.name, names.get(t.unit_id, ""), t.commodity.name, t.people, t.days] for t in rows]  # fmt: skip
        return sheets.as_asked(request, "doi-tho", SHEET, lines)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[t.unit_id for t in page], on=on)
    return render(request, "goods/teams.html", {"page": page, "names": names, "text": text})


@access("goods.keep")
def add_team(request: HttpRequest) -> HttpResponse:
    """Begin a team."""
    choices = unit_choices(who(request), today())
    form = forms.TeamForm(request.POST or None, units=choices)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            made = actions_teams.begin_team(
                unit_id=UUID(fields["unit"]),
                name=fields["name"],
                commodity=fields["commodity"],
                by=who(request),
                at=clock.now(),
            )
            return redirect("goods:team", pk=made.pk)
        except GoodsError as error:
            form.add_error("name", _(str(error)))
    return render(
        request, "goods/team_new.html", {"form": form}, status=422 if form.errors else 200
    )


def _load(request: HttpRequest, pk: UUID) -> Team:
    found = queries.team(who(request), pk=pk, on=today())
    if found is None:
        raise Http404
    return found


@access("goods.keep")
@require_safe
def team(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one team: names, no telephone numbers; those stand on the call sheet."""
    return _page(request, _load(request, pk))


def _people(found: Team) -> list[Any]:
    return sorted(queries.volunteers(team=found), key=lambda v: given_name_key(v.name))


def _page(request: HttpRequest, found: Team, *, status: int = 200, **bound: Any) -> HttpResponse:
    shown = {
        "team": found,
        "unit_name": units.name_of(unit_id=found.unit_id, on=today()),
        "people": _people(found),
        "worked": found.movements.select_related("campaign").order_by("-on")[:PAGE],
        "form": forms.VolunteerForm(),
        "work_form": _work_form(request, found, initial=forms.today(today())),
    } | bound
    return render(request, "goods/team.html", shown, status=status)


def _work_form(request: HttpRequest, found: Team, *sent: Any, **more: Any) -> forms.WorkForm:
    promised = _promised(request, found)
    gifts = [(str(g.pk), gift_words(g)) for g in promised[:200]]
    return forms.WorkForm(*sent, campaigns=campaign_choices(), gifts=gifts, **more)


def _promised(request: HttpRequest, found: Team) -> QuerySet[Gift]:
    return queries.open_gifts(who(request), on=today(), thing=found.commodity_id)


@access("goods.keep")
@require_POST
def add_volunteer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put somebody on the roster."""
    found, form = _load(request, pk), forms.VolunteerForm(request.POST)
    if form.is_valid():
        try:
            actions_teams.add_volunteer(
                team=found, by=who(request), at=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("On the list, and off it by herself in time."))
            return redirect("goods:team", pk=pk)
        except GoodsError as error:
            form.add_error("agreed", _(str(error)))
    return _page(request, found, status=422, form=form)


@access("goods.keep")
@require_POST
def forget_volunteer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody off the roster."""
    found = _load(request, pk)
    for volunteer in queries.volunteers(team=found):
        if str(volunteer.pk) == request.POST.get("volunteer", ""):
            actions_teams.forget_volunteer(volunteer=volunteer, by=who(request), at=clock.now())
            messages.success(request, _("Taken off the list; nothing of her is kept."))
    return redirect("goods:team", pk=pk)


@access("goods.keep")
@require_safe
def call_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show whom to call, to print or to tap; that it was opened is recorded."""
    found = _load(request, pk)
    actions_teams.note_called(team=found, by=who(request), at=clock.now())
    shown = {
        "team": found,
        "people": _people(found),
        "may_tell": who(request).may(Permission.NOTICES_PROPOSE),
    }
    answer = render(request, "goods/call_sheet.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@access("goods.keep")
@require_POST
def work(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note the days a team gave."""
    found = _load(request, pk)
    form = _work_form(request, found, request.POST, request.FILES)
    if form.is_valid():
        fields = form.cleaned_data
        asked = _promised(request, found).filter(pk=fields["gift"]) if fields["gift"] else None
        gift = asked.first() if asked is not None else None
        campaign = gift.campaign if gift else campaign_of(fields["campaign"])
        if campaign is None:
            raise Http404
        try:
            made = actions_giving.work(
                key=fields["key"],
                team=found,
                campaign=campaign,
                days=fields["amount"],
                recipient=fields["recipient"],
                witness=fields["witness"],
                households=fields["households"] or 0,
                on=fields["on"],
                detail=detail_of(fields),
                by=who(request),
                at=clock.now(),
                gift=gift,
            )
            messages.success(request, _("It stands in the books."))
            return redirect("goods:movement", pk=made.pk)
        except Foreseen as error:
            tell(form, error)
    return _page(request, found, status=422, work_form=form)
