"""A unit ends while people follow it: they follow who took over from then on, once; nobody has to ask again."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, Value, When

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.subscriptions.models import Subscription
from caunoi.units.models import Unit


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many follow each of these units; units that nobody follows are left out."""
    found = Subscription.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@transaction.atomic
def pass_followers(heirs: Mapping[UUID, UUID | None], *, at: datetime) -> int:
    """Let everybody who follows these units follow their successors; who does already, or follows two that merge, stays once.

    heirs  by unit that ends, the one that takes over; nobody (None) ends the following
    -> how many go on, in as many statements whatever their number. Idempotent
    """
    mine = Subscription.objects.filter(unit_id__in=list(heirs)).order_by(
        F("confirmed_at").asc(nulls_last=True), "asked_at", "pk"
    )
    fields = ("address_hash", "number", "topic", "about")
    there = Subscription.objects.filter(unit_id__in={to for to in heirs.values() if to})
    known = set(there.values_list("unit_id", *fields))
    going: dict[UUID, list[UUID]] = {}
    double = []
    counts: Counter[UUID] = Counter()
    for pk, unit_id, *key in mine.values_list("pk", "unit_id", *fields):
        to = heirs[unit_id]
        if to is None or (to, *key) in known:
            double.append(pk)
            counts[unit_id] += to is None
            continue
        known.add((to, *key))
        going.setdefault(to, []).append(pk)
        counts[unit_id] += 1
    Subscription.objects.filter(pk__in=double).delete()
    moving = [pk for pks in going.values() for pk in pks]
    if moving:
        to_each = Case(*(When(pk__in=pks, then=Value(to)) for to, pks in going.items()))
        Subscription.objects.filter(pk__in=moving).update(unit_id=to_each)
    audit.record_all([_told(unit_id, heirs[unit_id], n, at) for unit_id, n in counts.items() if n])
    return len(moving)


def _told(unit_id: UUID, to_unit_id: UUID | None, count: int, at: datetime) -> Any:
    return audit.entry(
        "subscriptions.followers.passed",
        on=Unit(pk=unit_id),
        at=at,
        unit_id=to_unit_id or unit_id,
        after={"to": to_unit_id, "count": count},
    )
