"""Reads of the answers library: public, but for the list of its keepers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from caunoi.answers import places, rules
from caunoi.answers import similar as find
from caunoi.answers.import_models import AnswerImport
from caunoi.answers.models import AnswerVersion, PublishedAnswer
from caunoi.answers.similar import Proposal, valid_on
from caunoi.answers.terms import AnswerState, Piece, Standing
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.routing.models import Topic
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PUBLIC = "public library"
MAX_WORDS = 8
LONG_ENOUGH = 3


@system(PUBLIC)
def published(
    *, text: str = "", under: UUID | None = None, on: date, topic: str = "", old: bool = True
) -> QuerySet[PublishedAnswer]:
    """Return answers that were not withdrawn, newest first; every word of ``text`` must occur, with or without diacritics.

    under  the unit, everything below it, and what they were before a reform
    old    also those that no longer hold (ended, not yet begun, law changed)
    """
    found = PublishedAnswer.objects.exclude(state=AnswerState.WITHDRAWN).order_by("-published_at")
    found = _with_words(found, text)
    if under:
        found = found.filter(unit_id__in=places.ever_in(unit_id=under, on=on))
    if topic:
        found = found.filter(topic=topic)
    return found if old else found.filter(valid_on(on), law_changed_at=None)


def _with_words(found: QuerySet[PublishedAnswer], text: str) -> QuerySet[PublishedAnswer]:
    """Very short words help only beside a longer one: alone they would be in nearly every text."""
    words = fold(text).split()[:MAX_WORDS]
    for word in [w for w in words if len(w) >= LONG_ENOUGH] or words:
        found = found.filter(folded__contains=word)
    return found


@system(PUBLIC)
def by_number(*, number: str) -> PublishedAnswer | None:
    """Return the answer with that number, withdrawn ones too (the page says so)."""
    return PublishedAnswer.objects.filter(number=number).first()


@system(PUBLIC)
def by_numbers(*, numbers: Sequence[str]) -> list[PublishedAnswer]:
    """Return these answers, newest first, without withdrawn ones."""
    return list(published(on=date.min).filter(number__in=numbers))


@system(PUBLIC)
def how_it_stands(answer: PublishedAnswer, *, on: date) -> Standing:
    """Return how the answer stands on that day, for a chip beside it."""
    return rules.standing(
        state=answer.state,
        law_changed=answer.law_changed_at is not None,
        begun=answer.valid_from is None or answer.valid_from <= on,
        ended=answer.valid_until is not None and answer.valid_until < on,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One version of an answer and what it changed of the one before."""

    version: AnswerVersion
    pieces: tuple[Piece, ...]


@system(PUBLIC)
def history(*, answer: PublishedAnswer) -> list[Shown]:
    """Return every text the answer had, newest first, each with its changes; empty while there is only one."""
    versions = list(answer.versions.order_by("number"))
    shown = [Shown(versions[0], ())] if versions else []
    for before, after in pairwise(versions):
        shown.append(Shown(after, tuple(rules.compared(before.text, after.text))))
    return shown[::-1]


@system(PUBLIC)
def similar(
    *,
    text: str,
    on: date,
    unit_id: UUID | None = None,
    topic: str = "",
    without: tuple[str, ...] = (),
    limit: int = 3,
) -> list[Proposal]:
    """Return published answers whose question is like ``text``, best first; nothing when none is near. Shown to a person, never sent.

    unit_id  the asker's unit: only answers of her province then, her own unit and those above first
    """
    asker = find.asker(unit_id=unit_id, on=on) if unit_id else None
    return find.propose(text=text, on=on, asker=asker, topic=topic, without=without, limit=limit)


SHOWS = ("all", "ending", "ended", "law_changed", "corrected", "withdrawn", "not_helping")
"""The views of the keepers' list."""


def kept(
    viewer: Viewer, *, show: str, text: str, on: date, soon: date
) -> QuerySet[PublishedAnswer]:
    """Return the answers the viewer keeps, newest first, each with how often it helped.

    show  one of SHOWS; ``ending`` ends before ``soon``, ``not_helping`` was refused more often than accepted
    """
    reach = units.subtree_filter(paths=viewer.scope(Permission.ANSWERS_MANAGE), on=on)
    found = _with_words(PublishedAnswer.objects.filter(unit_id__in=reach), text)
    found = found.annotate(
        helped=Sum("tallies__helped", default=0), not_helped=Sum("tallies__not_helped", default=0)
    )
    conditions = {
        "ending": Q(valid_until__gte=on, valid_until__lte=soon),
        "ended": Q(valid_until__lt=on),
        "law_changed": Q(law_changed_at__isnull=False),
        "corrected": Q(state=AnswerState.CORRECTED),
        "withdrawn": Q(state=AnswerState.WITHDRAWN),
    }
    if show == "not_helping":
        return found.filter(not_helped__gt=0).order_by("-not_helped", "-published_at")
    return found.filter(conditions.get(show, Q())).order_by("-published_at")


def kept_answer(viewer: Viewer, *, number: str, on: date) -> PublishedAnswer | None:
    """Return one answer the viewer keeps, or None."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.ANSWERS_MANAGE), on=on)
    return PublishedAnswer.objects.filter(unit_id__in=reach, number=number).first()


@system(PUBLIC)
def answered_among(topics: Sequence[Topic]) -> list[Topic]:
    """Return those topics on which something was answered, in one query that looks once into the index for each."""
    some = PublishedAnswer.objects.filter(topic=OuterRef("pk"))
    found = Topic.objects.filter(Exists(some), pk__in=[t.pk for t in topics])
    answered = set(found.values_list("pk", flat=True))
    return [t for t in topics if t.pk in answered]


def imports(viewer: Viewer, *, on: date) -> QuerySet[AnswerImport]:
    """Return the sheets brought into the units whose answers the viewer keeps, newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.ANSWERS_MANAGE), on=on)
    found = AnswerImport.objects.filter(unit_id__in=reach)
    return found.select_related("account").order_by("-made_at", "pk")
