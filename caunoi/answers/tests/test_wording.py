"""Vietnamese as people write it becomes words that can be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.answers.wording import exact, kinds, wording


def words(text):
    return [w.plain for w in wording(text).words]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xóa nhà tạm", "xoa nha tam"),
        ("đk đc hỗ trợ là j", "điều kiện được hỗ trợ là gì"),
        ("ho ngheo co dc bhyt ko", "hộ nghèo có được bảo hiểm y tế không"),
        ("Khi mô có tiền", "Khi nào có tiền"),
        ("Răng chia rứa", "Sao chia thế"),
        ("me 75t", "mẹ 75 tuổi"),
        ("Kỳ Sơn", "Kì Sơn"),
        ("trại heo thải ra khe", "trại lợn thải ra suối"),
    ],
)
def test_two_ways_to_write_one_thing_mean_the_same(one, other):
    assert set(wording(one).concepts) == set(wording(other).concepts)


def test_dialect_is_only_read_where_accents_are_written():
    assert "where" in wording("Nộp hồ sơ ở chỗ mô rứa?").concepts
    assert "where" not in wording("mo hinh dan van kheo").concepts
    assert words("mo hinh dan van kheo")[0] == "mo"


@pytest.mark.parametrize(
    "text", ["mô hình này hay", "thu chi của quỹ", "chi trả tiền", "khám răng"]
)
def test_standard_words_that_look_like_dialect_stay(text):
    spelled = {w.exact for w in wording(text).words}

    assert spelled & {"mô", "chi", "răng"}


def test_polite_talk_without_accents_is_no_meaning():
    assert "loan" not in wording("xay nha moi dc may trieu vay").concepts
    assert "loan" in wording("muon vay von lam nha").concepts


def test_a_telephone_is_nothing_electric():
    assert "electricity" not in wording("Cho xin số điện thoại của xã").concepts
    assert "electricity" not in wording("ban e k co song dien thoai").concepts


def test_old_and_new_places_of_the_tone_are_one_spelling():
    assert exact("hoà") == exact("hòa")
    assert exact("Kỹ") == exact("kĩ")


def test_a_word_with_other_accents_is_no_synonym():
    assert "pig" not in wording("Nhà em có con lớn đi học").concepts


@pytest.mark.parametrize("text", ["", "   ", "?!", "😀😀"])
def test_a_text_without_words_has_none(text):
    assert wording(text).words == ()


def test_a_very_long_text_is_cut_not_refused():
    assert len(wording("quỹ vì người nghèo " * 60_000).words) < 1000


def test_every_meaning_has_a_known_kind():
    assert set(kinds().values()) == {"ask", "subject", "general", "empty"}


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    wording(text)
