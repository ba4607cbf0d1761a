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
from caunoi.journeys import approving, previews, recalling, redacting, writing
from caunoi.journeys.redacting import Part, Review
from caunoi.staff.terms import Permission as P
from caunoi.units import queries as units

router = Router(tags=["answering"])


@router.get(
    "/{number}/draft",
    response=s.DraftOut,
    summary=gettext_noop("Read the answer being written"),
    **READS,
)
def read_draft(request: KeyRequest, response: HttpResponse, number: s.CaseNumber) -> Any:
    """Its ETag is what writing repeats in If-Match."""
    return draft_of(response, case_for(request, number))


def draft_of(response: HttpResponse, case: Case) -> dict[str, Any]:
    """Return the answer being written, under its version. Raises Problem 404."""
    draft = case_queries.open_draft(case=case)
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
    return keep(request, response, case_for(request, number, P.CASES_DRAFT), given)


def keep(
    request: KeyRequest, response: HttpResponse, case: Case, given: s.DraftIn
) -> dict[str, Any]:
    """Keep the answer under the version the caller saw. Raises Problem 412, 428."""
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
    return send(request, case_for(request, number, P.CASES_DRAFT))


def send(request: KeyRequest, case: Case) -> dict[str, Any]:
    """Send the answer to a second person. Raises Problem 412."""
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
    return _review_out(case, redacting.review_of(case=case, answer=draft.text))


def _review_out(case: Case, found: Review) -> dict[str, Any]:
    return {
        "prints": found.prints,
        "question": found.question.public,
        "answer": found.answer.public,
        "marks": [*_marks(found.question), *_marks(found.answer)],
        "must_decide": case.is_public and found.must_decide,
    }


@router.put(
    "/{number}/redaction",
    response=s.ReviewOut,
    summary=gettext_noop("Decide what is hidden from the public"),
    **WRITES,
)
def redact(request: KeyRequest, number: s.CaseNumber, given: s.RedactIn) -> Any:
    """Of the question and the answer as they stand. What was proposed and is not among the keys stays to be read."""
    case = case_for(request, number, P.CASES_DRAFT)
    draft = case_queries.open_draft(case=case)
    with foreseen():
        found = redacting.decide(
            case=case,
            answer=draft.text if draft else "",
            hidden=given.hide,
            more=given.more,
            by=request.viewer,
            at=request.at,
        )
    return _review_out(case, found)


@router.post(
    "/{number}/preview",
    response=list[s.PreviewOut],
    summary=gettext_noop("See how an answer would look in each place"),
    **READS,
)
def preview(request: KeyRequest, number: s.CaseNumber, given: s.DraftIn) -> Any:
    """Nothing is kept. ``told``: only a person can tell the asker."""
    case = case_for(request, number)
    signed = given.agency or units.name_of(unit_id=case.owner_id, on=request.on)
    found = previews.places_of(case, text=given.text, agency=signed, at=request.at)
    return [
        {
            "kind": p.kind,
            "channel": p.channel.name if p.channel else "",
            "parts": list(p.parts),
            "length": p.length,
            "limit": p.limit,
            "open": p.window is None or p.window.is_open,
            "open_until": p.window.open_until if p.window else None,
            "is_free": p.window is None or p.window.is_free,
        }
        for p in found
    ]


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
    response=s.RecallOut,
    summary=gettext_noop("Approve, publish and send the answer"),
    **APPROVES,
)
def approve(request: KeyRequest, number: s.CaseNumber, given: s.ApproveSoonIn) -> Any:
    """The key's account is an approver, and neither it nor whoever made the key wrote the answer. At once, or ``soon``."""
    case = case_for(request, number, P.CASES_APPROVE)
    with foreseen():
        lock_for(case, request.viewer, P.CASES_APPROVE, request.at)
        check_second_person(request, case)
        words: dict[str, Any] = {"prints": given.prints, "hidden": given.hide, "more": given.more}
        if not given.soon:
            approving.approve_reviewed(case=case, by=request.viewer, at=request.at, **words)
            return case_out(request, case) | {"recall": None, "until": None}
        recall = recalling.approve_soon(case=case, by=request.viewer, at=request.at, **words)
    return case_out(request, case) | {"recall": recall.pk, "until": recall.until}


def check_second_person(request: KeyRequest, case: Case) -> None:
    """Raise Problem 403 when the key's account, or whoever made the key, wrote the answer."""
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
