"""Every URL says who may open it: ``@access("cases.view")`` or ``@public("…")``. The room staff enforces it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

F = TypeVar("F", bound=Callable)


@dataclass(frozen=True, slots=True)
class Access:
    """What a door asks for. ``permission`` None means anybody (public) or anybody signed in (signed_in)."""

    permission: str | None = None
    public: bool = False
    reason: str = ""


def access(permission: str) -> Callable[[F], F]:
    """Open the view to staff who hold ``permission`` in some unit; the view still scopes what it loads."""
    return _mark(Access(permission=permission))


def signed_in(view: F) -> F:
    """Open the view to any signed-in person (own account, own sessions)."""
    return _mark(Access())(view)


def public(reason: str) -> Callable[[F], F]:
    """Open the view to everybody; ``reason`` is shown in the access matrix."""
    return _mark(Access(public=True, reason=reason))


def _mark(needed: Access) -> Callable[[F], F]:
    def mark(view: F) -> F:
        view.access = needed  # type: ignore[attr-defined]
        return view

    return mark
