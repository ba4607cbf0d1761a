"""Reads of plans. Who manages the units sees what becomes of what they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.reform import rules
from caunoi.reform.models import Closing, Plan, Step
from caunoi.reform.registry import HOLDERS
from caunoi.reform.survey import keepers_of
from caunoi.reform.terms import Blocker, Item, Outcome, PlanState, Rule, StepState
from caunoi.staff.terms import Permission
from caunoi.units import endings
from caunoi.units import queries as units
from caunoi.units.models import Succession
from caunoi.units.terms import UnitNow


@dataclass(frozen=True, slots=True)
class Line:
    """One holder in the sum of a plan: how many things, how many of each outcome, how many are done."""

    holder: str
    title: str
    things: int
    bundles: int
    undecided: int
    by_outcome: Mapping[str, int]
    done: int
    failed: int
    rule: str = ""


def visible_plans(viewer: Viewer, *, on: date) -> QuerySet[Plan]:
    """Return the plans for the units the viewer manages, newest day first; of a unit that ended, whoever took over sees it."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.UNITS_MANAGE), on=on)
    heirs = Succession.objects.filter(new_unit_id__in=reach, event__on_date__lte=on)
    mine = Q(root_id__in=reach) | Q(root_id__in=heirs.values("old_unit_id"))
    return Plan.objects.filter(mine).order_by("-on_date", "-made_at")


@system("the tree is a public register")
def paths_above(root_id: UUID, *, on: date) -> list[str]:
    """Return the path of the plan's unit on that day, or, when it ended, those of the units that took over from it."""
    living = units.paths_of(unit_ids=[root_id], on=on)
    if not living:
        heirs = units.successors(unit_id=root_id, on=on)
        living = {h.unit.id: h.unit.path for h in heirs if h.unit is not None}
    return list(living.values())


@system("the tree is a public register")
def keepers(*, plan: Plan) -> list[UnitNow]:
    """Return who may keep everything itself on the day of the plan: its unit, or whoever takes over from that."""
    found = keepers_of(root_id=plan.root_id, on=plan.on_date)
    living = units.many_as_of(unit_ids=found, on=plan.on_date)
    return [living[u] for u in found if u in living]


@system("the plan was loaded for its viewer")
def takers_of(*, plan: Plan, step: Step, to_unit_id: UUID | None = None) -> list[Item]:
    """Return which things of the same kind may take this one in: what the successor holds, and what goes on under it.

    to_unit_id  another heir than the one chosen for the whole unit
    """
    to = to_unit_id or step.target_id or step.closing.target_id
    if to is None or not step.kind:
        return []
    held = HOLDERS[step.holder].survey([to], plan.on_date)
    same = Step.objects.filter(
        plan=plan, holder=step.holder, kind=step.kind, outcome=Outcome.KEPT
    ).exclude(pk=step.pk)
    coming = same.filter(Q(target_id=to) | Q(target=None, closing__target_id=to))
    return [item for item in held if item.kind == step.kind] + [
        Item(s.closing.unit_id, s.ref, s.label, s.kind)
        for s in coming.select_related("closing").order_by("label", "pk")
    ]


def plan(viewer: Viewer, *, pk: UUID, on: date) -> Plan | None:
    """Return one plan the viewer may see, with who made and signed it, or None."""
    found = visible_plans(viewer, on=on).filter(pk=pk)
    return found.select_related("made_by", "first_by", "second_by").first()


def days_ahead(viewer: Viewer, *, root_id: UUID) -> list[tuple[date, int]]:
    """Return the days on which units below this one close, newest first, with how many; nothing outside the viewer's reach."""
    del viewer  # the tree is public; the door asks for the right to manage it
    return endings.days(under=root_id)


@system("the plan was loaded for its viewer")
def closings(*, plan: Plan, text: str = "", way: str = "", open_only: bool = False) -> QuerySet:
    """Return the closing units of a plan in Vietnamese order, narrowed by a part of the name, by what is known, by what is open."""
    found = Closing.objects.filter(plan=plan).order_by("sort_key", "pk")
    if text:
        found = found.filter(folded__contains=fold(text))
    if way:
        found = found.filter(way=way)
    if open_only:
        found = found.filter(target=None)
    return found


@system("the plan was loaded for its viewer")
def steps(
    *,
    plan: Plan,
    holder: str = "",
    outcome: str = "",
    state: str = "",
    text: str = "",
) -> QuerySet[Step]:
    """Return the steps of a plan by unit and holder; ``outcome`` "open" means: not decided yet."""
    found = Step.objects.filter(plan=plan).select_related("closing")
    if holder:
        found = found.filter(holder=holder)
    if outcome == "open":
        found = found.filter(outcome="")
    elif outcome:
        found = found.filter(outcome=outcome)
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(Q(label__icontains=text) | Q(closing__folded__contains=fold(text)))
    return found.order_by("closing__sort_key", "closing_id", "holder", "kind", "label", "pk")


@system("the plan was loaded for its viewer")
def speaking_steps(*, plan: Plan) -> QuerySet[Step]:
    """Return the steps of things that say where to go: closed or merged ones of holders who have words for it."""
    holders = [name for name, holder in HOLDERS.items() if holder.last_words]
    found = Step.objects.filter(
        plan=plan, holder__in=holders, outcome__in=[Outcome.CLOSED, Outcome.MERGED]
    ).exclude(closing__target=None, target=None)
    return found.select_related("closing").order_by("closing__sort_key", "label", "pk")


@system("the plan was loaded for its viewer")
def meant_by(rule: Rule, *, plan: Plan) -> QuerySet[Step]:
    """Return the steps a bulk rule would decide."""
    found = Step.objects.filter(plan=plan, holder=rule.holder).select_related("closing")
    if rule.kind:
        found = found.filter(kind=rule.kind)
    if rule.level:
        found = found.filter(closing__level=rule.level)
    if rule.only_open:
        found = found.filter(outcome="")
    return found.order_by("closing__sort_key", "closing_id", "label", "pk")


@system("the plan was loaded for its viewer")
def kinds(*, plan: Plan) -> dict[str, list[str]]:
    """Return by holder the kinds of things that occur in the plan."""
    found: dict[str, list[str]] = {}
    rows = Step.objects.filter(plan=plan).exclude(kind="").order_by("holder", "kind")
    for holder, kind in rows.values_list("holder", "kind").distinct():
        found.setdefault(holder, []).append(kind)
    return found


@system("the plan was loaded for its viewer")
def sums(*, plan: Plan) -> list[Line]:
    """Return one line a holder, in the order of the registry, in one query."""
    outcomes = {o.value: Count("pk", filter=Q(outcome=o.value)) for o in Outcome}
    rows = (
        Step.objects.filter(plan=plan)
        .values("holder")
        .annotate(
            n=Sum("count"),
            bundles=Count("pk"),
            undecided=Count("pk", filter=Q(outcome="")),
            done=Count("pk", filter=Q(state=StepState.DONE)),
            failed=Count("pk", filter=Q(state=StepState.FAILED)),
            **outcomes,
        )
        .order_by()
    )
    by_holder: dict[str, dict[str, Any]] = {row["holder"]: dict(row) for row in rows}
    return [
        Line(
            name,
            holder.title,
            row["n"] or 0,
            row["bundles"],
            row["undecided"],
            {o.value: row[o.value] for o in Outcome if row[o.value]},
            row["done"],
            row["failed"],
            holder.rule,
        )
        for name, holder in HOLDERS.items()
        if (row := by_holder.get(name))
    ]


@system("the plan was loaded for its viewer")
def blockers(*, plan: Plan) -> list[Blocker]:
    """Return what keeps the plan from being signed, in two queries."""
    counted = Closing.objects.filter(plan=plan).aggregate(
        all=Count("pk"), without=Count("pk", filter=Q(target=None))
    )
    undecided = Step.objects.filter(plan=plan, outcome="").count()
    return rules.blockers(
        units=counted["all"], without_successor=counted["without"], undecided=undecided
    )


@system("the tree is a public register")
def heirs_of(*, closings: list[Closing], on: date) -> dict[UUID, list[UnitNow]]:
    """Return who may take over from each of these units, the default heir first, in two queries."""
    found = endings.heirs(unit_ids=[c.unit_id for c in closings], on=on)
    living = units.many_as_of(unit_ids=[h for heirs in found.values() for h, _ in heirs], on=on)
    return {
        unit_id: [living[h] for h, _ in heirs if h in living] for unit_id, heirs in found.items()
    }


@system("the worker carries plans out")
def due(*, today: date) -> list[Plan]:
    """Return the plans whose day has come and that are not finished, oldest first."""
    begun = Q(state=PlanState.RUNNING) | Q(state=PlanState.SIGNED, on_date__lte=today)
    return list(Plan.objects.filter(begun).order_by("on_date", "made_at"))


@system("the worker looks whether signed plans still fit")
def signed_ahead() -> list[Plan]:
    """Return the plans that somebody signed and that have not begun."""
    states = [PlanState.SIGNED_ONCE, PlanState.SIGNED]
    return list(Plan.objects.filter(state__in=states).order_by("on_date", "made_at"))


@system("the worker rehearses plans")
def to_rehearse() -> list[Plan]:
    """Return the plans whose rehearsal was asked for."""
    waiting = Plan.objects.exclude(rehearsal_asked_at=None).exclude(state=PlanState.DROPPED)
    return list(waiting.order_by("rehearsal_asked_at"))


@system("shown on the page of a unit that ended: what became of it is public")
def moved_to(*, unit_ids: list[UUID]) -> dict[UUID, UUID]:
    """Return where the things of these units went, from plans that were carried out."""
    rows = Closing.objects.filter(
        unit_id__in=unit_ids, plan__state__in=[PlanState.RUNNING, PlanState.DONE]
    )
    return {u: t for u, t in rows.values_list("unit_id", "target_id") if t}
