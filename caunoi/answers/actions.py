"""Writes of the answers library. What was published is never silently changed: each text stays with its day and reason."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from caunoi.answers import index, rules
from caunoi.answers.models import AnswerEvent, AnswerVersion, HelpTally, PublishedAnswer
from caunoi.answers.terms import (
    AnswerState,
    EndsBeforeItBegins,
    Event,
    NothingChanged,
    SayWhy,
    Withdrawn,
)
from caunoi.kit import audit
from caunoi.kit.clock import local_date
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.webhooks import actions as webhooks
from caunoi.webhooks.terms import EventType

WHY = 300
TOLD = {"corrected": EventType.ANSWER_CORRECTED, "withdrawn": EventType.ANSWER_WITHDRAWN}


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
    hidden_by_hand: bool = False,
) -> PublishedAnswer:
    """Put a question and its answer into the library, personal data masked in both. Idempotent by ``number``.

    hidden_by_hand  a person decided what is hidden and what is not (an office's own number stays): nothing more is masked
    """

    def public(text: str) -> str:
        return clean(text) if hidden_by_hand else rules.redact(clean(text), names=names).text

    fields = {
        "unit_id": unit_id,
        "title": public(title)[:160],
        "question": public(question),
        "answer": public(answer),
        "agency": agency,
        "topic": topic,
        "published_at": at,
        "approved_by_name": by.name,
    }
    published, new = PublishedAnswer.objects.get_or_create(number=number, defaults=fields)
    if new:
        audit.record("answers.answer.published", on=published, by=by, at=at, unit_id=unit_id)
        _note(Event.PUBLISHED, published, at=at)
        index.put(published)
        _tell(EventType.ANSWER_PUBLISHED, published, at)
    return published


def _tell(event: EventType, published: PublishedAnswer, at: datetime) -> None:
    path = f"/api/v1/answers/{published.number}"
    webhooks.tell(event, number=published.number, path=path, unit_ids=[published.unit_id], at=at)


@transaction.atomic
def correct_answer(
    *,
    published: PublishedAnswer,
    answer: str,
    why: str,
    by: Viewer,
    at: datetime,
    names: tuple[str, ...] = (),
    hidden_by_hand: bool = False,
    again: bool = False,
) -> PublishedAnswer:
    """Change a published answer and say openly that and why; the text before it stays readable.

    hidden_by_hand  as in publish_answer
    again           the question was taken up again and answered once more; the same text is an answer too
    Raises SayWhy, Withdrawn, NothingChanged (not when ``again``)
    """
    published = _standing(published, why)
    text = clean(answer)
    if not hidden_by_hand:
        text = rules.redact(text, names=names).text
    same = text.strip() == published.answer.strip()
    if same and not again:
        raise NothingChanged("The text is the same as before; change it or leave it.")
    _note(Event.AGAIN if again else Event.CORRECTED, published, at=at)
    if same:
        return published
    _keep_version(published, text=text, why=why, by=by, at=at)
    published.answer, published.state = text, AnswerState.CORRECTED.value
    published.corrected_at, published.correction = at, clean(why)[:WHY]
    published.save(update_fields=["answer", "state", "corrected_at", "correction"])
    _record("corrected", published, by=by, at=at, after={"why": clean(why)[:WHY]})
    return published


def _keep_version(
    published: PublishedAnswer, *, text: str, why: str, by: Viewer, at: datetime
) -> None:
    last = published.versions.order_by("-number").first()
    if last is None:
        last = AnswerVersion.objects.create(
            answer=published,
            number=1,
            text=published.answer,
            from_at=published.published_at,
            by_name=published.approved_by_name,
        )
    AnswerVersion.objects.create(
        answer=published,
        number=last.number + 1,
        text=text,
        from_at=at,
        why=clean(why)[:WHY],
        by_name=by.name,
    )


@transaction.atomic
def withdraw_answer(
    *, published: PublishedAnswer, why: str, by: Viewer, at: datetime
) -> PublishedAnswer:
    """Take an answer out of the library; its page stays and says why. Raises SayWhy, Withdrawn."""
    published = _standing(published, why)
    published.state, published.corrected_at = AnswerState.WITHDRAWN.value, at
    published.correction = clean(why)[:WHY]
    published.save(update_fields=["state", "corrected_at", "correction"])
    _record("withdrawn", published, by=by, at=at, after={"why": clean(why)[:WHY]})
    _note(Event.WITHDRAWN, published, at=at)
    index.put(published)
    return published


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
    _note(Event.REMOVED, found, at=at)
    found.state = AnswerState.WITHDRAWN.value
    index.put(found)
    found.delete()
    return True


@transaction.atomic
def mark_law_changed(
    *, published: PublishedAnswer, note: str, by: Viewer, at: datetime
) -> PublishedAnswer:
    """Say on the answer that the law it rests on has changed; it is no longer proposed. Raises SayWhy, Withdrawn."""
    published = _standing(published, note)
    published.law_changed_at, published.law_note = at, clean(note)[:WHY]
    published.save(update_fields=["law_changed_at", "law_note"])
    _record("law_changed", published, by=by, at=at, after={"note": published.law_note})
    _note(Event.LAW_CHANGED, published, at=at)
    index.put(published)
    return published


@transaction.atomic
def unmark_law_changed(*, published: PublishedAnswer, by: Viewer, at: datetime) -> PublishedAnswer:
    """Take the mark away (set by mistake, or the answer was corrected since). Raises Withdrawn, NothingChanged."""
    published = _standing(published, "-")
    if published.law_changed_at is None:
        raise NothingChanged("This answer bears no such mark.")
    before = {"note": published.law_note}
    published.law_changed_at, published.law_note = None, ""
    published.save(update_fields=["law_changed_at", "law_note"])
    _record("law_unmarked", published, by=by, at=at, before=before)
    index.put(published)
    return published


@transaction.atomic
def set_validity(
    *,
    published: PublishedAnswer,
    valid_from: date | None,
    valid_until: date | None,
    by: Viewer,
    at: datetime,
) -> PublishedAnswer:
    """Say from and until which day (both included) the answer holds; None leaves a side open.

    Raises EndsBeforeItBegins, Withdrawn
    """
    if valid_from and valid_until and valid_until < valid_from:
        raise EndsBeforeItBegins("The last day lies before the first.")
    published = _standing(published, "-")
    before = {"from": published.valid_from, "until": published.valid_until}
    published.valid_from, published.valid_until = valid_from, valid_until
    published.save(update_fields=["valid_from", "valid_until"])
    after = {"from": valid_from, "until": valid_until}
    _record("validity_set", published, by=by, at=at, before=before, after=after)
    return published


@transaction.atomic
def count_help(*, published: PublishedAnswer, helped: bool, at: datetime) -> None:
    """Count that the answer settled somebody's question, or did not: a number a month, nobody's name. Not audited: nothing was decided."""
    month = local_date(at).replace(day=1)
    tally, _ = HelpTally.objects.get_or_create(answer=published, month=month)
    field = "helped" if helped else "not_helped"
    HelpTally.objects.filter(pk=tally.pk).update(**{field: F(field) + 1})


def _standing(published: PublishedAnswer, why: str) -> PublishedAnswer:
    """Return the answer locked. Raises SayWhy, Withdrawn."""
    if not why.strip():
        raise SayWhy("Say why; everybody reads it.")
    own = PublishedAnswer.objects.select_for_update(of=("self",), no_key=True)
    published = own.get(pk=published.pk)
    if published.state == AnswerState.WITHDRAWN:
        raise Withdrawn("The answer was withdrawn meanwhile.")
    return published


def _note(kind: Event, published: PublishedAnswer, *, at: datetime) -> None:
    """Write down, in the same transaction, what followers are to be told."""
    AnswerEvent.objects.create(
        number=published.number,
        unit_id=published.unit_id,
        topic=published.topic,
        kind=kind.value,
        at=at,
    )


def _record(
    what: str, published: PublishedAnswer, *, by: Viewer, at: datetime, **changed: Any
) -> None:
    event = f"answers.answer.{what}"
    audit.record(event, on=published, by=by, at=at, unit_id=published.unit_id, **changed)
    if what in TOLD:
        _tell(TOLD[what], published, at)
