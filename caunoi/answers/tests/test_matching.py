"""How alike two questions are."""

from hypothesis import given
from hypothesis import strategies as st

from caunoi.answers.candidates import plan
from caunoi.answers.matching import THRESHOLD, Rarity, likeness, profile
from caunoi.answers.wording import wording

NOBODY = Rarity(0, {})
SAID = st.lists(
    st.sampled_from(
        [
            "nhà",
            "dột",
            "nát",
            "hỗ",
            "trợ",
            "quỹ",
            "nghèo",
            "đường",
            "sạt",
            "lở",
            "sóng",
            "khai",
            "sinh",
            "ở",
            "đâu",
        ]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


def alike(one, other):
    return likeness(profile(wording(one), NOBODY), profile(wording(other), NOBODY))


@given(SAID, SAID)
def test_likeness_lies_between_none_and_all_and_is_the_same_both_ways(one, other):
    there, back = alike(one, other), alike(other, one)

    assert 0 <= there <= 1.000001
    assert abs(there - back) < 1e-9


def test_the_same_question_without_accents_is_the_same():
    assert alike("Bỏ huyện rồi thì làm khai sinh ở đâu?", "bo huyen roi lam khai sinh o dau") > 0.8


def test_two_matters_are_not_alike():
    assert (
        alike("Quỹ Vì người nghèo thu được bao nhiêu?", "Bao giờ có sóng điện thoại?") < THRESHOLD
    )


def test_one_shared_idea_among_several_is_not_the_same_question():
    asked = "Bao giờ phát thẻ cho học sinh?"
    about_pupils = "Đường sạt lở, học sinh đi lại nguy hiểm"

    assert alike(asked, about_pupils) < THRESHOLD
    assert alike(asked, "Thẻ của học sinh khi nào phát") > THRESHOLD


def test_a_subject_that_only_one_speaks_of_counts_against_them():
    plain = alike("hồ sơ cho người nghèo nộp ở đâu", "hồ sơ cho người nghèo nộp chỗ nào")
    other = alike("hồ sơ vay vốn cho người nghèo nộp ở đâu", "hồ sơ cho người nghèo nộp chỗ nào")

    assert other < plain * 0.9


def test_a_word_both_accented_differently_counts_less():
    same = alike("mở lớp dạy may", "mở lớp dạy may")
    other = alike("mở lớp dạy may", "mỡ lớp dạy may")

    assert other < same


def test_rare_words_tell_more_than_common_ones():
    library = Rarity(10_000, {"khai": 9_000, "mat": 3})

    assert library.weight("mat") > library.weight("khai")


def test_few_rare_words_are_enough_and_common_ones_must_stand_together():
    looks = list(plan([("rare", 3), ("common", 20_000), ("usual", 90_000)], {"": 1.0}))

    assert looks[0].terms == ("rare",)
    assert not looks[0].all_of
    assert {look.terms for look in looks[1:]} == {("common", "usual")}


def test_what_is_read_of_the_index_is_bounded_for_common_words():
    crowd = [(f"w{n}", 200_000) for n in range(12)]

    looks = list(plan(crowd, {"": 1.0, "na": 0.05, "lc": 0.05}))

    assert sum(200_000 * {"": 1.0, "na": 0.05, "lc": 0.05}[k.province] for k in looks[1:]) <= 80_000
