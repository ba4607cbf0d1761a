"""Which open cases ask the same as this one: proposed to an officer, who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.contrib.postgres.search import SearchQuery

from caunoi.answers import candidates, matching
from caunoi.answers.wording import wording
from caunoi.cases import rules
from caunoi.cases.models import Case
from caunoi.cases.queries import visible_cases
from caunoi.cases.terms import State
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

LOOKED_AT, SHOWN, RAREST = 80, 5, 5
OPEN = [s.value for s in rules.UNFINISHED if s != State.SUBMITTED]


@dataclass(frozen=True, slots=True)
class Twin:
    """An open case that may ask the same, and how alike the two are."""

    case: Case
    likeness: float


def ask_the_same(viewer: Viewer, *, case: Case, on: date, limit: int = SHOWN) -> list[Twin]:
    """Return the open cases the viewer may join with this one that ask nearly the same, most alike first.

    Kinds that are never public are neither asked for nor found.
    """
    asked = wording(case.text)
    if case.kind in rules.NEVER_PUBLIC or not asked.words:
        return []
    rarity = _rarity(asked.terms)
    found = (
        visible_cases(viewer, on=on, permission=Permission.CASES_REFER)
        .filter(state__in=OPEN, words=_any_two(_rarest([w.plain for w in asked.words], rarity)))
        .exclude(kind__in=rules.NEVER_PUBLIC)
        .exclude(pk=case.pk)
        .defer("words")
    )
    others = [(c, wording(c.text)) for c in found[:LOOKED_AT]]
    rarity = _rarity(asked.terms.union(*(w.terms for _, w in others)))
    mine = matching.profile(asked, rarity)
    twins = [Twin(c, matching.likeness(mine, matching.profile(w, rarity))) for c, w in others]
    near = [t for t in twins if t.likeness >= matching.THRESHOLD]
    return sorted(near, key=lambda t: (-round(t.likeness, 2), t.case.opened_at))[:limit]


def _rarity(terms: frozenset[str]) -> matching.Rarity:
    """Weigh words by how often answered questions hold them; there are always more of those than open ones."""
    counted = candidates.counts(terms)
    return matching.Rarity(counted.get("", 0), counted)


def _rarest(words: Sequence[str], rarity: matching.Rarity) -> list[str]:
    telling = [w for w in dict.fromkeys(words) if len(w) > 1]
    return sorted(telling, key=lambda w: rarity.counts.get(w, 0))[:RAREST]


def _any_two(words: Sequence[str]) -> SearchQuery:
    """Return the condition that any two of the words occur (the one, when there is only one)."""
    pairs = [f"('{a}' & '{b}')" for a, b in combinations(words, 2)] or [f"'{w}'" for w in words]
    return SearchQuery(" | ".join(pairs), config="simple", search_type="raw")
