"""Reads of the answers library: public."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from caunoi.answers import similar as find
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.similar import Proposal
from caunoi.answers.terms import AnswerState
from caunoi.kit.text import fold
from caunoi.kit.viewing import system
from caunoi.units import queries as units

PUBLIC = "public library"


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
