"""The other side: what the bodies are asked of which the account is a member, and their answer. No more than an agency may read; of a sealed case nothing."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import StringConstraints

from caunoi.answers.rules import redact
from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.api.v1 import schemas as s
from caunoi.api.v1.ground import checked, foreseen, needs, units_out
from caunoi.cases import agencies, on_behalf, passport, rules
from caunoi.cases.models import Referral
from caunoi.cases.terms import ReplyKind
from caunoi.journeys.hop_forms import AgencyForm
from caunoi.routing import queries as routing

router = Router(tags=["agency"])
AGENCY = needs(Scope.AGENCY_ANSWER)
MOST = {False: 200, True: 50}
SEALED = sorted(k.value for k in rules.SEALED_KINDS)


class AskedOut(s.Schema):
    """One thing the body is asked."""

    id: int
    number: str
    body: str
    asked_by: s.UnitOut
    reason: str
    part: str
    sent_at: datetime
    due_at: datetime | None
    done_at: datetime | None


class AskedFullOut(AskedOut):
    """The same with the question, personal data hidden."""

    question: str
    topic: str


class AskedFilters(s.Schema):
    """What waits, or what was finished."""

    done: bool = False


class AgencyAnswerIn(s.Schema):
    """What the agency answers. ``sure``: it names another case's number on purpose."""

    text: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=20_000)]
    signer: s.Line = ""
    document: s.Line = ""
    sure: bool = False


class AgencyReturnIn(s.Schema):
    """Why it is not this agency's, and whose it is."""

    reason: Annotated[str, StringConstraints(pattern=s.SAYS, min_length=1, max_length=2000)]
    signer: s.Line = ""


@router.get(
    "", response=list[AskedOut], summary=gettext_noop("What one's agency is asked"), **AGENCY
)
def list_asked(request: KeyRequest, chosen: Query[AskedFilters]) -> Any:
    """Most urgent first, 200 at most; ``done``: the last 50 that were finished."""
    ids = list(request.viewer.body_ids)
    asked = passport.asked_of_bodies(body_ids=ids, done=chosen.done)
    found = list(asked.exclude(case__kind__in=SEALED)[: MOST[chosen.done]])
    named = units_out(request, {h.from_unit_id for h in found})
    return [_asked(h, named[h.from_unit_id]) for h in found]


def _asked(hop: Referral, unit: dict[str, str]) -> dict[str, Any]:
    same = ("reason", "part", "sent_at", "due_at", "done_at")
    said = {n: getattr(hop, n) for n in same}
    body = hop.to_body.name if hop.to_body else ""
    return said | {"id": hop.pk, "number": hop.case.number, "body": body, "asked_by": unit}


def _hop(request: KeyRequest, pk: int) -> Referral:
    found = passport.referral(pk=pk)
    sealed = found is not None and rules.is_sealed(found.case.kind)
    if found is None or sealed or found.to_body_id not in request.viewer.body_ids:
        raise Problem(404, _("Your agency was not asked this."))
    return found


@router.get(
    "/{pk}", response=AskedFullOut, summary=gettext_noop("Read what one's agency is asked"), **AGENCY
)  # fmt: skip
def read_asked(request: KeyRequest, pk: s.Id) -> Any:
    """The asker sees that it was received."""
    hop = _hop(request, pk)
    agencies.note_read(referral=hop, at=request.at)
    return _full(request, hop)


def _full(request: KeyRequest, hop: Referral) -> dict[str, Any]:
    case = hop.case
    unit = units_out(request, [hop.from_unit_id])[hop.from_unit_id]
    return _asked(hop, unit) | {
        "question": redact(case.text, names=on_behalf.names_to_hide(case)).text,
        "topic": routing.topic_name(code=case.topic) if case.topic else "",
    }


@router.post(
    "/{pk}/answer", response=AskedOut, summary=gettext_noop("Answer for one's agency"), **AGENCY
)
def agency_answer(request: KeyRequest, pk: s.Id, given: AgencyAnswerIn) -> Any:
    """Once. The unit that asked makes of it what everybody reads."""
    fields = checked(AgencyForm(given.dict(), giving_back=False))
    return _take(request, pk, fields["text"], ReplyKind.ANSWER, fields, sure=given.sure)


@router.post(
    "/{pk}/return",
    response=AskedOut,
    summary=gettext_noop("Say that it is not one's agency's"),
    **AGENCY,
)
def agency_return(request: KeyRequest, pk: s.Id, given: AgencyReturnIn) -> Any:
    """The case goes back to the unit that asked."""
    fields = checked(AgencyForm(given.dict(), giving_back=True))
    return _take(request, pk, fields["reason"], ReplyKind.RETURN, fields, sure=True)


def _take(
    request: KeyRequest, pk: int, text: str, kind: ReplyKind, fields: dict[str, Any], *, sure: bool
) -> dict[str, Any]:
    hop = _hop(request, pk)
    if not sure and rules.other_numbers(text, number=hop.case.number):
        detail = _("The answer names another case. Look again, or send sure: true.")
        raise Problem(409, detail, code="OtherNumber")
    with foreseen():
        agencies.answer_as_member(
            referral=hop,
            text=text,
            kind=kind,
            signer=fields["signer"],
            document=fields["document"],
            by=request.viewer,
            at=request.at,
        )
    unit = units_out(request, [hop.from_unit_id])[hop.from_unit_id]
    return _asked(_hop(request, pk), unit)
