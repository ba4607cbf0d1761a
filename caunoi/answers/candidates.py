"""Which indexed questions share the rarest words with a new one: a bounded look into the index, whatever the library's size.

Rare words are enough alone. Common ones must stand together, most of them first, fewer after; how many entries of the index
may be read is a budget, so the time is one too. In a crowd the rest is looked for in one province: the asker's, or a few.
"""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db import connection

from caunoi.answers import index, matching, places
from caunoi.answers.wording import Wording, kinds

LOOSE_BUDGET = 300
"""Questions looked at because they hold one rare word."""
STRICT_BUDGET = 80_000
"""Entries of the index read for words that must stand together."""
CROWD = 4_000
"""From so many questions on, words that stand together are looked for in a few provinces only."""
RAREST, EACH_LIMIT, LOOKED_AT, BEST = 6, 120, 240, 24
SAMPLE_PROVINCES = 2
SHORT_TEXT = 6
COUNTED = "SELECT term, texts FROM answers_termcount WHERE term = ANY(%s) AND texts > 0"
ANY_OF = "(SELECT answer_id, terms FROM answers_indexedquestion WHERE terms && %s)"
ALL_OF = "(SELECT answer_id, terms FROM answers_indexedquestion WHERE terms @> %s LIMIT %s)"
BEST_OF = """
SELECT answer_id, {rough} AS rough FROM (SELECT * FROM ({parts}) AS part LIMIT %s) AS near
GROUP BY answer_id, terms ORDER BY rough DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the index: questions with one of the terms, or with all of them, in one province or anywhere ("")."""

    terms: tuple[str, ...]
    all_of: bool
    province: str = ""


def counts(terms: Collection[str]) -> dict[str, int]:
    """Return in how many questions each term stands; "" is the number of questions."""
    by_hash = {index.hashed(t): t for t in terms}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [[*by_hash, index.ALL_TEXTS]])
        return {by_hash.get(term, ""): n for term, n in cursor.fetchall()}


def best(asked: Wording, rarity: matching.Rarity, provinces: Sequence[str] | None) -> list[UUID]:
    """Return the answers whose questions share the most weight of words with this one, best first.

    provinces  labels of the asker's province, of which one must fit; None is anywhere
    """
    kind = kinds()
    telling = [t for t in asked.terms if t in rarity.counts and kind.get(t[1:], "") != "ask"]
    known = sorted(((t, rarity.counts[t]) for t in telling), key=lambda pair: pair[1])
    looks = list(plan(known, _shares(provinces, rarity, telling)))
    if not looks:
        return []
    rough, weighed = _rough([t for t, _ in known], rarity)
    values: list[list[int] | int] = [*weighed]
    for look in looks:
        values.append([_hash(t, look.province) for t in look.terms])
        values += [EACH_LIMIT] if look.all_of else []
    parts = " UNION ALL ".join(ALL_OF if look.all_of else ANY_OF for look in looks)
    sql = BEST_OF.replace("{rough}", rough).replace("{parts}", parts)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, LOOKED_AT, BEST])
        return [row[0] for row in cursor.fetchall()]


def _hash(term: str, province: str) -> int:
    return index.placed(term, province) if province else index.hashed(term)


def _shares(
    provinces: Sequence[str] | None, rarity: matching.Rarity, telling: list[str]
) -> dict[str, float]:
    """Return which part of all questions each province to look into holds; "" is the whole country."""
    shares = {}
    for label in sorted(places.province_labels()) if provinces is None else provinces:
        held = rarity.counts.get(index.province_term(label), 0)
        if held:
            shares[label] = held / rarity.texts
    if provinces is not None:
        return shares
    turn = zlib.crc32(" ".join(sorted(telling)).encode()) % max(len(shares), 1)
    chosen = (list(shares) * 2)[turn : turn + SAMPLE_PROVINCES]
    return {"": 1.0} | {p: shares[p] for p in chosen}


def plan(known: Sequence[tuple[str, int]], shares: Mapping[str, float]) -> Iterator[Look]:
    """Yield what to look for, the most telling first, within the budgets: pure.

    known   terms with the number of questions that hold them, rarest first
    shares  the provinces to look into with their part of all questions; "" with 1.0 is everywhere
    """
    homes = list(shares)
    loose: list[str] = []
    for term, n in known:
        if n * sum(shares[p] for p in homes[:1]) > LOOSE_BUDGET - len(loose):
            break
        loose.append(term)
    for province in homes[:1] if "" in shares else homes:
        if loose:
            yield Look(tuple(loose), False, province)
    number, spent = dict(known), 0.0
    for place, group in enumerate(_groups([t for t, _ in known if t not in loose][:RAREST])):
        least = min(number[t] for t in group)
        crowded = "" in shares and place > 0 and least > CROWD
        for province in homes[1:] if crowded else homes[:1] if "" in shares else homes:
            spent += least * shares[province]
            if spent <= STRICT_BUDGET:
                yield Look(group, True, province)


def _groups(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the words that must stand together: the rarest four, then any three of them, then any two of the rarest."""
    if len(words) > 3:
        yield tuple(words[:4])
    if len(words) > 2:
        yield from combinations(words[:4], 3)
    yield from combinations(words, 2)


def _rough(terms: Sequence[str], rarity: matching.Rarity) -> tuple[str, list[list[int]]]:
    """Return SQL that adds up the weights of the shared terms, by whole weights; long questions count for less."""
    by_weight: dict[int, list[int]] = {}
    for term in terms:
        by_weight.setdefault(max(1, round(rarity.weight(term))), []).append(index.hashed(term))
    sql = " + ".join(f"{weight} * icount(terms & %s)" for weight in by_weight)
    return f"({sql}) / sqrt({SHORT_TEXT} + icount(terms) / 2)", list(by_weight.values())
