"""What is counted, said and found: SMS parts, the loudspeaker's words, the look before sending. No database."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.notices import comparing, rules, telling
from caunoi.notices.spelled import spell_out
from caunoi.notices.terms import Code, Draft, NoticeKind, Surface
from tests.cast import MONDAY

DRAFT = Draft(
    kind=NoticeKind.NOTICE,
    title="Tiêm phòng cho trâu bò",
    short_text="8h ngày 5/12/2026 tại nhà văn hoá xóm.",
)


def codes(**changed):
    return {f.code for f in rules.checks(replace(DRAFT, **changed), MONDAY)}


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Thong bao: cat dien xa Thanh Binh 8h-11h ngay 23/11.", ("GSM7", 52, 1)),
        ("Thông báo: cắt điện xã Thanh Bình 8h-11h ngày 23/11.", ("UCS2", 52, 1)),
        ("a" * 160, ("GSM7", 160, 1)),
        ("a" * 161, ("GSM7", 161, 2)),
        ("a" * 306, ("GSM7", 306, 2)),
        ("a" * 307, ("GSM7", 307, 3)),
        ("ạ" * 70, ("UCS2", 70, 1)),
        ("ạ" * 71, ("UCS2", 71, 2)),
        ("àèéìòù", ("GSM7", 6, 1)),
        ("€" * 80, ("GSM7", 160, 1)),
        ("€" * 81, ("GSM7", 162, 2)),
        ("😀" * 36, ("UCS2", 72, 2)),
    ],
)
def test_an_sms_is_counted_as_the_network_counts_it(text, counted):
    assert rules.sms_segments(text) == counted


@given(st.text(max_size=400))
def test_accents_taken_away_never_make_an_sms_longer_in_parts(text):
    plain = rules.without_accents(text)

    assert rules.without_accents(plain) == plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Họp lúc 7h30 ngày 23/11/2026", "Họp lúc bảy giờ ba mươi phút ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("góp 20.000.000 đ", "góp hai mươi triệu đồng"),
        ("gọi 0912 345 678", "gọi không chín một hai ba bốn năm sáu bảy tám"),
        ("từ 8h-11h", "từ tám giờ đến mười một giờ"),
        ("15-20 hộ", "mười lăm đến hai mươi hộ"),
        ("29,168 ha", "hai mươi chín phẩy một trăm sáu mươi tám héc ta"),
        ("78%", "bảy mươi tám phần trăm"),
        ("tháng 4/2026", "tháng tư năm hai nghìn không trăm hai mươi sáu"),
        ("24h", "hai mươi bốn giờ"),
    ],
)  # fmt: skip
def test_numbers_days_and_amounts_are_read_in_words(written, read):
    assert spell_out(written) == read


def test_a_script_has_no_link_no_digit_and_no_abbreviation():
    script = rules.loudspeaker_script(
        "UBND xã – MTTQ xã:\n- 8h ngày 05/12/2026 tại NVH xóm 4.\n- Xem https://x.vn/1. Gọi 0912 345 678 📣"
    )

    assert not any(c.isdigit() for c in script)
    assert "http" not in script
    assert "Uỷ ban nhân dân xã Mặt trận Tổ quốc xã" in script
    assert "nhà văn hoá xóm bốn." in script


@given(st.text(alphabet="0123456789/-.,:h đ%ngàthêm ", max_size=60))
def test_whatever_is_written_can_be_read_out(text):
    assert rules.script_seconds(rules.loudspeaker_script(text)) >= 0


def test_two_minutes_is_what_a_loudspeaker_is_given():
    words = "Bà con chú ý giữ gìn vệ sinh. " * 60

    assert Code.TOO_LONG in codes(long_text=words)
    assert Code.TOO_LONG not in codes(long_text=words[:900])


def test_the_look_finds_what_must_not_go_out():
    assert codes() == set()
    assert Code.NO_TITLE in codes(title="")
    assert Code.NO_TEXT in codes(short_text="")
    assert Code.NO_ALT in codes(alts=("Ruộng lúa", " "))
    assert Code.NO_AUDIENCE in codes(units=0)
    assert Code.ID_NUMBER in codes(long_text="CCCD 040123456789 của ông ấy")
    assert Code.PHONE in codes(long_text="Gọi 0912 345 678")
    assert Code.ACCOUNT in codes(wordings={"facebook": "STK 0123456789 ngân hàng"})
    assert Code.LINK_NOT_SAFE in codes(link="http://x.vn")
    assert Code.SIMILAR in codes(similar=("Tiêm phòng trâu bò",))
    assert Code.ID_NUMBER in codes(alts=("Thẻ căn cước 040123456789",))
    assert Code.PHONE in codes(variants=("Hu rau 0912 345 678",))


def test_what_stops_comes_first_and_a_phone_alone_stops_nothing():
    found = rules.checks(replace(DRAFT, long_text="Gọi 0912 345 678", alts=("",)), MONDAY)

    assert [f.code for f in found] == [Code.NO_ALT, Code.PHONE]
    assert rules.stops(found)
    assert not rules.stops(rules.checks(replace(DRAFT, long_text="Gọi 0912 345 678"), MONDAY))


def test_nobody_is_woken_except_by_a_warning():
    night = datetime(2026, 11, 23, 22, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    assert Code.NIGHT in {f.code for f in rules.checks(DRAFT, night)}
    warning = replace(DRAFT, kind=NoticeKind.WARNING)
    assert Code.NIGHT not in {f.code for f in rules.checks(warning, night)}
    assert Code.NIGHT not in {f.code for f in rules.checks(replace(DRAFT, publish_at=night + timedelta(hours=8)), night)}  # fmt: skip


def test_a_correction_needs_its_claim_and_source_a_calendar_its_day():
    assert {Code.NO_CLAIM, Code.NO_SOURCE} <= codes(kind=NoticeKind.CORRECTION)
    whole = {"claim": "Bỏ học phí", "facts": "Không có", "sources": "https://moet.gov.vn/1"}
    assert codes(kind=NoticeKind.CORRECTION, details=whole) == set()
    assert Code.NO_START in codes(kind=NoticeKind.CALENDAR)


def test_a_text_of_its_own_stands_on_its_surface_and_leads_to_the_page():
    own = replace(DRAFT, wordings={"zalo": "Lời riêng"})

    assert telling.said(own, Surface.ZALO, address="https://x/1") == "Lời riêng\n\nhttps://x/1"
    sms = telling.said(DRAFT, Surface.SMS, address="https://x/1")
    assert sms == "Tiem phong cho trau bo. 8h ngay 5/12/2026 tai nha van hoa xom. https://x/1"


@given(st.text(max_size=120), st.text(max_size=120))
def test_a_comparison_gives_back_both_texts(before, after):
    parts = comparing.compare(before, after)

    assert "".join(p.text for p in parts if p.sign != "-").split() == after.split()
    assert "".join(p.text for p in parts if p.sign != "+").split() == before.split()
