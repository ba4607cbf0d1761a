"""Writes of plans: drawing one up, deciding, signing. Carrying out stands in ``running``."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.reform import queries, registry, rules
from caunoi.reform.models import Closing, Plan, Step
from caunoi.reform.survey import bring_up_to_date, keepers_of, tell_signers
from caunoi.reform.terms import (
    NotAnHeir,
    NotAnOutcome,
    NothingCloses,
    NothingTakesItIn,
    NotInDraft,
    NotReady,
    NotYourPlan,
    Outcome,
    PlanExists,
    PlanState,
    Rule,
    SamePerson,
    TooLate,
    Way,
)
from caunoi.staff.terms import Permission
from caunoi.units import endings
from caunoi.units import queries as units

DRAFTED = "The plan is signed or carried out; take the signatures back to change it."


@transaction.atomic
def draw_up(*, root_id: UUID, on: date, legal_reference: str, by: Viewer, at: datetime) -> Plan:
    """Begin a plan for the units below ``root_id`` that close on that day, with everything they hold.

    Raises NotYourPlan, NothingCloses, PlanExists
    """
    _check_reach(root_id, by, at)
    if not endings.on_day(under=root_id, on=on):
        raise NothingCloses("No unit closes on that day. Enter the event in the tree first.")
    plan = Plan(
        root_id=root_id,
        on_date=on,
        legal_reference=clean(legal_reference).strip()[:200],
        made_at=at,
        made_by_id=by.account_id,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise PlanExists("There is a plan for these units and this day already.") from error
    bring_up_to_date(plan=plan, at=at)
    audit.record("reform.plan.drawn_up", on=plan, by=by, at=at, unit_id=root_id, after={"on": on})
    return plan


@transaction.atomic
def survey_again(*, plan: Plan, by: Viewer, at: datetime) -> Plan:
    """Bring units and things up to today; what was decided stays. Raises NotYourPlan, NotInDraft."""
    plan = _draft(plan, by, at)
    before = plan.steps.count()
    bring_up_to_date(plan=plan, at=at)
    audit.record(
        "reform.plan.surveyed",
        on=plan,
        by=by,
        at=at,
        unit_id=plan.root_id,
        before={"steps": before},
        after={"steps": plan.steps.count()},
    )
    return plan


@transaction.atomic
def choose_successor(
    *,
    plan: Plan,
    closings: Collection[Closing],
    to_unit_id: UUID | None,
    reason: str,
    by: Viewer,
    at: datetime,
) -> int:
    """Say who takes over what these units hold. -> how many were decided.

    to_unit_id  one of their heirs, or the root of the plan (or who takes over from that), which keeps it itself; for a unit
                whose successor nobody knows any unit that lives on that day below these. None takes each unit's default heir
    Raises NotYourPlan, NotInDraft, NotAnHeir
    """
    plan = _draft(plan, by, at)
    heirs = endings.heirs(unit_ids=[c.unit_id for c in closings], on=plan.on_date)
    done = 0
    for closing in closings:
        own = heirs.get(closing.unit_id, [])
        target = to_unit_id or next((unit for unit, default in own if default), None)
        if target is None:
            continue
        _check_heir(plan, closing, target, [unit for unit, _ in own])
        closing.target_id, closing.decided_by_id = target, by.account_id
        closing.reason = clean(reason).strip()[:200]
        closing.save(update_fields=["target", "decided_by", "reason"])
        done += 1
    audit.record(
        "reform.successor.chosen",
        on=plan,
        by=by,
        at=at,
        unit_id=plan.root_id,
        after={"units": [c.name for c in closings][:50], "count": done, "to": to_unit_id},
    )
    return done


def _check_heir(plan: Plan, closing: Closing, target: UUID, own: list[UUID]) -> None:
    keepers = keepers_of(root_id=plan.root_id, on=plan.on_date)
    if target in own or target in keepers:
        return
    free = closing.way == Way.UNKNOWN and any(
        units.within(unit_id=target, root_id=keeper, on=plan.on_date) for keeper in keepers
    )
    if not free:
        raise NotAnHeir("This unit did not take over from the closing one.")


@transaction.atomic
def decide(
    *,
    plan: Plan,
    steps: Collection[Step],
    outcome: Outcome,
    by: Viewer,
    at: datetime,
    new_name: str = "",
    to_unit_id: UUID | None = None,
    into: str = "",
) -> int:
    """Say what becomes of these things. -> how many.

    new_name    for one thing that is kept: the name it bears afterwards; empty lets the rules make one
    to_unit_id  another heir of a split unit than the one chosen for the whole
    into        for one thing that is merged: which of the successor's takes it in (``queries.takers_of``); empty lets the
                holder find one
    Raises NotYourPlan, NotInDraft, NotAnOutcome, NotAnHeir, NothingTakesItIn
    """
    plan = _draft(plan, by, at)
    for step in steps:
        if outcome not in registry.holder(step.holder).outcomes:
            raise NotAnOutcome("This cannot become of such a thing.")
        if to_unit_id is not None:
            own = endings.heirs(unit_ids=[step.closing.unit_id], on=plan.on_date)
            _check_heir(
                plan, step.closing, to_unit_id, [u for u, _ in own.get(step.closing.unit_id, [])]
            )
        if into and into not in {
            item.ref for item in queries.takers_of(plan=plan, step=step, to_unit_id=to_unit_id)
        }:
            raise NothingTakesItIn(
                "This is not held by the successor on that day, or is of another kind."
            )
    changed = Step.objects.filter(pk__in=[s.pk for s in steps]).update(
        outcome=outcome.value,
        target_id=to_unit_id,
        into=into if outcome == Outcome.MERGED else "",
        new_name=clean(new_name).strip()[:160],
        decided_by_id=by.account_id,
        decided_at=at,
    )
    _record_decision(plan, by, at, {"count": changed, "outcome": outcome.value})
    return changed


@transaction.atomic
def decide_by_rule(*, plan: Plan, rule: Rule, by: Viewer, at: datetime) -> int:
    """Say at once what becomes of everything the rule means. -> how many. Raises NotYourPlan, NotInDraft, NotAnOutcome."""
    plan = _draft(plan, by, at)
    if rule.outcome not in registry.holder(rule.holder).outcomes:
        raise NotAnOutcome("This cannot become of such a thing.")
    meant = queries.meant_by(rule, plan=plan).order_by().values_list("pk", flat=True)
    changed = Step.objects.filter(pk__in=list(meant)).update(
        outcome=rule.outcome.value, into="", decided_by_id=by.account_id, decided_at=at
    )
    told = {"holder": rule.holder, "kind": rule.kind, "level": rule.level}
    _record_decision(plan, by, at, told | {"count": changed, "outcome": rule.outcome.value})
    return changed


def _record_decision(plan: Plan, by: Viewer, at: datetime, told: dict) -> None:
    audit.record("reform.step.decided", on=plan, by=by, at=at, unit_id=plan.root_id, after=told)


@transaction.atomic
def sign(*, plan: Plan, by: Viewer, at: datetime) -> Plan:
    """Put one signature under the plan; with the second one, of another person, it is carried out on its day.

    Before the first one everything is looked at once more: a thing that came meanwhile must be decided too.
    Raises NotYourPlan, NotInDraft, NotReady, SamePerson
    """
    plan = _locked(plan, by, at)
    if plan.state not in rules.SIGNABLE:
        raise NotInDraft(DRAFTED)
    if plan.state == PlanState.DRAFT:
        bring_up_to_date(plan=plan, at=at)
        plan.first_by_id, plan.first_at = by.account_id, at
        plan.tree_changed_at = None
        plan.state = PlanState.SIGNED_ONCE.value
    elif plan.first_by_id == by.account_id:
        raise SamePerson("The second signature must come from another person.")
    else:
        plan.second_by_id, plan.second_at = by.account_id, at
        plan.state = PlanState.SIGNED.value
    if queries.blockers(plan=plan):
        raise NotReady("Some unit or thing is not decided yet.")
    plan.save(
        update_fields=[
            *("first_by", "first_at", "second_by", "second_at"),
            *("state", "tree_changed_at"),
        ]
    )
    audit.record(
        "reform.plan.signed",
        on=plan,
        by=by,
        at=at,
        unit_id=plan.root_id,
        after={"state": plan.state, "on": plan.on_date},
    )
    return plan


@transaction.atomic
def take_back(*, plan: Plan, by: Viewer, at: datetime) -> Plan:
    """Take both signatures back, until the day comes; the decisions stay. Raises NotYourPlan, TooLate."""
    plan = _locked(plan, by, at)
    if not rules.may_take_back(
        state=PlanState(plan.state), on_date=plan.on_date, today=clock.local_date(at)
    ):
        raise TooLate("The day has come: what was carried out is not taken back.")
    tell_signers(plan=plan, at=at, tree_changed=False, but=by.account_id)
    before = plan.state
    plan.state = PlanState.DRAFT.value
    plan.first_by = plan.second_by = plan.first_at = plan.second_at = None
    plan.save(update_fields=["state", "first_by", "first_at", "second_by", "second_at"])
    audit.record(
        "reform.plan.taken_back",
        on=plan,
        by=by,
        at=at,
        unit_id=plan.root_id,
        before={"state": before},
    )
    return plan


@transaction.atomic
def drop(*, plan: Plan, by: Viewer, at: datetime) -> Plan:
    """Give a draft up; another plan for the day can be drawn up. Raises NotYourPlan, NotInDraft."""
    plan = _draft(plan, by, at)
    plan.state = PlanState.DROPPED.value
    plan.save(update_fields=["state"])
    # What will never happen keeps no event of the tree from being undone.
    plan.closings.update(target=None)
    plan.steps.update(target=None, into="")
    audit.record("reform.plan.dropped", on=plan, by=by, at=at, unit_id=plan.root_id)
    return plan


@transaction.atomic
def ask_rehearsal(*, plan: Plan, by: Viewer, at: datetime) -> Plan:
    """Let the worker try everything out and undo it, without waiting here. Raises NotYourPlan, TooLate (it is over)."""
    plan = _locked(plan, by, at)
    if plan.state in rules.OVER:
        raise TooLate("The plan is carried out or given up.")
    plan.rehearsal_asked_at = at
    plan.save(update_fields=["rehearsal_asked_at"])
    audit.record("reform.rehearsal.asked", on=plan, by=by, at=at, unit_id=plan.root_id)
    return plan


@transaction.atomic
def try_again(*, plan: Plan, by: Viewer, at: datetime) -> int:
    """Let the worker take up the steps that failed once more. -> how many. Raises NotYourPlan."""
    plan = _locked(plan, by, at)
    freed = Step.objects.filter(plan=plan, state="failed").update(
        state="waiting", attempts=0, trouble=""
    )
    audit.record(
        "reform.steps.freed", on=plan, by=by, at=at, unit_id=plan.root_id, after={"count": freed}
    )
    return freed


def _locked(plan: Plan, by: Viewer, at: datetime) -> Plan:
    _check_reach(plan.root_id, by, at)
    return Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)


def _draft(plan: Plan, by: Viewer, at: datetime) -> Plan:
    locked = _locked(plan, by, at)
    if locked.state not in rules.CHANGING:
        raise NotInDraft(DRAFTED)
    return locked


def _check_reach(root_id: UUID, by: Viewer, at: datetime) -> None:
    """After its day the plan of a unit that ended too belongs to whoever took over from it."""
    on = clock.local_date(at)
    if not any(
        by.may(Permission.UNITS_MANAGE, path) for path in queries.paths_above(root_id, on=on)
    ):
        raise NotYourPlan("The plan is about units outside those you manage.")
