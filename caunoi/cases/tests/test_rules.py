"""Numbers, and what is never public."""

import pytest

from caunoi.cases import rules
from caunoi.cases.terms import Kind
from caunoi.inbox.rules import is_question


def test_numbers():
    assert (
        rules.case_number(province=rules.province_letters("Nghệ An"), year=2026, serial=873)
        == "NA-2026-000873"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nước suối đang lên rất nhanh, nhà 6 người mắc kẹt ở bản, cứu với", Kind.EMERGENCY),
        ("Tôi muốn tố cáo trưởng thôn thu tiền", Kind.DENUNCIATION),
        (
            "Đêm nào cũng có xe chở cá lạnh từ đường mòn Cốc Phương sang, báo ai để giữ kín",
            Kind.TIP_OFF,
        ),
        ("toi muon khieu nai quyet dinh thu hoi dat", Kind.COMPLAINT),
        ("Bao giờ xã tôi có nước sạch?", Kind.QUESTION),
        ("Đường vào bản sạt lở cả tháng nay chưa ai sửa", Kind.REPORT),
    ],
)
def test_what_is_never_public(text, kind):
    assert rules.kind_of(text) == kind


@pytest.mark.parametrize("text", ["Cảm ơn ad ạ", "ok", "👍", "Chào ad", "", "....", "dạ vâng ạ"])
def test_small_talk_is_no_question(text):
    assert not is_question(text)


@pytest.mark.parametrize(
    "text",
    ["bao h co tien vay", "Chào ad, trang này có phải trang chính thức không ạ", "mất điện rồi"],
)
def test_questions_are_questions(text):
    assert is_question(text)
