"""Cries for help and tip-offs are never missed; denunciations and complaints are kept apart; plain questions stay plain."""

import csv
import random
import time
from pathlib import Path

import pytest

from caunoi.cases import rules
from caunoi.cases.terms import Kind
from caunoi.kit.text import fold

TEXTS = Path(__file__).parent / "texts"
DATA_SET = Path(__file__).resolve().parents[3] / "tests" / "chaos" / "questions.csv"
ROUTES = {"to_giac": Kind.TIP_OFF, "to_cao": Kind.DENUNCIATION, "khan_cap": Kind.EMERGENCY}
CALLED = {Kind.EMERGENCY, Kind.TIP_OFF}
GUARDED = rules.NEVER_PUBLIC


def lines(name):
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def data_set():
    return list(csv.DictReader(DATA_SET.open(encoding="utf-8")))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("emergency", Kind.EMERGENCY),
        ("tip_off", Kind.TIP_OFF),
        ("denunciation", Kind.DENUNCIATION),
        ("complaint", Kind.COMPLAINT),
    ],
)
def test_our_own_wordings_are_all_recognised(name, kind):
    missed = [text for text in lines(name) if rules.kind_of(text) != kind]

    assert missed == []


@pytest.mark.parametrize("name", ["emergency", "tip_off"])
def test_without_marks_nothing_is_missed_either(name):
    missed = [text for text in lines(name) if rules.kind_of(fold(text)) not in CALLED]

    assert missed == []


def test_every_special_question_of_the_data_set_is_recognised_and_no_other_is():
    wrong = [
        (row["id"], rules.kind_of(row["text"]))
        for row in data_set()
        if (rules.kind_of(row["text"]) in GUARDED or row["topic"] in ROUTES)
        and rules.kind_of(row["text"]) != ROUTES.get(row["topic"])
    ]

    assert wrong == []


def test_plain_questions_are_rarely_taken_for_a_cry():
    plain = lines("plain") + [r["text"] for r in data_set() if r["topic"] not in ROUTES]

    alarms = [text for text in plain if rules.kind_of(text) in GUARDED]

    assert len(alarms) / len(plain) <= 0.03, alarms


def test_nine_of_ten_single_typing_errors_in_a_short_cry_are_forgiven():
    dice = random.Random(456)
    tries = [_mistype(text, dice) for text in lines("emergency") * 10]

    heard = sum(rules.kind_of(text) in CALLED for text in tries)

    assert heard / len(tries) >= 0.9


def _mistype(text, dice):
    words = text.split()
    place = dice.randrange(len(words))
    word = words[place]
    at = dice.randrange(max(1, len(word) - 1))
    letter = dice.choice("abcdeghiklmnoprstuvxy")
    words[place] = dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        ]
    )
    return " ".join(words)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Xe chạy qua xóm nhanh quá", Kind.QUESTION),
        ("Nhà cháy rồi", Kind.EMERGENCY),
        ("Danh sách nhận cứu trợ có công khai không", Kind.QUESTION),
        ("cứu", Kind.EMERGENCY),
        ("cuwus voiws", Kind.EMERGENCY),
        ("cu7u1 vo71i", Kind.EMERGENCY),
        ("tocao truong thon", Kind.DENUNCIATION),
        ("Đề nghị xã làm đường bê tông vào bản", Kind.PETITION),
        ("Trại lợn đầu xóm xả thải ra suối", Kind.REPORT),
        ("", Kind.QUESTION),
        ("👍", Kind.QUESTION),
    ],
)
def test_wordings(text, kind):
    assert rules.kind_of(text) == kind


def test_a_cry_at_the_end_of_a_very_long_text_is_heard():
    assert rules.kind_of("Kính gửi xã. " * 80_000 + "Cứu với, nước lên nhanh") == Kind.EMERGENCY


def test_a_text_of_a_million_letters_is_read_in_a_moment():
    began = time.monotonic()

    rules.kind_of("nước lên " * 120_000)

    assert time.monotonic() - began < 5
