"""Writes of the answers library."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from caunoi.answers import index, rules
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import AnswerState
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer


@transaction.atomic
def publish_answer(
    *,
    number: str,
    unit_id: UUID,
    title: str,
    question: str,
    answer: str,
    agency: str,
    by: Viewer,
    at: datetime,
    topic: str = "",
    names: tuple[str, ...] = (),
) -> PublishedAnswer:
    """Put a question and its answer into the library, personal data masked in both. Idempotent by ``number``."""
    fields = {
        "unit_id": unit_id,
        "title": rules.redact(clean(title), names=names).text[:160],
        "question": rules.redact(clean(question), names=names).text,
        "answer": rules.redact(clean(answer), names=names).text,
        "agency": agency,
        "topic": topic,
        "published_at": at,
        "approved_by_name": by.name,
    }
    published, new = PublishedAnswer.objects.get_or_create(number=number, defaults=fields)
    if new:
        audit.record("answers.answer.published", on=published, by=by, at=at, unit_id=unit_id)
        index.put(published)
    return published


@transaction.atomic
def correct_answer(
    *,
    published: PublishedAnswer,
    answer: str,
    why: str,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
) -> None:
    """Change a published answer and say openly that and why it was changed."""
    published.answer = rules.redact(clean(answer)).text
    published.state, published.corrected_at = AnswerState.CORRECTED.value, at
    published.correction, published.valid_until = clean(why)[:300], valid_until
    published.save(update_fields=["answer", "state", "corrected_at", "correction", "valid_until"])
    audit.record(
        "answers.answer.corrected",
        on=published,
        by=by,
        at=at,
        unit_id=published.unit_id,
        after={"why": clean(why)[:300]},
    )


@transaction.atomic
def withdraw_answer(*, published: PublishedAnswer, why: str, by: Viewer, at: datetime) -> None:
    """Take an answer out of the library; its page stays and says why."""
    published.state, published.corrected_at, published.correction = (
        AnswerState.WITHDRAWN.value,
        at,
        clean(why)[:300],
    )
    published.save(update_fields=["state", "corrected_at", "correction"])
    audit.record(
        "answers.answer.withdrawn",
        on=published,
        by=by,
        at=at,
        unit_id=published.unit_id,
        after={"why": clean(why)[:300]},
    )
    index.put(published)


@transaction.atomic
def remove_answer(*, number: str, by: Viewer, at: datetime) -> bool:
    """Take a question and its answer out of the public for ever: the case turned out to be of a kind that is never public.

    -> whether there was one. That it was there stays in the record, its words do not.
    """
    published = PublishedAnswer.objects.select_for_update(of=("self",)).filter(number=number)
    found = published.first()
    if found is None:
        return False
    audit.record("answers.answer.removed", on=found, by=by, at=at, unit_id=found.unit_id)
    found.delete()
    return True
