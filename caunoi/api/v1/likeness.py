"""Cases that belong together: published answers that fit, twins, one asker's cases joined or parted, one message with two questions."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import StringConstraints

from caunoi.answers.similar import Proposal
from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.answers import READS as READS_ANSWERS
from caunoi.api.v1.cases import draft_out
from caunoi.api.v1.ground import (
    READS,
    WRITES,
    case_for,
    case_out,
    cases_out,
    foreseen,
    refused,
    unit_for,
    units_out,
)
from caunoi.cases import actions_merge, same
from caunoi.cases import queries as case_queries
from caunoi.journeys import merging, places, same_question
from caunoi.journeys.writing import base_of
from caunoi.staff.terms import Permission as P

router = Router(tags=["together"])
asking = Router(tags=["answers"])


class LikeOut(s.Schema):
    """A published answer that may answer the question, and how alike the questions are (1: the same)."""

    number: str
    title: str
    answer: str
    agency: str
    unit: s.UnitOut
    likeness: float
    address: str


class TwinOut(s.Schema):
    """An open case that asks nearly the same."""

    case: s.CaseOut
    likeness: float


class AlikeOut(s.Schema):
    """What was answered before, which open cases ask the same, and which came from the same conversation."""

    answers: list[LikeOut]
    twins: list[TwinOut]
    same_asker: list[s.CaseOut]


class AnswerWithIn(s.Schema):
    """Which published answer becomes the draft; ``submit`` sends it for approval too."""

    answer: Annotated[str, StringConstraints(pattern=s.NUMBER, max_length=20)]
    submit: bool = False


class SplitIn(s.Schema):
    """Which words stay here, which become a case of their own."""

    first: s.Text
    second: s.Text


class SimilarIn(s.Schema):
    """Words of a question, and where it is asked; nothing of it is kept."""

    text: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=2000)]
    unit: s.UnitSlug | None = None
    topic: s.Topic = ""


def _likes(request: KeyRequest, found: list[Proposal]) -> list[dict[str, Any]]:
    named = units_out(request, {p.answer.unit_id for p in found})
    return [
        {
            **{n: getattr(p.answer, n) for n in ("number", "title", "answer", "agency")},
            "unit": named[p.answer.unit_id],
            "likeness": round(p.likeness, 3),
            "address": same_question.address_of(p.answer.number),
        }
        for p in found
    ]


@asking.post(
    "/similar",
    response=list[LikeOut],
    summary=gettext_noop("Find published answers to words somebody types"),
    **READS_ANSWERS,
)
def similar(request: KeyRequest, given: SimilarIn) -> Any:
    """Three at most, those that hold today; nothing for a cry for help, a complaint, a denunciation or a tip-off."""
    unit = unit_for(request, given.unit) if given.unit else None
    found = same_question.already_answered(
        text=given.text, unit_id=unit.id if unit else None, on=request.on, topic=given.topic
    )
    return _likes(request, found)


@router.get(
    "/{number}/alike",
    response=AlikeOut,
    summary=gettext_noop("What was answered before, and who asks the same"),
    **READS,
)
def alike(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Proposals; a person decides. Nothing for a case that is finished."""
    case = case_for(request, number)
    if case.answered_at is not None or case.closed_at is not None:
        return {"answers": [], "twins": [], "same_asker": []}
    twins = same.ask_the_same(request.viewer, case=case, on=request.on)
    ids = [c.pk for c in places.likely_twins(case)]
    visible = case_queries.visible_cases(request.viewer, on=request.on)
    asked = list(visible.filter(pk__in=ids).select_related("assignee").order_by("opened_at"))
    shown = cases_out(request, [t.case for t in twins])
    return {
        "answers": _likes(request, same_question.already_answered_case(case=case, on=request.on)),
        "twins": [
            {"case": c, "likeness": round(t.likeness, 3)} for c, t in zip(shown, twins, strict=True)
        ],
        "same_asker": cases_out(request, asked),
    }


@router.post(
    "/{number}/answer-with",
    response=s.DraftOut,
    summary=gettext_noop("Answer with a published answer"),
    **WRITES,
)
def answer_with(request: KeyRequest, number: s.CaseNumber, given: AnswerWithIn) -> Any:
    """One that is proposed for it; it becomes the draft, a second person approves."""
    case = case_for(request, number, P.CASES_DRAFT)
    with foreseen():
        draft = same_question.answer_with(
            case=case,
            number=given.answer,
            base=base_of(case_queries.open_draft(case=case)),
            submit=given.submit,
            by=request.viewer,
            at=request.at,
        )
    return draft_out(draft)


@router.post(
    "/{number}/merge",
    response=s.CaseOut,
    summary=gettext_noop("Join it with another case of the same asker"),
    **WRITES,
)
def merge(request: KeyRequest, number: s.CaseNumber, given: s.JoinIn) -> Any:
    """It closes with a word where to follow; one answer goes to both places. Answers with the case that goes on."""
    case = case_for(request, number, P.CASES_REFER)
    try:
        into = case_for(request, given.into, P.CASES_REFER)
    except Problem as problem:
        raise refused("into", _("No case of this number that you may join.")) from problem
    with foreseen():
        actions_merge.merge_case(case=case, into=into, by=request.viewer, at=request.at)
    return case_out(request, into)


@router.post(
    "/{number}/unmerge",
    response=s.CaseOut,
    summary=gettext_noop("Take it out of the asker's other case again"),
    **WRITES,
)
def unmerge(request: KeyRequest, number: s.CaseNumber) -> Any:
    """It waits for an answer of its own."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        actions_merge.unmerge_case(case=case, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/split",
    response={201: s.CaseOut},
    summary=gettext_noop("Make a second case of the second question in it"),
    **WRITES,
)
def split(request: KeyRequest, number: s.CaseNumber, given: SplitIn) -> Any:
    """The asker is told its number where she asked. Answers with the new case."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        made = merging.split_and_tell(
            case=case,
            first_text=given.first,
            second_text=given.second,
            by=request.viewer,
            at=request.at,
        )
    return 201, case_out(request, made)
