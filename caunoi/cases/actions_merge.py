"""Joining two cases of one asker, and splitting one message with two questions into two cases.

Cases of different people that ask the same are joined elsewhere (``joining``); here one person asked twice, or two things at once.
"""

from datetime import datetime

from django.db import transaction

from caunoi.answers.rules import title_of
from caunoi.cases import actions, joining, rules
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.merge_models import Merge, SplitOff
from caunoi.cases.models import Case
from caunoi.cases.terms import (
    CannotMerge,
    EmptyAnswer,
    Kind,
    NotNow,
    Origin,
    State,
    StepKind,
)
from caunoi.kit import audit, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

SHARED = ("owner_id", "assignee_id", "follow_code", "opened_at", "due_at", "deadline_code")
"""What a split-off case takes over beside its asker: her slip opens both, and the clock is the same (not for another kind)."""


@transaction.atomic
def merge_case(*, case: Case, into: Case, by: Viewer, at: datetime) -> Merge:
    """Let the case go on in ``into``, another case of the same asker; the earlier deadline of the two holds.

    The case is closed with a word where to follow; ``into`` is answered to both places. ``unmerge_case`` undoes it.
    Raises NotYourCase, CannotMerge, NotNow
    """
    first, second = sorted((case.pk, into.pk))
    locked = {c: lock_for(Case(pk=c), by, Permission.CASES_REFER, at) for c in (first, second)}
    case, into = locked[case.pk], locked[into.pk]
    joining.check_may_end(case)
    _check_pair(case, into)
    merge = Merge.objects.create(
        case=case, into=into, state_before=case.state, at=at, by_id=by.account_id
    )
    case.state, case.closed_at, case.snoozed_until = State.CLOSED.value, at, None
    case.save(update_fields=["state", "closed_at", "snoozed_until"])
    if case.due_at < into.due_at:
        into.due_at, into.deadline_code = case.due_at, case.deadline_code
        into.save(update_fields=["due_at", "deadline_code"])
    add_step(case, StepKind.MERGED, at=at, by=by, note=into.number)
    add_step(into, StepKind.MERGED, at=at, by=by, note=case.number)
    after = {"into": into.number, "due": into.due_at}
    audit.record("cases.case.merged", on=case, by=by, at=at, unit_id=case.owner_id, after=after)
    return merge


def _check_pair(case: Case, into: Case) -> None:
    if case.pk == into.pk:
        raise CannotMerge("A case cannot be joined with itself.")
    if case.state not in rules.UNFINISHED or into.state not in rules.UNFINISHED:
        raise NotNow("Only cases that still wait for an answer can be joined.")
    if State.SUBMITTED in {case.state, into.state}:
        raise NotNow("An answer waits for approval; decide about it first.")
    if rules.is_sealed(case.kind) != rules.is_sealed(into.kind):
        raise CannotMerge("A sealed case is not joined with an open one.")
    if Merge.objects.filter(into=case).exists():
        raise CannotMerge("Other cases were joined with this one; join the other way round.")


@transaction.atomic
def unmerge_case(*, case: Case, by: Viewer, at: datetime) -> Case:
    """Take the case out again: it waits for an answer of its own as before. Raises NotYourCase, NotNow, CannotMerge."""
    case = lock_for(case, by, Permission.CASES_REFER, at)
    merge = Merge.objects.filter(case=case).select_related("into").first()
    if merge is None:
        raise CannotMerge("The case is not joined with another.")
    if merge.into.state not in rules.UNFINISHED:
        raise NotNow("The other case is answered; the answer went to both.")
    case.state, case.closed_at = merge.state_before, None
    case.save(update_fields=["state", "closed_at"])
    number = merge.into.number
    merge.delete()
    add_step(case, StepKind.REOPENED, at=at, by=by, note=number)
    before = {"into": number}
    audit.record("cases.case.unmerged", on=case, by=by, at=at, unit_id=case.owner_id, before=before)
    return case


@transaction.atomic
def split_case(*, case: Case, first_text: str, second_text: str, by: Viewer, at: datetime) -> Case:
    """Make a second case of the second question in a message; the first keeps the first.

    The message itself stays as it came. -> the new case: same asker, place, code and deadline, its own number.
    Raises NotYourCase, NotNow (finished, waiting for approval, or no message to split), EmptyAnswer
    Not done here  telling the asker the second number (journeys)
    """
    case = lock_for(case, by, Permission.CASES_REFER, at)
    first, second = clean(first_text).strip(), clean(second_text).strip()
    if not first or not second:
        raise EmptyAnswer("Both questions need words.")
    if case.state not in rules.UNFINISHED or case.state == State.SUBMITTED:
        raise NotNow("Only a case that still waits for an answer can be split.")
    if case.thread_id is None:
        raise NotNow("There is no message here to split; take the second question in by hand.")
    part = _second(case, second, by, at)
    case.text, case.title = first[: actions.MAX_TEXT], title_of(first)[:160]
    case.save(update_fields=["text", "title"])
    SplitOff.objects.create(case=part, source=case, at=at, by_id=by.account_id)
    add_step(case, StepKind.SPLIT, at=at, by=by, note=part.number)
    audit.record(
        "cases.case.split",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"part": part.number},
    )
    return part


def _second(case: Case, text: str, by: Viewer, at: datetime) -> Case:
    """Open the second case as its words would have, then let it take over what it shares with the first."""
    count = SplitOff.objects.filter(source=case).count() + 1
    _, channel, message = case.origin_ref.split(":", 2)
    kind = Kind(case.kind)
    if not rules.is_sealed(kind) and rules.kind_of(text) in rules.NEVER_PUBLIC:
        kind = rules.kind_of(text)
    contact = ""
    if case.sealed_contact:
        contact = keyring.load().open(case.sealed_contact, context=f"case:{case.pk}")
    part, _new = actions.open_case(
        unit_id=case.opened_unit_id,
        text=text,
        origin=Origin(case.origin),
        origin_ref=f"split{count}:{channel}:{message}",
        channel_id=case.channel_id,
        thread_id=case.thread_id,
        asker_name=case.asker_name,
        contact=contact,
        place=case.place,
        topic=case.topic,
        is_public=case.is_public,
        kind=kind,
        by=by,
        at=at,
    )
    shared = SHARED if kind == case.kind else (*SHARED[:-2],)
    for name in shared:
        setattr(part, name, getattr(case, name))
    part.save(update_fields=shared)
    return part
