"""Reads of the answers library: public."""

from datetime import date
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import QuerySet

from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import AnswerState
from caunoi.kit.text import fold
from caunoi.kit.viewing import system
from caunoi.units import queries as units

PUBLIC = "public library"
LEAST_LIKENESS = 0.45


@system(PUBLIC)
def published(
    *, text: str = "", under: UUID | None = None, on: date, topic: str = ""
) -> QuerySet[PublishedAnswer]:
    """Return valid and corrected answers, newest first; every word of ``text`` must occur, with or without diacritics."""
    found = PublishedAnswer.objects.exclude(state=AnswerState.WITHDRAWN).order_by("-published_at")
    for word in fold(text).split()[:8]:
        found = found.filter(folded__contains=word)
    if under:
        found = found.filter(
            unit_id__in=units.subtree_filter(
                paths=units.paths_of(unit_ids=[under], on=on).values(), on=on
            )
        )
    return found.filter(topic=topic) if topic else found


@system(PUBLIC)
def by_number(*, number: str) -> PublishedAnswer | None:
    """Return the answer with that number, withdrawn ones too (the page says so)."""
    return PublishedAnswer.objects.filter(number=number).first()


@system(PUBLIC)
def similar(*, text: str, limit: int = 3) -> list[PublishedAnswer]:
    """Return answers to questions that look alike, best first; nothing when nothing is near. Shown to a person, never sent."""
    asked = fold(text)
    if len(asked) < 8:
        return []
    near = PublishedAnswer.objects.exclude(state=AnswerState.WITHDRAWN).filter(
        folded__trigram_word_similar=asked[:200]
    )
    scored = near.annotate(likeness=TrigramWordSimilarity(asked[:200], "folded")).filter(
        likeness__gte=LEAST_LIKENESS
    )
    return list(scored.order_by("-likeness", "-published_at")[:limit])
