"""The permanent page of a question, and following it by number and code."""

from datetime import date, datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caunoi.answers import queries as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.rules import redact
from caunoi.answers.structured import qa_page
from caunoi.answers.views import library
from caunoi.cases import faces, joining, on_behalf, passport
from caunoi.cases import queries as cases
from caunoi.cases.asker_door import knows_code, remember_code
from caunoi.cases.models import Case, Step
from caunoi.cases.terms import State, StepKind
from caunoi.journeys import ask_and_answer, forms, passport_page, same_question
from caunoi.journeys.file_views import shown_files
from caunoi.journeys.hop_forms import FaceForm
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
        return library.imported(request, number)
    if "ma" in request.GET:
        return _with_code(request, case)
    known = knows_code(request, case)
    if not case.is_public and not known:
        return redirect(f"/theo-doi/?so={case.number}")
    return render(request, "journeys/question.html", _page(case, known=known))


def _with_code(request: HttpRequest, case: Case) -> HttpResponse:
    """The QR on the asker's slip carries the code: remember it, and go on at the clean address; wrong ones are counted."""
    who, at = limits.address(request), clock.now()
    verdict = limits.take(limits.FOLLOW_CODE, who=who, at=at)
    if not verdict.allowed:
        return limits.too_many(request, verdict)
    code = request.GET["ma"].strip().upper().replace(" ", "")[:12]
    if constant_time_compare(code, case.follow_code):
        limits.give_back(limits.FOLLOW_CODE, who=who, at=at)
        remember_code(request, case)
    return redirect("journeys:question", number=case.number)


def _page(case: Case, *, known: bool) -> dict[str, Any]:
    at = clock.now()
    main = joining.joined_with(case=case)
    published = _published(case, main)
    steps = cases.steps_of(case=case, public_only=True)
    private = None
    if published is None and case.answered_at and known:
        private = case.drafts.filter(state="approved").order_by("-pk").first()
    address = ask_and_answer.permanent_address(case.number)
    return {
        "case": case,
        "state": "joined" if main is not None and case.answered_at is None else case.state,
        "title": redact(case.title, names=on_behalf.names_to_hide(case)).text,
        "question": published.question
        if published and published.number == case.number
        else redact(case.text, names=on_behalf.names_to_hide(case)).text,
        "main": main,
        "published": published,
        "standing": answers.how_it_stands(published, on=clock.local_date(at)).value
        if published
        else "",
        "linked_data": _linked_data(case, published, address),
        "private": private,
        "spans": _spans(case, steps),
        "files": shown_files(case, known=known),
        "entries": passport_page.timeline(case, steps, at),
        "holder": passport_page.holder_now(case, at),
        "known": known,
        "may_ask_again": _may_ask_again(case, waits=main is not None and case.answered_at is None),
        "face_form": FaceForm(initial=_face(case, known), known=known),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4),
        "contentment": passport.contentment(under=case.owner_id, on=clock.local_date(at)),
        "unit_name": units.name_of(unit_id=case.owner_id, on=clock.local_date(at)),
        "similar": _others(case, clock.local_date(at)),
        "now": at,
        "section": "answers",
    }


def _published(case: Case, main: Case | None) -> PublishedAnswer | None:
    """Return the case's own published answer, or that of the case it was answered with."""
    own = answers.by_number(number=case.number)
    if own is not None or main is None or case.answered_at is None:
        return own
    return answers.by_number(number=main.number)


def _linked_data(case: Case, published: PublishedAnswer | None, address: str) -> str:
    """Tell search engines only at the answer's own page."""
    own = published is not None and published.number == case.number
    return qa_page(published, address=address) if published and own else ""


def _may_ask_again(case: Case, *, waits: bool) -> bool:
    ended = case.answered_at is not None or case.closed_at is not None
    return ended and not waits and case.reopened_at is None


def _face(case: Case, known: bool) -> dict[str, str]:
    """Return the face given before, for the browser that has shown the code."""
    given = faces.face_of(case) if known and case.answered_at else None
    return {"face": given.face, "text": given.text} if given else {}


def _others(case: Case, on: date) -> list:
    """Return answers that look alike, for a case that may be public."""
    if not case.is_public:
        return []
    return [p.answer for p in same_question.already_answered_case(case=case, on=on)]


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
                remember_code(request, case)
            return redirect("journeys:question", number=case.number)
        form.add_error(None, _("No question with this number and code. Check both on your slip."))
    return render(request, "journeys/follow.html", {"form": form, "section": "follow"})
