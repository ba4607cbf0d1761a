"""What money of some books is bound to beside the purposes of a campaign: rooms above tell it, each registers when the house starts."""

from collections.abc import Callable, Mapping
from uuid import UUID

Named = Callable[[UUID], Mapping[str, str]]
NAMED_BY: list[Named] = []


def register(more: Named) -> None:
    """Let the treasurer choose among these too: by the books the code, as the postings have it, and the name."""
    if more not in NAMED_BY:
        NAMED_BY.append(more)


def named(fund_id: UUID) -> dict[str, str]:
    """Return all that is registered for the books, by code."""
    found: dict[str, str] = {}
    for more in NAMED_BY:
        found |= more(fund_id)
    return found
