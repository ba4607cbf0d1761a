"""The library of published answers, and its keepers' changes."""

from collections.abc import Callable, Collection
from typing import Annotated, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.answers import actions, queries
from caunoi.answers.models import PublishedAnswer
from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import foreseen, needs, unit_for, units_out

router = Router(tags=["answers"])
READS, WRITES = needs(Scope.ANSWERS_READ), needs(Scope.ANSWERS_WRITE)
SIZE = 50


class AnswerFilters(s.Schema):
    """Words, place, topic; everything may be left out."""

    q: s.Words = ""
    unit: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,140}$", max_length=140)] = ""
    topic: s.Topic = ""
    old: bool = False
    page: Annotated[int, s.Field(ge=1, le=200)] = 1


@router.get("", response=s.AnswerPageOut, summary=gettext_noop("Search published answers"), **READS)
def list_answers(request: KeyRequest, chosen: Query[AnswerFilters]) -> Any:
    """Newest first; ``old`` also those that no longer hold."""
    under = unit_for(request, chosen.unit).id if chosen.unit else None
    found = queries.published(
        text=chosen.q, under=under, on=request.on, topic=chosen.topic, old=chosen.old
    )
    start = (chosen.page - 1) * SIZE
    rows = list(found[start : start + SIZE + 1])
    return {
        "items": answers_out(request, rows[:SIZE]),
        "page": chosen.page,
        "size": SIZE,
        "next": chosen.page + 1 if len(rows) > SIZE and chosen.page < 200 else None,
    }


def answers_out(request: KeyRequest, found: Collection[PublishedAnswer]) -> list[dict[str, Any]]:
    named = units_out(request, {a.unit_id for a in found})
    same = (
        "number", "title", "question", "answer", "agency", "topic", "published_at", "valid_from", "valid_until",
        "law_changed_at", "law_note", "corrected_at", "correction",
    )  # fmt: skip
    return [
        {
            **{name: getattr(a, name) for name in same},
            "unit": named[a.unit_id],
            "standing": queries.how_it_stands(a, on=request.on).value,
            "address": f"{settings.PUBLIC_URL}/hoi/{a.number}/",
        }
        for a in found
    ]


@router.get(
    "/{number}", response=s.AnswerOut, summary=gettext_noop("Read a published answer"), **READS
)
def read_answer(request: KeyRequest, number: s.CaseNumber) -> Any:
    """A withdrawn one too; ``standing`` says so."""
    found = queries.by_number(number=number)
    if found is None:
        raise Problem(404, _("No published answer of this number."))
    return answers_out(request, [found])[0]


def _change(
    request: KeyRequest, number: str, act: Callable[[PublishedAnswer], PublishedAnswer]
) -> dict[str, Any]:
    """Do one thing to an answer the key's account keeps. Raises Problem."""
    found = queries.kept_answer(request.viewer, number=number, on=request.on)
    if found is None:
        if queries.by_number(number=number) is not None:
            raise Problem(403, _("This answer is kept by another unit."))
        raise Problem(404, _("No published answer of this number."))
    with foreseen():
        changed = act(found)
    return answers_out(request, [changed])[0]


@router.post(
    "/{number}/corrections",
    response={201: s.AnswerOut},
    summary=gettext_noop("Correct a published answer"),
    **WRITES,
)
def correct(request: KeyRequest, number: s.CaseNumber, given: s.CorrectIn) -> Any:
    """The text before it stays readable, with the reason."""
    by, at = request.viewer, request.at
    return 201, _change(
        request,
        number,
        lambda found: actions.correct_answer(
            published=found, answer=given.answer, why=given.why, by=by, at=at
        ),
    )


@router.put(
    "/{number}/validity",
    response=s.AnswerOut,
    summary=gettext_noop("Say from and until when it holds"),
    **WRITES,
)
def set_validity(request: KeyRequest, number: s.CaseNumber, given: s.ValidityIn) -> Any:
    """Both days included."""
    by, at, days = request.viewer, request.at, given.dict()
    return _change(
        request,
        number,
        lambda found: actions.set_validity(published=found, by=by, at=at, **days),
    )


@router.put(
    "/{number}/law-mark",
    response=s.AnswerOut,
    summary=gettext_noop("Mark that the law has changed"),
    **WRITES,
)
def mark_law(request: KeyRequest, number: s.CaseNumber, given: s.LawIn) -> Any:
    """A marked answer is no longer proposed."""
    by, at, note = request.viewer, request.at, given.note

    def act(found: PublishedAnswer) -> PublishedAnswer:
        if note is None:
            return actions.unmark_law_changed(published=found, by=by, at=at)
        return actions.mark_law_changed(published=found, note=note, by=by, at=at)

    return _change(request, number, act)


@router.post(
    "/{number}/withdrawal",
    response=s.AnswerOut,
    summary=gettext_noop("Withdraw a published answer"),
    **WRITES,
)
def withdraw(request: KeyRequest, number: s.CaseNumber, given: s.WhyIn) -> Any:
    """Its page stays and says why."""
    by, at = request.viewer, request.at
    return _change(
        request,
        number,
        lambda found: actions.withdraw_answer(published=found, why=given.why, by=by, at=at),
    )
