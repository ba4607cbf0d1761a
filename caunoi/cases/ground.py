"""What every write about a case stands on: the case under a lock for somebody who may, and the step that says so."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from caunoi.cases import rules
from caunoi.cases.models import Case, Step
from caunoi.cases.routes import ROUTES
from caunoi.cases.terms import Kind, NotYourCase, StepKind
from caunoi.duty import actions as duty
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level
from caunoi.webhooks import actions as webhooks
from caunoi.webhooks.terms import EventType

TOLD = {
    StepKind.OPENED: EventType.CASE_OPENED,
    StepKind.REFERRED: EventType.CASE_REFERRED,
    StepKind.SENT_OUT: EventType.CASE_REFERRED,
    StepKind.SENT_BACK: EventType.CASE_REFERRED,
    StepKind.ANSWERED: EventType.CASE_ANSWERED,
    StepKind.CLOSED: EventType.CASE_CLOSED,
    StepKind.HANDED_OVER: EventType.CASE_CLOSED,
    StepKind.REOPENED: EventType.CASE_REOPENED,
}
"""Steps of which other systems are told; never of a sealed case."""


def lock_for(case: Case, by: Viewer, permission: Permission, at: datetime) -> Case:
    """Return the case locked. Raises NotYourCase when its unit is not below one where ``by`` may do this.

    In a sealed case the permission for sealed cases, held in the owning unit itself, stands for all others but approving.
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    check_may(case, by, permission, at)
    return case


def check_may(case: Case, by: Viewer, permission: Permission, at: datetime) -> None:
    """Raise NotYourCase as lock_for does, without a lock: for what changes nothing of the case itself."""
    if rules.is_sealed(case.kind):
        if case.owner_id not in by.unit_ids(Permission.CASES_SEALED):
            raise NotYourCase("This case is sealed; only its unit's sealed officers open it.")
        if permission != Permission.CASES_APPROVE:
            return
    path = units.paths_of(unit_ids=[case.owner_id], on=clock.local_date(at)).get(case.owner_id)
    if path is None or not by.may(permission, path):
        raise NotYourCase("This case belongs to a unit in which you may not do this.")


def home_of(*, unit_id: UUID, kind: Kind, at: datetime) -> UUID:
    """Return the unit in which a case of that kind lies: a sealed one never in a village, whose head may be meant by it."""
    if not rules.is_sealed(kind):
        return unit_id
    unit = units.as_of(unit_id=unit_id, on=clock.local_date(at))
    if unit is not None and unit.level == Level.VILLAGE and unit.parent_id:
        return unit.parent_id
    return unit_id


def tell(
    cases: Sequence[Case], kind: StepKind, *, at: datetime, unit_ids: Iterable[UUID | None] = ()
) -> None:
    """Note for other systems that the same happened to these cases; never of a sealed one."""
    others = {u for u in unit_ids if u is not None}
    happenings = [
        webhooks.Happening(c.number, f"/api/v1/cases/{c.number}", frozenset({c.owner_id, *others}))
        for c in cases
        if not rules.is_sealed(c.kind)
    ]
    webhooks.tell_all(TOLD[kind], happenings, at=at)


def add_step(
    case: Case,
    kind: StepKind,
    *,
    at: datetime,
    by: Viewer | None,
    unit_id: UUID | None = None,
    to_unit_id: UUID | None = None,
    note: str = "",
) -> Step:
    """Note on the case's timeline what happened, and for other systems that it did."""
    if kind in TOLD:
        tell([case], kind, unit_ids=(unit_id, to_unit_id), at=at)
    return Step.objects.create(
        case=case,
        kind=kind.value,
        at=at,
        by_id=by.account_id if by else None,
        unit_id=unit_id or case.owner_id,
        to_unit_id=to_unit_id,
        note=note,
    )


def add_steps(
    moves: Sequence[tuple[Case, UUID, UUID]], kind: StepKind, *, at: datetime, by: Viewer | None
) -> dict[UUID, Step]:
    """Note the same on the timelines of many cases, each with the unit it came from and the one it goes to. -> by case

    Not done here  telling other systems: kinds of step of which they hear are noted one by one
    """
    steps = {
        case.pk: Step(
            case_id=case.pk,
            kind=kind.value,
            at=at,
            by_id=by.account_id if by else None,
            unit_id=unit_id,
            to_unit_id=to_unit_id,
        )
        for case, unit_id, to_unit_id in moves
    }
    Step.objects.bulk_create(steps.values())
    return steps


def ring_for(case: Case, *, at: datetime) -> None:
    """Call a person at once when the case is of a kind that needs one; once while it rings."""
    if not ROUTES[Kind(case.kind)].pages:
        return
    duty.raise_alarm(
        case_id=case.pk,
        number=case.number,
        kind=case.kind,
        is_sealed=rules.is_sealed(case.kind),
        unit_id=case.owner_id,
        at=at,
    )
