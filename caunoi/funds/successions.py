"""A unit ends: its books go on with whoever takes over, whole. No posting is made, no number is given anew; the chain stays as it was."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from caunoi.funds.models import Fund
from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.units import queries as units

LONGEST = 160


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many sets of books each of these units keeps; units without are left out."""
    found = Fund.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@transaction.atomic
def pass_books(heirs: Mapping[UUID, UUID], *, on: date, at: datetime) -> int:
    """Let the successors keep these units' books; of two of one name the one that comes bears its old unit's too. Idempotent.

    heirs  by unit that ends, the one that takes over. -> how many sets of books went on
    """
    held = Fund.objects.select_for_update(of=("self",), no_key=True)
    rows = list(held.filter(unit_id__in=list(heirs)).order_by("opened_on", "pk"))
    there = Fund.objects.filter(unit_id__in=set(heirs.values()))
    taken = set(there.values_list("unit_id", "name"))
    names = units.names_of(unit_ids={row.unit_id for row in rows}, on=on)
    told = []
    for row in rows:
        before = {"unit": row.unit_id, "name": row.name}
        to = heirs[row.unit_id]
        row.name, row.unit_id = _free(row.name, names.get(row.unit_id, ""), to, taken), to
        taken.add((to, row.name))
        after = {"unit": to, "name": row.name}
        told.append(
            audit.entry("funds.fund.passed", on=row, at=at, unit_id=to, before=before, after=after)
        )
    Fund.objects.bulk_update(rows, ["unit", "name"])
    audit.record_all(told)
    return len(rows)


def _free(name: str, old_unit: str, to: UUID, taken: Collection[tuple[UUID, str]]) -> str:
    """Return the name itself, or with the old unit's, or with a number too, as nothing of the successor's is called."""
    found, n = name, 1
    while (to, found) in taken:
        beside = f" ({old_unit})" if n == 1 else f" ({old_unit}, {n})"
        found, n = name[: LONGEST - len(beside)] + beside, n + 1
    return found
