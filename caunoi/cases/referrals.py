"""Handing a case on: to a unit below, above or beside; out to an agency; to co-units for their opinion; and back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.cases import agency_links, clockwork, hops, rules
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.models import Case, Reader, Referral, RouteProposal
from caunoi.cases.terms import (
    AlreadyAsked,
    EmptyAnswer,
    Kind,
    NotNow,
    NotWaiting,
    NotYourCase,
    Outcome,
    Part,
    ProposalState,
    State,
    StepKind,
    Way,
)
from caunoi.deadlines import calendar
from caunoi.deadlines import queries as deadlines
from caunoi.deadlines import rules as deadline_rules
from caunoi.deadlines.terms import Span, Term
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.routing.models import Body
from caunoi.routing.terms import BodyKind
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

AGENCY_DEADLINE = "feedback.answer"
DELEGATION_DEADLINE = "voter.answer"


@transaction.atomic
def refer_case(
    *,
    case: Case,
    to_unit_id: UUID,
    reason: str,
    by: Viewer | None,
    at: datetime,
    due_at: datetime | None = None,
) -> Case:
    """Hand the case to the competent unit; the unit that hands it on keeps sight of it (not of a sealed one).

    by       None when a rule that is applied at once says so
    due_at   by when that unit is asked to be done; None: the case's own deadline
    Where the table counts the answer from forwarding, the first forwarding begins it; later ones change nothing.
    Raises NotYourCase, NotNow (also when it is that unit's already)
    """
    case = _locked(case, by, at)
    if case.owner_id == to_unit_id:
        raise NotNow("The case already belongs to this unit.")
    return _move(case, to_unit_id, reason=reason, by=by, at=at, due_at=due_at)


def _move(
    case: Case,
    to_unit_id: UUID,
    *,
    reason: str,
    by: Viewer | None,
    at: datetime,
    due_at: datetime | None = None,
    back: bool = False,
) -> Case:
    hops.check_arrow(case, State.REFERRED)
    _overtake_proposal(case, by=by, at=at)
    before = {"owner": case.owner_id, "state": case.state}
    from_unit = case.owner_id
    way = Way.BACK if back else hops.way_between(from_unit=from_unit, to_unit=to_unit_id, at=at)
    if not rules.is_sealed(case.kind):
        Reader.objects.get_or_create(case=case, unit_id=from_unit)
    kind = StepKind.SENT_BACK if back else StepKind.REFERRED
    step = add_step(
        case, kind, at=at, by=by, unit_id=from_unit, to_unit_id=to_unit_id, note=clean(reason)
    )
    hops.open_hop(
        case, way=way, from_unit=from_unit, to_unit=to_unit_id, step=step, reason=clean(reason),
        due_at=due_at, by=by, at=at,
    )  # fmt: skip
    case.owner_id, case.state, case.assignee = to_unit_id, State.REFERRED.value, None
    case.save(update_fields=["owner", "state", "assignee"])
    clockwork.note_forwarding(case, at=at)
    event = "cases.case.sent_back" if back else "cases.case.referred"
    audit.record(
        event, on=case, by=by, at=at, unit_id=to_unit_id, before=before, after={"owner": to_unit_id}
    )
    return case


@transaction.atomic
def accept_referral(*, case: Case, by: Viewer, at: datetime) -> None:
    """The receiving unit takes the case on; the asker sees that it was received. Raises NotYourCase, NotNow."""
    case = lock_for(case, by, Permission.CASES_DRAFT, at)
    if not hops.receive(case, at=at):
        raise NotNow("The case was received already.")
    add_step(case, StepKind.RECEIVED, at=at, by=by)
    audit.record("cases.referral.received", on=case, by=by, at=at, unit_id=case.owner_id)


@transaction.atomic
def return_referral(*, case: Case, reason: str, by: Viewer, at: datetime) -> Case:
    """Give the case back to the unit it came from because this one is not competent; its clock keeps running.

    Raises NotYourCase, EmptyAnswer (no reason), NotNow (it came from nobody, or that unit has ended)
    """
    case = lock_for(case, by, Permission.CASES_REFER, at)
    if not reason.strip():
        raise EmptyAnswer("Say why your unit is not competent.")
    hop = hops.open_lead(case)
    if hop is None or hop.to_unit_id != case.owner_id or hop.from_unit_id == case.owner_id:
        raise NotNow("Nobody handed this case to your unit; refer it instead.")
    living = units.paths_of(unit_ids=[hop.from_unit_id], on=clock.local_date(at))
    if hop.from_unit_id not in living:
        raise NotNow("The unit it came from no longer exists; refer it instead.")
    hops.end(hop, outcome=Outcome.RETURNED, at=at, note=clean(reason))
    return _move(case, hop.from_unit_id, reason=reason, by=by, at=at, back=True)


@transaction.atomic
def refer_out(
    *,
    case: Case,
    body: Body,
    reason: str,
    by: Viewer | None,
    at: datetime,
    due_at: datetime | None = None,
    part: Part = Part.LEAD,
    by_mail: bool = True,
) -> Referral:
    """Ask a body outside the house; the unit keeps the case and its clock. Members sign in; others get a one-time link.

    part      LEAD: the body answers; CO: it gives its opinion to the unit
    due_at    None: the body's own days, or the table's
    by_mail   send the link by e-mail when the body has an address; it can be printed either way
    Raises NotYourCase, NotNow (sealed cases go out on paper only), AlreadyAsked
    """
    case = _locked(case, by, at)
    if rules.is_sealed(case.kind):
        raise NotNow("A sealed case goes out on paper, not by link.")
    if part == Part.LEAD:
        hops.check_arrow(case, State.REFERRED)
        waits = hops.open_lead(case)
        if waits is not None and waits.to_body_id is not None:
            raise AlreadyAsked("Another agency is asked already; call that back first.")
    elif Referral.objects.filter(case=case, to_body=body, done_at=None).exists():
        raise AlreadyAsked("This agency is asked about this case already.")
    kind = StepKind.SENT_OUT if part == Part.LEAD else StepKind.CO_ASKED
    step = add_step(case, kind, at=at, by=by, note=clean(reason))
    step.to_name = body.name
    step.save(update_fields=["to_name"])
    hop = hops.open_hop(
        case, way=Way.OUT, from_unit=case.owner_id, to_body=body, part=part, step=step,
        reason=clean(reason), due_at=due_at or agency_due_at(body=body, case=case, at=at), by=by, at=at,
    )  # fmt: skip
    if part == Part.LEAD:
        case.state = State.REFERRED.value
        case.save(update_fields=["state"])
        clockwork.note_forwarding(case, at=at)
        _overtake_proposal(case, by=by, at=at)
    if not body.members.exists():
        agency_links.make_link(referral=hop, email=body.email if by_mail else "", by=by, at=at)
    told = {"body": body.name, "part": part.value}
    audit.record("cases.case.sent_out", on=case, by=by, at=at, unit_id=case.owner_id, after=told)
    return hop


def agency_due_at(*, body: Body, case: Case, at: datetime) -> datetime:
    """Return by when the body is asked to answer: its own days, or what the table says for it.

    Source: Luật MTTQ practice; QĐ 33/2017/QĐ-TTg Art. 12 for what goes through a National Assembly delegation.
    """
    if body.days:
        term = Term("", "", body.days, Span.CALENDAR, "sent", "", 0, 0, 0)
        return deadline_rules.due_at(start_at=at, term=term, is_working=calendar.current())
    voters = body.kind == BodyKind.NA_DELEGATION or case.kind == Kind.VOTER_PETITION
    return deadlines.due_at(code=DELEGATION_DEADLINE if voters else AGENCY_DEADLINE, start_at=at)


@transaction.atomic
def ask_opinion(
    *,
    case: Case,
    to_unit_id: UUID,
    reason: str,
    by: Viewer,
    at: datetime,
    due_at: datetime | None = None,
) -> Referral:
    """Ask another unit for its opinion; it reads the case, the lead keeps it. Raises NotYourCase, NotNow, AlreadyAsked."""
    case = lock_for(case, by, Permission.CASES_REFER, at)
    if rules.is_sealed(case.kind):
        raise NotNow("A sealed case is read by its own unit only.")
    if to_unit_id == case.owner_id:
        raise NotNow("The case already belongs to this unit.")
    if Referral.objects.filter(case=case, to_unit_id=to_unit_id, done_at=None).exists():
        raise AlreadyAsked("This unit is asked about this case already.")
    Reader.objects.get_or_create(case=case, unit_id=to_unit_id)
    step = add_step(
        case, StepKind.CO_ASKED, at=at, by=by, to_unit_id=to_unit_id, note=clean(reason)
    )
    hop = hops.open_hop(
        case, way=hops.way_between(from_unit=case.owner_id, to_unit=to_unit_id, at=at),
        from_unit=case.owner_id, to_unit=to_unit_id, part=Part.CO, step=step, reason=clean(reason),
        due_at=due_at, by=by, at=at,
    )  # fmt: skip
    audit.record("cases.opinion.asked", on=case, by=by, at=at, unit_id=to_unit_id)
    return hop


@transaction.atomic
def give_opinion(*, referral: Referral, text: str, by: Viewer, at: datetime) -> Referral:
    """Write the co-unit's opinion; who leads sees it, the public does not. A second one is added below the first.

    Raises NotYourCase (not a unit of yours was asked), EmptyAnswer, NotWaiting (the case was finished meanwhile)
    """
    hop = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    path = units.paths_of(unit_ids=[hop.to_unit_id], on=clock.local_date(at)).get(hop.to_unit_id)  # type: ignore[arg-type,list-item]
    if hop.part != Part.CO or path is None or not by.may(Permission.CASES_NOTE, path):
        raise NotYourCase("Your unit is not asked for its opinion here.")
    if not text.strip():
        raise EmptyAnswer("An opinion needs words.")
    if hop.done_at is not None and hop.outcome != Outcome.CONTRIBUTED:
        raise NotWaiting("The case is finished; the opinion is no longer waited for.")
    hop.opinion = f"{hop.opinion}\n\n{clean(text)}".strip()
    hop.save(update_fields=["opinion"])
    if hop.done_at is None:
        hops.end(hop, outcome=Outcome.CONTRIBUTED, at=at)
    add_step(hop.case, StepKind.OPINION, at=at, by=by, unit_id=hop.to_unit_id, note=clean(text))
    audit.record("cases.opinion.given", on=hop.case, by=by, at=at, unit_id=hop.to_unit_id)
    return hop


@transaction.atomic
def recall(*, referral: Referral, reason: str, by: Viewer, at: datetime) -> Referral:
    """Call back what was asked of an agency or co-unit: its link ends, and the unit holds the case again.

    Raises NotYourCase, NotWaiting (it is done already), EmptyAnswer (no reason)
    """
    case = lock_for(referral.case, by, Permission.CASES_REFER, at)
    hop = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if hop.done_at is not None or (hop.part == Part.LEAD and hop.to_body_id is None):
        raise NotWaiting("Nobody outside is asked any more.")
    if not reason.strip():
        raise EmptyAnswer("Say why it is called back.")
    hops.end(hop, outcome=Outcome.RECALLED, at=at, note=clean(reason))
    agency_links.revoke_links(referral=hop, at=at)
    step = add_step(case, StepKind.RECALLED, at=at, by=by, note=clean(reason))
    step.to_name = hop.to_name
    step.save(update_fields=["to_name"])
    if hop.part == Part.LEAD:
        hold_again(case, at=at, by=by)
    audit.record("cases.referral.recalled", on=case, by=by, at=at, unit_id=case.owner_id)
    return hop


def hold_again(case: Case, *, at: datetime, by: Viewer | None) -> Referral:
    """The unit that owns the case holds it again, after an agency answered, gave it back, or was called back."""
    hop = hops.open_hop(
        case, way=Way.BACK, from_unit=case.owner_id, to_unit=case.owner_id, at=at, by=by
    )
    hop.received_at = at
    hop.save(update_fields=["received_at"])
    return hop


def _overtake_proposal(case: Case, *, by: Viewer | None, at: datetime) -> None:
    """Who hands a case on by hand has decided about the proposal too; accepting it says so itself afterwards."""
    RouteProposal.objects.filter(case=case, state=ProposalState.PROPOSED).update(
        state=ProposalState.DECLINED.value, decided_at=at, decided_by=by.account_id if by else None
    )


def _locked(case: Case, by: Viewer | None, at: datetime) -> Case:
    if by is not None:
        return lock_for(case, by, Permission.CASES_REFER, at)
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
