"""A unit ends while meetings with voters are planned in it: the successor holds them. What was held stays where it was."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.voters.models import VoterMeeting


@system("a reform is prepared by whoever manages the units: only how many")
def planned_counts(*, unit_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """Return how many meetings of that day or later each of these units has; units without are left out."""
    found = VoterMeeting.objects.filter(unit_id__in=unit_ids, held_on__gte=on)
    return dict(found.order_by().values_list("unit_id").annotate(n=Count("pk")))


@transaction.atomic
def pass_meetings(heirs: Mapping[UUID, UUID], *, on: date, at: datetime) -> int:
    """Let the successors hold the meetings of that day or later. -> how many. Idempotent.

    heirs  by unit that ends, the one that takes over
    """
    locked = VoterMeeting.objects.select_for_update(of=("self",), no_key=True)
    rows = list(locked.filter(unit_id__in=list(heirs), held_on__gte=on).order_by("pk"))
    told = []
    for row in rows:
        before, row.unit_id = row.unit_id, heirs[row.unit_id]
        told.append(
            audit.entry(
                "voters.meeting.passed",
                on=row,
                at=at,
                unit_id=row.unit_id,
                before={"unit": before},
                after={"unit": row.unit_id},
            )
        )
    VoterMeeting.objects.bulk_update(rows, ["unit"])
    audit.record_all(told)
    return len(rows)
