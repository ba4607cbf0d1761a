"""Published answers for tests."""

from datetime import datetime
from uuid import UUID

from caunoi.answers import actions
from caunoi.answers.models import PublishedAnswer
from caunoi.staff.rules import Staff
from tests.cast import MONDAY

_numbers = iter(range(1, 10_000))
BINH = Staff(account_id=1, name="Trần Văn Bình", email="binh@caunoi.example")


def publish(
    *, unit_id: UUID, question: str, answer: str = "", at: datetime = MONDAY, **more: object
) -> PublishedAnswer:
    """Publish one answer of that unit, as the story does."""
    number = f"NA-2026-{next(_numbers):06d}"
    fields: dict = {"title": question[:160], "agency": "Mặt trận xã", "topic": ""} | more
    return actions.publish_answer(
        number=number,
        unit_id=unit_id,
        question=question,
        answer=answer or f"Trả lời cho {number}.",
        by=BINH,
        at=at,
        **fields,
    )
