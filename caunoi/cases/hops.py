"""The chain of holders of a case: open the next hop, note that it was received, end it. Called under the case's lock."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Coalesce

from caunoi.cases import rules
from caunoi.cases.models import Case, Referral, Step
from caunoi.cases.terms import NotNow, Outcome, Part, State, Way
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.routing.models import Body
from caunoi.units import queries as units


def check_arrow(case: Case, then: State) -> None:
    """Raise NotNow when the case may not go from its state to that one."""
    if not rules.may_become(State(case.state), then):
        raise NotNow("The case is in a state in which this cannot be done.")


def way_between(*, from_unit: UUID, to_unit: UUID, at: datetime) -> Way:
    """Return whether the second unit stands above, below or beside the first in that day's tree."""
    paths = units.paths_of(unit_ids=[from_unit, to_unit], on=clock.local_date(at))
    here, there = paths.get(from_unit, ""), paths.get(to_unit, "")
    if here and there and here.startswith(there + "."):
        return Way.UP
    return Way.DOWN if here and there.startswith(here + ".") else Way.ACROSS


def open_hop(
    case: Case,
    *,
    way: Way,
    from_unit: UUID,
    at: datetime,
    by: Viewer | None,
    to_unit: UUID | None = None,
    to_body: Body | None = None,
    part: Part = Part.LEAD,
    step: Step | None = None,
    reason: str = "",
    due_at: datetime | None = None,
) -> Referral:
    """Begin a hop; a leading one ends the hop before it as passed on.

    The holder's name is kept as it was that day, so that the way still reads right after a reform.
    """
    if part == Part.LEAD:
        end_lead(case, outcome=Outcome.PASSED_ON, at=at)
    name = to_body.name if to_body else units.name_of(unit_id=to_unit, on=clock.local_date(at))  # type: ignore[arg-type]
    return Referral.objects.create(
        case=case,
        step=step,
        part=part.value,
        way=way.value,
        from_unit_id=from_unit,
        to_unit_id=to_unit,
        to_body=to_body,
        to_name=name[:160],
        reason=reason,
        sent_at=at,
        sent_by_id=by.account_id if by else None,
        due_at=due_at,
    )


def open_lead(case: Case) -> Referral | None:
    """Return the hop that holds the case now, or None when it was never handed on (or is finished)."""
    return Referral.objects.filter(case=case, part=Part.LEAD, done_at=None).first()


def end_lead(case: Case, *, outcome: Outcome, at: datetime, note: str = "") -> Referral | None:
    """End the hop that holds the case, if there is one; a hop that ends was received."""
    hop = open_lead(case)
    if hop is not None:
        end(hop, outcome=outcome, at=at, note=note)
    return hop


def end(hop: Referral, *, outcome: Outcome, at: datetime, note: str = "") -> None:
    """End one hop with its outcome."""
    hop.done_at, hop.outcome, hop.outcome_note = at, outcome.value, note
    hop.received_at = hop.received_at or at
    hop.save(update_fields=["done_at", "outcome", "outcome_note", "received_at"])


def pass_leads(
    moves: Mapping[UUID, tuple[UUID, UUID, Step]], *, by: Viewer | None, at: datetime
) -> int:
    """Hops that are open to a unit which ended go on to its successor, with their deadlines. -> how many.

    moves  by case: the unit that ended, the one that takes over, the step that says so
    """
    leads = Referral.objects.filter(case_id__in=list(moves), part=Part.LEAD, done_at=None)
    passing = [hop for hop in leads if hop.to_unit_id == moves[hop.case_id][0]]
    if not passing:
        return 0
    Referral.objects.filter(pk__in=[hop.pk for hop in passing]).update(
        done_at=at,
        outcome=Outcome.PASSED_ON.value,
        outcome_note="",
        received_at=Coalesce("received_at", Value(at)),
    )
    heirs = {moves[hop.case_id][1] for hop in passing}
    names = units.names_of(unit_ids=heirs, on=clock.local_date(at))
    Referral.objects.bulk_create(
        Referral(
            case_id=hop.case_id,
            step=step,
            part=Part.LEAD.value,
            way=hop.way,
            from_unit_id=old,
            to_unit_id=new,
            to_name=names.get(new, "")[:160],
            sent_at=at,
            sent_by_id=by.account_id if by else None,
            due_at=hop.due_at,
        )
        for hop in passing
        for old, new, step in [moves[hop.case_id]]
    )
    return len(passing)


def end_all(case: Case, *, outcome: Outcome, at: datetime) -> None:
    """The case is finished: its holder's hop ends with that outcome, and nobody else is waited for."""
    end_lead(case, outcome=outcome, at=at)
    for hop in Referral.objects.filter(case=case, done_at=None):
        end(hop, outcome=Outcome.CLOSED, at=at)


def receive(case: Case, *, at: datetime) -> bool:
    """Note that the unit holding the case works on it; True when that was news."""
    return bool(
        Referral.objects.filter(
            case=case, part=Part.LEAD, done_at=None, to_unit_id=case.owner_id, received_at=None
        ).update(received_at=at)
    )


def open_again(case: Case, *, closed_at: datetime) -> int:
    """The closing of that moment is taken back: every hop that it ended is open as before. -> how many."""
    ended = Referral.objects.filter(case=case, done_at=closed_at, outcome=Outcome.CLOSED)
    ended.filter(received_at=closed_at).update(received_at=None)
    return ended.update(done_at=None, outcome="", outcome_note="")
