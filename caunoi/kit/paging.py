"""Pages of long lists: what is shown is read, what lies behind it is not counted to the end."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

COUNT_UP_TO = 1000
SIZE = 50
PAGES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Slice:
    """One page. ``total`` is exact below COUNT_UP_TO and means "that many or more" from there on."""

    rows: list[Any]
    number: int
    size: int
    total: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def total_is_more(self) -> bool:
        return self.total >= COUNT_UP_TO


def cut(found: QuerySet, *, page: str | None, size: int = SIZE) -> Slice:
    """Return the page called ``page`` (anything that is no page number is the first), in one or two queries."""
    number = int(page) if page and page.isascii() and page.isdigit() and len(page) < 6 else 1
    number = max(1, min(number, PAGES_AT_MOST))
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    has_next = len(rows) > size
    if has_next or (number > 1 and not rows):
        total = found.order_by()[:COUNT_UP_TO].count()
    else:
        total = start + len(rows)
    return Slice(rows[:size], number, size, total, has_next and number < PAGES_AT_MOST)
