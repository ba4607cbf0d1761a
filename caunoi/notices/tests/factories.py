"""Notices for tests: written, approved, out."""

from datetime import datetime

from caunoi.kit.viewing import Viewer
from caunoi.notices import actions
from caunoi.notices.models import Notice
from caunoi.notices.terms import Fields, NoticeKind
from caunoi.staff.rules import Staff
from tests.cast import MONDAY

TITLE = "Tiêm phòng cho trâu bò ngày 5/12"
WORDS = Fields(
    kind=NoticeKind.NOTICE,
    title=TITLE,
    short_text="Bà con đưa trâu bò đến nhà văn hoá xóm lúc 8h ngày 5/12/2026.",
    long_text="Xã tổ chức tiêm phòng cho trâu bò. Bà con đưa trâu bò đến nhà văn hoá xóm lúc 8h ngày 5/12/2026.",
)


def write(*, by: Staff, unit, fields: Fields = WORDS, at: datetime = MONDAY, **more) -> Notice:
    """A draft."""
    return actions.create_notice(unit_id=unit.pk, fields=fields, by=by, at=at, **more)


def approved(*, by: Viewer, approver: Viewer, unit, at: datetime = MONDAY, **more) -> Notice:
    """A notice of a commune, handed in and approved."""
    notice = actions.hand_in(notice=write(by=by, unit=unit, at=at, **more), by=by, at=at)
    return actions.approve_notice(notice=notice, seen_version=notice.version, by=approver, at=at)


def out(*, by: Viewer, approver: Viewer, unit, at: datetime = MONDAY, **more) -> Notice:
    """A notice that has gone out."""
    notice = approved(by=by, approver=approver, unit=unit, at=at, **more)
    return actions.mark_done(notice=actions.mark_sending(notice=notice, at=at), at=at)
