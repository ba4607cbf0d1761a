"""A unit ends while its colleagues have words they use often and views they keep: the successor has them too, or they rest."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from caunoi.handling.models import CannedAnswer, SavedView
from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.units import queries as units
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


@system("a reform is prepared by whoever manages the units: only how many")
def view_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many kept views each of these units shares or stands in as the place; units without are left out."""
    by_slug = {slug: unit for unit, slug in units.slugs_of(unit_ids=unit_ids).items()}
    found: Counter[UUID] = Counter()
    for view in _views_about(unit_ids):
        named = by_slug.get(str(QueryDict(view.query).get("unit", "")))
        found.update({u for u in (view.unit_id, named) if u is not None and u in unit_ids})
    return dict(found)


@transaction.atomic
def pass_views(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Let kept views be shared in, and look at, the successors of these units. -> how many changed. Idempotent.

    heirs  by unit that ends, the one that takes over
    """
    slugs = units.slugs_of(unit_ids={*heirs, *heirs.values()})
    leads = {slugs[old]: slugs[new] for old, new in heirs.items() if old in slugs and new in slugs}
    changed, told = [], []
    for view in _views_about(list(heirs)).select_for_update(of=("self",), no_key=True):
        before = {"unit": view.unit_id, "query": view.query}
        if view.unit_id is not None:
            view.unit_id = heirs.get(view.unit_id, view.unit_id)
        words = QueryDict(view.query, mutable=True)
        if to := leads.get(str(words.get("unit", ""))):
            words["unit"] = to
            view.query = words.urlencode()[:500]
        after = {"unit": view.unit_id, "query": view.query}
        if after == before:
            continue
        changed.append(view)
        told.append(
            audit.entry(
                "handling.view.passed",
                on=view,
                at=at,
                unit_id=view.unit_id,
                before=before,
                after=after,
            )
        )
    SavedView.objects.bulk_update(changed, ["unit", "query"])
    audit.record_all(told)
    return len(changed)


def _views_about(unit_ids: Collection[UUID]) -> QuerySet[SavedView]:
    """Return the views shared in these units and all that look at some unit: there are few, at most twenty a person."""
    about = Q(unit_id__in=unit_ids) | Q(query__contains="unit=")
    return SavedView.objects.filter(about).order_by("pk")
