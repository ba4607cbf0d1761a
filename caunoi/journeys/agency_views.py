"""The agency's side: by one-time link without an account, or signed in as a member of the body."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caunoi.answers.rules import redact
from caunoi.cases import agencies, agency_links, on_behalf, passport, rules
from caunoi.cases.models import AgencyLink, Referral
from caunoi.cases.terms import CaseError, LinkSpent, Part, ReplyKind
from caunoi.journeys.hop_forms import AgencyForm
from caunoi.kit import clock, limits
from caunoi.kit.access import public, signed_in
from caunoi.routing import queries as routing
from caunoi.units import queries as units

BY_LINK = "an agency opens the one-time link it was sent"


@public(BY_LINK)
@limits.limited(limits.INVITATION)
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the agency what it is asked, and take its answer once; a spent link says what became of it."""
    link, at = agency_links.link_by_token(token), clock.now()
    if link is None:
        return render(request, "journeys/agency_spent.html", {"unknown": True}, status=404)
    if request.method == "POST":
        return _posted(request, link)
    if not agency_links.is_open(link, at=at):
        return _spent(request, link, kept=False)
    agency_links.note_opened(link=link, at=at)
    return _page(request, link.referral, AgencyForm(), link=link)


def _posted(request: HttpRequest, link: AgencyLink) -> HttpResponse:
    giving_back = request.POST.get("do") == "return"
    form = AgencyForm(request.POST, giving_back=giving_back)
    if not form.is_valid():
        return _page(request, link.referral, form, link=link, status=422)
    if strange := _names_another(form, link.referral, request):
        return _page(request, link.referral, form, link=link, strange=strange, status=422)
    try:
        _take(link, form, giving_back)
    except LinkSpent:
        typed = form.cleaned_data["reason" if giving_back else "text"]
        return _spent(request, link, kept=True, typed=typed)
    shown = _shown(link.referral) | {"returned": giving_back}
    return render(request, "journeys/agency_done.html", shown)


def _take(link: AgencyLink, form: AgencyForm, giving_back: bool) -> None:
    fields, at = form.cleaned_data, clock.now()
    if giving_back:
        agencies.return_by_link(link=link, reason=fields["reason"], signer=fields["signer"], at=at)
    else:
        agencies.answer_by_link(
            link=link,
            text=fields["text"],
            signer=fields["signer"],
            document=fields["document"],
            at=at,
        )


def _names_another(form: AgencyForm, hop: Referral, request: HttpRequest) -> tuple[str, ...]:
    """Return the other case numbers the answer names, unless the agency said that this is meant."""
    if request.POST.get("sure") == "yes":
        return ()
    return rules.other_numbers(form.cleaned_data["text"], number=hop.case.number)


def _spent(request: HttpRequest, link: AgencyLink, *, kept: bool, typed: str = "") -> HttpResponse:
    """Say why the link no longer answers, and that nothing written was lost."""
    fresh = AgencyLink.objects.select_related("referral__case").get(pk=link.pk)
    at = clock.now()
    shown = _shown(fresh.referral) | {
        "link": fresh,
        "kept": kept,
        "typed": typed,
        "expired": at >= fresh.expires_at,
        "first": fresh.referral.replies.order_by("at").first(),
    }
    return render(request, "journeys/agency_spent.html", shown, status=200 if kept else 410)


def _page(
    request: HttpRequest,
    hop: Referral,
    form: AgencyForm,
    *,
    link: AgencyLink | None = None,
    strange: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    shown = _shown(hop) | {"form": form, "link": link, "strange": strange}
    return render(request, "journeys/agency.html", shown, status=status)


def _shown(hop: Referral) -> dict[str, Any]:
    """Return what an agency may read: the question with personal data hidden, who sent it and why, what was attached before."""
    case, on = hop.case, clock.local_date(clock.now())
    return {
        "hop": hop,
        "case": case,
        "question": redact(case.text, names=on_behalf.names_to_hide(case)).text,
        "asked_in": units.name_of(unit_id=case.opened_unit_id, on=on),
        "sender": units.name_of(unit_id=hop.from_unit_id, on=on),
        "topic": routing.topic_name(code=case.topic) if case.topic else "",
        "opinion": hop.part == Part.CO,
        "now": clock.now(),
    }


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List what the viewer's bodies are asked, most urgent first; and what they finished."""
    at = clock.now()
    bodies = routing.bodies_of_member(
        account_id=request.staff.account_id,  # type: ignore[attr-defined]
        on=clock.local_date(at),
    )
    ids = [b.pk for b in bodies]
    shown = {
        "bodies": bodies,
        "waiting": list(passport.asked_of_bodies(body_ids=ids, done=False)[:200]),
        "done": list(passport.asked_of_bodies(body_ids=ids, done=True)[:50]),
        "now": at,
    }
    return render(request, "journeys/agency_mine.html", shown)


@signed_in
@never_cache
def as_member(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for somebody who signs in for the body."""
    hop, by, at = passport.referral(pk=pk), request.staff, clock.now()  # type: ignore[attr-defined]
    if hop is None or hop.to_body is None:
        raise Http404
    if not hop.to_body.members.filter(pk=by.account_id).exists():
        raise Http404
    if request.method != "POST":
        agencies.note_read(referral=hop, at=at)
        return _page(request, hop, AgencyForm(initial={"signer": by.name}))
    giving_back = request.POST.get("do") == "return"
    form = AgencyForm(request.POST, giving_back=giving_back)
    if not form.is_valid():
        return _page(request, hop, form, status=422)
    if strange := _names_another(form, hop, request):
        return _page(request, hop, form, strange=strange, status=422)
    fields = form.cleaned_data
    try:
        agencies.answer_as_member(
            referral=hop,
            text=fields["reason"] if giving_back else fields["text"],
            kind=ReplyKind.RETURN if giving_back else ReplyKind.ANSWER,
            signer=fields["signer"],
            document=fields["document"],
            by=by,
            at=at,
        )
    except CaseError as error:
        form.add_error(None, _(str(error)))
        return _page(request, hop, form, status=422)
    messages.success(
        request, _("Given back.") if giving_back else _("Your answer is with the unit that asked.")
    )
    return redirect("journeys:agency_mine")
