"""How lists of cases stay quick over a million of them: whose cases are meant, and which words they have."""

from collections.abc import Collection
from datetime import date

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Func, Q

from caunoi.kit.text import words
from caunoi.units import queries as units

FEW_OWNERS = 300
MAX_WORDS = 8
SERIAL_DIGITS = 6
LEAST_BEGINNING = 3
NOTHING = Q(pk__in=())
_OWNERS = """
SELECT reach.unit_id FROM ({reach}) reach
CROSS JOIN LATERAL (SELECT 1 FROM cases_case c WHERE c.owner_id = reach.unit_id LIMIT 1) owns LIMIT %s
"""


def owned_below(*, paths: Collection[str], on: date) -> Q:
    """Return the condition that a case belongs to a unit below any of these paths on that day.

    A village, a commune or a thin province is said by naming the few units that own cases, so that the planner knows what
    to expect of them; a wide one by asking the tree beside each row. Costs one short query.
    """
    if not paths:
        return NOTHING
    reach = units.subtree_filter(paths=paths, on=on)
    sql, values = reach.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS.format(reach=sql), [*values, FEW_OWNERS + 1])
        owners = [row[0] for row in cursor.fetchall()]
    if len(owners) <= FEW_OWNERS:
        return Q(owner_id__in=owners)
    below = ExpressionWrapper(Q(owner_id__in=reach), output_field=BooleanField())
    # "IS TRUE" keeps this a look-up in a hash beside each row; as a join it would be planned from a guess
    return Q(Func(below, template="(%(expressions)s) IS TRUE", output_field=BooleanField()))


def matching(text: str, *, open_end: bool = False) -> Q:
    """Return the condition that a case has all these words in number, title or text.

    open_end  the last word may be the beginning of one: for a word being typed; costs more the shorter it is
    "873" finds NA-2026-000873 too. A text without any word finds nothing.
    """
    asked = words(text)[:MAX_WORDS]
    if not asked:
        return NOTHING
    parts = [_either(word, "") for word in asked]
    if open_end and may_be_open(text):
        parts[-1] = _either(asked[-1], ":*")
    return Q(words=SearchQuery(" & ".join(parts), config="simple", search_type="raw"))


def may_be_open(text: str) -> bool:
    """True when the last word is long enough to be taken for the beginning of one."""
    asked = words(text)[:MAX_WORDS]
    return bool(asked) and len(asked[-1]) >= LEAST_BEGINNING


def _either(word: str, how: str) -> str:
    part = f"'{word}'{how}"
    if word.isdigit() and len(word) < SERIAL_DIGITS:
        return f"({part} | '{word.zfill(SERIAL_DIGITS)}')"
    return part
