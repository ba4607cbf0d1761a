"""A unit ends while notices of its wait: each goes out in the successor's name, or not at all. What was published stays as it was."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeState

WAITING = [
    s.value
    for s in (NoticeState.DRAFT, NoticeState.REVIEW, NoticeState.APPROVED, NoticeState.SCHEDULED)
]
ENDED = "Đơn vị ra thông báo đã kết thúc."
"""Content, so Vietnamese."""


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID]) -> list[Notice]:
    """Return the notices of these units that are not published yet, by the time they go out."""
    found = Notice.objects.filter(unit_id__in=unit_ids, state__in=WAITING)
    return list(found.order_by("publish_at", "pk"))


@transaction.atomic
def pass_notice(*, notice_id: UUID, to_unit_id: UUID | None, at: datetime) -> None:
    """Let the successor give the notice out at the same time, or (None) cancel it. Idempotent; one that went out stays."""
    notice = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice_id)
    if notice.state not in WAITING or notice.unit_id == to_unit_id:
        return
    before = {"unit": notice.unit_id, "state": notice.state}
    if to_unit_id is not None:
        notice.unit_id = to_unit_id
    else:
        notice.state, notice.ended_at = NoticeState.CANCELLED.value, at
        notice.end_reason = ENDED
    notice.save(update_fields=["unit", "state", "ended_at", "end_reason"])
    audit.record(
        "notices.notice.passed",
        on=notice,
        at=at,
        unit_id=notice.unit_id,
        before=before,
        after={"unit": notice.unit_id, "state": notice.state},
    )
