"""Sealed cases: complaints, denunciations, tip-offs. A scope of their own, in the very unit whose sealed officer the account is; each reading is on record."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.v1 import schemas as s
from caunoi.api.v1 import writing
from caunoi.api.v1.cases import full_out
from caunoi.api.v1.clock import do_deed
from caunoi.api.v1.ground import (
    SEALED,
    case_out,
    foreseen,
    refused,
    sealed_for,
    unit_for,
    units_out,
)
from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.cases.referrals import refer_case
from caunoi.journeys import hiding, recalling
from caunoi.units.terms import Level

router = Router(tags=["sealed"])
SIZE = 50
Long = Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=1000)]


class SealedRowOut(s.Schema):
    """One sealed case in its queue: not a word of what it says."""

    number: str
    kind: str
    state: str
    unit: s.UnitOut
    assignee: s.PersonOut | None
    opened_at: datetime
    due_at: datetime
    times_opened: int


class SealedPageOut(s.Schema):
    """One page of the queue; ``below``: how many unfinished ones the units below have, all that is told of them."""

    items: list[SealedRowOut]
    page: int
    size: int
    total: int
    next: int | None
    below: int


class QueueFilters(s.Schema):
    """Which kind, or those that are finished."""

    kind: Literal["", "complaint", "denunciation", "tip_off"] = ""
    finished: bool = False
    page: s.Page = 1


class OpeningOut(s.Schema):
    """Who read it."""

    by: str
    at: datetime


class SealedFullOut(s.CaseFullOut):
    """A sealed case with all that happened to it, and who read it. The asker's contact is never here."""

    openings: list[OpeningOut]


class ReferSealedIn(s.Schema):
    """To which unit, and why. No village."""

    to_unit: s.UnitSlug
    reason: Long


class KindOut(s.Schema):
    """What the case is now; ``sealed`` false: it lies among the open ones."""

    number: str
    kind: str
    sealed: bool


@router.get("", response=SealedPageOut, summary=gettext_noop("List the sealed queue"), **SEALED)
def sealed_queue(request: KeyRequest, chosen: Query[QueueFilters]) -> Any:
    """Most urgent first; of the very units whose sealed officer the account is."""
    viewer = request.viewer
    found = case_queries.sealed_queue(viewer, kind=chosen.kind, finished=chosen.finished)
    pages = Paginator(found, SIZE)
    page = pages.get_page(chosen.page)
    own = set(viewer.unit_ids("cases.sealed"))
    counted = case_queries.sealed_counts(viewer, on=request.on)
    named = units_out(request, {c.owner_id for c in page})
    return {
        "items": [_row(c, named[c.owner_id]) for c in page],
        "page": page.number,
        "size": SIZE,
        "total": pages.count,
        "next": page.number + 1 if page.has_next() else None,
        "below": sum(n for i, n in counted.items() if i not in own),
    }


def _row(case: Any, unit: dict[str, str]) -> dict[str, Any]:
    who = case.assignee
    same = ("number", "kind", "state", "opened_at", "due_at")
    return {n: getattr(case, n) for n in same} | {
        "unit": unit,
        "assignee": {"id": who.pk, "name": who.full_name} if who else None,
        "times_opened": case.opened,
    }


@router.get(
    "/{number}", response=SealedFullOut, summary=gettext_noop("Read a sealed case"), **SEALED
)
def read_sealed(request: KeyRequest, number: s.CaseNumber) -> Any:
    """That it was opened is on record, and stands on the case."""
    case = sealed_for(request, number)
    seen = case_queries.openings_of(case=case)
    return full_out(request, case) | {
        "openings": [{"by": o.by.full_name, "at": o.at} for o in seen]
    }


@router.post(
    "/{number}/notes",
    response={201: s.StepOut},
    summary=gettext_noop("Leave a note in a sealed case"),
    **SEALED,
)
def sealed_note(request: KeyRequest, number: s.CaseNumber, given: s.NoteIn) -> Any:
    """Read by its unit's sealed officers; nobody is named in it."""
    case, by, at = sealed_for(request, number), request.viewer, request.at
    with foreseen():
        step = cases.note_case(case=case, text=given.text, by=by, at=at)
    said = {"kind": step.kind, "at": step.at, "by": by.name, "note": step.note}
    return 201, {**said, "unit": "", "to": ""}


@router.get(
    "/{number}/draft",
    response=s.DraftOut,
    summary=gettext_noop("Read the answer to a sealed case"),
    **SEALED,
)
def sealed_read_draft(request: KeyRequest, response: HttpResponse, number: s.CaseNumber) -> Any:
    """Its ETag is what writing repeats in If-Match."""
    return writing.draft_of(response, sealed_for(request, number))


@router.put(
    "/{number}/draft",
    response=s.DraftOut,
    summary=gettext_noop("Keep the answer to a sealed case"),
    **SEALED,
)
def sealed_save_draft(
    request: KeyRequest, response: HttpResponse, number: s.CaseNumber, given: s.DraftIn
) -> Any:
    """Seen by its unit's sealed officers alone."""
    return writing.keep(request, response, sealed_for(request, number), given)


@router.post(
    "/{number}/submit",
    response=s.CaseOut,
    summary=gettext_noop("Send the answer to a sealed case for approval"),
    **SEALED,
)
def sealed_submit(request: KeyRequest, number: s.CaseNumber) -> Any:
    """To a second person, who must be a sealed officer and an approver."""
    return writing.send(request, sealed_for(request, number))


@router.post(
    "/{number}/approve",
    response=s.RecallOut,
    summary=gettext_noop("Approve the answer to a sealed case"),
    **SEALED,
)
def sealed_approve(request: KeyRequest, number: s.CaseNumber) -> Any:
    """The key needs the scope for approving too. It leaves in some seconds and is told to the asker alone."""
    case = sealed_for(request, number)
    with foreseen():
        writing.check_second_person(request, case)
        recall = recalling.approve_soon(
            case=case, prints=None, hidden=[], more="", by=request.viewer, at=request.at
        )
    return case_out(request, case) | {"recall": recall.pk, "until": recall.until}


@router.post(
    "/{number}/return",
    response=s.CaseOut,
    summary=gettext_noop("Give the answer to a sealed case back"),
    **SEALED,
)
def sealed_give_back(request: KeyRequest, number: s.CaseNumber, given: s.ReasonIn) -> Any:
    """Saying what should be changed."""
    case = sealed_for(request, number)
    with foreseen():
        cases.return_draft(case=case, because=given.reason, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/close", response=s.CaseOut, summary=gettext_noop("Close a sealed case"), **SEALED
)
def sealed_close(request: KeyRequest, number: s.CaseNumber, given: s.ReasonIn) -> Any:
    """Without an answer, saying why."""
    case = sealed_for(request, number)
    with foreseen():
        cases.close_case(case=case, reason=given.reason, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/referrals",
    response=s.MovedOut,
    summary=gettext_noop("Hand a sealed case to another unit"),
    **SEALED,
)
def sealed_refer(request: KeyRequest, number: s.CaseNumber, given: ReferSealedIn) -> Any:
    """Whoever hands it on sees it no more."""
    case, unit = sealed_for(request, number), unit_for(request, given.to_unit)
    if unit.level == Level.VILLAGE:
        raise refused("to_unit", _("A sealed case never lies in a village."))
    with foreseen():
        refer_case(
            case=case, to_unit_id=unit.id, reason=given.reason, by=request.viewer, at=request.at
        )
    return {"number": number, "unit": {"slug": unit.slug, "name": unit.full_name}}


@router.put(
    "/{number}/kind",
    response=KindOut,
    summary=gettext_noop("Say what a sealed case is"),
    **SEALED,
)
def sealed_set_kind(request: KeyRequest, number: s.CaseNumber, given: s.KindIn) -> Any:
    """Its deadline follows; of an open kind it lies among the open cases then."""
    case = sealed_for(request, number)
    fields = {"kind": given.kind.value, "reason": given.reason, "public": given.is_public}
    do_deed(request, case, "loai", fields)
    kind = Case.objects.values_list("kind", flat=True).get(pk=case.pk)
    return {"number": number, "kind": kind, "sealed": case_rules.is_sealed(kind)}


@router.post(
    "/{number}/comment/hiding",
    response=s.CountOut,
    summary=gettext_noop("Hide the public comment of a sealed case"),
    **SEALED,
)
def sealed_hide_comment(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Under our own page only; its author still sees it. How many were ordered to be hidden now."""
    case = sealed_for(request, number)
    with foreseen():
        count = hiding.hide_comment(case=case, by=request.viewer, at=request.at)
    return {"count": count}
