"""The same question again, in pages: proposals while somebody types, and what an officer does about questions that are alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import queries as case_queries
from caunoi.cases import rules, same
from caunoi.cases.models import Case
from caunoi.journeys import same_question
from caunoi.journeys.ask_units import meant
from caunoi.journeys.case_page import load
from caunoi.journeys.writing import base_of
from caunoi.kit import clock, swap
from caunoi.kit.access import access, public
from caunoi.kit.limits import TYPING, limited
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

LONGEST = 2000


@public("anybody may look whether a question was answered")
@limited(TYPING, methods=("GET", "POST"))
def similar(request: HttpRequest) -> HttpResponse:
    """Propose published answers to the words typed so far; the words are not kept. A part of the ask page, and a page."""
    given = request.POST if request.method == "POST" else request.GET
    text = (given.get("text") or given.get("q") or "")[:LONGEST]
    unit = meant(
        written=given.get("unit") or given.get("don-vi") or "", chosen=given.get("chosen") or ""
    )
    on = clock.local_date(clock.now())
    unit_id = unit.id if unit else None
    found = same_question.already_answered(text=text, unit_id=unit_id, on=on) if text else []
    names = units.names_of(unit_ids=[p.answer.unit_id for p in found], on=on)
    shown = {"proposals": found, "names": names, "text": text, "unit": unit, "section": "ask"}
    return swap.render(request, "journeys/similar.html", shown, parts=("similar",))


@access("cases.view")
@require_safe
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was answered before and which open cases ask the same; a part of the case page, and a page."""
    found = load(request, number)
    return swap.render(request, "journeys/alike.html", alike_to(request, found), parts=("alike",))


def alike_to(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Return the published answers and open cases that are like this case, with what the viewer may do about them."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id, "")
    waits = case.answered_at is None and case.closed_at is None
    draft = case_queries.open_draft(case=case)
    may_answer = waits and viewer.may(Permission.CASES_DRAFT, path)
    may_join = waits and viewer.may(Permission.CASES_REFER, path)
    proposals = same_question.already_answered_case(case=case, on=on) if waits else []
    twins = same.ask_the_same(viewer, case=case, on=on) if may_join else []
    ids = [p.answer.unit_id for p in proposals] + [t.case.owner_id for t in twins]
    return {
        "case": case,
        "proposals": proposals,
        "twins": twins,
        "names": units.names_of(unit_ids=ids, on=on),
        "may_answer": may_answer and (draft is None or draft.state != "submitted"),
        "may_join": may_join,
        "base": base_of(draft),
        "never": case.kind in rules.NEVER_PUBLIC,
        "now": at,
    }


def _do(
    request: HttpRequest, number: str, permission: Permission, act: Callable[[Case], str]
) -> HttpResponse:
    """Do one thing to the case and say what was done; an error we foresee is said, and the page comes back."""
    found = load(request, number, permission)
    try:
        messages.success(request, act(found))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.draft")
@require_POST
def answer_with(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with a published answer in one step: as a draft, or straight for approval."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    submit = "submit" in request.POST

    def act(found: Case) -> str:
        same_question.answer_with(
            case=found,
            number=request.POST.get("answer", "")[:20],
            base=request.POST.get("base", "")[:40],
            submit=submit,
            by=by,
            at=at,
        )
        if submit:
            return _("Sent for approval.")
        return _("The published answer is your draft now; read it through and send it.")

    return _do(request, number, Permission.CASES_DRAFT, act)


@access("cases.refer")
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Let chosen cases be answered together with this one, or this one with another (``into``); each is checked on its own."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    main = load(request, number, Permission.CASES_REFER)
    on = clock.local_date(at)
    chosen = [n[:20] for n in request.POST.getlist("case")][:20]
    done = 0
    for other in chosen:
        case = case_queries.case_by_number(
            by, number=other, on=on, permission=Permission.CASES_REFER
        )
        try:
            if case is None:
                raise Foreseen(_("No case of this number that you may join."))
            same_question.join_and_tell(case=case, into=main, by=by, at=at)
            done += 1
        except Foreseen as error:
            messages.error(request, f"{other}: {_(str(error))}")
    if done:
        said = _("Joined. Each asker was told and gets the answer together with this one.")
        messages.success(request, said)
    elif not chosen:
        messages.warning(request, _("Choose cases first."))
    return redirect("journeys:case", number=number)


@access("cases.refer")
@require_POST
def part(request: HttpRequest, number: str) -> HttpResponse:
    """Take this case out of the other again."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: Case) -> str:
        same_question.part_and_tell(case=found, by=by, at=at)
        return _("Taken out; it waits for an answer of its own, and the asker was told.")

    return _do(request, number, Permission.CASES_REFER, act)
