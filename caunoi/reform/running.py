"""A plan is carried out on its day, step by step; each step is a transaction of its own, so that a stop loses nothing."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from caunoi.kit import audit, clock
from caunoi.kit.terms import Foreseen
from caunoi.reform import queries, registry, rules, survey
from caunoi.reform.models import Closing, Plan, Step
from caunoi.reform.terms import Counted, Deed, Outcome, PlanState, StepState, Way
from caunoi.units import actions as unit_actions
from caunoi.units.terms import UnitError

AT_ONCE = 5000
TOGETHER, THINGS_TOGETHER = 500, 2000
"""So many steps, and so many things behind them, share a transaction: rows are locked for a moment, not for minutes."""
SHOWN_TROUBLES = 20
NOT_DONE = gettext_noop("It could not be carried out; the technical record says why.")
log = logging.getLogger("caunoi.reform")


def run_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Carry out every plan whose day has come, at most ``limit`` steps. -> how many steps were taken."""
    taken = 0
    for plan in queries.due(today=clock.local_date(at)):
        taken += run_plan(plan=plan, at=at, limit=limit - taken)
        if taken >= limit:
            break
    return taken


def run_plan(*, plan: Plan, at: datetime, limit: int = AT_ONCE) -> int:
    """Take the steps that wait, each on its own; a step that fails leaves its neighbours alone. -> how many were taken.

    Idempotent: called again it goes on where it stopped. When nothing waits, what came since is looked for once more.
    """
    if not rules.is_due(
        state=PlanState(plan.state), on_date=plan.on_date, today=clock.local_date(at)
    ):
        return 0
    if not _begin(plan, at):
        return 0
    taken = 0
    for group in rules.groups(_waiting(plan, limit), most=TOGETHER, things=THINGS_TOGETHER):
        _take(plan, group, at)
        taken += len(group)
    if taken < limit:
        _finish(plan, at)
    return taken


@transaction.atomic
def _begin(plan: Plan, at: datetime) -> bool:
    """Note that the day has come, record successors that were decided, and take in what came since the signatures.

    -> False when the tree changed after the signatures: the plan went back to be decided anew, and nothing is carried out
    """
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if locked.state == PlanState.RUNNING:
        return True
    if locked.state != PlanState.SIGNED or _went_back(locked, at):
        return False
    locked.state, locked.started_at = PlanState.RUNNING.value, at
    locked.save(update_fields=["state", "started_at"])
    plan.state, plan.started_at = locked.state, at
    for closing in Closing.objects.filter(plan=plan, way=Way.UNKNOWN, target__isnull=False):
        _record_successor(plan, closing, at)
    _take_in_late(plan)
    audit.record("reform.plan.begun", on=plan, at=at, unit_id=plan.root_id)
    return True


def check_signed(*, at: datetime) -> int:
    """Send plans back to be decided whose tree changed after a signature, days before it is too late. -> how many went back."""
    return sum(_look_at(plan, at) for plan in queries.signed_ahead())


@transaction.atomic
def _look_at(plan: Plan, at: datetime) -> bool:
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    return locked.state in rules.RETURNABLE and _went_back(locked, at)


def _went_back(plan: Plan, at: datetime) -> bool:
    """Take the signatures off a plan that was signed for another tree; what does not fit any more waits to be decided."""
    if not survey.tree_changed(plan=plan):
        return False
    survey.bring_up_to_date(plan=plan, at=at)
    survey.tell_signers(plan=plan, at=at, tree_changed=True)
    before, plan.state = plan.state, PlanState.DRAFT.value
    plan.first_by = plan.second_by = plan.first_at = plan.second_at = None
    plan.tree_changed_at = at
    plan.save(
        update_fields=[
            *("state", "first_by", "first_at", "second_by", "second_at"),
            "tree_changed_at",
        ]
    )
    audit.record(
        "reform.plan.went_back", on=plan, at=at, unit_id=plan.root_id, before={"state": before}
    )
    return True


def _record_successor(plan: Plan, closing: Closing, at: datetime) -> None:
    """The tree learns who took over, so that old addresses lead on; where it knows already, nothing changes."""
    try:
        with transaction.atomic():
            unit_actions.record_successor(
                unit_id=closing.unit_id,
                successor_id=closing.target_id,  # type: ignore[arg-type]
                legal_reference=plan.legal_reference,
                by=None,
                at=at,
            )
    except UnitError:
        log.info("closing %s: the tree keeps the successor it has", closing.pk)


def _take_in_late(plan: Plan) -> int:
    """Add what came after the signatures, with what its holder falls back to. -> how many steps are new."""
    by_unit = {c.unit_id: c for c in Closing.objects.filter(plan=plan)}
    wanted = survey.things(plan, by_unit)
    known = {(s.closing_id, s.holder, s.ref): s for s in Step.objects.filter(plan=plan)}
    fresh = []
    for key, item in wanted.items():
        if key not in known:
            step = survey.new_step(plan, *key[:2], item)
            step.came_late = True
            step.outcome = step.outcome or registry.holder(key[1]).fallback.value
            fresh.append(step)
    Step.objects.bulk_create(fresh, batch_size=survey.BATCH)
    again = {key for key, item in wanted.items() if item.count}
    back = [s.pk for key, s in known.items() if key in again and s.state == StepState.DONE]
    return len(fresh) + Step.objects.filter(pk__in=back).update(state=StepState.WAITING)


def _waiting(plan: Plan, limit: int) -> list[Counted]:
    """Return the steps to take, holder by holder in the order of the registry."""
    found = Step.objects.filter(plan=plan, state=StepState.WAITING)
    rows = found.order_by("closing__sort_key", "pk").values_list("pk", "holder", "count", "outcome")
    return _in_turn([Counted(*row) for row in rows])[:limit]


def _in_turn(steps: list[Counted]) -> list[Counted]:
    """Holder by holder; what goes on comes first, so that it can take in what is merged."""
    order = list(registry.HOLDERS)
    return sorted(steps, key=lambda s: (order.index(s.holder), s.outcome != Outcome.KEPT))


def _take(plan: Plan, group: Sequence[Counted], at: datetime) -> None:
    """Carry steps of one holder out together, or, when that fails, in halves, until the one that cannot be done stands alone.

    That one is noted with its reason; after some tries it waits for a person.
    """
    reason = _attempt(plan, group, at, keep=True)
    if not reason:
        return
    if len(group) == 1:
        _note(group[0].pk, reason)
        return
    middle = len(group) // 2
    _take(plan, group[:middle], at)
    _take(plan, group[middle:], at)


def _attempt(plan: Plan, group: Sequence[Counted], at: datetime, *, keep: bool) -> str:
    """Carry these steps out in one transaction; without ``keep`` it is undone at once. -> why not, empty when it can be done"""
    try:
        with transaction.atomic():
            steps = _locked(group, waiting_only=keep)
            if steps:
                carry = registry.holder(group[0].holder).carry
                carry([deed_of(step, plan, at) for step in steps])
            if keep:
                done = {"state": StepState.DONE, "done_at": at, "trouble": ""}
                Step.objects.filter(pk__in=[step.pk for step in steps]).update(**done)
            else:
                transaction.set_rollback(True)
    except Foreseen as error:
        return str(error)
    except Exception as error:
        log.exception("%s steps of a reform failed, first %s", len(group), group[0].pk)
        return f"{NOT_DONE} [{type(error).__name__}]"
    return ""


def _locked(group: Sequence[Counted], *, waiting_only: bool) -> list[Step]:
    found = Step.objects.filter(pk__in=[step.pk for step in group]).select_related("closing")
    if waiting_only:
        found = found.filter(state=StepState.WAITING)
        found = found.select_for_update(of=("self",), skip_locked=True)
    return list(found.order_by("pk"))


def deed_of(step: Step, plan: Plan, at: datetime) -> Deed:
    """Return what a holder needs to carry the step out."""
    return Deed(
        plan_id=plan.pk,
        unit_id=step.closing.unit_id,
        ref=step.ref,
        outcome=Outcome(step.outcome),
        to_unit_id=step.target_id or step.closing.target_id,  # type: ignore[arg-type]
        new_name=step.new_name,
        on=plan.on_date,
        at=at,
        legal_reference=plan.legal_reference,
        into=step.into,
    )


def _note(step_pk: int, reason: str) -> None:
    step = Step.objects.get(pk=step_pk)
    step.attempts += 1
    step.trouble = reason[:300]
    step.state = (StepState.FAILED if step.attempts >= rules.TRIES else StepState.WAITING).value
    step.save(update_fields=["attempts", "trouble", "state"])


@transaction.atomic
def _finish(plan: Plan, at: datetime) -> None:
    """Close the plan when nothing is left, not even what came while it ran."""
    if Step.objects.filter(plan=plan).exclude(state=StepState.DONE).exists():
        return
    if _take_in_late(plan):
        return
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DONE, ended_at=at)
    plan.state = PlanState.DONE.value
    audit.record(
        "reform.plan.carried_out",
        on=plan,
        at=at,
        unit_id=plan.root_id,
        after={"steps": Step.objects.filter(plan=plan).count()},
    )


def rehearse_asked(*, at: datetime) -> int:
    """Rehearse every plan for which somebody asked. -> how many."""
    waiting = queries.to_rehearse()
    for plan in waiting:
        rehearse(plan=plan, at=at)
    return len(waiting)


def rehearse(*, plan: Plan, at: datetime) -> dict[str, Any]:
    """Carry every decided step out as on its day, undo it at once, and keep what was found.

    Steps are tried in the groups in which they will be carried out, each group in a transaction of its own that is rolled
    back, so that nobody's work waits for the whole, and two steps that stand in each other's way are found.
    -> {"tried", "open", "failed": {reason: count}, "examples": [...], "seconds"}
    """
    began = time.monotonic()
    moment = max(at, clock.start_of(plan.on_date))
    steps = Step.objects.filter(plan=plan).exclude(state=StepState.DONE)
    ready = steps.exclude(outcome="").exclude(closing__target=None, target=None).order_by("pk")
    chosen = _in_turn(
        [Counted(*row) for row in ready.values_list("pk", "holder", "count", "outcome")]
    )
    failed: list[tuple[int, str]] = []
    for group in rules.groups(chosen, most=TOGETHER, things=THINGS_TOGETHER):
        failed += _try_out(plan, group, moment)
    found = {
        "tried": len(chosen),
        "open": steps.count() - len(chosen),
        "failed": dict(Counter(reason for _, reason in failed)),
        "examples": _examples(failed[:SHOWN_TROUBLES]),
        "seconds": round(time.monotonic() - began, 1),
    }
    Plan.objects.filter(pk=plan.pk).update(
        rehearsal=found, rehearsed_at=at, rehearsal_asked_at=None
    )
    return found


def _try_out(plan: Plan, group: Sequence[Counted], at: datetime) -> list[tuple[int, str]]:
    """Return which steps of the group cannot be done, and why; halves are tried apart until each stands alone."""
    reason = _attempt(plan, group, at, keep=False)
    if not reason:
        return []
    if len(group) == 1:
        return [(group[0].pk, reason)]
    middle = len(group) // 2
    return _try_out(plan, group[:middle], at) + _try_out(plan, group[middle:], at)


def _examples(failed: Sequence[tuple[int, str]]) -> list[str]:
    steps = Step.objects.filter(pk__in=[pk for pk, _ in failed]).select_related("closing")
    by_pk = {step.pk: step for step in steps}
    return [f"{by_pk[pk].closing.name}: {by_pk[pk].label} – {reason}" for pk, reason in failed]
