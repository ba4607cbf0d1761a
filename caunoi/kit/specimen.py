"""What the specimen page shows: every component in its plain and in its hardest state. Invented, like all sample data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

LONG = "Nhà tôi làm xong móng từ tháng trước mà đến nay chưa thấy tiền hỗ trợ, hỏi thôn thì bảo hỏi xã, hỏi xã thì bảo chờ"
TONES = {
    "ok": "Đã trả lời",
    "warn": "Còn 5 giờ",
    "bad": "Quá hạn 1 ngày",
    "unknown": "Chưa rõ",
    "info": "Đã chuyển",
    "idle": "Đang chờ",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Looks to the template like one of Django's messages."""

    tags: str
    text: str

    def __str__(self) -> str:
        return self.text


class SpecimenForm(forms.Form):
    """One field of each sort."""

    gift = forms.CharField(label="Bà con góp gì?", help_text="Ví dụ: gạo, chăn, ngày công thợ xây")
    amount = forms.IntegerField(
        label="Bao nhiêu?", error_messages={"required": "Nhập số lượng, ví dụ 12"}
    )
    village = forms.ChoiceField(
        label="Về thôn nào?", choices=[("1", "Lùng Khấu Nhin"), ("2", "Sín Lùng Chải")]
    )
    named = forms.ChoiceField(
        label="Nêu tên trong sổ công khai?",
        choices=[("yes", "Nêu tên tôi"), ("no", "Giấu tên: " + LONG)],
        widget=forms.RadioSelect,
        initial="yes",
    )
    ways = forms.MultipleChoiceField(
        label="Báo lại qua",
        choices=[("zalo", "Zalo"), ("phone", "Điện thoại")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = forms.FileField(label="Ảnh", required=False)
    agreed = forms.BooleanField(label="Tôi đã đọc cách dùng thông tin", required=False)
    words = forms.CharField(label="Lời nhắn", widget=forms.Textarea, required=False)


def shown(now: datetime) -> dict[str, Any]:
    """Return what ``kit/specimen.html`` draws."""
    return {
        "now": now,
        "tones": TONES,
        "long": LONG,
        "plain_form": SpecimenForm(),
        "bad_form": SpecimenForm({"gift": "Ngày công thợ xây", "amount": "", "village": "1"}),
        "due": [now + timedelta(days=4), now + timedelta(hours=5), now - timedelta(days=1)],
        "steps": _steps(now),
        "hops": _hops(now),
        "tabs": [
            {"label": "Của tôi", "href": "#", "count": 5, "current": True},
            {"label": "Quá hạn", "href": "#", "count": 1, "current": False},
            {"label": "Tất cả", "href": "#", "count": None, "current": False},
        ],
        "page": Paginator(range(90), 30).page(2),
        "notes": [
            Note("success", "Đã gửi duyệt."),
            Note("warning", "Kênh Zalo hết hạn nối sau 2 ngày."),
            Note("error", "Chưa gửi được: mất mạng. Chữ đã gõ vẫn còn đây."),
        ],
    }


def _steps(now: datetime) -> list[dict[str, Any]]:
    return [
        {"label": "Đã nhận", "at": now - timedelta(days=5), "state": "done"},
        {"label": "Đã chuyển", "at": now - timedelta(days=4), "state": "done"},
        {"label": "Đang trả lời", "at": now, "state": "now"},
        {"label": "Đã trả lời", "at": None, "state": "next"},
    ]


def _hops(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": "Mặt trận xã Thanh Xuân",
            "text": "Nhận từ bình luận.",
            "at": now - timedelta(days=5),
            "by": "",
            "tone": "",
        },
        {
            "title": "Mặt trận huyện Thanh Chương",
            "text": LONG,
            "at": now - timedelta(days=4),
            "by": "Lê Văn Việt",
            "tone": "warn",
        },
        {
            "title": "Đoàn đại biểu Quốc hội",
            "text": "",
            "at": now,
            "by": "",
            "tone": "quiet-step",
        },
    ]
