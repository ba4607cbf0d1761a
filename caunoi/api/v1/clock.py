"""The clock of a case: accepted, standing still, running again, longer, another row of the table, handed over. For open cases and sealed ones."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import READS, SEALED, WRITES, case_for, checked, foreseen, sealed_for
from caunoi.cases.models import Case
from caunoi.journeys import deeds
from caunoi.staff.terms import Permission as P

router = Router(tags=["clock"])
sealed_router = Router(tags=["sealed"])
Long = Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=1000)]
Load = Callable[..., Case]
WORDS = {
    "loai": "kind",
    "thu-ly": "acceptance",
    "hoi-lai": "question",
    "chay-tiep": "resume",
    "gia-han": "extension",
    "thoi-han": "deadline",
    "ban-giao": "hand-over",
}


class PauseOut(s.Schema):
    """A time in which the clock stood still."""

    began_at: datetime
    until_at: datetime
    ended_at: datetime | None


class ExtensionOut(s.Schema):
    """More time, and why."""

    at: datetime
    amount: int
    reason: str
    due_before: datetime
    due_after: datetime


class ClockOut(s.Schema):
    """By when it is due and why; ``offered`` says what can be done now, in the words of the addresses below."""

    number: str
    state: str
    deadline: str
    label: str
    due_at: datetime
    due_state: str
    counted_from: datetime
    accepted_at: datetime | None
    waits_until: datetime | None
    pauses: list[PauseOut]
    extensions: list[ExtensionOut]
    offered: list[str]


class AcceptIn(s.Schema):
    """Number and date of the notice of acceptance."""

    document: Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=200)] = ""


class AskIn(s.Schema):
    """What the asker is asked, and for how many days the clock may stand still."""

    text: Long
    days: Annotated[int, s.Field(ge=1, le=366)]


class ExtendIn(s.Schema):
    """By how many days of the table's kind, and why; the asker reads it."""

    amount: Annotated[int, s.Field(ge=1, le=366)]
    reason: Long


class RowIn(s.Schema):
    """Which row of the table of deadlines, and why."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{1,40}$", max_length=40)]
    reason: Long


class HandOverIn(s.Schema):
    """Who took it over, and by which receipt."""

    to: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=200)]
    document: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=300)]


def clock_out(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return the clock as the case's page shows it."""
    case = Case.objects.defer("words").get(pk=case.pk)
    page = deeds.page_of(case, at=at)
    return {
        "number": case.number,
        "state": case.state,
        "deadline": case.deadline_code,
        "label": page["term"].label,
        "due_at": case.due_at,
        "due_state": page["due_state"],
        "counted_from": page["counted_from_at"],
        "accepted_at": case.accepted_at,
        "waits_until": case.waits_until,
        "pauses": page["pauses"],
        "extensions": page["extensions"],
        "offered": sorted(WORDS[name] for name in deeds.offered(case)),
    }


def do_deed(
    request: KeyRequest, case: Case, name: str, given: Mapping[str, Any] | None = None
) -> Any:
    """Do what the form of that name does on the case's page. Raises Problem: 422 as the form, 409 as things stand."""
    deed = deeds.DEEDS[name]
    fields = checked(deed.form(given or {}, case=case))
    with foreseen():
        deed.act(case, fields, request.viewer, request.at)
    return clock_out(case, at=request.at)


def _said(word: str, name: str, summary: str) -> dict[str, Any]:
    named = f"{word}{name}"
    return {"response": ClockOut, "summary": summary, "operation_id": named, "url_name": named}


def add_clock(router: Router, load: Load, *, word: str, reads: Any, writes: Any) -> None:
    """Give the router the reading of a clock and what sets it; ``word`` stands before each name."""

    @router.get(
        "/{number}/clock",
        **_said(word, "clock", gettext_noop("By when it is due, and why")),
        **reads,
    )
    def clock(request: KeyRequest, number: s.CaseNumber) -> Any:
        """Which row of the table holds, when it stood still, how it was extended."""
        return clock_out(load(request, number, P.CASES_VIEW), at=request.at)

    @router.post(
        "/{number}/acceptance",
        **_said(word, "accept", gettext_noop("Accept it formally")),
        **writes,
    )
    def accept(request: KeyRequest, number: s.CaseNumber, given: AcceptIn) -> Any:
        """The time to decide runs from today; only kinds that need acceptance."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "thu-ly", given.dict())

    @router.post(
        "/{number}/deadline",
        **_said(word, "choose_deadline", gettext_noop("Let another row of the table hold")),
        **writes,
    )
    def choose_deadline(request: KeyRequest, number: s.CaseNumber, given: RowIn) -> Any:
        """One that fits its kind."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "thoi-han", given.dict())

    @router.post(
        "/{number}/hand-over",
        **_said(word, "hand_over", gettext_noop("Say who took it over outside, and close it")),
        **writes,
    )
    def hand_over(request: KeyRequest, number: s.CaseNumber, given: HandOverIn) -> Any:
        """Police, border guard, rescue; with a receipt."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "ban-giao", given.dict())


def add_waits(router: Router, load: Load, *, word: str, writes: Any) -> None:
    """Give the router what stops, starts and lengthens a clock."""

    @router.post(
        "/{number}/question",
        **_said(word, "ask_back", gettext_noop("Ask the asker something; the clock stands still")),
        **writes,
    )
    def ask_back(request: KeyRequest, number: s.CaseNumber, given: AskIn) -> Any:
        """Where she asked; until she answers, or the days are over."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "hoi-lai", given.dict())

    @router.post(
        "/{number}/resume",
        **_said(word, "resume", gettext_noop("Let the clock run again")),
        **writes,
    )
    def resume(request: KeyRequest, number: s.CaseNumber) -> Any:
        """Before the asker answered."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "chay-tiep")

    @router.post(
        "/{number}/extension",
        **_said(word, "extend", gettext_noop("Give it more time")),
        **writes,
    )
    def extend(request: KeyRequest, number: s.CaseNumber, given: ExtendIn) -> Any:
        """As often and as long as the table allows."""
        return do_deed(request, load(request, number, P.CASES_DRAFT), "gia-han", given.dict())


add_clock(router, case_for, word="", reads=READS, writes=WRITES)
add_clock(sealed_router, sealed_for, word="sealed_", reads=SEALED, writes=SEALED)
add_waits(router, case_for, word="", writes=WRITES)
add_waits(sealed_router, sealed_for, word="sealed_", writes=SEALED)
