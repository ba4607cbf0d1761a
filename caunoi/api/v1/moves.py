"""What is done with a case: noted, given, laid aside, handed on, joined, ended. Each is the action the page uses."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import WRITES, case_for, case_out, foreseen, unit_for
from caunoi.cases import actions as cases
from caunoi.cases import actions_desk, proposals, referrals
from caunoi.cases.models import Case
from caunoi.cases.terms import Part
from caunoi.handling import actions_writing as handling
from caunoi.handling import queries_writing
from caunoi.journeys import kinds, recalling, same_question
from caunoi.routing import queries as routing
from caunoi.routing.models import Topic
from caunoi.staff.terms import Permission as P

router = Router(tags=["cases"])
END_OF_DAY = time(17, 0)
LONGEST = timedelta(days=3 * 366)


@router.post(
    "/{number}/notes",
    response={201: s.StepOut},
    summary=gettext_noop("Leave a note for colleagues"),
    **WRITES,
)
def add_note(request: KeyRequest, number: s.CaseNumber, given: s.NoteIn) -> Any:
    """Whoever is named in ``mention`` finds it on her desk."""
    case = case_for(request, number, P.CASES_NOTE)
    by, at = request.viewer, request.at
    people = queries_writing.may_be_mentioned(by, case=case, on=request.on)
    named = {a.pk for a in people} & set(given.mention)
    with foreseen():
        step = handling.leave_note(case=case, text=given.text, mentioned=named, by=by, at=at)
    said = {"kind": step.kind, "at": step.at, "by": by.name, "note": step.note}
    return 201, {**said, "unit": "", "to": ""}


@router.put(
    "/{number}/assignee", response=s.CaseOut, summary=gettext_noop("Give the case to"), **WRITES
)
def assign(request: KeyRequest, number: s.CaseNumber, given: s.AssigneeIn) -> Any:
    """A colleague of its unit, or nobody."""
    case = case_for(request, number, P.CASES_DRAFT)
    by = request.viewer
    to = None
    if given.account is not None:
        people = queries_writing.may_work_on(by, case=case, on=request.on)
        to = next((a for a in people if a.pk == given.account), None)
        if to is None:
            raise Problem(422, _("Nobody with this number may work on the case."), code="account")
    with foreseen():
        cases.assign_case(case=case, to=to, by=by, at=request.at)
    return case_out(request, case)


@router.put(
    "/{number}/snooze", response=s.CaseOut, summary=gettext_noop("Lay the case aside"), **WRITES
)
def snooze(request: KeyRequest, number: s.CaseNumber, given: s.SnoozeIn) -> Any:
    """Its deadline keeps running."""
    case = case_for(request, number, P.CASES_DRAFT)
    if given.until is not None and not request.at < given.until < request.at + LONGEST:
        raise Problem(422, _("Choose a day that is still to come."), code="until")
    with foreseen():
        actions_desk.snooze_case(case=case, until=given.until, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.put(
    "/{number}/topic", response=s.CaseOut, summary=gettext_noop("Say what it is about"), **WRITES
)
def set_topic(request: KeyRequest, number: s.CaseNumber, given: s.TopicIn) -> Any:
    """The proposal of who is competent follows."""
    case = case_for(request, number, P.CASES_DRAFT)
    if given.topic and not Topic.objects.filter(pk=given.topic).exists():
        raise Problem(422, _("No such topic."), code="topic")
    with foreseen():
        proposals.set_topic(case=case, topic=given.topic, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.put("/{number}/kind", response=s.CaseOut, summary=gettext_noop("Say what it is"), **WRITES)
def set_kind(request: KeyRequest, number: s.CaseNumber, given: s.KindIn) -> Any:
    """Complaints, denunciations and tip-offs are sealed with it, and no key reads them any more."""
    case = case_for(request, number, P.CASES_DRAFT)
    with foreseen():
        kinds.change_kind(
            case=case,
            kind=given.kind,
            reason=given.reason,
            is_public=given.is_public,
            by=request.viewer,
            at=request.at,
        )
    return case_out(request, case)


@router.post(
    "/{number}/referrals",
    response={201: s.CaseOut},
    summary=gettext_noop("Hand the case on: down, up, across or out"),
    **WRITES,
)
def refer(request: KeyRequest, number: s.CaseNumber, given: s.ReferIn) -> Any:
    """``part`` lead: it takes the case over (a body outside answers through its link); co: it gives its opinion."""
    case = case_for(request, number, P.CASES_REFER)
    if (given.to_unit is None) == (given.to_body is None):
        raise Problem(422, _("Name a unit or a body, one of them."), code="to")
    told: dict[str, Any] = {
        "case": case,
        "reason": given.reason,
        "by": request.viewer,
        "at": request.at,
        "due_at": _due_at(request, given),
    }
    with foreseen():
        if given.to_body is not None:
            _refer_out(given, told)
        else:
            unit = unit_for(request, given.to_unit or "")
            asks = referrals.ask_opinion if given.part == "co" else referrals.refer_case
            asks(to_unit_id=unit.id, **told)
    return 201, case_out(request, case)


def _due_at(request: KeyRequest, given: s.ReferIn) -> datetime | None:
    if given.due is None:
        return None
    if not request.on < given.due <= request.on + LONGEST:
        raise Problem(422, _("Choose a day that is still to come."), code="due")
    return datetime.combine(given.due, END_OF_DAY, timezone.get_current_timezone())


def _refer_out(given: s.ReferIn, told: dict[str, Any]) -> None:
    body = routing.body(pk=given.to_body) if given.to_body else None
    if body is None:
        raise Problem(422, _("No such body."), code="to_body")
    referrals.refer_out(body=body, part=Part(given.part), by_mail=given.by_mail, **told)


@router.post(
    "/{number}/receive",
    response=s.CaseOut,
    summary=gettext_noop("Take on a case that was handed here"),
    **WRITES,
)
def receive(request: KeyRequest, number: s.CaseNumber) -> Any:
    """The asker sees that it was received."""
    case = case_for(request, number, P.CASES_DRAFT)
    with foreseen():
        referrals.accept_referral(case=case, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/send-back",
    response=s.CaseOut,
    summary=gettext_noop("Give the case back to whom it came from"),
    **WRITES,
)
def send_back(request: KeyRequest, number: s.CaseNumber, given: s.ReasonIn) -> Any:
    """Because this unit is not competent; its clock keeps running."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        referrals.return_referral(case=case, reason=given.reason, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.put(
    "/{number}/star", response={204: None}, summary=gettext_noop("Mark it for oneself"), **WRITES
)
def star(request: KeyRequest, number: s.CaseNumber, given: s.StarIn) -> Any:
    """Or take the mark away; seen by nobody else."""
    case = case_for(request, number)
    actions_desk.star_case(case=case, on=given.on, by=request.viewer, at=request.at)
    return 204, None


@router.post(
    "/{number}/close", response=s.RecallOut, summary=gettext_noop("Close the case"), **WRITES
)
def close(request: KeyRequest, number: s.CaseNumber, given: s.ReasonIn) -> Any:
    """Without an answer, saying why. It can be taken back within ten minutes."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        recall = recalling.close_and_remember(
            case=case, reason=given.reason, by=request.viewer, at=request.at
        )
    return case_out(request, case) | {"recall": recall.pk, "until": recall.until}


@router.post(
    "/{number}/reopen", response=s.CaseOut, summary=gettext_noop("Take it up again"), **WRITES
)
def reopen(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Once."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        cases.reopen_case(case=case, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/join",
    response=s.CaseOut,
    summary=gettext_noop("Answer it together with the same question of somebody else"),
    **WRITES,
)
def join(request: KeyRequest, number: s.CaseNumber, given: s.JoinIn) -> Any:
    """Each asker is told."""
    case: Case = case_for(request, number, P.CASES_REFER)
    into = case_for(request, given.into, P.CASES_REFER)
    with foreseen():
        same_question.join_and_tell(case=case, into=into, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/part",
    response=s.CaseOut,
    summary=gettext_noop("Take it out of the other question again"),
    **WRITES,
)
def part(request: KeyRequest, number: s.CaseNumber) -> Any:
    """It waits for an answer of its own."""
    case = case_for(request, number, P.CASES_REFER)
    with foreseen():
        same_question.part_and_tell(case=case, by=request.viewer, at=request.at)
    return case_out(request, case)
