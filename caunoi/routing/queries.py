"""Reads of routing. Topics and bodies are a public register; rules are read by staff."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.routing import rules
from caunoi.routing.models import Body, Rule, Topic
from caunoi.routing.terms import (
    BodyFacts,
    CaseFacts,
    Mode,
    Proposal,
    RuleFacts,
    TopicGuess,
    TopicWords,
)
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

REGISTER = "public register"
KIND_NAMES = {
    "question": gettext_noop("question"),
    "report": gettext_noop("report"),
    "petition": gettext_noop("petition"),
    "voter_petition": gettext_noop("voters' petition"),
    "complaint": gettext_noop("complaint"),
    "denunciation": gettext_noop("denunciation"),
    "tip_off": gettext_noop("tip-off"),
    "emergency": gettext_noop("emergency"),
}


@system(REGISTER)
def topics(*, all_of_them: bool = False) -> list[Topic]:
    """Return the topics in their order; ``all_of_them`` with those that are no longer offered."""
    found = Topic.objects.all()
    return list(found if all_of_them else found.filter(is_active=True))


@system(REGISTER)
def topic_name(*, code: str) -> str:
    """Return the topic's name, or the code itself when nobody knows it."""
    return Topic.objects.filter(pk=code).values_list("name", flat=True).first() or code


@system(REGISTER)
def guess_topics(*, text: str, among: Iterable[Topic] | None = None) -> list[TopicGuess]:
    """Return what the text may be about, best first, with the words that say so; a person confirms.

    among  the topics on offer, when they were asked for already
    """
    return rules.topics_of(text, _topic_words(topics() if among is None else among))


def _topic_words(offered: Iterable[Topic]) -> list[TopicWords]:
    return [TopicWords(t.code, t.name, rules.keywords_of(t.keywords)) for t in offered]


@system(REGISTER)
def bodies_at(*, unit_ids: Iterable[UUID], on: date) -> QuerySet[Body]:
    """Return the bodies attached to these units that exist on that day, in Vietnamese order."""
    living = Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    return Body.objects.filter(living, unit_id__in=list(unit_ids)).order_by("sort_key")


@system(REGISTER)
def bodies_around(*, unit_id: UUID, on: date) -> list[Body]:
    """Return whom an officer of that unit may ask: its own bodies, then those of the units above, nearest first."""
    above = [u.id for u in units.ancestors(unit_id=unit_id, on=on)]
    nearness = {u: n for n, u in enumerate([unit_id, *reversed(above)])}
    found = bodies_at(unit_ids=nearness, on=on)
    return sorted(found, key=lambda b: nearness[b.unit_id])


@system(REGISTER)
def body(*, pk: UUID) -> Body | None:
    """Return one body."""
    return Body.objects.filter(pk=pk).first()


@system("a member of a body sees what was handed to it")
def bodies_of_member(*, account_id: int, on: date) -> list[Body]:
    """Return the living bodies this account is a member of."""
    living = Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    return list(Body.objects.filter(living, members=account_id).order_by("sort_key"))


def _around(viewer: Viewer, on: date, field: str) -> Q:
    paths = viewer.scope("routing.view")
    above = {UUID(label) for path in paths for label in path.split(".")}
    below = units.subtree_filter(paths=paths, on=on)
    return Q(**{f"{field}__in": below}) | Q(**{f"{field}__in": above})


def visible_bodies(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[Body]:
    """Return the bodies attached to the viewer's units, to those below and to those above, filtered by every word."""
    found = Body.objects.filter(_around(viewer, on, "unit_id")).order_by(
        F("valid_until").desc(nulls_first=True), "sort_key"
    )
    for word in fold(text).split()[:6]:
        found = found.filter(folded__contains=word)
    return found


def visible_rules(viewer: Viewer, *, on: date, topic: str = "", kind: str = "") -> QuerySet[Rule]:
    """Return the rules that concern the viewer's units: theirs, those below, and those of the units above."""
    around = _around(viewer, on, "place_id")
    found = Rule.objects.filter(around).select_related("topic", "to_body")
    if topic:
        found = found.filter(topic_id=topic)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by(
        F("valid_until").desc(nulls_first=True), "priority", "topic__position", "pk"
    )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that says who is competent at some units on one day, read once for many cases."""

    on: date
    topics: Sequence[TopicWords]
    paths: Mapping[UUID, str]
    names: Mapping[UUID, str]
    rules: Sequence[RuleFacts]
    bodies: Sequence[BodyFacts]

    def topic_in(self, text: str) -> TopicGuess | None:
        """Return what the text is most likely about, or None."""
        return next(iter(rules.topics_of(text, self.topics, limit=1)), None)

    def proposal_for(self, *, unit_id: UUID, topic: str, kind: str) -> Proposal | None:
        """Return who is competent for that topic and kind at that unit, and why; None when no rule says so."""
        if unit_id not in self.paths:
            return None
        case = CaseFacts(topic, kind, self.paths[unit_id], self.names[unit_id])
        return rules.propose(case=case, rules=self.rules, bodies=self.bodies, on=self.on)


@system("the proposal for one case, which the caller may see")
def proposal_for(*, unit_id: UUID, topic: str, kind: str, on: date) -> Proposal | None:
    """Return who is competent for that topic and kind at that unit, and why; None when no rule says so."""
    lineages = units.lineages_of(unit_ids=[unit_id], on=on)
    book = rulebook(lineages=lineages, on=on, with_topics=False)
    return book.proposal_for(unit_id=unit_id, topic=topic, kind=kind)


@system("proposals for cases, which the caller may see")
def rulebook(
    *, lineages: Mapping[UUID, Sequence[UnitNow]], on: date, with_topics: bool = True
) -> Rulebook:
    """Return what is needed to propose for cases of these units, each given with those above it.

    with_topics   whether topics will be guessed from words
    """
    around = {unit.id: unit for line in lineages.values() for unit in line}
    paths = {unit_id: unit.path for unit_id, unit in around.items()}
    names = {unit_id: unit.full_name for unit_id, unit in around.items()}
    found = list(Rule.objects.filter(place_id__in=around).select_related("topic", "to_body"))
    elsewhere = {r.to_unit_id for r in found if r.to_unit_id} - names.keys()
    if elsewhere:
        names |= units.names_of(unit_ids=elsewhere, on=on)
    offices = any(r.to_office for r in found)
    bodies = bodies_at(unit_ids=paths, on=on) if offices else ()
    return Rulebook(
        on=on,
        topics=_topic_words(topics()) if with_topics else (),
        paths=paths,
        names=names,
        rules=[_facts(r, paths, names) for r in found if _alive(r, on)],
        bodies=[BodyFacts(b.pk, b.office, b.name, paths[b.unit_id]) for b in bodies if b.office],
    )


def _alive(rule: Rule, on: date) -> bool:
    ended = rule.to_body is not None and rule.to_body.valid_until is not None
    return not (ended and rule.to_body.valid_until <= on)  # type: ignore[union-attr,operator]


def _facts(rule: Rule, paths: Mapping[UUID, str], names: Mapping[UUID, str]) -> RuleFacts:
    target = rule.to_body.name if rule.to_body else names.get(rule.to_unit_id, "")  # type: ignore[arg-type]
    with override("vi"):
        kind_name = _(KIND_NAMES[rule.kind]) if rule.kind in KIND_NAMES else rule.kind
    return RuleFacts(
        id=rule.pk,
        topic=rule.topic_id or "",
        topic_name=rule.topic.name if rule.topic else "",
        kind=rule.kind,
        kind_name=kind_name,
        place_path=paths.get(rule.place_id, ""),
        place_name=names.get(rule.place_id, ""),
        unit_id=rule.to_unit_id,
        body_id=rule.to_body_id,
        office=rule.to_office,
        target_name=target,
        priority=rule.priority,
        automatic=rule.mode == Mode.AUTOMATIC,
        legal_source=rule.legal_source,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )
