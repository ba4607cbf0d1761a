"""What units hold: counts only, for whoever decides about the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from caunoi.cases import queries as cases
from caunoi.channels import queries as channels
from caunoi.channels.terms import ChannelState
from caunoi.kit.viewing import Viewer
from caunoi.staff import queries as staff
from caunoi.units.terms import UnitNow


@dataclass(frozen=True, slots=True)
class Held:
    """How many open cases, channels and people with a role a unit has."""

    unit: UnitNow
    cases: int
    channels: int
    people: int

    @property
    def nothing(self) -> bool:
        return not (self.cases or self.channels or self.people)


def held(viewer: Viewer, *, found: Sequence[UnitNow], on: date) -> list[Held]:
    """Return what each of the units holds on that day, in three queries; sealed cases are not counted."""
    ids = [u.id for u in found]
    open_cases = (
        cases.visible_cases(viewer, on=on)
        .filter(owner_id__in=ids, state__in=cases.UNFINISHED)
        .order_by()
        .values_list("owner_id")
        .annotate(n=Count("pk"))
    )
    kept = (
        channels.visible_channels(viewer, on=on)
        .filter(unit_id__in=ids)
        .exclude(state=ChannelState.RETIRED)
        .order_by()
        .values_list("unit_id")
        .annotate(n=Count("pk"))
    )
    by_case, by_channel = dict(open_cases), dict(kept)
    people = staff.holders(viewer, unit_ids=ids, on=on)
    return [
        Held(u, by_case.get(u.id, 0), by_channel.get(u.id, 0), people.get(u.id, 0)) for u in found
    ]
