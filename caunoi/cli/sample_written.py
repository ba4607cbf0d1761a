"""Sample notices of the other sorts a commune writes: a calendar, a correction, a warning, one that waits, a draft. Invented."""

from datetime import datetime, timedelta
from typing import Any

SIGNALS = [("Kẻng báo thức", "05:00"), ("Kẻng giờ học bài", "19:00"), ("Kẻng giữ an ninh", "22:00")]
"""Ba tiếng kẻng."""


def load_written(units: dict[str, Any], people: dict[str, Any], at: datetime) -> None:
    """Write them in the sample commune; what went out by channels is in ``sample_notices``."""
    from caunoi.kit import clock
    from caunoi.notices import actions
    from caunoi.notices.terms import Fields, NoticeKind

    an, binh, commune = people["an"], people["binh"], units["bich_hao"].id
    day = clock.local_date(at) + timedelta(days=5)

    def told(fields: Fields, hours: int) -> None:
        then = at - timedelta(hours=hours)
        notice = actions.create_notice(unit_id=commune, fields=fields, by=an, at=then)
        actions.hand_in(notice=notice, by=an, at=then)
        actions.approve_notice(notice=notice, seen_version=1, by=binh, at=then)
        actions.mark_done(notice=actions.mark_sending(notice=notice, at=then), at=then)

    for number, (title, hour) in enumerate(SIGNALS):
        details = {
            "start": f"{day.isoformat()}T{hour}",
            "place": "Nhà văn hoá các xóm",
            "repeat": "DAILY",
        }
        told(
            Fields(
                NoticeKind.CALENDAR,
                title,
                f"Mỗi ngày lúc {hour}, cả xóm cùng nghe.",
                details=details,
            ),
            200 - number,
        )
    told(
        Fields(
            NoticeKind.CORRECTION,
            "Không có chuyện thu tiền đổi căn cước sau sáp nhập",
            "Giấy tờ cũ vẫn dùng được. Xã không thu đồng nào.",
            "Mấy hôm nay có người đi từng nhà bảo phải nộp tiền đổi giấy tờ. Đó là tin sai. Bà con không nộp tiền cho ai.",
            details={
                "claim": "Sáp nhập xã thì phải nộp 200.000 đ đổi căn cước.",
                "facts": "Căn cước, sổ đỏ đã cấp vẫn dùng được đến khi hết hạn. Ai muốn đổi thì xã làm không thu phí.",
                "sources": "https://chinhphu.vn\nUBND xã Bích Hào",
            },
        ),
        60,
    )
    told(
        Fields(
            NoticeKind.WARNING,
            "Cảnh báo: giả danh Mặt trận kêu gọi ủng hộ",
            "Có kẻ nhắn tin xưng là Mặt trận xin chuyển tiền. Bà con không chuyển, gọi ngay Công an xã.",
            "Chúng gửi mã QR lạ và giục chuyển tiền ngay. Mặt trận chỉ nhận ủng hộ tại trụ sở xã và tài khoản niêm yết.",
            details={
                "sender": "Công an xã Bích Hào",
                "event": "Lừa đảo qua tin nhắn",
                "category": "Safety",
                "urgency": "Expected",
                "severity": "Moderate",
                "certainty": "Observed",
                "area": "Xã Bích Hào",
                "instruction": "Không chuyển tiền. Không bấm vào liên kết lạ.",
            },
        ),
        30,
    )
    waiting = actions.create_notice(
        unit_id=commune,
        fields=Fields(
            NoticeKind.CALL,
            "Cần 20 ngày công dựng nhà cho bà Lầu Y Mỷ",
            "Sáng Chủ nhật này, ai khéo tay xin mang theo đồ nghề.",
            "Mái nhà bà dột nát đã lâu. Xã đã có gỗ và tôn, còn thiếu người dựng.",
            details={"place": "Xóm 4"},
        ),
        by=an,
        at=at - timedelta(hours=1),
    )
    actions.hand_in(notice=waiting, by=an, at=at - timedelta(minutes=40))
    actions.create_notice(
        unit_id=commune,
        fields=Fields(
            NoticeKind.GOOD_DEED,
            "Nhặt được ví 5 triệu đồng, em Vi Văn Nam trả lại",
            "",
            "Em Nam học lớp 7, nhặt được ví trên đường đi học và mang đến Công an xã.",
        ),
        by=binh,
        at=at - timedelta(minutes=20),
    )
