"""A unit ends while people hold roles in it: each role goes on in the successor or ends with the unit."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.staff.models import RoleGrant


@system("a reform is prepared by whoever manages units and people")
def held_in(*, unit_ids: Collection[UUID], on: date) -> list[RoleGrant]:
    """Return the roles in these units that reach that day or begin later, of active accounts, with the people."""
    found = RoleGrant.objects.filter(unit_id__in=unit_ids, account__is_active=True)
    reach = found.filter(valid__overlap=DateRange(on, None))
    return list(reach.select_related("account").order_by("unit_id", "account__full_name", "pk"))


@transaction.atomic
def carry_over(*, grant_pk: int, to_unit_id: UUID | None, on: date, at: datetime) -> None:
    """End a role on that day; with ``to_unit_id`` the same role begins there on the same day. Idempotent."""
    grant = (
        RoleGrant.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=grant_pk)
        .first()
    )
    if grant is None or (grant.valid.upper is not None and grant.valid.upper <= on):
        return
    until, held = grant.valid.upper, grant.account
    if grant.valid.lower >= on:
        grant.delete()
    else:
        RoleGrant.objects.filter(pk=grant.pk).update(valid=DateRange(grant.valid.lower, on))
    audit.record(
        "staff.role.ended",
        on=held,
        at=at,
        unit_id=grant.unit_id,
        after={"role": grant.role, "to": on},
    )
    if to_unit_id is None:
        return
    wanted = DateRange(max(on, grant.valid.lower), until)
    same = RoleGrant.objects.filter(account=held, unit_id=to_unit_id, role=grant.role)
    if same.filter(valid__overlap=wanted).exists():
        return
    RoleGrant.objects.create(
        account=held,
        unit_id=to_unit_id,
        role=grant.role,
        valid=wanted,
        granted_by_id=grant.granted_by_id,
    )
    audit.record(
        "staff.role.granted",
        on=held,
        at=at,
        unit_id=to_unit_id,
        after={"role": grant.role, "from": on, "to": until},
    )
