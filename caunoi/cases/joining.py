"""Cases of different people that ask the same: answered once, told to each, and taken apart again when they differ after all.

A joined case is closed for the desk and open for its asker: it waits for the other's answer. Two cases of one asker are joined
elsewhere (``actions_merge``).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from caunoi.cases import rules
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.joining_models import Joining
from caunoi.cases.models import Case
from caunoi.cases.terms import CannotJoin, NotNow, State, StepKind
from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE_OF_THE_CASE = "shown on a page whose case was loaded for the viewer or the asker"


@transaction.atomic
def join_case(*, case: Case, into: Case, by: Viewer, at: datetime) -> Joining:
    """Let the case be answered together with ``into``, which asks the same; the earlier deadline of the two holds.

    What was joined with the case before goes along. Idempotent: joined with that one already, nothing changes.
    Raises NotYourCase, CannotJoin (itself, sealed or a cry for help, private, another province), NotNow (answered, closed, or
    an answer waits for approval)
    """
    first, second = sorted((case.pk, into.pk))
    locked = {c: lock_for(Case(pk=c), by, Permission.CASES_REFER, at) for c in (first, second)}
    case, into = locked[case.pk], locked[into.pk]
    already = Joining.objects.filter(case=case, into=into).first()
    if already is not None and case.answered_at is None:
        return already
    _check_pair(case, into, at)
    Joining.objects.filter(case=case).delete()
    Joining.objects.filter(into=case).update(into=into)
    joining = Joining.objects.create(
        case=case, into=into, state_before=case.state, at=at, by_id=by.account_id
    )
    case.state, case.closed_at, case.snoozed_until = State.CLOSED.value, at, None
    case.save(update_fields=["state", "closed_at", "snoozed_until"])
    if case.due_at < into.due_at:
        into.due_at, into.deadline_code = case.due_at, case.deadline_code
        into.save(update_fields=["due_at", "deadline_code"])
    add_step(case, StepKind.JOINED, at=at, by=by, note=into.number)
    add_step(into, StepKind.JOINED_HERE, at=at, by=by, note=case.number)
    after = {"into": into.number, "due": into.due_at}
    audit.record("cases.case.joined", on=case, by=by, at=at, unit_id=case.owner_id, after=after)
    return joining


def _check_pair(case: Case, into: Case, at: datetime) -> None:
    if case.pk == into.pk:
        raise CannotJoin("A case cannot be joined with itself.")
    if {case.kind, into.kind} & rules.NEVER_PUBLIC:
        raise CannotJoin(
            "Complaints, denunciations, tip-offs and cries for help are answered alone."
        )
    if not into.is_public:
        raise CannotJoin("The other case is private: its answer would be told to strangers.")
    if _province(case, at) != _province(into, at):
        raise CannotJoin("The cases belong to different provinces.")
    _check_states(case, into)


def _check_states(case: Case, into: Case) -> None:
    if into.answered_at is not None:
        raise NotNow(
            "The other case is answered already; answer with its published answer instead."
        )
    if Joining.objects.filter(case=into).exists():
        raise CannotJoin("The other case is itself answered with another one; join with that.")
    if case.state not in rules.UNFINISHED or into.state not in rules.UNFINISHED:
        raise NotNow("Only cases that still wait for an answer can be joined.")
    if case.state == State.SUBMITTED:
        raise NotNow("An answer waits for approval; decide about it first.")


def _province(case: Case, at: datetime) -> str:
    on = clock.local_date(at)
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id)
    return path.split(".")[0] if path else str(case.owner_id)


@transaction.atomic
def part_case(*, case: Case, by: Viewer, at: datetime) -> Case:
    """Take the case out again: it waits for an answer of its own, with its own deadline. Raises NotYourCase, CannotJoin, NotNow."""
    case = lock_for(case, by, Permission.CASES_REFER, at)
    joining = Joining.objects.filter(case=case).select_related("into").first()
    if joining is None:
        raise CannotJoin("The case is not joined with another.")
    if case.answered_at is not None:
        raise NotNow("It was answered together with the other; take it up again instead.")
    number = joining.into.number
    _restore(joining, at=at, by=by)
    before = {"into": number}
    audit.record("cases.case.parted", on=case, by=by, at=at, unit_id=case.owner_id, before=before)
    case.refresh_from_db()
    return case


def _restore(joining: Joining, *, at: datetime, by: Viewer | None) -> None:
    case, number = joining.case, joining.into.number
    case.state, case.closed_at = joining.state_before, None
    case.save(update_fields=["state", "closed_at"])
    joining.delete()
    add_step(case, StepKind.PARTED, at=at, by=by, note=number)


def release(case: Case, *, at: datetime, by: Viewer | None) -> int:
    """Take apart whatever the case is joined with, since it is no longer answered in public. Call it inside a transaction.

    -> how many cases wait for an answer of their own again
    """
    bound = Joining.objects.filter(case__answered_at=None).select_related("case", "into")
    found = [*bound.filter(into=case), *bound.filter(case=case)]
    for joining in found:
        _restore(joining, at=at, by=by)
    return len(found)


def lock_with_waiting(case: Case) -> list[Case]:
    """Lock the case and return those that wait for its answer now, so that they can be told when it lets them go. Inside a transaction."""
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    return list(waiting_for(case=case))


def check_may_end(case: Case) -> None:
    """Raise NotNow while others wait for the case's answer: it cannot be closed without one."""
    if waiting_for(case=case).exists():
        raise NotNow("Other questions wait for this answer; take them out first.")


def leave(case: Case) -> None:
    """Let an answered case that is taken up again stand on its own. Raises NotNow while it still waits for the other's answer."""
    joining = Joining.objects.filter(case=case)
    if case.answered_at is None and joining.exists():
        raise NotNow("It waits for the answer to another question; take it out of that first.")
    joining.delete()


@transaction.atomic
def answer_joined(*, main: Case, by: Viewer, at: datetime) -> list[Case]:
    """Mark every case joined with the answered ``main`` as answered with it. -> these cases, to be told. Idempotent."""
    answered = []
    for case in waiting_for(case=main).select_for_update(of=("self",), no_key=True):
        case.state, case.answered_at, case.closed_at = State.ANSWERED.value, at, None
        case.save(update_fields=["state", "answered_at", "closed_at"])
        add_step(case, StepKind.ANSWERED, at=at, by=by, note=main.number)
        after = {"with": main.number}
        audit.record(
            "cases.case.answered_with", on=case, by=by, at=at, unit_id=case.owner_id, after=after
        )
        answered.append(case)
    return answered


@system(PAGE_OF_THE_CASE)
def waiting_for(*, case: Case) -> QuerySet[Case]:
    """Return the cases that wait for this one's answer, oldest first."""
    waiting = Case.objects.filter(joined_into__into=case, answered_at=None, state=State.CLOSED)
    return waiting.order_by("opened_at", "pk")


@system(PAGE_OF_THE_CASE)
def joined_with(*, case: Case) -> Case | None:
    """Return the case with which this one is, or was, answered."""
    joining = Joining.objects.filter(case=case).select_related("into").first()
    return joining.into if joining else None
