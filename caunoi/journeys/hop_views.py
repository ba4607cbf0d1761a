"""Handing a case on: refer down, up and out, ask co-units, accept, give back, links, replies, papers, reminders."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import agency_links, passport, proposals, referrals, reminders
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case, Referral
from caunoi.cases.terms import Part
from caunoi.documents.terms import PaperError
from caunoi.journeys import papers
from caunoi.journeys.case_page import load, show
from caunoi.journeys.hop_forms import OpinionForm, ReferForm, TopicForm
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.routing import queries as routing
from caunoi.routing.models import Body
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

CHOICE_LIMIT = 40
END_OF_DAY = time(17, 0)


def act_and_say(
    request: HttpRequest, number: str, act: Callable[[], Any], said: str, home: str = ""
) -> HttpResponse:
    """Do one thing, say what became of it, and go back to the case (or to the inbox when it is ours no more)."""
    try:
        act()
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    on = clock.local_date(clock.now())
    still = case_queries.case_by_number(request.staff, number=number, on=on)  # type: ignore[attr-defined]
    return redirect("journeys:case", number=number) if still else redirect("handling:inbox")


@access("cases.refer")
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Choose where the case goes: the proposal, up, the bodies around, or any unit by name; as lead or for an opinion."""
    found = load(request, number, Permission.CASES_REFER)
    at = clock.now()
    on = clock.local_date(at)
    choices = _choices(found, on)
    form = ReferForm(
        request.POST or None, choices=choices, today=on, initial={"by_mail": True, "part": "lead"}
    )
    shown = {"case": found, "form": form, "on": on, "proposal": passport.proposal_of(case=found)}
    if request.method != "POST":
        return render(request, "journeys/refer_to.html", shown)
    if not form.is_valid():
        return render(request, "journeys/refer_to.html", shown, status=422)
    fields = form.cleaned_data
    kind, _colon, ref = fields["to"].partition(":")
    body = routing.body(pk=UUID(ref)) if kind == "body" else None
    unit = None if body else _unit_of(ref if kind == "unit" else fields["unit"], on)
    if body is None and unit is None:
        return _ask_which(request, found, form, shown)
    return _hand_on(request, found, body=body, unit=unit, fields=fields, at=at)


def _choices(case: Case, on: date) -> list[tuple[str, str]]:
    """Return where an officer of the case's unit usually sends one: up the tree, then the bodies around, nearest first."""
    above = reversed(units.ancestors(unit_id=case.owner_id, on=on))
    up = [(f"unit:{u.slug}", _("%(unit)s (up)") % {"unit": u.full_name}) for u in above]
    bodies = routing.bodies_around(unit_id=case.owner_id, on=on)[:CHOICE_LIMIT]
    return [*up, *((f"body:{b.pk}", b.name) for b in bodies)]


def _unit_of(text: str, on: date) -> UnitNow | None:
    unit = units.by_slug(slug=text, on=on) if text else None
    return unit if unit is not None and (unit.valid_to is None or unit.valid_to > on) else None


def _ask_which(request: HttpRequest, found: Case, form: Any, shown: dict) -> HttpResponse:
    """The name typed fits several units or none: let the officer choose; what was filled in travels along."""
    on = shown["on"]
    hits = [
        f
        for f in units.search(text=form.cleaned_data["unit"], on=on, limit=15, old=False)
        if f.unit.level != Level.VILLAGE
    ]
    if not hits:
        form.add_error("unit", _("No unit of that name exists today."))
        return render(request, "journeys/refer_to.html", shown, status=422)
    kept = {k: v for k, v in form.data.items() if k in {"reason", "part", "due", "by_mail"}}
    return render(request, "journeys/refer.html", {"case": found, "choices": hits, "kept": kept})


def _hand_on(
    request: HttpRequest,
    case: Case,
    *,
    body: Body | None,
    unit: UnitNow | None,
    fields: dict[str, Any],
    at: datetime,
) -> HttpResponse:
    by = request.staff  # type: ignore[attr-defined]
    due = fields["due"]
    due_at = datetime.combine(due, END_OF_DAY, timezone.get_current_timezone()) if due else None
    told = {"case": case, "reason": fields["reason"], "by": by, "at": at, "due_at": due_at}

    def act() -> None:
        if body is not None:
            referrals.refer_out(body=body, part=fields["part"], by_mail=fields["by_mail"], **told)
        elif fields["part"] == Part.CO:
            referrals.ask_opinion(to_unit_id=unit.id, **told)  # type: ignore[union-attr]
        else:
            referrals.refer_case(to_unit_id=unit.id, **told)  # type: ignore[union-attr]

    name = body.name if body else unit.full_name  # type: ignore[union-attr]
    said = (
        _("Asked %(name)s for its opinion.")
        if fields["part"] == Part.CO
        else _("Referred to %(name)s.")
    )
    return act_and_say(request, case.number, act, said % {"name": name})


@access("cases.refer")
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Accept the proposal in one click, or put it aside."""
    found, by, at = load(request, number, Permission.CASES_REFER), request.staff, clock.now()  # type: ignore[attr-defined]
    declined = request.POST.get("do") == "decline"

    def act() -> None:
        decide = proposals.decline_proposal if declined else proposals.accept_proposal
        decide(case=found, by=by, at=at)

    accepted = _("Handed on as proposed; the reason stays on the case.")
    return act_and_say(
        request, number, act, _("The proposal is put aside.") if declined else accepted
    )


@access("cases.draft")
@require_POST
def topic(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm or change the topic."""
    found, by = load(request, number, Permission.CASES_DRAFT), request.staff  # type: ignore[attr-defined]
    form = TopicForm(
        request.POST, topics=[(t.pk, t.name) for t in routing.topics(all_of_them=True)]
    )
    if not form.is_valid():
        return show(request, found, status=422, topic_form=form)
    chosen = form.cleaned_data["topic"]
    act = lambda: proposals.set_topic(case=found, topic=chosen, by=by, at=clock.now())  # noqa: E731
    return act_and_say(request, number, act, _("The topic is kept."))


@access("cases.draft")
@require_POST
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case on that was handed here."""
    found, by = load(request, number, Permission.CASES_DRAFT), request.staff  # type: ignore[attr-defined]
    act = lambda: referrals.accept_referral(case=found, by=by, at=clock.now())  # noqa: E731
    return act_and_say(request, number, act, _("Received. The asker sees it."))


@access("cases.refer")
@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Give the case back to the unit it came from."""
    found, by = load(request, number, Permission.CASES_REFER), request.staff  # type: ignore[attr-defined]
    reason = request.POST.get("back-reason", "")[:1000]
    act = lambda: referrals.return_referral(case=found, reason=reason, by=by, at=clock.now())  # noqa: E731
    return act_and_say(request, number, act, _("Given back with your reason."))


@access("cases.note")
@require_POST
def opinion(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Write a co-unit's opinion on a case it may read."""
    found, by = load(request, number), request.staff  # type: ignore[attr-defined]
    hop = hop_of(found, pk)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return show(request, found, status=422, opinion_form=form)
    text = form.cleaned_data["opinion"]
    act = lambda: referrals.give_opinion(referral=hop, text=text, by=by, at=clock.now())  # noqa: E731
    return act_and_say(request, number, act, _("Your opinion is with the unit that leads."))


@access("cases.refer")
@require_POST
def hop(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Do something to a hop that began here: call it back, send its link again, withdraw the link."""
    found, by, at = load(request, number, Permission.CASES_REFER), request.staff, clock.now()  # type: ignore[attr-defined]
    asked, do = hop_of(found, pk), request.POST.get("do", "")
    reason, email = request.POST.get("reason", "")[:1000], request.POST.get("email", "")[:254]
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "recall": (
            lambda: referrals.recall(referral=asked, reason=reason, by=by, at=at),
            _("Called back; its link is closed."),
        ),
        "renew": (
            lambda: agency_links.renew_link(referral=asked, email=email, by=by, at=at),
            _("A new link is made; the old one is closed."),
        ),
        "withdraw": (
            lambda: agency_links.withdraw_link(referral=asked, by=by, at=at),
            _("The link is closed."),
        ),
    }
    if do not in acts:
        raise Http404
    return act_and_say(request, number, *acts[do])


@access("cases.refer")
@require_safe
def link_paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Print the agency's one-time link with a QR code."""
    found = load(request, number, Permission.CASES_REFER)
    link = passport.links_of(case=found).get(hop_of(found, pk).pk)
    at = clock.now()
    if link is None or not agency_links.is_open(link, at=at):
        raise Http404
    agency_links.note_printed(link=link, at=at)
    return _pdf(papers.link_sheet(link=link), f"duong-dan-{number}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@access("cases.refer")
@require_POST
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Issue a forwarding slip or a reminder letter for one hop, and show it."""
    found, by = load(request, number), request.staff  # type: ignore[attr-defined]
    asked = hop_of(found, pk)
    issue = papers.issue_reminder if request.POST.get("loai") == "reminder" else papers.issue_slip
    try:
        made = issue(referral=asked, by=by, at=clock.now())
    except PaperError as error:
        messages.error(request, _(str(error)))
        return redirect("journeys:case", number=number)
    messages.success(request, _("Issued as number %(number)s.") % {"number": made.symbol})
    return redirect("documents:paper", pk=made.pk)


@access("cases.view")
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Remind whoever holds the case, in one tap."""
    found, by = load(request, number), request.staff  # type: ignore[attr-defined]
    note = request.POST.get("note", "")[:500]
    act = lambda: reminders.urge(case=found, by=by, at=clock.now(), note=note)  # noqa: E731
    return act_and_say(request, number, act, _("Reminded. It stands on the case's way."))


def hop_of(case: Case, pk: int) -> Referral:
    found = passport.hop_of(case=case, pk=pk)
    if found is None:
        raise Http404
    return found
