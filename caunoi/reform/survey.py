"""What closing units hold, written into the plan: what is new comes in, what is gone goes out, what was decided stays."""

from datetime import date, datetime
from uuid import UUID

from caunoi.reform import registry, rules
from caunoi.reform.models import Closing, Plan, Step, WentBack
from caunoi.reform.terms import Item, StepState, Way
from caunoi.units import endings
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

BATCH = 1000


def bring_up_to_date(*, plan: Plan, at: datetime) -> None:
    """Bring closing units, their heirs and their things up to now, inside the caller's transaction; decisions stay.

    Idempotent by plan, unit, holder and item
    """
    ending = endings.on_day(under=plan.root_id, on=plan.on_date)
    _units(plan, ending)
    by_unit = {c.unit_id: c for c in Closing.objects.filter(plan=plan)}
    wanted = things(plan, by_unit)
    known = {(s.closing_id, s.holder, s.ref): s for s in Step.objects.filter(plan=plan)}
    gone = [s.pk for key, s in known.items() if key not in wanted]
    Step.objects.filter(pk__in=gone, state=StepState.WAITING).delete()
    fresh = [new_step(plan, *key[:2], item) for key, item in wanted.items() if key not in known]
    Step.objects.bulk_create(fresh, batch_size=BATCH)
    changed = [s for key, s in known.items() if key in wanted and _differs(s, wanted[key])]
    Step.objects.bulk_update(changed, ["label", "count", "kind"], batch_size=BATCH)
    plan.surveyed_at = at
    plan.save(update_fields=["surveyed_at"])


def keepers_of(*, root_id: UUID, on: date) -> list[UUID]:
    """Return who may keep everything itself: the unit of the plan, or, when that one ends too, whoever takes over from it."""
    if units.paths_of(unit_ids=[root_id], on=on):
        return [root_id]
    return [unit for unit, _ in endings.heirs(unit_ids=[root_id], on=on).get(root_id, [])]


def tree_changed(*, plan: Plan) -> bool:
    """True when other units close than those of the plan, or others take over than was decided; in a few queries."""
    ending = {u.id for u in endings.on_day(under=plan.root_id, on=plan.on_date)}
    known = {c.unit_id: c for c in Closing.objects.filter(plan=plan)}
    if ending != set(known):
        return True
    heirs = endings.heirs(unit_ids=ending, on=plan.on_date)
    keepers = keepers_of(root_id=plan.root_id, on=plan.on_date)
    chosen: set[tuple[UUID, UUID | None]] = {(c.unit_id, c.target_id) for c in known.values()}
    parts = Step.objects.filter(plan=plan).exclude(target=None)
    chosen |= set(parts.values_list("closing__unit_id", "target_id"))
    return any(_stale(known[unit_id], heirs, keepers, target_id) for unit_id, target_id in chosen)


def _stale(
    closing: Closing,
    heirs: dict[UUID, list[tuple[UUID, bool]]],
    keepers: list[UUID],
    target_id: UUID | None,
) -> bool:
    own = [unit for unit, _ in heirs.get(closing.unit_id, [])]
    return rules.is_stale(
        way=rules.way_of(own), heirs=own, known=Way(closing.way), target=target_id, keepers=keepers
    )


def _units(plan: Plan, ending: list[UnitNow]) -> None:
    heirs = endings.heirs(unit_ids=[u.id for u in ending], on=plan.on_date)
    keepers = keepers_of(root_id=plan.root_id, on=plan.on_date)
    known = {c.unit_id: c for c in Closing.objects.filter(plan=plan)}
    Closing.objects.filter(plan=plan).exclude(unit_id__in=[u.id for u in ending]).delete()
    fresh = []
    for unit in ending:
        own = [h for h, _ in heirs.get(unit.id, [])]
        way = rules.way_of(own)
        sole = own[0] if len(own) == 1 else None
        closing = known.get(unit.id)
        if closing is None:
            fresh.append(
                Closing(
                    plan=plan,
                    unit_id=unit.id,
                    name=unit.full_name,
                    short_name=unit.name,
                    level=unit.level.value,
                    way=way.value,
                    target_id=sole,
                )
            )
        elif _stale(closing, heirs, keepers, closing.target_id):
            # The tree was corrected meanwhile: what was chosen for another tree does not count any more.
            closing.way, closing.target_id, closing.decided_by = way.value, sole, None
            closing.save(update_fields=["way", "target", "decided_by"])
    Closing.objects.bulk_create(fresh, batch_size=BATCH)
    parts = Step.objects.filter(plan=plan).exclude(target=None).select_related("closing")
    lost = [s.pk for s in parts if _stale(s.closing, heirs, keepers, s.target_id)]
    Step.objects.filter(pk__in=lost).update(target=None, into="")


def things(plan: Plan, by_unit: dict[UUID, Closing]) -> dict[tuple[int, str, str], Item]:
    """Return everything the closing units hold now, by closing, holder and item."""
    found: dict[tuple[int, str, str], Item] = {}
    for name, holder in registry.HOLDERS.items():
        for item in holder.survey(list(by_unit), plan.on_date):
            found[by_unit[item.unit_id].pk, name, item.ref] = item
    return found


def new_step(plan: Plan, closing_id: int, holder: str, item: Item) -> Step:
    """Return an unsaved step for an item; decided where only one thing can become of it."""
    only = rules.decided_alone(registry.holder(holder).outcomes)
    return Step(
        plan=plan,
        closing_id=closing_id,
        holder=holder,
        ref=item.ref,
        kind=item.kind,
        label=item.label[:200],
        count=item.count,
        outcome=only.value if only else "",
    )


def _differs(step: Step, item: Item) -> bool:
    if (step.label, step.count, step.kind) == (item.label[:200], item.count, item.kind):
        return False
    step.label, step.count, step.kind = item.label[:200], item.count, item.kind
    return True


def tell_signers(*, plan: Plan, at: datetime, tree_changed: bool, but: int | None = None) -> None:
    """Keep that whoever signed is to be written to, before her signature is taken off, inside the caller's transaction.

    but  who took it back herself
    """
    signers = {plan.first_by_id, plan.second_by_id} - {None, but}
    WentBack.objects.bulk_create(
        WentBack(plan=plan, signer_id=who, tree_changed=tree_changed, at=at)
        for who in sorted(s for s in signers if s is not None)
    )
