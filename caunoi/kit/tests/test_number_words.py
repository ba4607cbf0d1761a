"""Numbers are read as people and officials read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.kit import number_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (101, "một trăm lẻ một"),
        (115, "một trăm mười lăm"),
        (1005, "một nghìn không trăm lẻ năm"),
        (2025, "hai nghìn không trăm hai mươi lăm"),
        (3804, "ba nghìn tám trăm lẻ bốn"),
        (67_721, "sáu mươi bảy nghìn bảy trăm hai mươi mốt"),
        (180_000, "một trăm tám mươi nghìn"),
        (1_000_000, "một triệu"),
        (5_000_020, "năm triệu không trăm hai mươi"),
        (2_000_000_001, "hai tỷ không trăm lẻ một"),
        (1_200_000_000_000, "một nghìn hai trăm tỷ"),
        (-3, "âm ba"),
    ],
)
def test_a_number_is_read_as_it_is_said(number, words):
    assert number_words.in_words(number) == words


def test_an_amount_begins_with_a_capital_and_ends_with_the_coin():
    assert number_words.amount_in_words(1_250_000) == "Một triệu hai trăm năm mươi nghìn đồng"


def test_a_telephone_number_is_read_digit_by_digit():
    assert number_words.one_by_one("0912 345") == "không chín một hai ba bốn năm"


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1))
def test_two_numbers_are_never_read_alike(one, other):
    if one != other:
        assert number_words.in_words(one) != number_words.in_words(other)


def test_a_number_nobody_can_read_is_refused():
    with pytest.raises(ValueError, match="too large"):
        number_words.in_words(10**18)
