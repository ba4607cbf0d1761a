"""Who should get a case: proposed when it opens and when its topic is confirmed; accepted in one click, or applied where a rule says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from caunoi.cases import actions_desk, referrals, rules
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.models import Case, RouteProposal
from caunoi.cases.terms import CaseError, NotNow, ProposalState, State, StepKind
from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


def propose_for(case: Case, *, at: datetime) -> RouteProposal | None:
    """Write down who is competent by today's rules, and why; where the rule says so, hand the case on at once.

    A topic nobody confirmed yet is guessed from the words; what rests on a guess is only ever proposed.
    Called in the transaction that opened the case or changed its topic. A decision once made is not touched.
    """
    if State(case.state) not in {State.OPEN, State.REFERRED}:
        return None
    known = RouteProposal.objects.filter(case=case).first()
    if known is not None and known.state != ProposalState.PROPOSED:
        return known
    on = clock.local_date(at)
    book = routing.rulebook(
        lineages=units.lineages_of(unit_ids=[case.owner_id], on=on),
        on=on,
        with_topics=not case.topic,
    )
    fields, at_once = _proposed(case, book)
    if not fields:
        if known is not None:
            known.delete()
        return None
    proposal, _ = RouteProposal.objects.update_or_create(
        case=case, defaults=fields | {"made_at": at}
    )
    if at_once:
        _apply_at_once(case, proposal, at)
    return proposal


def propose_for_new(cases: Sequence[Case], *, book: routing.Rulebook, at: datetime) -> None:
    """Do the same for cases that were opened just now, in one statement; ``book`` covers their units."""
    found = [(case, *_proposed(case, book)) for case in cases]
    made = [
        (RouteProposal(case=case, made_at=at, **fields), at_once)
        for case, fields, at_once in found
        if fields
    ]
    if made:
        RouteProposal.objects.bulk_create([proposal for proposal, _ in made])
    for proposal, at_once in made:
        if at_once:
            _apply_at_once(proposal.case, proposal, at)


def _proposed(case: Case, book: routing.Rulebook) -> tuple[dict[str, Any], bool]:
    """Return what the rules say of the case (empty: nothing), and whether it is done without asking."""
    guess = None if case.topic else book.topic_in(case.text)
    topic = case.topic or (guess.code if guess else "")
    found = book.proposal_for(unit_id=case.owner_id, topic=topic, kind=case.kind)
    if found is None or found.unit_id == case.owner_id:
        return {}, False
    fields = {
        "rule_id": found.rule_id,
        "to_unit_id": found.unit_id,
        "to_body_id": found.body_id,
        "target_name": found.target_name[:160],
        "topic": topic if guess else "",
        "topic_words": ", ".join(guess.words)[:200] if guess else "",
        "explanation": found.explanation,
    }
    return fields, found.automatic and guess is None


def _apply_at_once(case: Case, proposal: RouteProposal, at: datetime) -> None:
    try:
        with transaction.atomic():
            _hand_on(case, proposal, by=None, at=at)
    except CaseError:
        return  # the case stays with its unit, and the proposal for a person to decide
    proposal.state, proposal.decided_at = ProposalState.AUTOMATIC.value, at
    proposal.save(update_fields=["state", "decided_at"])
    case.refresh_from_db()


def _hand_on(case: Case, proposal: RouteProposal, *, by: Viewer | None, at: datetime) -> None:
    add_step(case, StepKind.ROUTED, at=at, by=by, note=proposal.explanation)
    if proposal.to_body is not None:
        referrals.refer_out(
            case=case, body=proposal.to_body, reason=proposal.explanation, by=by, at=at
        )
    elif proposal.to_unit_id is not None:
        referrals.refer_case(
            case=case, to_unit_id=proposal.to_unit_id, reason=proposal.explanation, by=by, at=at
        )


@transaction.atomic
def accept_proposal(*, case: Case, by: Viewer, at: datetime) -> RouteProposal:
    """Hand the case to whom the rules name, topic confirmed with it; the reason stays on the case.

    Raises NotYourCase, NotNow (no open proposal), and as referrals.refer_case and refer_out
    """
    case = lock_for(case, by, Permission.CASES_REFER, at)
    proposal = _open_proposal(case)
    if proposal.topic and not case.topic:
        case.topic = proposal.topic
        case.save(update_fields=["topic"])
    _hand_on(case, proposal, by=by, at=at)
    return _decide(proposal, ProposalState.ACCEPTED, by, at)


@transaction.atomic
def decline_proposal(*, case: Case, by: Viewer, at: datetime) -> RouteProposal:
    """Keep the case where it is; the proposal is not shown any more. Raises NotYourCase, NotNow."""
    case = lock_for(case, by, Permission.CASES_REFER, at)
    return _decide(_open_proposal(case), ProposalState.DECLINED, by, at)


def _open_proposal(case: Case) -> RouteProposal:
    proposal = (
        RouteProposal.objects.select_for_update(of=("self",))
        .filter(case=case, state=ProposalState.PROPOSED)
        .first()
    )
    if proposal is None:
        raise NotNow("Nothing is proposed for this case.")
    return proposal


def _decide(
    proposal: RouteProposal, state: ProposalState, by: Viewer, at: datetime
) -> RouteProposal:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state.value, at, by.account_id
    proposal.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record(
        f"cases.proposal.{state.value}",
        on=proposal.case,
        by=by,
        at=at,
        unit_id=proposal.case.owner_id,
        after={"target": proposal.target_name},
    )
    return proposal


@transaction.atomic
def set_topic(*, case: Case, topic: str, by: Viewer, at: datetime) -> Case:
    """Confirm or change what the case is about; the proposal follows. Raises NotYourCase."""
    name = routing.topic_name(code=topic) if topic else ""
    case = actions_desk.set_topic(case=case, topic=topic, name=name, by=by, at=at)
    if not rules.is_sealed(case.kind):
        propose_for(case, at=at)
    return case
