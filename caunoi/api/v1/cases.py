"""Cases: listed as the inbox lists them, read, opened."""

import uuid
from hashlib import sha256
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import (
    READS,
    WRITES,
    case_for,
    case_out,
    cases_out,
    foreseen,
    unit_for,
)
from caunoi.cases import joining, passport
from caunoi.cases import queries as case_queries
from caunoi.cases.filtering import VIEWS, Filters
from caunoi.cases.models import Case, Draft
from caunoi.cases.terms import PUBLIC_STEPS, Kind, Origin, State
from caunoi.handling import queries_writing
from caunoi.journeys import ask_and_answer
from caunoi.journeys.writing import base_of
from caunoi.routing.models import Topic
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

router = Router(tags=["cases"])
PUBLIC = frozenset(k.value for k in PUBLIC_STEPS)
Who = Annotated[str, StringConstraints(pattern=r"^(me|none|[1-9][0-9]{0,14})?$", max_length=15)]


class CaseFilters(s.Schema):
    """The filters of the inbox; everything may be left out."""

    view: Literal[VIEWS] = "todo"  # type: ignore[valid-type]
    q: s.Words = ""
    state: State | None = None
    kind: Kind | None = None
    topic: s.Topic = ""
    origin: Origin | None = None
    channel: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$", max_length=40)] = ""
    unit: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,140}$", max_length=140)] = ""
    assignee: Who = ""
    due: Literal["", "late", "today", "week", "later"] = ""
    sort: Literal["", "due", "newest", "oldest"] = ""
    page: Annotated[int, s.Field(ge=1, le=200)] = 1


@router.get(
    "", response=s.CasePageOut, summary=gettext_noop("List cases as the inbox does"), **READS
)
def list_cases(request: KeyRequest, chosen: Query[CaseFilters]) -> Any:
    """``total`` is exact up to 1,000; beyond, ``total_is_more`` says so. Sealed cases are never listed."""
    filters = filters_of(request, chosen)
    found = case_queries.inbox_page(
        request.viewer, filters=filters, at=request.at, on=request.on, page=str(chosen.page)
    )
    return {
        "items": cases_out(request, found.rows),
        "page": found.number,
        "size": found.size,
        "total": found.total,
        "total_is_more": found.total_is_more,
        "next": found.number + 1 if found.has_next else None,
    }


def filters_of(request: KeyRequest, chosen: CaseFilters, *, strict: bool = True) -> Filters:
    """Return the same filters as the inbox knows them. Raises Problem 422 for a unit that is none; not ``strict``: it is no filter then."""
    try:
        unit_id = unit_for(request, chosen.unit).id if chosen.unit else None
    except Problem:
        if strict:
            raise
        unit_id = None
    return Filters(
        view=chosen.view,
        text=chosen.q,
        state=chosen.state.value if chosen.state else "",
        kind=chosen.kind.value if chosen.kind else "",
        topic=chosen.topic,
        origin=chosen.origin.value if chosen.origin else "",
        channel=chosen.channel,
        unit_id=unit_id,
        assignee=chosen.assignee,
        due=chosen.due,
        sort=chosen.sort,
    )


@router.post(
    "",
    response={201: s.OpenedOut},
    summary=gettext_noop("Open a case for somebody who asked elsewhere"),
    **WRITES,
)
def open_case(request: KeyRequest, response: HttpResponse, given: s.OpenIn) -> Any:
    """``walk_in`` is typed in by an officer, ``web_form`` comes from a form of another site."""
    unit = unit_for(request, given.unit)
    if not request.viewer.may(Permission.CASES_TAKE_IN, unit.path):
        raise Problem(403, _("The account may not take in questions for this unit."))
    if given.topic and not Topic.objects.filter(pk=given.topic).exists():
        raise Problem(422, _("No such topic."), code="topic")
    fields: dict[str, Any] = {
        "unit_id": unit.id,
        "text": given.text,
        "form_key": _form_key(request),
        "name": given.asker_name,
        "contact": given.contact,
        "place": given.place,
        "topic": given.topic,
        "is_public": given.is_public,
        "at": request.at,
    }
    with foreseen():
        if given.origin == "walk_in":
            case = ask_and_answer.take_walk_in(by=request.viewer, **fields)
        else:
            case = ask_and_answer.ask_on_web(**fields)
    response["Location"] = f"/api/v1/cases/{case.number}"
    address = ask_and_answer.permanent_address(case.number)
    opened = {"follow_code": case.follow_code, "address": address}
    return 201, case_out(request, case) | opened


def _form_key(request: KeyRequest) -> str:
    """The same request again opens no second case, even after its kept answer is forgotten."""
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return f"api-{uuid.uuid4().hex}"
    return f"api-{sha256(f'{request.key.pk}:{given}'.encode()).hexdigest()[:48]}"


@router.get("/{number}", response=s.CaseFullOut, summary=gettext_noop("Read one case"), **READS)
def read_case(request: KeyRequest, number: s.CaseNumber) -> Any:
    """With everything that happened to it; notes among colleagues too."""
    return full_out(request, case_for(request, number))


def full_out(request: KeyRequest, case: Case) -> dict[str, Any]:
    """Return one case with all that happened to it."""
    draft = case_queries.open_draft(case=case)
    main = joining.joined_with(case=case)
    return case_out(request, case, fresh=False) | {
        "text": case.text,
        "asker_name": case.asker_name,
        "reopened_at": case.reopened_at,
        "steps": steps_out(request, case),
        "referrals": [s.hop_out(hop) for hop in passport.hops_of(case=case)],
        "draft": draft_out(draft) if draft else None,
        "joined_into": main.number if main and case.answered_at is None else None,
        "waiting_here": [c.number for c in joining.waiting_for(case=case)[:100]],
        "address": ask_and_answer.permanent_address(case.number),
    }


def steps_out(request: KeyRequest, case: Case) -> list[dict[str, Any]]:
    """Return everything that happened, oldest first; notes among colleagues too."""
    steps = case_queries.steps_of(case=case, public_only=False)
    ids = {i for step in steps for i in (step.unit_id, step.to_unit_id) if i}
    names = units.names_of(unit_ids=ids, on=request.on)
    return [
        {
            "kind": step.kind,
            "at": step.at,
            "by": step.by.full_name if step.by else "",
            "unit": names.get(step.unit_id, "") if step.unit_id else "",
            "to": step.to_name or (names.get(step.to_unit_id, "") if step.to_unit_id else ""),
            "note": step.note,
            "is_public": step.kind in PUBLIC,
        }
        for step in steps
    ]


@router.get(
    "/{number}/timeline",
    response=s.TimelineOut,
    summary=gettext_noop("Everything that happened to a case"),
    **READS,
)
def timeline(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Steps and hops, oldest first; what the asker sees of it is marked."""
    case = case_for(request, number)
    hops = [s.hop_out(hop) for hop in passport.hops_of(case=case)]
    return {"number": number, "steps": steps_out(request, case), "referrals": hops}


def draft_out(draft: Draft) -> dict[str, Any]:
    """Return the answer being written; its version is the mark the desk compares too."""
    author = draft.author
    same = ("text", "agency", "state", "saved_at", "returned_because")
    return {
        **{name: getattr(draft, name) for name in same},
        "author": {"id": author.pk, "name": author.full_name} if author else None,
        "version": base_of(draft),
    }


@router.get(
    "/{number}/assignees",
    response=list[s.PersonOut],
    summary=gettext_noop("To whom the case may be given"),
    **READS,
)
def assignees(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Colleagues who may write its answer, by given name."""
    case = case_for(request, number)
    found = queries_writing.may_work_on(request.viewer, case=case, on=request.on)
    return [{"id": a.pk, "name": a.full_name} for a in found]
