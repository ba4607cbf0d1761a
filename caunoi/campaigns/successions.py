"""A unit ends: its campaigns, drafts too, go on with whoever takes over from it; their books go along (``funds.successions``)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from caunoi.campaigns.models import Campaign
from caunoi.kit import audit
from caunoi.kit.viewing import system


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many campaigns each of these units has, in every state; units without are left out."""
    found = Campaign.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@transaction.atomic
def pass_campaigns(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Let the successors run these units' campaigns; what people read and pay into stays as it was told. Idempotent.

    heirs  by unit that ends, the one that takes over. -> how many went on
    """
    held = Campaign.objects.select_for_update(of=("self",), no_key=True)
    rows = list(held.filter(unit_id__in=list(heirs)).only("unit_id").order_by("pk"))
    told = []
    for row in rows:
        before, row.unit_id = row.unit_id, heirs[row.unit_id]
        told.append(
            audit.entry(
                "campaigns.campaign.passed",
                on=row,
                at=at,
                unit_id=row.unit_id,
                before={"unit": before},
                after={"unit": row.unit_id},
            )
        )
    Campaign.objects.bulk_update(rows, ["unit"])
    audit.record_all(told)
    return len(rows)
