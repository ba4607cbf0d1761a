"""Sample notices that are still to come: one planned for a morning, one that goes out again every day. Invented."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
FEAST = {
    "title": "Ngày hội Đại đoàn kết toàn dân tộc",
    "short_text": "Mời bà con dự Ngày hội Đại đoàn kết tại nhà văn hoá xóm, bắt đầu lúc 8 giờ sáng.",
    "long_text": "Có văn nghệ, trò chơi và bữa cơm đoàn kết. Xóm nào cũng có người đón bà con ở xa về.",
}
GONGS = {
    "title": "Ba tiếng kẻng mỗi ngày",
    "short_text": "Kẻng báo thức lúc 5 giờ, giờ học bài lúc 19 giờ, giữ an ninh lúc 22 giờ.",
    "long_text": "Mỗi tiếng kẻng là một lời nhắc. Bà con nghe kẻng thì nhắc nhau cùng làm.",
}
TIMES = (time(5), time(19), time(22))


def load_again(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Plan the feast for next week, and let the gongs be told to the loudspeakers from tomorrow for a month."""
    from caunoi.notices import actions, actions_repeating
    from caunoi.notices.rhythm import Every, Rhythm
    from caunoi.notices.terms import Line

    unit, an, binh = places["bich_hao"], people["an"], people["binh"]
    today = at.astimezone(HERE).date()

    feast = _begin(FEAST, unit, an, at)
    morning = datetime.combine(today + timedelta(days=7), time(7), HERE)
    actions.set_times(notice=feast, publish_at=morning, valid_until=None, by=an, at=at)
    gongs = _begin(GONGS, unit, an, at)
    actions.set_audience(
        notice=gongs, lines=[Line(unit.id, connector_keys=("loudspeaker",))], by=an, at=at
    )
    month = Rhythm(Every.DAY, TIMES, today + timedelta(days=1), today + timedelta(days=30))
    actions_repeating.set_rhythm(notice=gongs, rhythm=month, by=an, at=at)
    for draft in (feast, gongs):
        handed = actions.hand_in(notice=draft, by=an, at=at)
        actions.approve_notice(notice=handed, seen_version=handed.version, by=binh, at=at)


def _begin(words: dict[str, Any], unit: Any, by: Any, at: datetime) -> Any:
    from caunoi.notices import actions
    from caunoi.notices.terms import Fields, NoticeKind

    fields = Fields(kind=NoticeKind.NOTICE, **words)
    return actions.create_notice(unit_id=unit.id, fields=fields, by=by, at=at)
