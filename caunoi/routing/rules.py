"""Who is competent, and why: pure. Explanations are content that stays on the case, so they are always Vietnamese."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from caunoi.kit.text import fold
from caunoi.routing.terms import (
    BodyFacts,
    CaseFacts,
    Proposal,
    RuleFacts,
    TopicGuess,
    TopicWords,
)

_WORDS = re.compile(r"\w+")


def holds(rule: RuleFacts, *, case: CaseFacts, on: date) -> bool:
    """True when the rule is in force that day and names this topic, this kind and this place (or leaves them open)."""
    in_force = rule.valid_from <= on and (rule.valid_until is None or on < rule.valid_until)
    return (
        in_force
        and rule.topic in {"", case.topic}
        and rule.kind in {"", case.kind}
        and stands_below(case.path, rule.place_path)
    )


def stands_below(path: str, root: str) -> bool:
    """True when the path is the root's own or lies under it."""
    return bool(root) and (path == root or path.startswith(root + "."))


def rank(rule: RuleFacts) -> tuple[int, int, int, int, int]:
    """Return what decides between rules that hold: priority first, then the nearer place, the named topic, the named kind, the older rule."""
    return (
        rule.priority,
        -rule.place_path.count("."),
        not rule.topic,
        not rule.kind,
        rule.id,
    )


def propose(
    *, case: CaseFacts, rules: Iterable[RuleFacts], bodies: Sequence[BodyFacts], on: date
) -> Proposal | None:
    """Return the best rule's target with its reason in words, or None when no rule holds.

    bodies   the bodies that may be meant by their office; the one nearest above the case's unit is taken
    A rule whose office nobody holds here is passed over.
    """
    for rule in sorted((r for r in rules if holds(r, case=case, on=on)), key=rank):
        body_id, name = rule.body_id, rule.target_name
        if rule.office:
            nearest = nearest_body(office=rule.office, path=case.path, bodies=bodies)
            if nearest is None:
                continue
            body_id, name = nearest.id, nearest.name
        return Proposal(
            rule_id=rule.id,
            unit_id=rule.unit_id,
            body_id=body_id,
            target_name=name,
            explanation=explain(rule, case=case, target_name=name),
            automatic=rule.automatic,
        )
    return None


def nearest_body(*, office: str, path: str, bodies: Sequence[BodyFacts]) -> BodyFacts | None:
    """Return the body with that office at the unit or at the nearest one above it."""
    above = [b for b in bodies if b.office == office and stands_below(path, b.path)]
    return max(above, key=lambda b: b.path.count("."), default=None)


def explain(rule: RuleFacts, *, case: CaseFacts, target_name: str) -> str:
    """Return why, in one Vietnamese sentence: "Chuyển Phòng Kinh tế vì chủ đề “nông nghiệp” ở xã Tri Lễ."."""
    reasons = []
    if rule.topic:
        reasons.append(f"chủ đề “{rule.topic_name.lower()}”")
    if rule.kind:
        reasons.append(f"loại việc “{rule.kind_name.lower()}”")
    because = " và ".join(reasons) or "quy tắc chung"
    source = f" Căn cứ: {rule.legal_source}." if rule.legal_source else ""
    return f"Chuyển {target_name} vì {because} ở {place_words(case.place_name)}.{source}"


def place_words(full_name: str) -> str:
    """Return a unit's name inside a sentence: "Xã Tri Lễ" → "xã Tri Lễ"."""
    return full_name[:1].lower() + full_name[1:]


def topics_of(text: str, topics: Iterable[TopicWords], *, limit: int = 3) -> list[TopicGuess]:
    """Return the topics whose words occur in the text, best first; a person confirms.

    Longer phrases weigh more, and a word spelt with its own accents twice as much ("gây rối" is not "gãy rồi").
    Words match whole, with or without diacritics.
    """
    folded, spelt = f" {_plain(text)} ", f" {' '.join(_WORDS.findall(text.lower()))} "
    found = []
    for topic in topics:
        words = tuple(k for k in topic.keywords if f" {_plain_keyword(k)} " in folded)
        score = sum(len(k.split()) ** 2 * (2 if f" {k.lower()} " in spelt else 1) for k in words)
        if score:
            found.append(TopicGuess(topic.code, topic.name, words, score))
    return sorted(found, key=lambda g: (-g.score, g.code))[:limit]


@lru_cache(maxsize=4096)
def _plain_keyword(keyword: str) -> str:
    return _plain(keyword)


def _plain(keyword: str) -> str:
    return " ".join(re.split(r"[^a-z0-9]+", fold(keyword))).strip()


def keywords_of(lines: str) -> tuple[str, ...]:
    """Return the words written one a line (or between commas), each once, in order."""
    words = (" ".join(w.split()) for w in re.split(r"[\n,;]", lines))
    return tuple(dict.fromkeys(w for w in words if w))


def one_target(*, unit_id: UUID | None, body_id: UUID | None, office: str) -> bool:
    """True when exactly one of the three is named."""
    return sum((unit_id is not None, body_id is not None, bool(office))) == 1
