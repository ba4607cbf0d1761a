"""A unit ends while people hold roles in it: each role goes on in the successor or ends with the unit."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, DateField, F, Func, Value

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.staff.models import Invitation, RoleGrant


@system("a reform is prepared by whoever manages units and people")
def held_in(*, unit_ids: Collection[UUID], on: date) -> list[RoleGrant]:
    """Return the roles in these units that reach that day or begin later, of active accounts, with the people."""
    found = RoleGrant.objects.filter(unit_id__in=unit_ids, account__is_active=True)
    reach = found.filter(valid__overlap=DateRange(on, None))
    return list(reach.select_related("account").order_by("unit_id", "account__full_name", "pk"))


@transaction.atomic
def carry_over(heirs: Mapping[int, UUID | None], *, on: date, at: datetime) -> int:
    """End these roles on that day; with a successor the same role begins there on the same day. -> how many ended. Idempotent.

    heirs  by grant, the unit in which the role goes on, or None. The statements stay as many whatever their number
    """
    grants = RoleGrant.objects.select_for_update(of=("self",)).select_related("account")
    running = [
        grant
        for grant in grants.filter(pk__in=list(heirs)).order_by("pk")
        if grant.valid.upper is None or grant.valid.upper > on
    ]
    told = [_told("ended", g, at, g.unit_id, {"to": on}) for g in running]
    # What begins on the day or later never began; of the others the part after the day is cut off.
    later = [g.pk for g in running if g.valid.lower >= on]
    until = Func(F("valid"), function="lower", output_field=DateField())
    fresh = _going_on(running, heirs, on)
    RoleGrant.objects.filter(pk__in=later).delete()
    RoleGrant.objects.filter(pk__in={g.pk for g in running} - set(later)).update(
        valid=Func(until, Value(on), function="daterange", output_field=DateRangeField())
    )
    RoleGrant.objects.bulk_create(fresh)
    told += [_told("granted", g, at, g.unit_id, {"from": on, "to": g.valid.upper}) for g in fresh]
    audit.record_all(told)
    return len(running)


def _going_on(
    running: list[RoleGrant], heirs: Mapping[int, UUID | None], on: date
) -> list[RoleGrant]:
    """Return the unsaved roles in the successors; who holds the same one there already, or twice here, holds it once."""
    going = [(g, to) for g in running if (to := heirs[g.pk]) is not None]
    held = RoleGrant.objects.filter(
        account_id__in={g.account_id for g, _ in going}, unit_id__in={to for _, to in going}
    )
    there: dict[tuple[int, UUID, str], list[Any]] = {}
    for account_id, unit_id, role, valid in held.values_list(
        "account_id", "unit_id", "role", "valid"
    ):
        there.setdefault((account_id, unit_id, role), []).append(valid)
    fresh = []
    for grant, to in going:
        wanted = DateRange(max(on, grant.valid.lower), grant.valid.upper)
        same = there.setdefault((grant.account_id, to, grant.role), [])
        if any(_overlap(wanted, valid) for valid in same):
            continue
        same.append(wanted)
        fresh.append(
            RoleGrant(
                account=grant.account,
                unit_id=to,
                role=grant.role,
                valid=wanted,
                granted_by_id=grant.granted_by_id,
            )
        )
    return fresh


def _overlap(one: Any, other: Any) -> bool:
    """True when both times have a day in common; an open end is None."""
    begins_in_time = other.upper is None or one.lower is None or one.lower < other.upper
    return begins_in_time and (one.upper is None or other.lower is None or other.lower < one.upper)


def _told(deed: str, grant: RoleGrant, at: datetime, unit_id: UUID, more: dict[str, Any]) -> Any:
    return audit.entry(
        f"staff.role.{deed}",
        on=grant.account,
        at=at,
        unit_id=unit_id,
        after={"role": grant.role} | more,
    )


@system("a reform is prepared by whoever manages units and people: only how many")
def invitation_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many invitations into each of these units nobody has taken or taken back; units without are left out."""
    found = Invitation.objects.filter(unit_id__in=unit_ids, used_at=None, withdrawn_at=None)
    return dict(found.order_by().values_list("unit_id").annotate(n=Count("pk")))


@transaction.atomic
def pass_invitations(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Let these units' open invitations lead into the successors, in the same role. -> how many. Idempotent.

    heirs  by unit that ends, the one that takes over. The link stays the same and is good as long as it was
    """
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True)
    opened = locked.filter(unit_id__in=list(heirs), used_at=None, withdrawn_at=None)
    rows, told = list(opened.order_by("pk")), []
    for row in rows:
        before, row.unit_id = row.unit_id, heirs[row.unit_id]
        told.append(
            audit.entry(
                "staff.invitation.passed",
                on=row,
                at=at,
                unit_id=row.unit_id,
                before={"unit": before},
                after={"unit": row.unit_id},
            )
        )
    Invitation.objects.bulk_update(rows, ["unit"])
    audit.record_all(told)
    return len(rows)
