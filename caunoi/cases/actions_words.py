"""Writes about words that changed after they became a case. The asker acts; no viewer is asked."""

from datetime import datetime

from django.db import transaction

from caunoi.cases import rules
from caunoi.cases.ground import add_step
from caunoi.cases.models import Case
from caunoi.cases.terms import State, StepKind
from caunoi.kit import audit
from caunoi.kit.text import clean

LONGEST = 10_000


@transaction.atomic
def note_edit(*, case: Case, text: str, at: datetime) -> None:
    """The asker changed her message: the new words stand on the timeline for officers; what was first written stays the case's text."""
    add_step(case, StepKind.EDITED, at=at, by=None, note=clean(text)[:LONGEST])


@transaction.atomic
def note_removal(*, case: Case, at: datetime) -> Case:
    """The asker took her message back: said on the timeline once, and while nobody has answered the page is not public any more."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if case.steps.filter(kind=StepKind.REMOVED.value).exists():
        return case
    add_step(case, StepKind.REMOVED, at=at, by=None)
    if State(case.state) in rules.UNFINISHED:
        _hide(case)
    audit.record("cases.message.taken_back", on=case, at=at, unit_id=case.owner_id)
    return case


@transaction.atomic
def hide_case(*, case: Case, at: datetime) -> None:
    """Take the case out of the public because its words turned into something that never is; an officer may change it back."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if case.is_public:
        _hide(case)
        audit.record("cases.case.hidden", on=case, at=at, unit_id=case.owner_id)


def _hide(case: Case) -> None:
    case.is_public = False
    case.save(update_fields=["is_public"])
