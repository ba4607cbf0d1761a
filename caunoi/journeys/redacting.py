"""Before an answer is public a person looks at what is hidden in it: proposals, decisions, and nothing published without one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from caunoi.answers import redaction
from caunoi.answers.redaction import Mark
from caunoi.answers.rules import title_of
from caunoi.answers.terms import Hidden
from caunoi.cases import on_behalf
from caunoi.cases.ground import check_may
from caunoi.cases.models import Case
from caunoi.handling.models import Redaction
from caunoi.handling.terms import NotDecided
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission


@dataclass(frozen=True, slots=True)
class Part:
    """The question or the answer, with what is proposed to be hidden and what is decided (None: nobody decided yet)."""

    name: str
    text: str
    proposed: tuple[Mark, ...]
    decided: tuple[Mark, ...] | None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What the page shows: the decision, or else the proposals."""
        return self.proposed if self.decided is None else self.decided

    @property
    def all_marks(self) -> tuple[Mark, ...]:
        """Everything a box stands for: proposals and what was hidden beside them."""
        return redaction.join(self.decided or (), self.proposed)

    @property
    def public(self) -> str:
        return redaction.hide(self.text, self.marks)


@dataclass(frozen=True, slots=True)
class Review:
    """Question and answer as everybody will read them."""

    question: Part
    answer: Part

    @property
    def must_decide(self) -> bool:
        """True when something is proposed and nobody decided about these very words."""
        parts = (self.question, self.answer)
        return any(p.proposed for p in parts) and any(p.decided is None for p in parts)

    @property
    def title(self) -> str:
        return title_of(self.question.public)[:160]

    @property
    def prints(self) -> str:
        """The mark of the words that were looked at."""
        return redaction.fingerprint(f"{self.question.text}\x00{self.answer.text}")


def review_of(*, case: Case, answer: str) -> Review:
    """Return what is proposed and decided for the case's question and this answer."""
    kept = Redaction.objects.filter(case=case).first()
    question, answer = clean(case.text), clean(answer)
    names = on_behalf.names_to_hide(case)
    asked = (kept.question_print, kept.question_marks) if kept else ("", [])
    said = (kept.answer_print, kept.answer_marks) if kept else ("", [])
    return Review(_part("question", question, names, *asked), _part("answer", answer, names, *said))


def _part(name: str, text: str, names: tuple[str, ...], known_by: str, kept: list) -> Part:
    decided = None
    if known_by == redaction.fingerprint(text):
        decided = tuple(Mark(start, end, Hidden(kind)) for start, end, kind in kept)
    return Part(name, text, redaction.propose(text, names=names), decided)


@transaction.atomic
def decide(
    *, case: Case, answer: str, hidden: Collection[str], more: str, by: Viewer, at: datetime
) -> Review:
    """Record what is hidden in question and answer: the chosen marks, and every place of the words in ``more`` (one a line).

    hidden  keys like "question:12:22:phone"; what was proposed and is not among them stays to be read by everybody
    -> the review as it stands now. On record: kinds and counts, never words. Raises NotYourCase
    """
    check_may(case, by, Permission.CASES_DRAFT, at)
    review = review_of(case=case, answer=answer)
    beside = more.splitlines()
    marks = {
        p.name: redaction.join(
            [m for m in p.all_marks if f"{p.name}:{m.key}" in hidden],
            redaction.find_words(p.text, beside),
        )
        for p in (review.question, review.answer)
    }
    Redaction.objects.update_or_create(
        case=case,
        defaults={
            "question_print": redaction.fingerprint(review.question.text),
            "question_marks": [[m.start, m.end, m.kind.value] for m in marks["question"]],
            "answer_print": redaction.fingerprint(review.answer.text),
            "answer_marks": [[m.start, m.end, m.kind.value] for m in marks["answer"]],
            "decided_by_id": by.account_id,
            "decided_at": at,
        },
    )
    shown = [
        m for p in (review.question, review.answer) for m in p.proposed if m not in marks[p.name]
    ]
    audit.record(
        "handling.redaction.decided",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={
            "hidden": redaction.counts((*marks["question"], *marks["answer"])),
            "left_to_read": redaction.counts(shown),
        },
    )
    return review_of(case=case, answer=answer)


def confirm(*, case: Case, answer: str, by: Viewer, at: datetime) -> Review:
    """Record that everything proposed is hidden, and nothing else. Raises NotYourCase."""
    review = review_of(case=case, answer=answer)
    parts = (review.question, review.answer)
    hidden = [f"{p.name}:{m.key}" for p in parts for m in p.proposed]
    return decide(case=case, answer=answer, hidden=hidden, more="", by=by, at=at)


def decided(*, case: Case, answer: str) -> Review:
    """Return the review an answer is published by. Raises NotDecided when something is proposed and nobody decided about these words."""
    review = review_of(case=case, answer=answer)
    if review.must_decide:
        raise NotDecided("First look at what will be hidden from the public, and confirm it.")
    return review
