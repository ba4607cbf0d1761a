"""The rhythm of a notice as it is stored: begun when its first one leaves, moved on, stopped. ``actions_repeating`` lets people do it."""

import uuid
from datetime import datetime

from caunoi.kit.viewing import Viewer
from caunoi.notices.models import Notice, Repetition
from caunoi.notices.rhythm import Every, Rhythm, next_after


def of(notice: Notice) -> Repetition | None:
    """Return the repetition of a notice, or None."""
    return Repetition.objects.filter(notice=notice).first()


def rhythm_of(found: Repetition) -> Rhythm:
    """Return the stored rhythm as plain values."""
    return Rhythm(
        every=Every(found.every),
        times=tuple(found.times),
        first=found.first_date,
        last=found.last_date,
        days=tuple(found.days),
    )


def keep(notice: Notice, rhythm: Rhythm | None) -> bool:
    """Store another rhythm of a draft, or none. -> False when it was the same already"""
    before = of(notice)
    if rhythm == (rhythm_of(before) if before else None):
        return False
    Repetition.objects.filter(notice=notice).delete()
    if rhythm is not None:
        Repetition.objects.create(
            notice=notice,
            every=rhythm.every.value,
            times=list(rhythm.times),
            days=list(rhythm.days),
            first_date=rhythm.first,
            last_date=rhythm.last,
        )
    return True


def first_moment(notice: Notice, at: datetime) -> datetime | None:
    """Return when a repeated notice leaves for the first time, not earlier than ``at``; None when it is over."""
    found = of(notice)
    return next_after(rhythm_of(found), at) if found else None


def begin(notice: Notice, at: datetime) -> None:
    """Its first one leaves now: the next is known, and this one holds until then."""
    found = of(notice)
    if found is None:
        return
    notice.occurs_at = notice.publish_at or at
    notice.series_id = notice.series_id or uuid.uuid4()
    move_on(found, at)
    notice.valid_until = found.next_at or at + rhythm_of(found).gap
    notice.save(update_fields=["occurs_at", "series_id", "valid_until"])


def move_on(found: Repetition, at: datetime) -> None:
    """Reckon when it is taken up again."""
    found.next_at, found.looked_at = next_after(rhythm_of(found), at), at
    found.save(update_fields=["next_at", "looked_at"])


def stop(notice: Notice, *, by: Viewer | None, at: datetime, reason: str = "") -> bool:
    """Let nothing of the series leave any more, whichever of it ``notice`` is. -> False when nothing ran"""
    return bool(
        Repetition.objects.filter(notice_id=notice.repeats_id or notice.pk, stopped_at=None).update(
            stopped_at=at, stopped_by_id=by.account_id if by else None, stop_reason=reason[:200]
        )
    )
