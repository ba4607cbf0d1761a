"""How alike two questions are: pure. Words, pairs of words, meanings and letter trigrams, each weighed by how rare it is.

Two texts are compared the way a clerk would: what both talk about counts, what only one talks about counts against them.
Figures and their texts: bench/similar.py.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from caunoi.answers.wording import Word, Wording, kinds

THRESHOLD = 0.28
"""From here on two questions may be the same; below, nothing is proposed. A wrong proposal is one "no" of a person, a missing
one is a question asked twice: chosen low, on questions.csv and four sets of other wordings; the fifth was written afterwards
and judged once (tests/wordings/README.md)."""
PAIR, TRIGRAM, MEANING, ASKING, IN_PHRASE = 0.6, 0.25, 1.5, 0.9, 0.7
COSINE_SHARE = 0.75
OTHER_SUBJECT, OTHER_ASKING, OTHER_ACCENTS = 0.75, 0.9, 0.5
SUBJECT_OF_ONE = 0.9
ENOUGH_IDEAS, ONE_IDEA = 2, 0.75
SUBJECT_BESIDE_ONE_IDEA = 0.7
"""Two texts that each speak of several things and share but one of them are seldom the same question; neither are two that share
one thing while only one of them names a subject."""
PRIOR_TEXTS, PRIOR_SHARE, MOST_WEIGHT = 50.0, 0.02, 6.0


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of ``texts`` known questions each word or meaning occurs; what is not named occurs nowhere."""

    texts: int
    counts: Mapping[str, int]

    def weight(self, term: str) -> float:
        """Return how much a term tells; a young library leans on a prior, a huge one is capped."""
        seen = self.counts.get(term, 0) + PRIOR_TEXTS * PRIOR_SHARE
        return min(MOST_WEIGHT, math.log((self.texts + PRIOR_TEXTS) / seen))


@dataclass(frozen=True, slots=True)
class Profile:
    """A wording with its weights, ready to be compared with many others."""

    wording: Wording
    features: Mapping[str, float]
    words: Mapping[str, Word]
    ideas: frozenset[str]
    subjects: frozenset[str]
    asks: frozenset[str]
    square: float


def profile(wording: Wording, rarity: Rarity) -> Profile:
    """Return the weighed features of a wording."""
    kind = kinds()
    features = {
        f"w{w.plain}": rarity.weight(w.plain) * (IN_PHRASE if w.in_phrase else 1.0)
        for w in wording.words
    }
    for concept in wording.concepts:
        share = ASKING if kind[concept] == "ask" else MEANING
        features[f"={concept}"] = share * rarity.weight(f"={concept}")
    for left, right in zip(wording.items, wording.items[1:], strict=False):
        features[f"p{left} {right}"] = PAIR * (rarity.weight(left) + rarity.weight(right)) / 2
    features |= _trigrams(wording.words, rarity)
    return Profile(
        wording,
        features,
        {w.plain: w for w in wording.words},
        frozenset(i for i in wording.items if kind.get(i[1:], "") != "ask"),
        frozenset(c for c in wording.concepts if kind[c] == "subject"),
        frozenset(c for c in wording.concepts if kind[c] == "ask"),
        sum(v * v for v in features.values()),
    )


def _trigrams(words: tuple[Word, ...], rarity: Rarity) -> dict[str, float]:
    text = f" {' '.join(w.plain for w in words)} "
    counted = Counter(text[i : i + 3] for i in range(len(text) - 2))
    size = math.sqrt(sum(n * n for n in counted.values())) or 1.0
    whole = math.sqrt(sum(rarity.weight(w.plain) ** 2 for w in words))
    return {f"t{piece}": TRIGRAM * whole * n / size for piece, n in counted.items()}


def likeness(asked: Profile, known: Profile) -> float:
    """Return how alike two questions are, 0 (nothing in common) to 1 (the same words)."""
    small, large = sorted((asked, known), key=lambda p: len(p.features))
    common = sum(
        value * large.features[name] * _same_word(name, asked, known)
        for name, value in small.features.items()
        if name in large.features
    )
    if not common:
        return 0.0
    cosine = common / math.sqrt(asked.square * known.square)
    contained = min(1.0, common / min(asked.square, known.square))
    alike = COSINE_SHARE * cosine + (1 - COSINE_SHARE) * contained
    return alike * _about_the_same(asked, known)


def _same_word(name: str, asked: Profile, known: Profile) -> float:
    """Count a word less when both wrote its accents and wrote them differently ("mở" and "mỡ")."""
    if name[0] != "w":
        return 1.0
    one, other = asked.words[name[1:]].exact, known.words[name[1:]].exact
    return 1.0 if not one or not other or one == other else OTHER_ACCENTS


def _about_the_same(asked: Profile, known: Profile) -> float:
    """Return what is left when the two speak of different things, or ask different things about one."""
    share, shared = 1.0, _shared_ideas(asked, known)
    if not asked.subjects & known.subjects:
        if asked.subjects and known.subjects:
            share *= OTHER_SUBJECT
        elif asked.subjects or known.subjects:
            share *= SUBJECT_OF_ONE if shared >= ENOUGH_IDEAS else SUBJECT_BESIDE_ONE_IDEA
    if asked.asks and known.asks and not asked.asks & known.asks:
        share *= OTHER_ASKING
    if shared < ENOUGH_IDEAS <= min(len(asked.ideas), len(known.ideas)):
        share *= ONE_IDEA
    return share


def _shared_ideas(asked: Profile, known: Profile) -> int:
    """Return how many things both speak of: meanings, and words that are no part of one in at least one of the two."""
    loose = asked.wording.loose | known.wording.loose
    words = asked.words.keys() & known.words.keys() & loose
    return len(words) + sum(i[0] == "=" for i in asked.ideas & known.ideas)
