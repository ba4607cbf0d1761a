"""A unit ends while people follow it: they follow who took over from then on, once; nobody has to ask again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

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
def pass_followers(*, unit_id: UUID, to_unit_id: UUID | None, at: datetime) -> int:
    """Let everybody who follows the unit follow the successor; who does already stays once. Nobody (None) ends the following.

    -> how many go on. Idempotent
    """
    mine = Subscription.objects.filter(unit_id=unit_id)
    if to_unit_id is None:
        ended, _ = mine.delete()
        _record(unit_id, None, ended, at)
        return 0
    there = Subscription.objects.filter(
        unit_id=to_unit_id,
        address_hash=OuterRef("address_hash"),
        number=OuterRef("number"),
        topic=OuterRef("topic"),
        about=OuterRef("about"),
    )
    mine.filter(Exists(there)).delete()
    passed = Subscription.objects.filter(unit_id=unit_id).update(unit_id=to_unit_id)
    _record(unit_id, to_unit_id, passed, at)
    return passed


def _record(unit_id: UUID, to_unit_id: UUID | None, count: int, at: datetime) -> None:
    if count:
        audit.record(
            "subscriptions.followers.passed",
            on=Unit(pk=unit_id),
            at=at,
            unit_id=to_unit_id or unit_id,
            after={"to": to_unit_id, "count": count},
        )
