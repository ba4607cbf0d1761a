"""The permanent page of a question, and following it by number and code."""

from datetime import datetime
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caunoi.answers import queries as answers
from caunoi.answers.rules import redact
from caunoi.cases import queries as cases
from caunoi.cases.models import Case, Step
from caunoi.cases.terms import State, StepKind
from caunoi.journeys import ask_and_answer, case_words, forms, same_question
from caunoi.kit import clock, limits
from caunoi.kit.access import public
from caunoi.units import queries as units

PUBLIC = "a question is followed by its number"


@public(PUBLIC)
@never_cache
@require_safe
def question(request: HttpRequest, number: str) -> HttpResponse:
    """Show question and answer to everybody when they are public; else ask for the code."""
    case = cases.public_case(number=number.upper())
    if case is None:
        raise Http404
    knows_code = case.number in request.session.get("codes", [])
    if not case.is_public and not knows_code:
        return redirect(f"/theo-doi/?so={case.number}")
    return render(request, "journeys/question.html", _page(case, knows_code=knows_code))


def _page(case: Case, *, knows_code: bool) -> dict[str, Any]:
    on = clock.local_date(clock.now())
    published = answers.by_number(number=case.number)
    steps = cases.steps_of(case=case, public_only=True)
    names = units.names_of(
        unit_ids=[s.unit_id for s in steps if s.unit_id]
        + [s.to_unit_id for s in steps if s.to_unit_id],
        on=on,
    )
    private = None
    if published is None and case.answered_at and knows_code:
        private = case.drafts.filter(state="approved").order_by("-pk").first()
    address = ask_and_answer.permanent_address(case.number)
    return {
        "case": case,
        "title": redact(case.title, names=(case.asker_name,)).text,
        "question": published.question
        if published
        else redact(case.text, names=(case.asker_name,)).text,
        "published": published,
        "private": private,
        "spans": _spans(case, steps),
        "hops": [_hop(s, names) for s in steps],
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4),
        "unit_name": units.name_of(unit_id=case.owner_id, on=on),
        "similar": [p.answer for p in same_question.already_answered_case(case=case, on=on)],
        "now": clock.now(),
        "section": "answers",
    }


def _spans(case: Case, steps: list[Step]) -> list[dict[str, Any]]:
    """Return the four spans of the bridge: received, with the unit, being answered, answered."""
    referred = next((s.at for s in reversed(steps) if s.kind == StepKind.REFERRED), None)
    reached = 3 if case.answered_at else 2 if case.state in {State.DRAFTED, State.SUBMITTED} else 1
    times: list[datetime | None] = [
        case.opened_at,
        referred or case.opened_at,
        None,
        case.answered_at,
    ]
    labels = [_("Received"), _("With the unit"), _("Being answered"), _("Answered")]
    return [
        {
            "label": label,
            "at": at,
            "state": "done"
            if place < reached or case.answered_at
            else "now"
            if place == reached
            else "next",
        }
        for place, (label, at) in enumerate(zip(labels, times, strict=True))
    ]


def _hop(step: Step, names: dict) -> dict[str, Any]:
    titles = {
        StepKind.OPENED: _("Received"),
        StepKind.REFERRED: _("Referred to %(unit)s") % {"unit": names.get(step.to_unit_id, "")},
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.REOPENED: _("Taken up again"),
    } | case_words.more_titles(step, names.get(step.to_unit_id, ""))
    public_note = step.note if step.kind in case_words.PUBLIC_NOTES else ""
    return {
        "title": titles[StepKind(step.kind)],
        "text": redact(public_note).text,
        "at": step.at,
        "by": names.get(step.unit_id, ""),
    }


@public(PUBLIC)
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Open a question by number, a private one with its code. The same answer for a wrong code and an unknown number.

    Only wrong tries are counted, and after ten of them right ones are refused too for a while.
    """
    form = forms.FollowForm(request.POST or None, initial={"number": request.GET.get("so", "")})
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        who, at = limits.address(request), clock.now()
        verdict = limits.take(limits.FOLLOW_CODE, who=who, at=at)
        if not verdict.allowed:
            return limits.too_many(request, verdict)
        case = cases.public_case(number=number)
        right_code = case is not None and constant_time_compare(code, case.follow_code)
        if case is not None and (case.is_public or right_code):
            limits.give_back(limits.FOLLOW_CODE, who=who, at=at)
            if right_code:
                request.session["codes"] = [*request.session.get("codes", []), case.number][-20:]
            return redirect("journeys:question", number=case.number)
        form.add_error(None, _("No question with this number and code. Check both on your slip."))
    return render(request, "journeys/follow.html", {"form": form, "section": "follow"})
