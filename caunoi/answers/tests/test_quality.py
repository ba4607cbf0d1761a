"""How right the proposals are, by the figures the project asks for: on the shared questions and on wordings held back.

The same figures over the database and beside another library: bench/similar.py.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from caunoi.answers.matching import THRESHOLD, Rarity, likeness, profile
from caunoi.answers.wording import wording

said = cache(wording)
QUESTIONS = Path(__file__).parents[3] / "tests" / "chaos" / "questions.csv"
FILES = sorted((Path(__file__).parent / "wordings").glob("*.csv"))


def read(file):
    with file.open(encoding="utf-8") as lines:
        return [(r["group"], r["text"]) for r in csv.DictReader(lines)]


def best(text, library):
    """Return group → likeness of its best question, best first."""
    counted = Counter(t for _, words in library for t in said(words).terms)
    rarity = Rarity(len(library), counted)
    asked, found = profile(said(text), rarity), {}
    for group, words in library:
        alike = likeness(asked, profile(said(words), rarity))
        found[group] = max(alike, found.get(group, 0.0))
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


@pytest.fixture(scope="module")
def questions():
    return read(QUESTIONS)


def test_a_question_finds_its_twin_while_it_is_itself_out_of_the_library(questions):
    sizes = Counter(g for g, _ in questions)
    first = three = kept = asked = 0
    for at, (group, text) in enumerate(questions):
        if sizes[group] > 1:
            found = best(text, questions[:at] + questions[at + 1 :])
            asked, three = asked + 1, three + (group in list(found)[:3])
            first += next(iter(found)) == group
            kept += group in list(found)[:3] and found[group] >= THRESHOLD

    assert asked == 46
    assert first / asked >= 0.93
    assert three / asked >= 0.97
    assert kept / asked >= 0.90


def test_a_question_nobody_answered_gets_no_proposal(questions):
    alone, bereft = [], []
    sizes = Counter(g for g, _ in questions)
    for group, text in questions:
        found = best(text, [q for q in questions if q[0] != group])
        spared = next(iter(found.values())) < THRESHOLD
        bereft.append(spared)
        alone += [spared] if sizes[group] == 1 else []

    assert sum(alone) / len(alone) >= 0.80
    assert sum(bereft) / len(bereft) >= 0.80


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_other_wordings_find_their_answer_too(questions, file):
    found = [(group, best(text, questions)) for group, text in read(file) if group]

    assert sum(g in list(f)[:3] for g, f in found) / len(found) >= 0.97
    assert sum(next(iter(f)) == g for g, f in found) / len(found) >= 0.93
    assert sum(f[g] >= THRESHOLD for g, f in found) / len(found) >= 0.90


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_other_questions_get_no_proposal(questions, file):
    asked = [text for group, text in read(file) if not group]
    spared = [next(iter(best(text, questions).values())) < THRESHOLD for text in asked]

    assert len(asked) >= 15
    assert sum(spared) / len(spared) >= 0.80
