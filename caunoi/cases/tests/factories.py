"""Cases for tests, written straight into the table."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from caunoi.cases.models import Case
from caunoi.cases.rules import sensitive_of
from caunoi.cases.terms import Kind
from caunoi.units.models import Unit
from tests.cast import MONDAY

_serial = count(1)


def make_case(*, unit: Unit, at: datetime = MONDAY, **fields: Any) -> Case:
    """Return an open question of that unit, due in ten days; ``fields`` overrides anything."""
    return Case.objects.create(**case_fields(unit=unit, at=at, **fields))


def many_cases(*, unit: Unit, n: int, at: datetime = MONDAY, **fields: Any) -> list[Case]:
    """Return ``n`` of them in one statement."""
    rows = [Case(**case_fields(unit=unit, at=at, **fields)) for _ in range(n)]
    return Case.objects.bulk_create(rows)


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
