"""Everything the case page shows, part by part; each part names the keys its templates in ``journeys/case/`` read."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from caunoi.answers import redaction
from caunoi.cases import passport
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import ReasonForm
from caunoi.cases.models import Case, Draft, Referral, Step
from caunoi.cases.terms import DraftState, Origin, StepKind
from caunoi.handling import queries_recall
from caunoi.inbox import queries as inbox
from caunoi.inbox.models import Thread
from caunoi.journeys import (
    case_desk,
    case_words,
    hop_page,
    previews,
    redacting,
    same_question,
)
from caunoi.kit import clock, swap
from caunoi.kit.viewing import Viewer
from caunoi.outbox import queries as outbox
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.voters import queries as voters
from caunoi.voters.models import VoterMeeting

PARTS = ("case",)


def load(request: HttpRequest, number: str, permission: str = Permission.CASES_VIEW) -> Case:
    """Return the case when the viewer may do this in it; a stranger gets 404."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    if permission == Permission.CASES_VIEW:
        found = case_queries.case_with_story(viewer, number=number, on=on)
    else:
        found = case_queries.case_by_number(viewer, number=number, on=on, permission=permission)
    if found is None:
        raise Http404
    return found


def show(request: HttpRequest, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Answer with the case page, or with its part ``case`` when the inbox asks for it beside its list."""
    return swap.render(
        request,
        "journeys/case.html",
        page_of(request, case, **forms),
        parts=PARTS,
        status=status,
    )


def page_of(request: HttpRequest, case: Case, **forms: Any) -> dict[str, Any]:
    """Return everything the case page shows; ``forms`` replaces forms that came back with errors."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    draft = case_queries.open_draft(case=case)
    steps = case_queries.steps_of(case=case, public_only=False)
    hops = passport.hops_of(case=case)
    places = _places(case, steps, hops, clock.local_date(at))
    path, _name = places.get(case.owner_id, ("", ""))
    may = _may(viewer, path)
    thread = inbox.thread(thread_id=case.thread_id) if case.thread_id else None
    shown = {
        "case": case,
        "now": at,
        "may": may,
        "unfinished": case.answered_at is None and case.closed_at is None,
        **_conversation(case, thread),
        **_answer(viewer, case, draft),
        **_history(steps, places),
        **hop_page.hop_parts(viewer, case, hops, places, at),
        **_forms(),
        **same_question.together(case),
        "meeting": _meeting(case),
        "recall": queries_recall.latest_recall(case=case, at=at),
        "is_starred": case.stars.filter(account_id=viewer.account_id).exists(),
        **case_desk.part(
            viewer, case, draft, tab=request.GET.get("tab", ""), path=path, may=may, at=at
        ),
        **forms,
    }
    agency = shown["agency"] or shown["names"].get(case.owner_id, "")
    return shown | {
        "previews": previews.places_of(
            case, text=shown["text"], agency=agency, at=at, merged=shown["merged_here"]
        )
    }


def _places(
    case: Case, steps: list[Step], hops: list[Referral], on: date
) -> dict[UUID, tuple[str, str]]:
    """Return path and name of every unit the page speaks of, in one query."""
    ids = {case.owner_id, case.opened_unit_id}
    ids |= {i for s in steps for i in (s.unit_id, s.to_unit_id) if i}
    ids |= {i for h in hops for i in (h.from_unit_id, h.to_unit_id) if i}
    return units.known_places(unit_ids=ids, on=on)


def _meeting(case: Case) -> VoterMeeting | None:
    """Return the meeting with voters at which the case was said."""
    said_there = case.origin == Origin.VOTER_MEETING.value
    return voters.meeting_of_case(case_id=case.pk) if said_there else None


def _may(viewer: Viewer, path: str) -> dict[str, bool]:
    """Return what the viewer may do in the case's unit, by the short name of the right."""
    rights = [p for p in Permission if p.name.startswith("CASES_")]
    return {p.name.lower().removeprefix("cases_"): viewer.may(p, path) for p in rights}


def _conversation(case: Case, thread: Thread | None) -> dict[str, Any]:
    return {
        "thread": thread,
        "post": inbox.post_under_which(thread=thread) if thread else None,
        "messages_in": inbox.messages_of(thread_id=thread.pk) if thread else [],
        "sends": outbox.sends_for(reference_prefix=f"case:{case.pk}:"),
    }


def _answer(viewer: Viewer, case: Case, draft: Draft | None) -> dict[str, Any]:
    foreign = draft is not None and draft.author_id != viewer.account_id
    waits = draft is not None and draft.state == DraftState.SUBMITTED
    review = redacting.review_of(case=case, answer=draft.text) if draft and waits else None
    return {
        "draft": draft,
        "mine_to_approve": foreign,
        "other_author": foreign and draft is not None and draft.state == DraftState.DRAFT,
        "review": review if case.is_public else None,
        "review_parts": [
            (p, redaction.pieces(p.text, p.all_marks)) for p in (review.question, review.answer)
        ]
        if review
        else [],
    }


def _history(steps: list[Step], places: dict[UUID, tuple[str, str]]) -> dict[str, Any]:
    names = {unit_id: name for unit_id, (_path, name) in places.items()}
    return {
        "names": names,
        "steps": [(s, _title(s, names)) for s in steps],
        "notes": [s for s in steps if s.kind == StepKind.NOTE],
    }


def _forms() -> dict[str, Any]:
    return {
        "draft_form": None,
        "return_form": ReasonForm(prefix="return"),
        "close_form": ReasonForm(prefix="close"),
    }


def _title(step: Step, names: dict) -> str:
    to = names.get(step.to_unit_id, "")
    titles: dict[StepKind, str] = {
        StepKind.OPENED: _("Received"),
        StepKind.MORE: _("The asker wrote more"),
        StepKind.REFERRED: _("Referred to %(unit)s") % {"unit": to},
        StepKind.ASSIGNED: _("Given to %(name)s") % {"name": step.note or "–"},
        StepKind.NOTE: _("Note"),
        StepKind.SUBMITTED: _("Sent for approval"),
        StepKind.RETURNED: _("Given back"),
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.REOPENED: _("Taken up again"),
    } | case_words.more_titles(step, to)
    return titles[StepKind(step.kind)]
