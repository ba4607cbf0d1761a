"""Kinds of telling that are no page or account of a unit: people follow by themselves, and only how many they are is known.

The room that keeps them registers each here; an audience takes such a kind in, or leaves it out, by the same word as a kind of channel.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from caunoi.kit.viewing import Viewer, system
from caunoi.notices.models import AudienceLine


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one notice at the followers of a kind: totals."""

    accepted: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Following:
    """One such kind.

    count  how many follow any of these units and would be told; ``warns``: of a warning. None where so few follow that a number would
           say who
    told   what became of a notice of that number, as far as the viewer may know; None when nobody was to be told
    """

    count: Callable[..., int | None]
    told: Callable[..., Told | None]


KINDS: dict[str, Following] = {}


def register(kind: str, following: Following) -> None:
    """Let audiences speak of this kind."""
    KINDS[kind] = following


def left_out(lines: Iterable[AudienceLine]) -> frozenset[str]:
    """Return the kinds that an audience leaves out: it names kinds, and not this one."""
    named = [set(line.connector_keys) for line in lines]
    if not named or not all(named):
        return frozenset()
    return frozenset(KINDS) - set().union(*named)


@system("a choice that is being made; only how many, and none where they are few")
def counts(
    *, lines: Iterable[AudienceLine], unit_ids: Iterable[UUID] | QuerySet, warns: bool
) -> Mapping[str, int | None]:
    """Return how many would be told by each kind that the audience does not leave out, where anybody is."""
    out = left_out(lines)
    found = {k: f.count(unit_ids=unit_ids, warns=warns) for k, f in KINDS.items() if k not in out}
    return {kind: n for kind, n in found.items() if n != 0}


def told(viewer: Viewer, *, number: str, on: date) -> dict[str, Told]:
    """Return what became of a notice at each kind, as far as the viewer may know."""
    found = {k: f.told(viewer, number=number, on=on) for k, f in KINDS.items()}
    return {kind: what for kind, what in found.items() if what is not None}
