"""Who is looking. Every query takes a ``Viewer``; the few that serve no person are marked ``@system``."""

from collections.abc import Callable, Collection
from typing import Protocol, TypeVar
from uuid import UUID

F = TypeVar("F", bound=Callable)


class Viewer(Protocol):
    """A signed-in person with the roles held today. ``staff.Staff`` is the real one."""

    @property
    def account_id(self) -> int: ...

    @property
    def name(self) -> str: ...

    def may(self, permission: str, unit_path: str | None = None) -> bool:
        """True when the viewer holds ``permission`` somewhere, or at ``unit_path`` (an ltree path of today's tree)."""
        ...

    def scope(self, permission: str) -> Collection[str]:
        """Return the ltree paths of today's units below which the viewer holds ``permission``."""
        ...

    def unit_ids(self, permission: str) -> Collection[UUID]:
        """Return the units in which a role with ``permission`` is held (their subtrees are meant)."""
        ...


def system(reason: str) -> Callable[[F], F]:
    """Mark a query that is not read on behalf of a person; ``reason`` says who asks."""

    def mark(function: F) -> F:
        function.reads_for_system = reason  # type: ignore[attr-defined]
        return function

    return mark
