"""Deadlines, numbers and what is never public."""

from datetime import UTC, date, datetime

import pytest

from caunoi.cases import calendar, rules
from caunoi.cases.terms import Kind
from caunoi.inbox.rules import is_question


def test_ten_working_days_over_tet():
    opened = datetime(2027, 2, 3, 3, 0, tzinfo=UTC)

    due = calendar.due_at(opened_at=opened, amount=3, working=True)

    assert date(2027, 2, 6) in calendar.public_holidays(2027)
    assert due.astimezone(calendar.HERE).date() > date(2027, 2, 10)


def test_thirtieth_of_april_and_first_of_may_are_free():
    free = calendar.public_holidays(2026)

    assert {date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 2)} <= free


def test_a_deadline_ends_at_seventeen_in_viet_nam():
    due = calendar.due_at(
        opened_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC), amount=1, working=True
    )

    assert due == datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


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
        ("Đường vào bản sạt lở cả tháng nay chưa ai sửa", Kind.QUESTION),
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
