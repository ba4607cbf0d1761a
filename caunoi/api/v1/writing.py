"""The answer: kept as a draft under its version, sent for approval, approved by a second person, given back."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from caunoi.api import rules
from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.cases import draft_out
from caunoi.api.v1.ground import APPROVES, READS, WRITES, case_for, case_out, foreseen
from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.ground import lock_for
from caunoi.cases.models import Case, Draft
from caunoi.journeys import approving, redacting, writing
from caunoi.journeys.redacting import Part
from caunoi.staff.terms import Permission as P

router = Router(tags=["answering"])


@router.get(
    "/{number}/draft",
    response=s.DraftOut,
    summary=gettext_noop("Read the answer being written"),
    **READS,
)
def read_draft(request: KeyRequest, response: HttpResponse, number: s.CaseNumber) -> Any:
    """Its ETag is what writing repeats in If-Match."""
    draft = case_queries.open_draft(case=case_for(request, number))
    if draft is None:
        raise Problem(404, _("Nobody has begun an answer."))
    response["ETag"] = _tag(draft)
    return draft_out(draft)


@router.put(
    "/{number}/draft",
    response=s.DraftOut,
    summary=gettext_noop("Keep the answer as far as it is written"),
    **WRITES,
)
def save_draft(
    request: KeyRequest, response: HttpResponse, number: s.CaseNumber, given: s.DraftIn
) -> Any:
    """If-Match with the ETag that was read; without it only where nobody has begun. Whoever keeps it becomes its author."""
    case = case_for(request, number, P.CASES_DRAFT)
    by, at = request.viewer, request.at
    with foreseen():
        lock_for(case, by, P.CASES_DRAFT, at)
        _check_version(request, case, needed=True)
        words = {"text": given.text, "agency": given.agency}
        draft = writing.save_answer(case=case, base=None, submit=False, by=by, at=at, **words)
    response["ETag"] = _tag(draft)
    return draft_out(draft)


@router.post(
    "/{number}/submit", response=s.CaseOut, summary=gettext_noop("Send for approval"), **WRITES
)
def submit(request: KeyRequest, number: s.CaseNumber) -> Any:
    """To a second person. If-Match, when it is sent, is compared."""
    case = case_for(request, number, P.CASES_DRAFT)
    by, at = request.viewer, request.at
    with foreseen():
        lock_for(case, by, P.CASES_DRAFT, at)
        _check_version(request, case, needed=False)
        cases.submit_draft(case=case, by=by, at=at)
    return case_out(request, case)


def _check_version(request: KeyRequest, case: Case, *, needed: bool) -> None:
    """Raise Problem 412 when another text stands there than the caller saw, 428 when she does not say which she saw."""
    draft = case_queries.open_draft(case=case)
    seen = request.headers.get("If-Match", "")
    if draft is None:
        if seen and seen != "*":
            raise Problem(412, _("The draft you saw is not there any more."))
        return
    if not seen:
        if needed:
            raise Problem(
                428, _("An answer is begun already: read it, and send its ETag in If-Match.")
            )
        return
    if seen not in {"*", _tag(draft)}:
        raise Problem(412, _("A colleague kept another text meanwhile; compare the two."))


def _tag(draft: Draft) -> str:
    return f'"{writing.base_of(draft)}"'


@router.get(
    "/{number}/review",
    response=s.ReviewOut,
    summary=gettext_noop("See what will be hidden from the public"),
    **READS,
)
def review(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Proposals to be decided by whoever approves."""
    case = case_for(request, number)
    draft = case_queries.open_draft(case=case)
    if draft is None:
        raise Problem(404, _("Nobody has begun an answer."))
    found = redacting.review_of(case=case, answer=draft.text)
    return {
        "prints": found.prints,
        "question": found.question.public,
        "answer": found.answer.public,
        "marks": [*_marks(found.question), *_marks(found.answer)],
        "must_decide": case.is_public and found.must_decide,
    }


def _marks(part: Part) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{part.name}:{mark.key}",
            "kind": mark.kind.value,
            "words": part.text[mark.start : mark.end],
            "hidden": mark in part.marks,
        }
        for mark in part.all_marks
    ]


@router.post(
    "/{number}/approve",
    response=s.CaseOut,
    summary=gettext_noop("Approve, publish and send the answer"),
    **APPROVES,
)
def approve(request: KeyRequest, number: s.CaseNumber, given: s.ApproveIn) -> Any:
    """The key's account is an approver, and neither it nor whoever made the key wrote the answer."""
    case = case_for(request, number, P.CASES_APPROVE)
    with foreseen():
        lock_for(case, request.viewer, P.CASES_APPROVE, request.at)
        _check_second_person(request, case)
        approving.approve_reviewed(
            case=case,
            prints=given.prints,
            hidden=given.hide,
            more=given.more,
            by=request.viewer,
            at=request.at,
        )
    return case_out(request, case)


def _check_second_person(request: KeyRequest, case: Case) -> None:
    draft = case_queries.open_draft(case=case)
    author = draft.author_id if draft else None
    account = request.key.account_id
    if draft is not None and not rules.may_stand_for(
        account_id=account,
        made_by_id=request.key.made_by_id,
        author_id=author,
        account_is_author=author == account,
    ):
        raise Problem(403, _("Who wrote the answer cannot approve it, not by a key either."))


@router.post(
    "/{number}/return",
    response=s.CaseOut,
    summary=gettext_noop("Give the answer back to its author"),
    **APPROVES,
)
def give_back(request: KeyRequest, number: s.CaseNumber, given: s.ReasonIn) -> Any:
    """Saying what should be changed."""
    case = case_for(request, number, P.CASES_APPROVE)
    with foreseen():
        cases.return_draft(case=case, because=given.reason, by=request.viewer, at=request.at)
    return case_out(request, case)
