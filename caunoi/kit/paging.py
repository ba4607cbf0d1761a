"""Pages of long lists: what is shown is read, what lies behind it is not counted to the end."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

COUNT_UP_TO = 1000
SIZE = 50
PAGES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Slice:
    """One page. ``total`` is how many rows there are, or with ``total_is_more`` how many there are at least."""

    rows: list[Any]
    number: int
    size: int
    total: int
    total_is_more: bool
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def following(self) -> int:
        return self.number + 1

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


def number_of(page: str | None) -> int:
    """Return the number of the page called ``page``; anything that is no page number is the first."""
    number = int(page) if page and page.isascii() and page.isdigit() and len(page) < 6 else 1
    return max(1, min(number, PAGES_AT_MOST))


def cut(found: QuerySet, *, page: str | None, size: int = SIZE) -> Slice:
    """Return the page called ``page``, in one or two queries; nothing is counted beyond COUNT_UP_TO."""
    number = number_of(page)
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    has_next = len(rows) > size
    if has_next or (number > 1 and not rows):
        total = found.order_by()[:COUNT_UP_TO].count()
    else:
        total = start + len(rows)
    return Slice(
        rows=rows[:size],
        number=number,
        size=size,
        total=total,
        total_is_more=total >= COUNT_UP_TO,
        has_next=has_next and number < PAGES_AT_MOST,
    )
