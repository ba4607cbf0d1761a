"""What rings, on every page of the desk."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from caunoi.duty import queries
from caunoi.kit import clock
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


def ringing(request: HttpRequest) -> dict[str, Any]:
    """Return ``duty_alarms``: the alarms that ring for the signed-in person, each with its unit's name; asked only when shown."""
    staff = getattr(request, "staff", None)
    if staff is None or not staff.may(Permission.DUTY_TAKE):
        return {"duty_alarms": []}
    return {"duty_alarms": SimpleLazyObject(lambda: shown(staff))}


def shown(staff: Any) -> list[dict[str, Any]]:
    """Return the ringing alarms of that person as the banner shows them."""
    at = clock.now()
    alarms = queries.ringing(staff, at=at)
    names = units.names_of(unit_ids=[a.unit_id for a in alarms], on=clock.local_date(at))
    return [{"alarm": a, "unit_name": names.get(a.unit_id, ""), "now": at} for a in alarms]
