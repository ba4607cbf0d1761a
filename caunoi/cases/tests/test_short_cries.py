"""A short cry for help or tip-off rings whatever one finger did to it; what that costs in false alarms is measured here."""

import random
import re
import time

import pytest

from caunoi.cases import rules
from caunoi.cases.sign_words import phrases
from caunoi.cases.terms import Kind
from caunoi.cases.tests import typos
from caunoi.cases.tests.test_signs import ROUTES, data_set, lines
from caunoi.kit.text import fold

CALLED = {Kind.EMERGENCY, Kind.TIP_OFF}
CRIES = [" ".join(w or "suối" for w in p.words) for p in phrases() if p.kind in CALLED]
LONE = {"cứu", "sos", "s o s", "súng"}
"""Short words of which one error makes the commonest words there are: in company they ring with errors that make no word."""
AROUND = ("{}", "nhà em {}", "{} bà con ơi", "ở xóm 3 {} rồi")
A_FEW = 12


def rings(text):
    return rules.kind_of(text) in CALLED


def messages(around, phrase):
    """Return every message of up to eight syllables with one typing error in the phrase, written with marks and without."""
    return sorted({around.format(t) for text in {phrase, fold(phrase)} for t in typos.of(text)})


def short(around, phrase):
    """True when the message has up to eight syllables; a lone word is tried alone only."""
    return len(around.format(phrase).split()) <= 8 and (around == "{}" or phrase not in LONE)


def test_single_typing_errors_in_every_phrase_of_danger_ring():
    dice = random.Random(115)
    tried = [message for phrase in CRIES for message in dice.sample(messages("{}", phrase), A_FEW)]

    assert [m for m in tried if not rings(m)] == []


def test_errors_in_short_messages_around_a_phrase_ring():
    dice = random.Random(114)
    around = [a for a in AROUND if a != "{}"]
    tried = [
        dice.choice(messages(a, phrase))
        for phrase in dice.sample(CRIES, 150)
        for a in around
        if short(a, phrase)
    ]

    assert [m for m in tried if not rings(m)] == []


@pytest.mark.slow
@pytest.mark.parametrize("around", AROUND)
def test_every_single_typing_error_rings(around):
    tried = [m for p in CRIES if short(around, p) for m in messages(around, p)]

    assert [m for m in tried if not rings(m)] == []
    assert len(tried) > 90_000


@pytest.mark.parametrize("change", [str.upper, str.title, fold, lambda t: fold(t).upper()])
def test_capitals_and_missing_marks_ring(change):
    assert [p for p in CRIES if not rings(change(p))] == []


def test_letters_held_down_ring():
    held = [re.sub(r"([aeiouyăâêôơưứớ])(?!.*[aeiouyăâêôơưứớ])", r"\1\1\1\1\1", p) for p in CRIES]

    assert [p for p in held if not rings(p)] == []
    assert [p for p in map(fold, held) if not rings(p)] == []


@pytest.mark.parametrize("between", [" 🆘 ", " 😭😭 ", "... ", "!!! ", " , ", "\n", "  ", "-", "_"])
def test_signs_and_pictures_between_the_words_ring(between):
    assert [p for p in CRIES if not rings(between.join(p.split()))] == []


@pytest.mark.parametrize(
    "text",
    [
        "🆘",
        "C Ứ U V Ớ I",
        "c u u v o i",
        "CUU VOI!!!",
        "cuuuuuuuu voiiiiiii",
        "cuuvoi",
        "cuuvoinhatoi",
        "nhasaproi",
        "c]us v[is",
        "cu7u1 vo71i",
        "cuwsu vowsi",
        "chasy nhaf",
        "cứ với",
        "cuu vpi",
        "mawcs jetj",
        "ma tuu",
        "S0S bản Xốp Nam",
        "SOSS",
        "nác vô nhà rồi",
        "nac len mau lam",
        "lả cháy lan tới rú",
        "con tui bổ xuống rào rồi",
        "chau bo xuong rao",
        "cứu choa với",
        "cứu mệ tui",
        "rú lở rồi bà con nờ",
        "chìm nốc ngoài rào",
    ],
)
def test_other_ways_to_cry(text):
    assert rings(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bao giờ có trợ cấp",
        "Tra cứu kết quả ở đâu",
        "Lương hưu lãnh ngày nào",
        "Bạn đã nhận chưa",
        "cho xin số điện thoại",
    ],
)
def test_words_of_every_day_with_their_marks_do_not_ring(text):
    assert not rings(text)


def test_what_is_named_without_an_error_stays_sealed():
    assert rules.kind_of("tố cáo trưởng thôn ăn bớt tiền") == Kind.DENUNCIATION
    assert rules.kind_of("khiếu nại quyết định đền bù") == Kind.COMPLAINT


@pytest.mark.parametrize(
    ("name", "most"), [("ordinary", 0.04), ("plain", 0.05), ("questions", 0.0)]
)
def test_few_ordinary_messages_ring_when_written_with_marks(name, most):
    alarms = [t for t in ordinary(name) if rings(t)]

    assert len(alarms) / len(ordinary(name)) <= most, alarms


@pytest.mark.parametrize(
    ("name", "most"), [("ordinary", 0.07), ("plain", 0.1), ("questions", 0.06)]
)
def test_few_more_ring_when_written_without(name, most):
    alarms = [t for t in ordinary(name) if rings(fold(t))]

    assert len(alarms) / len(ordinary(name)) <= most, alarms


def ordinary(name):
    if name == "questions":
        return [r["text"] for r in data_set() if r["topic"] not in ROUTES]
    return lines(name)


def test_a_message_is_read_in_less_than_two_milliseconds():
    texts = lines("ordinary") + lines("plain") + lines("emergency")
    rings("warm")
    began = time.process_time()

    for text in texts:
        rings(text)

    assert (time.process_time() - began) / len(texts) < 0.002


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "cứu " * 250_000, "u]" * 500_000, "c u " * 250_000, "[" * 1_000_000]
)
def test_a_megabyte_of_anything_is_read_in_a_moment(text):
    began = time.process_time()

    rings(text)

    assert time.process_time() - began < 3
