"""What is proposed to be hidden, and how a decision is carried out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.answers import redaction, rules
from caunoi.answers.redaction import Mark
from caunoi.answers.terms import Hidden


def found(text, **names):
    return [(m.kind.value, text[m.start : m.end]) for m in redaction.propose(text, **names)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chào anh Sình. Móng nhà anh đã nghiệm thu.", "Sình"),
        ("Nhà ông Nguyễn Văn Tám ở cuối xóm.", "Nguyễn Văn Tám"),
        ("Giàng A Sình hỏi tiền làm nhà", "Giàng A Sình"),
        ("Tôi là Lù Thị Mỷ, bản Phiêng", "Lù Thị Mỷ"),
        ("con bà Hoàng Thị Nga bị ốm", "Hoàng Thị Nga"),
        ("Gia đình Vi Văn Khăm thuộc hộ nghèo", "Vi Văn Khăm"),
    ],
)
def test_names_of_private_persons_are_proposed(text, name):
    assert ("name", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Đường Nguyễn Trãi và trường Trần Phú đang sửa.",
        "Chủ tịch xã Nguyễn Văn Minh tiếp dân sáng thứ Hai.",
        "Theo Phó Bí thư Lê Thị Hà, tiền chi ngày 25/11.",
        "Tư tưởng Hồ Chí Minh, thành phố Hà Nội, tỉnh Hà Tĩnh",
        "Xã Cao Sơn và tỉnh Lào Cai",
        "Bao giờ xã sửa đường vào xóm 4? Mưa là lầy.",
        "Bà con mang căn cước. Anh chị em trong xóm đều biết.",
        "Quỹ Vì người nghèo năm nay thu 20.150.000 đồng.",
        "nguyen van tam o xom 4",
    ],
)
def test_places_offices_and_plain_words_are_no_names(text):
    assert [f for f in found(text) if f[0] == "name"] == []


def test_the_askers_own_name_is_found_whatever_the_case():
    assert ("name", "lê thị dung") in found("tôi là lê thị dung", names=("Lê Thị Dung",))


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 0912 345 678 hoặc +84 912.345.678",
        "CCCD 040123456789, stk 1234567890 Agribank",
        "a.b@c.vn, số nhà 12 đường Lê Lợi",
        "Tôi tên Lê Thị Dung, số 0912345678",
    ],
)
def test_whatever_is_masked_without_a_person_is_proposed_to_one(text):
    by_itself = rules.redact(text, names=("Lê Thị Dung",))
    proposed = found(text, names=("Lê Thị Dung",))

    assert {f.text for f in by_itself.found} <= {piece for _kind, piece in proposed}


def test_a_mark_taken_away_stays_to_be_read_and_the_others_are_hidden():
    text = "Trực ban 0238 3842 456. Nhà tôi 0912 345 678."
    office, own = redaction.propose(text)

    assert redaction.hide(text, [own]) == "Trực ban 0238 3842 456. Nhà tôi [số điện thoại đã ẩn]."
    assert redaction.hide(text, [office, own]).count("[số điện thoại đã ẩn]") == 2


def test_what_an_officer_wants_hidden_beside_is_found_everywhere_as_a_whole_word():
    text = "Quán Hoa Ban ở ngã ba. Hỏi HOA BAN. Hoa Bank thì không."

    marks = redaction.find_words(text, ["Hoa Ban", " ", "x"])

    assert redaction.hide(text, marks) == "Quán [đã ẩn] ở ngã ba. Hỏi [đã ẩn]. Hoa Bank thì không."


def test_marks_that_overlap_are_joined_in_favour_of_the_first():
    phone = Mark(5, 15, Hidden.PHONE)

    assert redaction.join([phone], [Mark(10, 20, Hidden.OTHER), Mark(20, 25, Hidden.OTHER)]) == (
        phone,
        Mark(20, 25, Hidden.OTHER),
    )


@given(st.text(alphabet="Nguyễn Văn Tám ông 0912345678@.,\n/AaĐđ", max_size=200))
def test_no_text_makes_marks_overlap_and_the_pieces_are_the_text_again(text):
    marks = redaction.propose(text)

    assert all(a.end <= b.start for a, b in pairwise(marks))
    assert "".join(piece for piece, _mark in redaction.pieces(text, marks)) == text
    assert redaction.hide(text, []) == text


def test_a_long_text_is_looked_through_quickly():
    import time

    text = "Ông Nguyễn Văn Tám số 0912 345 678 " * 300
    began = time.perf_counter()
    redaction.propose(text)

    assert time.perf_counter() - began < 5


def test_counts_keep_kinds_and_no_words():
    marks = redaction.propose("Ông Tám 0912 345 678, bà Hoa")

    assert redaction.counts(marks) == {"phone": 1, "name": 2}
