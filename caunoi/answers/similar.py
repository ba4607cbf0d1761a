"""Which published answers may answer a new question: candidates by their rarest words from the index, compared one by one.

Shown to a person, never sent by itself. The asker's place counts: answers of her own unit and those above come first, of
units beside after; an answer that names another place than hers is hardly proposed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from caunoi.answers import candidates, index, matching, places
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import Nearness
from caunoi.answers.wording import wording

PROPOSALS = 3
LEAST_TELLING = 2
BESIDE, OTHER_PLACE, OTHER_TOPIC = 0.94, 0.35, 0.8


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a question comes from: the path of the unit today, and everything known by one of these names there."""

    unit_id: UUID
    above: tuple[UUID, ...]
    same: frozenset[UUID]
    provinces: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A published answer that may answer the question, how alike the questions are, and from where it is."""

    answer: PublishedAnswer
    likeness: float
    nearness: Nearness


def propose(
    *,
    text: str,
    on: date,
    asker: Asker | None = None,
    topic: str = "",
    without: Collection[str] = (),
    limit: int = PROPOSALS,
) -> list[Proposal]:
    """Return up to ``limit`` answers valid on that day whose question is like ``text``, best first; nothing when none is near.

    asker    None = from anywhere; else only answers of her province (or what it was before a reform)
    without  numbers never to be proposed (the case's own answer)
    """
    asked = wording(text)
    if len(asked.words) + len(asked.concepts) < LEAST_TELLING:
        return []
    homes = asker.provinces if asker else places.province_labels()
    rarity = matching.Rarity(*_known(asked.terms.union(map(index.province_term, homes))))
    ids = candidates.best(asked, rarity, asker.provinces if asker else None)
    found = PublishedAnswer.objects.filter(valid_on(on), pk__in=ids).exclude(number__in=without)
    texts = [(a, wording(index.text_of(a))) for a in found.defer("folded")]
    rarity = matching.Rarity(*_known(asked.terms.union(*(w.terms for _, w in texts))))
    mine = matching.profile(asked, rarity)
    names = places.spoken_names()
    named = places.named_in(text, names)
    scored = []
    for answer, words in texts:
        alike = matching.likeness(mine, matching.profile(words, rarity))
        near = nearness(answer.unit_id, asker)
        spoken = places.named_in(index.text_of(answer), names)
        share = _place_share(spoken, near, named, asker)
        share *= OTHER_TOPIC if topic and answer.topic and topic != answer.topic else 1.0
        if alike * share >= matching.THRESHOLD:
            scored.append(Proposal(answer, alike * share, near))
    return _different(sorted(scored, key=_order), limit)


def valid_on(on: date) -> Q:
    """Return the condition that an answer holds on that day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    return begun & (Q(valid_until=None) | Q(valid_until__gte=on))


def _known(terms: Collection[str]) -> tuple[int, dict[str, int]]:
    counted = candidates.counts(terms)
    return counted.get("", 0), counted


def _order(proposal: Proposal) -> tuple[float, int, float]:
    newest = -proposal.answer.published_at.timestamp()
    return -round(proposal.likeness, 2), list(Nearness).index(proposal.nearness), newest


def _different(proposals: Iterable[Proposal], limit: int) -> list[Proposal]:
    """Keep the first of those that say the same."""
    chosen: dict[str, Proposal] = {}
    for proposal in proposals:
        chosen.setdefault(proposal.answer.answer.strip(), proposal)
        if len(chosen) == limit:
            break
    return list(chosen.values())


def nearness(unit_id: UUID, asker: Asker | None) -> Nearness:
    """Return where an answer comes from, seen from the asker."""
    if asker is None:
        return Nearness.ELSEWHERE
    if unit_id in asker.same:
        return Nearness.OWN
    return Nearness.ABOVE if unit_id in asker.above else Nearness.BESIDE


def _place_share(
    spoken_of: frozenset[str], near: Nearness, named: frozenset[str], asker: Asker | None
) -> float:
    """Return what an answer keeps of its likeness for the place it speaks of: an answer about elsewhere is another answer."""
    share = BESIDE if near == Nearness.BESIDE else 1.0
    here = named or (asker.names if asker and near == Nearness.BESIDE else frozenset())
    return share * OTHER_PLACE if spoken_of and here and not spoken_of & here else share


def asker(*, unit_id: UUID, on: date) -> Asker:
    """Return where somebody of that unit stands on that day."""
    above, same = places.standing(unit_id=unit_id, on=on)
    roots = above or [unit_id, *same]
    return Asker(
        unit_id=unit_id,
        above=tuple(above),
        same=same,
        provinces=tuple(dict.fromkeys(u.hex for u in roots)),
        names=places.names_of({*above, *same}),
    )


def as_plain(proposals: Iterable[Proposal]) -> Mapping[str, float]:
    """Return number → likeness, for figures."""
    return {p.answer.number: round(p.likeness, 3) for p in proposals}
