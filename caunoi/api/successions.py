"""A unit ends while keys open the interface for it: each opens for the successor from then on, or ends on the day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from caunoi.api.models import ApiKey
from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.reform.registry import register
from caunoi.reform.terms import Deed, Holder, Item, Outcome


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID], on: date) -> list[ApiKey]:
    """Return the keys of these units that are good on that day, by name."""
    found = ApiKey.objects.filter(unit_id__in=unit_ids, revoked_at=None, ends_on__gte=on)
    return list(found.order_by("name", "pk"))


@transaction.atomic
def pass_keys(heirs: Mapping[UUID, UUID | None], *, on: date, at: datetime) -> int:
    """Let these keys open for the successors, or (None) end on the eve. -> how many changed. Idempotent.

    heirs  by key, the unit that takes over. A key never opens more than its account may; the statements stay as many
    """
    locked = ApiKey.objects.select_for_update(of=("self",), no_key=True)
    changed, told = [], []
    for key in locked.filter(pk__in=list(heirs), revoked_at=None).order_by("pk"):
        before = {"unit": key.unit_id, "ends_on": key.ends_on}
        to = heirs[key.pk]
        if to is not None:
            key.unit_id = to
        else:
            key.ends_on = min(key.ends_on, on - timedelta(days=1))
        after = {"unit": key.unit_id, "ends_on": key.ends_on}
        if after == before:
            continue
        changed.append(key)
        told.append(
            audit.entry(
                "api.key.passed", on=key, at=at, unit_id=key.unit_id, before=before, after=after
            )
        )
    ApiKey.objects.bulk_update(changed, ["unit", "ends_on"])
    audit.record_all(told)
    return len(changed)


def _keys(unit_ids: Collection[UUID], on: date) -> list[Item]:
    return [Item(k.unit_id, str(k.pk), k.name) for k in held_by(unit_ids=unit_ids, on=on)]


def _carry(deeds: Sequence[Deed]) -> None:
    heirs = {UUID(d.ref): d.to_unit_id if d.outcome == Outcome.KEPT else None for d in deeds}
    pass_keys(heirs, on=deeds[0].on, at=deeds[0].at)


register(
    Holder(
        "keys",
        _("Keys for other programs"),
        (Outcome.KEPT, Outcome.CLOSED),
        Outcome.CLOSED,
        _keys,
        _carry,
    )
)
