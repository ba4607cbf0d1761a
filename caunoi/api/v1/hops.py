"""The way of a case: what the rules propose, opinions, hops called back, one-time links, papers of a hop, what agencies answered, reminders."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import StringConstraints

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import (
    READS,
    WRITES,
    as_file,
    case_for,
    case_out,
    checked,
    foreseen,
    gives,
    refused,
)
from caunoi.api.v1.papers import PaperOut, paper_out
from caunoi.cases import agencies, agency_links, passport, proposals, referrals, reminders
from caunoi.cases.models import AgencyReply, Case, Referral
from caunoi.cases.terms import CameBy
from caunoi.journeys import papers
from caunoi.journeys.hop_forms import CameForm, OpinionForm
from caunoi.staff.terms import Permission as P

router = Router(tags=["way"])
PDF = "application/pdf"
Long = Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=1000)]


class ProposalOut(s.Schema):
    """Who should get the case by the rules, why, and what was decided."""

    to: str
    topic: str
    explanation: str
    state: str
    made_at: datetime
    decided_at: datetime | None
    decided_by: str


class NoteForHolder(s.Schema):
    """A word to whoever holds the case."""

    note: Annotated[str, StringConstraints(pattern=s.PLAIN, max_length=500)] = ""


class OpinionIn(s.Schema):
    """What this unit thinks; the unit that leads reads it, the public does not."""

    opinion: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=10_000)]


class WhyBack(s.Schema):
    """Why."""

    reason: Long = ""


class LinkIn(s.Schema):
    """Where a new link is sent; empty: nowhere, it is printed."""

    email: Annotated[
        str, StringConstraints(pattern=r"^$|^[!-?A-~]{1,64}@[a-z0-9.-]{1,100}\.[a-z]{2,20}$")
    ] = ""


class LinkOut(s.Schema):
    """What became of an agency's one-time link. The address itself is only on the paper and in the letter."""

    email: str
    made_at: datetime
    expires_at: datetime
    mailed_at: datetime | None
    opened_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    is_open: bool


class PaperIn(s.Schema):
    """Which paper of this hop."""

    type: Literal["forwarding_slip", "reminder"]


class CameIn(s.Schema):
    """What an agency answered by plain e-mail or on paper, word for word."""

    text: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=20_000)]
    came_by: CameBy
    came_on: date
    signer: s.Line = ""
    document: s.Line = ""
    file_name: s.Place = ""


class ReplyOut(s.Schema):
    """What an agency wrote."""

    id: int
    referral: int
    kind: str
    text: str
    signer: str
    document: str
    at: datetime
    used_at: datetime | None
    set_aside_at: datetime | None
    moved_to: str | None
    came_by: str


class MoveIn(s.Schema):
    """The case the words were meant for."""

    to: Annotated[str, StringConstraints(pattern=s.NUMBER, max_length=20)]


@router.get(
    "/{number}/proposal",
    response=ProposalOut,
    summary=gettext_noop("Who should get it by the rules, and why"),
    **READS,
)
def read_proposal(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Also after it was decided."""
    found = passport.proposal_of(case=case_for(request, number))
    if found is None:
        raise Problem(404, _("The rules name nobody for this case."))
    who = found.decided_by
    same = ("topic", "explanation", "state", "made_at", "decided_at")
    said = {name: getattr(found, name) for name in same}
    return said | {"to": found.target_name, "decided_by": who.full_name if who else ""}


@router.post(
    "/{number}/proposal/accept",
    response=s.CaseOut,
    summary=gettext_noop("Hand it on as proposed"),
    **WRITES,
)
def accept_proposal(request: KeyRequest, number: s.CaseNumber) -> Any:
    """The reason stays on the case."""
    return _do(request, number, P.CASES_REFER, proposals.accept_proposal)


@router.post(
    "/{number}/proposal/decline",
    response=s.CaseOut,
    summary=gettext_noop("Put the proposal aside"),
    **WRITES,
)
def decline_proposal(request: KeyRequest, number: s.CaseNumber) -> Any:
    """The case stays where it is."""
    return _do(request, number, P.CASES_REFER, proposals.decline_proposal)


def _do(
    request: KeyRequest, number: str, needed: P, act: Callable[..., object], **words: Any
) -> dict[str, Any]:
    case = case_for(request, number, needed)
    with foreseen():
        act(case=case, by=request.viewer, at=request.at, **words)
    return case_out(request, case)


@router.post(
    "/{number}/reminders",
    response=s.CaseOut,
    summary=gettext_noop("Remind whoever holds it"),
    **WRITES,
)
def urge(request: KeyRequest, number: s.CaseNumber, given: NoteForHolder) -> Any:
    """Once a day; it stands on the case's way."""
    return _do(request, number, P.CASES_VIEW, reminders.urge, note=given.note)


def _hop(case: Case, pk: int) -> Referral:
    found = passport.hop_of(case=case, pk=pk)
    if found is None:
        raise Problem(404, _("The case has no such hop."))
    return found


@router.post(
    "/{number}/referrals/{pk}/opinion",
    response=s.HopOut,
    summary=gettext_noop("Give your unit's opinion"),
    **WRITES,
)
def give_opinion(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: OpinionIn) -> Any:
    """Of a unit that was asked for it."""
    hop = _hop(case_for(request, number), pk)
    text = checked(OpinionForm(given.dict()))["opinion"]
    with foreseen():
        told = referrals.give_opinion(referral=hop, text=text, by=request.viewer, at=request.at)
    return s.hop_out(told)


@router.post(
    "/{number}/referrals/{pk}/recall",
    response=s.HopOut,
    summary=gettext_noop("Call a hop back"),
    **WRITES,
)
def recall_hop(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: WhyBack) -> Any:
    """One that began here and is not done; its link closes."""
    hop = _hop(case_for(request, number, P.CASES_REFER), pk)
    with foreseen():
        back = referrals.recall(referral=hop, reason=given.reason, by=request.viewer, at=request.at)
    return s.hop_out(back)


@router.get(
    "/{number}/referrals/{pk}/link",
    response=LinkOut,
    summary=gettext_noop("What became of the agency's one-time link"),
    **READS,
)
def read_link(request: KeyRequest, number: s.CaseNumber, pk: s.Id) -> Any:
    """Sent, opened, used, closed; never its address."""
    case = case_for(request, number)
    found = passport.links_of(case=case).get(_hop(case, pk).pk)
    if found is None:
        raise Problem(404, _("This hop has no link."))
    return link_out(found, request.at)


def link_out(link: Any, at: datetime) -> dict[str, Any]:
    """Return what became of a link."""
    same = (
        "email", "made_at", "expires_at", "mailed_at", "opened_at", "used_at", "revoked_at",
    )  # fmt: skip
    told = {name: getattr(link, name) for name in same}
    return told | {"is_open": agency_links.is_open(link, at=at)}


@router.post(
    "/{number}/referrals/{pk}/link",
    response={201: LinkOut},
    summary=gettext_noop("Make the agency a new one-time link"),
    **WRITES,
)
def renew_link(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: LinkIn) -> Any:
    """The old one closes; the new one goes by e-mail where an address is given."""
    hop = _hop(case_for(request, number, P.CASES_REFER), pk)
    with foreseen():
        made = agency_links.renew_link(
            referral=hop, email=given.email, by=request.viewer, at=request.at
        )
    return 201, link_out(made, request.at)


@router.post(
    "/{number}/referrals/{pk}/link/withdrawal",
    response=s.CountOut,
    summary=gettext_noop("Close the agency's one-time link"),
    **WRITES,
)
def withdraw_link(request: KeyRequest, number: s.CaseNumber, pk: s.Id) -> Any:
    """How many were open."""
    hop = _hop(case_for(request, number, P.CASES_REFER), pk)
    with foreseen():
        closed = agency_links.withdraw_link(referral=hop, by=request.viewer, at=request.at)
    return {"count": closed}


@router.get(
    "/{number}/referrals/{pk}/link-paper",
    summary=gettext_noop("The one-time link on paper, with a QR code"),
    **gives(Scope.CASES_WRITE, PDF),
)
def link_paper(request: KeyRequest, number: s.CaseNumber, pk: s.Id) -> HttpResponse:
    """Whoever holds it may answer for the agency: hand it to nobody else."""
    case = case_for(request, number, P.CASES_REFER)
    found = passport.links_of(case=case).get(_hop(case, pk).pk)
    if found is None or not agency_links.is_open(found, at=request.at):
        raise Problem(404, _("This hop has no open link."))
    agency_links.note_printed(link=found, at=request.at)
    return as_file(papers.link_sheet(link=found), kind=PDF, name=f"duong-dan-{number}.pdf")


@router.post(
    "/{number}/referrals/{pk}/papers",
    response={201: PaperOut},
    summary=gettext_noop("Issue the forwarding slip or a reminder letter"),
    **WRITES,
)
def issue_paper(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: PaperIn) -> Any:
    """It takes the next number of the unit's register; the files are at ``/papers``."""
    hop = _hop(case_for(request, number), pk)
    issue = papers.issue_reminder if given.type == "reminder" else papers.issue_slip
    with foreseen():
        made = issue(referral=hop, by=request.viewer, at=request.at)
    return 201, paper_out(request, [made])[0]


@router.post(
    "/{number}/referrals/{pk}/reply",
    response={201: ReplyOut},
    summary=gettext_noop("Take in what an agency answered by e-mail or on paper"),
    **WRITES,
)
def type_in(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: CameIn) -> Any:
    """Its words are kept whole, and become the draft where none is begun."""
    hop = _hop(case_for(request, number, P.CASES_REFER), pk)
    fields = checked(CameForm(given.dict()))
    way = agencies.Came(CameBy(fields["came_by"]), fields["came_on"], fields["file_name"])
    words = {name: fields[name] for name in ("text", "signer", "document")}
    with foreseen():
        made = agencies.type_in_answer(
            referral=hop, came=way, by=request.viewer, at=request.at, **words
        )
    return 201, _reply_out(made)


@router.get(
    "/{number}/replies",
    response=list[ReplyOut],
    summary=gettext_noop("What agencies answered"),
    **READS,
)
def list_replies(request: KeyRequest, number: s.CaseNumber) -> Any:
    """Oldest first, late words too."""
    return [_reply_out(r) for r in passport.replies_of(case=case_for(request, number))]


def _reply_out(reply: AgencyReply) -> dict[str, Any]:
    same = (
        "kind", "text", "signer", "document", "at", "used_at", "set_aside_at", "came_by",
    )  # fmt: skip
    return {name: getattr(reply, name) for name in same} | {
        "id": reply.pk,
        "referral": reply.referral_id,
        "moved_to": reply.moved_to.number if reply.moved_to else None,
    }


def _reply(case: Case, pk: int) -> AgencyReply:
    found = passport.reply_of(case=case, pk=pk)
    if found is None:
        raise Problem(404, _("No such reply was written about this case."))
    return found


@router.post(
    "/{number}/replies/{pk}/use",
    response=s.CaseOut,
    summary=gettext_noop("Use an agency's words as the draft"),
    **WRITES,
)
def use_reply(request: KeyRequest, number: s.CaseNumber, pk: s.Id) -> Any:
    """Instead of what was written so far."""
    case = case_for(request, number, P.CASES_DRAFT)
    reply = _reply(case, pk)
    with foreseen():
        agencies.use_reply(reply=reply, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/replies/{pk}/ask-again",
    response=s.CaseOut,
    summary=gettext_noop("Ask the agency again"),
    **WRITES,
)
def ask_again(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: s.ReasonIn) -> Any:
    """Its first words are kept."""
    case = case_for(request, number, P.CASES_REFER)
    reply = _reply(case, pk)
    with foreseen():
        agencies.ask_again(reply=reply, reason=given.reason, by=request.viewer, at=request.at)
    return case_out(request, case)


@router.post(
    "/{number}/replies/{pk}/move",
    response=s.CaseOut,
    summary=gettext_noop("Move the words to the case they were meant for"),
    **WRITES,
)
def move_reply(request: KeyRequest, number: s.CaseNumber, pk: s.Id, given: MoveIn) -> Any:
    """The agency is asked again about this one."""
    case = case_for(request, number, P.CASES_REFER)
    reply = _reply(case, pk)
    try:
        to = case_for(request, given.to, P.CASES_REFER)
    except Problem as problem:
        raise refused("to", problem.detail) from problem
    with foreseen():
        agencies.move_reply(reply=reply, to=to, by=request.viewer, at=request.at)
    return case_out(request, case)
