"""A column of type ltree with the question we ask of it."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Lookup


class LtreeField(models.TextField):
    """A path of labels joined by dots."""

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def get_internal_type(self) -> str:
        return "LtreeField"


AFTER = "0"
"""A path and this is the first one after everything below the path: labels have one length, so nothing lies between."""


@LtreeField.register_lookup
class BelowAny(Lookup):
    """``path__below_any=["a.b", "c"]``: these themselves and everything under them; none of them finds nothing.

    Asked as a range, not with ``<@``: a plain index answers it without touching the table, and the planner knows how
    many units lie in it.
    """

    lookup_name = "below_any"

    def get_prep_lookup(self) -> list[str]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:  # type: ignore[override]
        if not self.rhs:
            raise EmptyResultSet
        left, values = self.process_lhs(compiler, connection)
        one = f"{left} >= %s::ltree AND {left} < %s::ltree"
        parts = [[*values, path, *values, path + AFTER] for path in self.rhs]
        return f"({' OR '.join([one] * len(parts))})", [v for part in parts for v in part]


@LtreeField.register_lookup
class Below(Lookup):
    """``path__below="a.b"`` (or a query for one path): the unit itself and everything under it; asked as a range too."""

    lookup_name = "below"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:  # type: ignore[override]
        left, own = self.process_lhs(compiler, connection)
        right, root = self.process_rhs(compiler, connection)
        sql = f"({left} >= ({right})::text::ltree AND {left} < (({right})::text || %s)::ltree)"
        return sql, [*own, *root, *own, *root, AFTER]
