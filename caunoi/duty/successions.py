"""A unit ends while people are on duty in it: they are called in the successor, after those who are there, or no more."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from caunoi.duty.models import CallList, Shift
from caunoi.kit import audit, clock
from caunoi.kit.viewing import system
from caunoi.units.models import Unit


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """Return how many people are on each unit's call list, with its shifts from that day on; units without are left out."""
    listed = CallList.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    shifts = _shifts(unit_ids, on).order_by().values_list("unit_id")
    found = Counter(dict(listed.annotate(n=Count("pk"))))
    found.update(dict(shifts.annotate(n=Count("pk"))))
    return dict(found)


def _shifts(unit_ids: Collection[UUID], on: date) -> QuerySet[Shift]:
    return Shift.objects.filter(unit_id__in=unit_ids, ends_at__gt=clock.start_of(on))


@transaction.atomic
def pass_rosters(heirs: Mapping[UUID, UUID | None], *, on: date, at: datetime) -> int:
    """Let the call lists and coming shifts of these units go on in the successors, or (None) end. Idempotent.

    heirs  by unit that ends, the one that takes over; who is listed there already stays once
    -> how many go on, in as many statements whatever their number
    """
    going = {old: to for old, to in heirs.items() if to is not None}
    passed: Counter[UUID] = Counter()
    _pass_lists(going, passed)
    _pass_shifts(going, on, passed)
    CallList.objects.filter(unit_id__in=list(heirs)).delete()
    _shifts(list(heirs), on).delete()
    audit.record_all(
        [
            audit.entry(
                "duty.roster.passed",
                on=Unit(pk=old),
                at=at,
                unit_id=going[old],
                after={"to": going[old], "count": count},
            )
            for old, count in passed.items()
        ]
    )
    return passed.total()


def _pass_lists(going: Mapping[UUID, UUID], passed: Counter[UUID]) -> None:
    there = CallList.objects.filter(unit_id__in=set(going.values()))
    known = set(there.values_list("unit_id", "account_id"))
    last = Counter(dict(there.order_by().values_list("unit_id").annotate(n=Max("place"))))
    fresh = []
    for row in CallList.objects.filter(unit_id__in=list(going)).order_by("place", "pk"):
        to = going[row.unit_id]
        if (to, row.account_id) in known:
            continue
        known.add((to, row.account_id))
        last[to] += 1
        passed[row.unit_id] += 1
        fresh.append(CallList(unit_id=to, account_id=row.account_id, place=last[to]))
    CallList.objects.bulk_create(fresh)


def _pass_shifts(going: Mapping[UUID, UUID], on: date, passed: Counter[UUID]) -> None:
    rows = list(_shifts(list(going), on).order_by("begins_at", "pk"))
    fresh = [
        Shift(
            unit_id=going[row.unit_id],
            account_id=row.account_id,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]
    Shift.objects.bulk_create(fresh, ignore_conflicts=True)
    passed.update(row.unit_id for row in rows)
