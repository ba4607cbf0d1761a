"""What the holders of a plan have in common: bundles, and who takes over."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID

from caunoi.reform.terms import Deed, Item, Outcome

ALL = "all"
"""What a bundle is called: everything of its sort that the unit holds at the moment it is carried over."""
Counted = Callable[..., dict[UUID, int]]


def bundles(counts: Counted, label: str) -> Callable[[Collection[UUID], date], list[Item]]:
    """Return a survey that gives one item a unit, from a count query by units."""

    def survey(unit_ids: Collection[UUID], on: date) -> list[Item]:
        found = counts(unit_ids=unit_ids)
        return [Item(unit_id, ALL, label, count=n) for unit_id, n in found.items()]

    return survey


def heirs_by_unit(deeds: Sequence[Deed], outcome: Outcome) -> dict[UUID, UUID | None]:
    """Return by closing unit the successor where the outcome is that one, else None."""
    return {d.unit_id: d.to_unit_id if d.outcome == outcome else None for d in deeds}
