"""A unit ends: what lies there passes to its successor, by postings, with everything that is on its way there and its teams."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from caunoi.campaigns.models import Campaign
from caunoi.funds import actions as funds
from caunoi.funds.models import Account
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.goods.models import Movement, Team
from caunoi.goods.queries import STOCK
from caunoi.goods.terms import MovementKind
from caunoi.kit import audit
from caunoi.kit.viewing import system


def _heaps(unit_ids: Collection[UUID]) -> list[Account]:
    found = Account.objects.filter(unit_id__in=unit_ids, place__in=STOCK, came_in__gt=F("went_out"))
    return list(found.select_related("fund").order_by("fund", "pk"))


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many heaps lie at each of these units, and how many teams they have; units with none are left out."""
    found: dict[UUID, int] = {}
    for heap in _heaps(unit_ids):
        if heap.unit_id:
            found[heap.unit_id] = found.get(heap.unit_id, 0) + 1
    for unit_id in Team.objects.filter(unit_id__in=unit_ids, ended_at=None).values_list(
        "unit_id", flat=True
    ):
        found[unit_id] = found.get(unit_id, 0) + 1
    return found


@transaction.atomic
def pass_stock(heirs: Mapping[UUID, UUID], *, on: date, at: datetime) -> int:
    """Let successors hold what lies at these units: free stock goes on, what is meant for a need stays meant for it. Idempotent.

    -> how many heaps passed. Each fund is posted to once, whatever the number of its heaps
    """
    heaps = [h for h in _heaps(heirs) if h.unit_id and heirs[h.unit_id] != h.unit_id]
    campaigns = Campaign.objects.filter(fund_id__in={h.fund_id for h in heaps})
    of_fund = {c.fund_id: c for c in campaigns}
    moved: list[Movement] = []
    for fund_id in sorted({h.fund_id for h in heaps}, key=str):
        drafts: list[Draft] = []
        for heap in (h for h in heaps if h.fund_id == fund_id):
            deed = _deed(heap, heirs[heap.unit_id], on)  # type: ignore[index]
            drafts += deed
            if fund_id in of_fund:
                moved.append(
                    _beside(heap, of_fund[fund_id], heirs[heap.unit_id], deed[-1], on, at)  # type: ignore[index]
                )
        funds.post(drafts, fund_id=fund_id, at=at)
    Movement.objects.bulk_create(moved)
    for old, new in heirs.items():
        Movement.objects.filter(to_unit_id=old, kind=MovementKind.SENT, arrived_at=None).exclude(
            unit_id=new
        ).update(to_unit_id=new)
        Team.objects.filter(unit_id=old, ended_at=None).update(unit_id=new)
    audit.record_all(
        [audit.entry("goods.passed", on=m, at=at, unit_id=m.to_unit_id) for m in moved]
    )
    return len(heaps)


def _deed(heap: Account, heir: UUID, on: date) -> list[Draft]:
    """Return the postings that bring a heap to the heir."""
    here = Address(Place.ON_HAND, heap.commodity_id, heap.purpose, heap.unit_id)
    there = Address(Place(heap.place), heap.commodity_id, heap.purpose, heir)
    first = uuid4()
    if heap.place == Place.ON_HAND:
        return [Draft(first, Move.FORWARD, here, there, heap.balance, on)]
    return [
        Draft(first, Move.RELEASE, heap.address, here, heap.balance, on),
        Draft(uuid4(), Move.ALLOCATE, here, there, heap.balance, on, together=first),
    ]


def _beside(
    heap: Account, campaign: Campaign, heir: UUID, draft: Draft, on: date, at: datetime
) -> Movement:
    return Movement(
        id=uuid4(),
        kind=MovementKind.PASSED.value,
        campaign=campaign,
        commodity_id=heap.commodity_id,
        purpose=heap.purpose,
        amount=heap.balance,
        unit_id=heap.unit_id,  # type: ignore[misc]
        to_unit_id=heir,
        earmarked=heap.place == Place.ALLOCATED,
        posting_id=draft.id,
        on=on,
        at=at,
    )
