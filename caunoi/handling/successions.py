"""A unit ends while its colleagues have words they use often: the successor uses them too, or they rest."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from caunoi.handling.models import CannedAnswer
from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.units.models import Unit

LONGEST_SHORTCUT = 30


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many canned answers in use each of these units holds; units without are left out."""
    found = CannedAnswer.objects.filter(unit_id__in=unit_ids, is_active=True)
    return dict(found.order_by().values_list("unit_id").annotate(n=Count("pk")))


@transaction.atomic
def pass_canned(heirs: Mapping[UUID, UUID | None], *, at: datetime) -> int:
    """Let the successors use these units' canned answers, or (None) let them rest where they are. Idempotent.

    heirs  by unit that ends, the one that takes over; a shortcut that is taken there gets a number behind it
    -> how many go on, in as many statements whatever their number
    """
    held = CannedAnswer.objects.select_for_update(of=("self",), no_key=True)
    rows = list(held.filter(unit_id__in=list(heirs), is_active=True).order_by("pk"))
    there = CannedAnswer.objects.filter(unit_id__in={to for to in heirs.values() if to})
    taken = set(there.values_list("unit_id", "shortcut"))
    passed: Counter[UUID] = Counter()
    for row in rows:
        to = heirs[row.unit_id]
        if to is None:
            row.is_active = False
            continue
        passed[row.unit_id] += 1
        row.unit_id, row.shortcut = to, _free(row.shortcut, to, taken)
        taken.add((to, row.shortcut))
    CannedAnswer.objects.bulk_update(rows, ["unit", "shortcut", "is_active"])
    audit.record_all(
        [
            audit.entry(
                "handling.canned.passed",
                on=Unit(pk=old),
                at=at,
                unit_id=heirs[old],
                after={"to": heirs[old], "count": count},
            )
            for old, count in passed.items()
        ]
    )
    return passed.total()


def _free(shortcut: str, unit_id: UUID, taken: Collection[tuple[UUID, str]]) -> str:
    found, n = shortcut, 1
    while (unit_id, found) in taken:
        n += 1
        found = f"{shortcut[: LONGEST_SHORTCUT - 4]}-{n}"
    return found
