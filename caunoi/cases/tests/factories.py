"""Cases for tests, written straight into the table."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from caunoi.cases.models import Case
from caunoi.cases.rules import sensitive_of
from caunoi.cases.terms import Kind
from caunoi.units.models import Unit
from tests.cast import MONDAY

_serial = count(1)


def make_case(*, unit: Unit, at: datetime = MONDAY, **fields: Any) -> Case:
    """Return an open question of that unit, due in ten days; ``fields`` overrides anything."""
    return Case.objects.create(**case_fields(unit=unit, at=at, **fields))


MANY = 500


def many_cases(*, unit: Unit, n: int, at: datetime = MONDAY, **fields: Any) -> list[Case]:
    """Return ``n`` of them in one statement; when they are many, statistics are gathered, as autovacuum does beside a running house."""
    rows = [Case(**case_fields(unit=unit, at=at, **fields)) for _ in range(n)]
    made = Case.objects.bulk_create(rows)
    if n >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def case_fields(*, unit: Unit, at: datetime, **fields: Any) -> dict[str, Any]:
    serial = next(_serial)
    text = f"Đường vào xóm {serial} hỏng rồi, bao giờ sửa?"
    kind = Kind(fields.get("kind", Kind.QUESTION))
    return {
        "number": f"TH-2026-{serial:06d}",
        "follow_code": "ABCDEFGH",
        "origin": "web_form",
        "origin_ref": f"test:{serial}",
        "owner": unit,
        "opened_unit": unit,
        "title": fields.get("text", text)[:150],
        "text": text,
        "sensitive": sensitive_of(kind).value,
        "is_public": sensitive_of(kind) == "",
        "opened_at": at,
        "due_at": at + timedelta(days=10),
        **fields,
    }
