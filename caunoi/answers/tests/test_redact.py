"""What must not be public is hidden, visibly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.answers.rules import redact, title_of
from caunoi.answers.terms import Hidden


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gọi tôi 0912345678 nhé", Hidden.PHONE),
        ("sđt 0912 345 678", Hidden.PHONE),
        ("SĐT: 0912.345.678.", Hidden.PHONE),
        ("+84 912-345-678", Hidden.PHONE),
        ("(84)912345678", Hidden.PHONE),
        ("cccd 040185001234", Hidden.ID_NUMBER),
        ("Căn cước của tôi: 040 185 001 234", Hidden.ID_NUMBER),
        ("CMND 187654321", Hidden.ID_NUMBER),
        ("stk 3600205123456 Agribank", Hidden.BANK_ACCOUNT),
        ("viết cho dung@xa.example", Hidden.EMAIL),
        ("nhà số 12/4 đường Lê Lợi", Hidden.ADDRESS),
    ],
)
def test_personal_data_is_masked(text, kind):
    done = redact(text)

    assert kind in {f.kind for f in done.found}
    assert not any(run.isdigit() and len(run) > 3 for run in done.text.split())
    assert "đã ẩn]" in done.text


def test_the_askers_name_is_masked_whatever_its_case():
    assert "dung" not in redact("Tôi là lê thị DUNG ở xóm 4", names=["Lê Thị Dung"]).text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Quỹ thu 20.150.000 đồng năm 2026",
        "Nghị quyết 1678/NQ-UBTVQH15",
        "họp lúc 19:30 ngày 23/11/2026",
    ],
)
def test_money_numbers_of_documents_and_dates_stay(text):
    assert redact(text).text == text


@given(st.text(max_size=80), st.integers(100_000_00, 999_999_99))
def test_a_phone_number_never_survives(around, digits):
    phone = f"09{digits}"

    assert phone not in redact(f"{around} {phone} ").text


def test_a_title_is_the_first_sentence():
    assert title_of("Bao giờ có điện? Nhà tôi ở xóm 4.") == "Bao giờ có điện?"
