"""What an event would change: it is carried out for real, looked at, and rolled back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction

from caunoi.units import history, queries
from caunoi.units.models import UnitEvent
from caunoi.units.terms import Level, UnitNow


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The tree on the day before and on the day itself, where they differ."""

    on: date
    ends: list[UnitNow] = field(default_factory=list)
    begins: list[UnitNow] = field(default_factory=list)
    changes: list[tuple[UnitNow, UnitNow]] = field(default_factory=list)
    along: dict[Level, int] = field(default_factory=dict)
    """Units deeper down that only follow, by level."""

    @property
    def groups(self) -> list[tuple[UUID, UUID, list[UnitNow]]]:
        """What goes elsewhere, by the parent it leaves and the one it comes to."""
        found: dict[tuple[UUID, UUID], list[UnitNow]] = {}
        for old, new in self.moves:
            if old.parent_id and new.parent_id:
                found.setdefault((old.parent_id, new.parent_id), []).append(new)
        return [(left, reached, moved) for (left, reached), moved in found.items()]

    @property
    def moves(self) -> list[tuple[UnitNow, UnitNow]]:
        return [(old, new) for old, new in self.changes if old.parent_id != new.parent_id]

    @property
    def renamed(self) -> list[tuple[UnitNow, UnitNow]]:
        return [
            (old, new)
            for old, new in self.changes
            if (old.full_name, old.code) != (new.full_name, new.code)
        ]

    @property
    def held_by(self) -> list[UnitNow]:
        """The units whose cases, channels and roles are concerned."""
        return [*self.ends, *(old for old, _ in self.changes)]


def rehearse(act: Callable[[], object]) -> Rehearsal:
    """Carry out one event of ``actions``, say what changed, and undo it. Raises whatever the event raises."""
    with transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        event = UnitEvent.objects.order_by("-pk").first()
        assert event is not None  # noqa: S101  every event of the tree leaves one
        seen = _compare(event)
        transaction.set_rollback(True)
    return seen


def _compare(event: UnitEvent) -> Rehearsal:
    touched = history.touched_by(event=event)
    before = queries.many_as_of(unit_ids=touched, on=event.on_date - timedelta(days=1))
    after = queries.many_as_of(unit_ids=touched, on=event.on_date)
    both = [(before[i], after[i]) for i in before if i in after]
    changes = [(old, new) for old, new in both if _differs(old, new)]
    plain = {new.id for _, new in changes}
    along = Counter(new.level for old, new in both if new.id not in plain and old.path != new.path)
    return Rehearsal(
        on=event.on_date,
        ends=[u for i, u in before.items() if i not in after],
        begins=[u for i, u in after.items() if i not in before],
        changes=changes,
        along=dict(along),
    )


def _differs(old: UnitNow, new: UnitNow) -> bool:
    return (old.parent_id, old.full_name, old.code) != (new.parent_id, new.full_name, new.code)
