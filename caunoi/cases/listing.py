"""One page of a long list of cases, quick whatever it was narrowed by.

The planner guesses how many cases fit several conditions as if these knew nothing of each other, and reads a million rows
when it is wrong. So it is asked both ways, in one statement: first the nearest cases in the wanted order are looked
through, which finds anything frequent at once; only when they do not fill the page, everything that fits is found by
its index and sorted, and that is little. A list shorter than what is looked through is known whole, and its total exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from caunoi.cases.models import Case
from caunoi.kit.paging import COUNT_UP_TO, PAGES_AT_MOST, SIZE, Slice, number_of

WINDOW = 4_000
WINDOW_A_ROW = 8
"""How many of the nearest cases are looked through: at least, and for each row the page needs."""
_BOTH_WAYS = """
WITH nearest AS MATERIALIZED ({window}),
     near AS MATERIALIZED (
        SELECT n.* FROM (SELECT * FROM nearest ORDER BY {order} OFFSET 0) n CROSS JOIN LATERAL ({fits} LIMIT 1) fits
        ORDER BY {order} LIMIT {count}),
     seen AS MATERIALIZED (
        SELECT (SELECT count(*) FROM near) AS hits, (SELECT count(*) < {depth} FROM nearest) AS whole),
     enough AS MATERIALIZED (SELECT hits >= {needed} OR whole AS yes FROM seen),
     far AS MATERIALIZED (SELECT * FROM ({every}) fitting WHERE NOT (SELECT yes FROM enough)),
     found AS (SELECT * FROM near WHERE (SELECT yes FROM enough) UNION ALL SELECT * FROM far)
SELECT (SELECT count(*) FROM found),
       (SELECT yes FROM enough) AND NOT (SELECT whole AND hits < {count} FROM seen),
       ARRAY(SELECT id FROM found ORDER BY {order} LIMIT {size} OFFSET {start})
"""


_STRAIGHT = """
WITH nearest AS MATERIALIZED ({window})
SELECT (SELECT count(*) FROM nearest), (SELECT count(*) = {count} FROM nearest),
       ARRAY(SELECT id FROM nearest ORDER BY {order} LIMIT {size} OFFSET {start})
"""
"""The same for a list that nothing narrows: the nearest are the page, however deep it lies."""


@dataclass(frozen=True, slots=True)
class _Keys:
    ids: Sequence[UUID]
    total: int
    total_is_more: bool


def cut(frame: QuerySet[Case], *, narrowing: Q, page: str | None = None, size: int = SIZE) -> Slice:
    """Return the page called ``page`` of the ordered cases of ``frame`` that fit ``narrowing``, in two queries."""
    number = number_of(page)
    found = _keys(frame, narrowing, start=(number - 1) * size, size=size)
    return Slice(
        rows=_rows(found.ids[:size]),
        number=number,
        size=size,
        total=found.total,
        total_is_more=found.total_is_more,
        has_next=len(found.ids) > size and number < PAGES_AT_MOST,
    )


def first(frame: QuerySet[Case], *, narrowing: Q, limit: int, window: int = WINDOW) -> list[Case]:
    """Return the first ``limit`` of them, looked for among the nearest ``window`` before all others."""
    return _rows(_keys(frame, narrowing, start=0, size=limit, window=window).ids[:limit])


def _keys(
    frame: QuerySet[Case], narrowing: Q, *, start: int, size: int, window: int = WINDOW
) -> _Keys:
    """Return the keys of one page and one more, and how many rows are known of."""
    order = [name.replace("pk", "id") for name in map(str, frame.query.order_by)]
    keys = list(dict.fromkeys(["id", *(name.lstrip("-") for name in order)]))
    needed = start + size + 1
    count = max(needed, COUNT_UP_TO)
    depth = max(window, needed * WINDOW_A_ROW) if narrowing else count
    parts = {"window": frame.values_list(*keys)[:depth]}
    if narrowing:
        one = Case.objects.filter(narrowing, pk=RawSQL("n.id", []))
        parts["fits"] = one.values_list("state")
        parts["every"] = frame.filter(narrowing).order_by().values_list(*keys)
    try:
        sql = {name: query.query.sql_with_params() for name, query in parts.items()}
    except EmptyResultSet:
        return _Keys((), 0, total_is_more=False)
    statement = (_BOTH_WAYS if narrowing else _STRAIGHT).format(
        **{name: text for name, (text, _values) in sql.items()},
        order=", ".join(f"{n[1:]} DESC" if n.startswith("-") else n for n in order),
        count=count,
        depth=depth,
        needed=needed,
        size=size + 1,
        start=start,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for name in parts for value in sql[name][1]])
        total, is_more, ids = cursor.fetchone()
    return _Keys(ids, total, total_is_more=is_more)


def _rows(ids: Sequence[UUID]) -> list[Case]:
    found = Case.objects.select_related("assignee").defer("words").in_bulk(list(ids))
    return [found[key] for key in ids if key in found]
