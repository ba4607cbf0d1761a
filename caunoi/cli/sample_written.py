"""Sample notices of the other sorts a commune writes: a calendar, a correction, a warning, one that waits, a draft. Invented."""

from datetime import datetime, timedelta
from typing import Any

SIGNALS = [("Kẻng báo thức", "05:00"), ("Kẻng giờ học bài", "19:00"), ("Kẻng giữ an ninh", "22:00")]
"""Ba tiếng kẻng."""
CORRECTION = {
    "title": "Không có chuyện thu tiền đổi căn cước sau sáp nhập",
    "short_text": "Giấy tờ cũ vẫn dùng được. Xã không thu đồng nào.",
    "long_text": "Mấy hôm nay có người đi từng nhà bảo phải nộp tiền đổi giấy tờ. Đó là tin sai. Bà con không nộp tiền cho ai.",
    "details": {
        "claim": "Sáp nhập xã thì phải nộp 200.000 đ đổi căn cước.",
        "facts": "Căn cước, sổ đỏ đã cấp vẫn dùng được đến khi hết hạn. Ai muốn đổi thì xã làm không thu phí.",
        "sources": "https://chinhphu.vn\nUBND xã Bích Hào",
    },
}
WARNING = {
    "title": "Cảnh báo: giả danh Mặt trận kêu gọi ủng hộ",
    "short_text": "Có kẻ nhắn tin xưng là Mặt trận xin chuyển tiền. Bà con không chuyển, gọi ngay Công an xã.",
    "long_text": "Chúng gửi mã QR lạ và giục chuyển tiền ngay. Mặt trận chỉ nhận ủng hộ tại trụ sở xã và tài khoản niêm yết.",
    "details": {
        "sender": "Công an xã Bích Hào",
        "event": "Lừa đảo qua tin nhắn",
        "category": "Safety",
        "urgency": "Expected",
        "severity": "Moderate",
        "certainty": "Observed",
        "area": "Xã Bích Hào",
        "instruction": "Không chuyển tiền. Không bấm vào liên kết lạ.",
    },
}
CALL = {
    "title": "Cần 20 ngày công dựng nhà cho bà Lầu Y Mỷ",
    "short_text": "Sáng Chủ nhật này, ai khéo tay xin mang theo đồ nghề.",
    "long_text": "Mái nhà bà dột nát đã lâu. Xã đã có gỗ và tôn, còn thiếu người dựng.",
    "details": {"place": "Xóm 4"},
}
GOOD_DEED = {
    "title": "Nhặt được ví 5 triệu đồng, em Vi Văn Nam trả lại",
    "long_text": "Em Nam học lớp 7, nhặt được ví trên đường đi học và mang đến Công an xã.",
}


def load_written(units: dict[str, Any], people: dict[str, Any], at: datetime) -> None:
    """Write them in the sample commune; what went out by channels is in ``sample_notices``."""
    from caunoi.kit import clock
    from caunoi.notices import actions

    an, binh, commune = people["an"], people["binh"], units["bich_hao"].id
    day = clock.local_date(at) + timedelta(days=5)

    def begin(kind: str, words: dict[str, Any], by: Any, hours: float) -> Any:
        then = at - timedelta(hours=hours)
        notice = actions.create_notice(unit_id=commune, fields=_fields(kind, words), by=by, at=then)
        return notice if by is binh else actions.hand_in(notice=notice, by=by, at=then)

    def told(kind: str, words: dict[str, Any], hours: float) -> None:
        then, notice = at - timedelta(hours=hours), begin(kind, words, an, hours)
        actions.approve_notice(notice=notice, seen_version=1, by=binh, at=then)
        actions.mark_done(notice=actions.mark_sending(notice=notice, at=then), at=then)

    for number, (title, hour) in enumerate(SIGNALS):
        details = {"start": f"{day}T{hour}", "place": "Nhà văn hoá các xóm", "repeat": "DAILY"}
        words = {"title": title, "short_text": f"Mỗi ngày lúc {hour}, cả xóm cùng nghe."}
        told("calendar", words | {"details": details}, 200 - number)
    told("correction", CORRECTION, 60)
    told("warning", WARNING, 30)
    begin("call", CALL, an, 1)
    begin("good_deed", GOOD_DEED, binh, 0.3)


def _fields(kind: str, words: dict[str, Any]) -> Any:
    from caunoi.notices.terms import Fields, NoticeKind

    return Fields(kind=NoticeKind(kind), **words)
