"""Approving an answer: what is hidden is decided, the answer published and sent, in one step."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from caunoi.answers.models import PublishedAnswer
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case
from caunoi.handling.terms import NotDecided
from caunoi.journeys import ask_and_answer, redacting
from caunoi.kit.viewing import Viewer


@transaction.atomic
def approve_reviewed(
    *, case: Case, prints: str, hidden: Collection[str], more: str, by: Viewer, at: datetime
) -> PublishedAnswer | None:
    """Record what is hidden as the approver saw it, and approve, publish and send.

    prints  the mark of the words she saw (``Review.prints``)
    Raises NotDecided (the words are others now), and as ask_and_answer.answer_and_publish
    """
    draft = case_queries.open_draft(case=case)
    if case.is_public and draft is not None:
        if redacting.review_of(case=case, answer=draft.text).prints != prints:
            raise NotDecided("The words changed meanwhile; look again at what will be hidden.")
        redacting.decide(case=case, answer=draft.text, hidden=hidden, more=more, by=by, at=at)
    return ask_and_answer.answer_and_publish(case=case, approver=by, at=at)
