"""Many rows of one table at once, by PostgreSQL's COPY: the fields as Django would write them, checked by the same constraints.

copying.copy_in(lines)             # a sequence of new objects of one model
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.utils import DatabaseErrorWrapper


def copy_in(rows: Sequence[models.Model], *, leave_out: Sequence[str] = ()) -> None:
    """Write the objects in their order. Generated columns and those of ``leave_out`` are filled by the database.

    Raises what ``bulk_create`` would.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [
        f
        for f in meta.concrete_fields
        if not getattr(f, "generated", False) and f.attname not in leave_out
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(f.column)) for f in fields)
    names = [f.attname for f in fields]
    json = {f.attname for f in fields if isinstance(f, models.JSONField)}
    if json:
        raise TypeError(f"{meta.label} holds JSON: write it with bulk_create")
    with transaction.atomic(), connection.cursor() as cursor, DatabaseErrorWrapper(connection):
        asked = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
        with cursor.cursor.copy(asked) as copy:
            for row in rows:
                copy.write_row([_plain(getattr(row, name)) for name in names])


def _plain(value: Any) -> Any:
    """A word of a list of words is a text to the database."""
    return value.value if hasattr(value, "value") else value
