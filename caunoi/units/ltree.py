"""A column of type ltree with the two questions we ask of it."""

from typing import Any

from django.db import models
from django.db.models import Lookup


class LtreeField(models.TextField):
    """A path of labels joined by dots."""

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def get_internal_type(self) -> str:
        return "LtreeField"


@LtreeField.register_lookup
class Below(Lookup):
    """``path__below="a.b"``: the unit itself and everything under it."""

    lookup_name = "below"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:  # type: ignore[override]
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} <@ ({right})::text::ltree", [*left_values, *right_values]


@LtreeField.register_lookup
class BelowAny(Lookup):
    """``path__below_any=["a.b", "c"]``: under any of these."""

    lookup_name = "below_any"

    def get_prep_lookup(self) -> list[str]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:  # type: ignore[override]
        left, values = self.process_lhs(compiler, connection)
        return f"{left} <@ (%s)::text[]::ltree[]", [*values, list(self.rhs)]


@LtreeField.register_lookup
class Above(Lookup):
    """``path__above="a.b.c"``: the unit itself and everything over it."""

    lookup_name = "above"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:  # type: ignore[override]
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @> ({right})::text::ltree", [*left_values, *right_values]
