"""A unit ends while its cases are open: each goes to who took over, with its clock; where nobody can tell who, a person says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Case as Choose
from django.db.models import Count, Value, When

from caunoi.cases import hops, rules
from caunoi.cases.ground import add_steps
from caunoi.cases.models import Case, Reader
from caunoi.cases.terms import NotNow, NotYourCase, StepKind
from caunoi.duty import actions as duty
from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

BATCH = 500
FRESH_SECONDS = 60
UNFINISHED = [s.value for s in rules.UNFINISHED]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A case whose unit has ended, and who may take over."""

    case: Case
    old_name: str
    heirs: tuple[UnitNow, ...]


_ENDED_OWNERS = """
WITH RECURSIVE owning AS (
    (SELECT owner_id FROM cases_case WHERE state = ANY(%(unfinished)s) ORDER BY owner_id LIMIT 1)
    UNION ALL
    SELECT (SELECT c.owner_id FROM cases_case c WHERE c.state = ANY(%(unfinished)s) AND c.owner_id > o.owner_id
            ORDER BY c.owner_id LIMIT 1)
    FROM owning o WHERE o.owner_id IS NOT NULL)
SELECT o.owner_id FROM owning o WHERE o.owner_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM units_unitversion now WHERE now.unit_id = o.owner_id AND now.valid @> %(on)s::date)
"""
"""From owner to owner through the index of what waits: some thousand steps, neither a million cases nor every unit that ended."""


def _ended_owners(on: date) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_ENDED_OWNERS, {"on": on, "unfinished": UNFINISHED})
        return [row[0] for row in cursor.fetchall()]


@system("a job looks after cases whose unit has ended")
def move_orphans(*, at: datetime, limit: int = BATCH) -> int:
    """Hand every unfinished case of an ended unit to its only successor. -> how many moved; the others wait for a person."""
    on = clock.local_date(at)
    moved = 0
    for owner_id in _ended_owners(on):
        heirs = heirs_of(unit_id=owner_id, on=on)
        if len(heirs) != 1:
            continue
        waiting = Case.objects.filter(owner_id=owner_id, state__in=UNFINISHED)
        for case in waiting[: limit - moved]:
            moved += move_case(case=case, to_unit_id=heirs[0].id, at=at)
    return moved


@system("the tree is a public register")
def heirs_of(*, unit_id: UUID, on: date) -> tuple[UnitNow, ...]:
    """Return the units that live today and took over from the one that ended, the default one first; empty when nobody knows."""
    found = units.successors(unit_id=unit_id, on=on)
    return tuple(s.unit for s in found if s.unit is not None and s.unit.id != unit_id)


def move_case(*, case: Case, to_unit_id: UUID, at: datetime, by: Viewer | None = None) -> bool:
    """Let the successor hold one case, as ``move_cases`` does. -> whether it moved"""
    return bool(move_cases({case.pk: to_unit_id}, at=at, by=by))


@transaction.atomic
def move_cases(heirs: Mapping[UUID, UUID], *, at: datetime, by: Viewer | None = None) -> int:
    """Let successors hold these cases: deadlines, drafts and readers stay, assignees do not. Idempotent.

    heirs  by case, the unit that takes over
    -> how many moved, in as many statements whatever their number (those that ring are called for one by one). The step
    stands on the asker's page; a hop that was open to the old unit is open to the new one.
    """
    locked = Case.objects.select_for_update(of=("self",), no_key=True)
    found = locked.filter(pk__in=list(heirs)).order_by("pk").only("owner_id", "kind")
    moving = [(c, c.owner_id, heirs[c.pk]) for c in found if c.owner_id != heirs[c.pk]]
    if not moving:
        return 0
    Case.objects.filter(pk__in=[c.pk for c, _, _ in moving]).update(
        owner_id=_each({c.pk: new for c, _, new in moving}), assignee=None
    )
    steps = add_steps([(c, old, new) for c, old, new in moving], StepKind.MOVED, at=at, by=by)
    hops.pass_leads({c.pk: (old, new, steps[c.pk]) for c, old, new in moving}, by=by, at=at)
    duty.pass_alarms({c.pk: new for c, _, new in moving}, at=at)
    open_ones = [c.pk for c, _, _ in moving if not rules.is_sealed(c.kind)]
    _keep_readers(open_ones, clock.local_date(at))
    audit.record_all(
        [
            audit.entry(
                "cases.case.moved",
                on=c,
                by=by,
                at=at,
                unit_id=new,
                before={"owner": old},
                after={"owner": new},
            )
            for c, old, new in moving
        ]
    )
    return len(moving)


def _each(new_owners: Mapping[UUID, UUID]) -> Any:
    """Return the new owner of each case, to stand in one update."""
    by_owner: dict[UUID, list[UUID]] = {}
    for case_id, owner in new_owners.items():
        by_owner.setdefault(owner, []).append(case_id)
    return Choose(*(When(pk__in=pks, then=Value(owner)) for owner, pks in by_owner.items()))


def _keep_readers(case_ids: Collection[UUID], on: date) -> None:
    """Units that handed cases on and ended leave their sight of them to their successors."""
    rows = list(Reader.objects.filter(case_id__in=case_ids).values_list("case_id", "unit_id"))
    readers = {unit_id for _, unit_id in rows}
    gone = readers - set(units.paths_of(unit_ids=readers, on=on)) if readers else set()
    if not gone:
        return
    heirs = units.successors_of_many(unit_ids=gone, on=on)
    fresh = [
        Reader(case_id=case_id, unit_id=heir.unit.id)
        for case_id, unit_id in rows
        for heir in heirs.get(unit_id, [])
        if heir.unit is not None and heir.unit.id != unit_id
    ]
    Reader.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)


@system("a reform is prepared by whoever manages the units: only how many, sealed ones not counted")
def open_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many unfinished cases each of these units holds; units without any are left out."""
    held = Case.objects.filter(owner_id__in=unit_ids, state__in=UNFINISHED)
    open_ones = held.exclude(kind__in=[k.value for k in rules.SEALED_KINDS])
    return dict(open_ones.order_by().values_list("owner_id").annotate(n=Count("pk")))


@system("a reform is carried out by the worker, as two persons signed it")
def pass_all(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Hand every unfinished case of these units to their successors, sealed ones too. -> how many moved. Idempotent.

    heirs  by unit that ends, the one that takes over
    """
    held = Case.objects.filter(owner_id__in=list(heirs), state__in=UNFINISHED).order_by("pk")
    waiting = [(pk, heirs[owner]) for pk, owner in held.values_list("pk", "owner_id")]
    parts = range(0, len(waiting), BATCH)
    return sum(move_cases(dict(waiting[n : n + BATCH]), at=at) for n in parts)


def orphans(
    viewer: Viewer, *, at: datetime, owners: Collection[UUID] | None = None
) -> list[Orphan]:
    """Return the cases that wait for a person to say who takes over, of units whose parent the viewer's right reaches.

    owners  the units that ended while holding cases, where they are known already
    """
    on = clock.local_date(at)
    scope = list(viewer.scope(Permission.CASES_REFER))
    found: list[Orphan] = []
    known: dict[UUID, tuple[str, tuple[UnitNow, ...], bool]] = {}
    owners = _ended_owners(on) if owners is None else owners
    if not owners:
        return []
    waiting = Case.objects.filter(owner_id__in=owners, state__in=UNFINISHED)
    for case in waiting.order_by("due_at", "pk")[:BATCH]:
        if case.owner_id not in known:
            known[case.owner_id] = _old_unit(case.owner_id, on, scope)
        name, heirs, reached = known[case.owner_id]
        if reached and len(heirs) != 1:
            found.append(Orphan(case, name, heirs))
    return found


def waiting_count(viewer: Viewer, *, at: datetime) -> int:
    """Return how many cases wait for the viewer to say who takes over; asked only of who stands at the top of a tree."""
    scope = viewer.scope(Permission.CASES_REFER)
    if not any("." not in path for path in scope):
        return 0
    return len(orphans(viewer, at=at, owners=_ended_a_moment_ago(clock.local_date(at))))


def _ended_a_moment_ago(on: date) -> list[UUID]:
    """Return the ended owners as they were at most a minute ago: a tree changes seldom, and every visitor of Today asks."""
    name = f"cases-ended-owners-{on}"
    found = cache.get(name)
    if found is None:
        found = _ended_owners(on)
        cache.set(name, found, FRESH_SECONDS)
    return found  # type: ignore[no-any-return]


def _old_unit(unit_id: UUID, on: date, scope: list[str]) -> tuple[str, tuple[UnitNow, ...], bool]:
    """Return the ended unit's last name, its heirs, and whether the viewer stands above it or above every heir."""
    last = units.latest(unit_id=unit_id, on=on)
    heirs = heirs_of(unit_id=unit_id, on=on)
    above = last.path if last else ""
    reached = any(above.startswith(root + ".") for root in scope) or (
        bool(heirs) and all(_inside(h.path, scope) for h in heirs)
    )
    return (last.full_name if last else "", heirs, reached)


def _inside(path: str, scope: list[str]) -> bool:
    return any(path == root or path.startswith(root + ".") for root in scope)


@transaction.atomic
def settle(*, number: str, to_unit_id: UUID, by: Viewer, at: datetime) -> Case:
    """Say who takes over a case whose unit was split or left no known successor. Raises NotYourCase, NotNow (no such heir)."""
    waiting = next((o for o in orphans(by, at=at) if o.case.number == number), None)
    if waiting is None:
        raise NotYourCase("This case does not wait for you to say who takes over.")
    heirs = {h.id for h in waiting.heirs}
    living = units.paths_of(unit_ids=[to_unit_id], on=clock.local_date(at))
    fits = (
        to_unit_id in heirs
        if heirs
        else _inside(living.get(to_unit_id, ""), list(by.scope(Permission.CASES_REFER)))
    )
    if not fits:
        raise NotNow("This unit did not take over from the old one.")
    move_case(case=waiting.case, to_unit_id=to_unit_id, at=at, by=by)
    waiting.case.refresh_from_db()
    return waiting.case
