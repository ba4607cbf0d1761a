"""Writes about cases. Each loads the case under a lock, checks the arrow, changes narrow fields, adds a step and an audit row."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.cases import agency_links, clockwork, hops, joining, reminders
from caunoi.cases.ground import add_step as _step
from caunoi.cases.ground import lock_for as _mine
from caunoi.cases.hops import check_arrow as _check_arrow
from caunoi.cases.models import Case, Draft, Step
from caunoi.cases.opening import MAX_TEXT, NewCase, open_cases
from caunoi.cases.referrals import refer_case
from caunoi.cases.terms import (
    AlreadyAnswered,
    DraftState,
    EmptyAnswer,
    Kind,
    NothingToApprove,
    NotNow,
    Origin,
    Outcome,
    ReminderKind,
    State,
    StepKind,
    TwoPersons,
)
from caunoi.kit import audit, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission

__all__ = ["NewCase", "open_cases", "refer_case"]
REOPENED = (
    "state",
    "reopened_at",
    "answered_at",
    "closed_at",
    "forwarded_at",
    "accepted_at",
    "waits_until",
    "deadline_code",
    "due_at",
)


@transaction.atomic
def open_case(
    *,
    unit_id: UUID,
    text: str,
    origin: Origin,
    origin_ref: str,
    at: datetime,
    by: Viewer | None = None,
    channel_id: UUID | None = None,
    thread_id: UUID | None = None,
    asker_name: str = "",
    contact: str = "",
    place: str = "",
    topic: str = "",
    is_public: bool = True,
    kind: Kind | None = None,
) -> tuple[Case, bool]:
    """Open a case of that unit, once per ``origin_ref``.

    kind      None: proposed from the text (rules.kind_of); what an officer chose is taken as it is
    contact   a phone number or address; sealed, opened only by a recorded click
    -> the case (new or the one already there) and whether it is new
    A text that complains, denounces, tips off or cries for help is never public, whatever was asked for.
    Who is competent is proposed; where a rule says so the case is handed on at once.
    """
    asked = NewCase(
        unit_id=unit_id,
        text=text,
        origin=origin,
        origin_ref=origin_ref,
        channel_id=channel_id,
        thread_id=thread_id,
        asker_name=asker_name,
        contact=contact,
        place=place,
        topic=topic,
        is_public=is_public,
        kind=kind,
    )
    (opened,) = open_cases([asked], by=by, at=at)
    return opened


@transaction.atomic
def add_words(*, case: Case, text: str, at: datetime) -> None:
    """The asker wrote more in the same conversation: note it on the timeline; a finished case stays finished."""
    _step(case, StepKind.MORE, at=at, by=None, unit_id=case.owner_id, note=clean(text)[:MAX_TEXT])


@transaction.atomic
def assign_case(*, case: Case, to: Account | None, by: Viewer, at: datetime) -> Case:
    """Give the case to a colleague, or to nobody. Raises NotYourCase."""
    case = _mine(case, by, Permission.CASES_DRAFT, at)
    before = {"assignee": case.assignee_id}
    case.assignee = to
    case.save(update_fields=["assignee"])
    _step(
        case,
        StepKind.ASSIGNED,
        at=at,
        by=by,
        unit_id=case.owner_id,
        note=to.full_name if to else "",
    )
    audit.record(
        "cases.case.assigned",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        before=before,
        after={"assignee": case.assignee_id},
    )
    return case


@transaction.atomic
def note_case(*, case: Case, text: str, by: Viewer, at: datetime) -> Step:
    """Leave a word for colleagues; never public. Raises NotYourCase, EmptyAnswer."""
    case = _mine(case, by, Permission.CASES_NOTE, at)
    if not text.strip():
        raise EmptyAnswer("A note needs words.")
    step = _step(case, StepKind.NOTE, at=at, by=by, unit_id=case.owner_id, note=clean(text))
    audit.record("cases.case.noted", on=case, by=by, at=at, unit_id=case.owner_id)
    return step


@transaction.atomic
def save_draft(*, case: Case, text: str, by: Viewer, at: datetime, agency: str = "") -> Draft:
    """Keep the answer as far as it is written; whoever saves becomes its author. Raises NotYourCase, AlreadyAnswered, NotNow."""
    case = _mine(case, by, Permission.CASES_DRAFT, at)
    _refuse_answered(case)
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .filter(case=case)
        .exclude(state=DraftState.APPROVED)
        .first()
    )
    if draft is not None and draft.state == DraftState.SUBMITTED:
        raise NotNow("The answer is waiting for approval; ask for it back first.")
    draft = draft or Draft(case=case, author_id=by.account_id)
    draft.text, draft.agency, draft.saved_at = clean(text), clean(agency), at
    draft.author_id, draft.state = by.account_id, DraftState.DRAFT.value
    draft.save()
    hops.receive(case, at=at)
    if case.state != State.DRAFTED:
        _check_arrow(case, State.DRAFTED)
        case.state = State.DRAFTED.value
        case.save(update_fields=["state"])
    audit.record(
        "cases.draft.saved",
        on=draft,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"length": len(draft.text)},
    )
    return draft


@transaction.atomic
def submit_draft(*, case: Case, by: Viewer, at: datetime) -> Draft:
    """Ask a second person to approve the answer; who submits an agency's words becomes their author.

    Raises NotYourCase, AlreadyAnswered, NothingToApprove, EmptyAnswer
    """
    case = _mine(case, by, Permission.CASES_DRAFT, at)
    _refuse_answered(case)
    draft = _draft_in(case, DraftState.DRAFT, DraftState.RETURNED)
    if not draft.text.strip():
        raise EmptyAnswer("An answer needs words.")
    draft.state, draft.returned_because = DraftState.SUBMITTED.value, ""
    draft.author_id = draft.author_id or by.account_id
    draft.save(update_fields=["state", "returned_because", "author"])
    _check_arrow(case, State.SUBMITTED)
    case.state = State.SUBMITTED.value
    case.save(update_fields=["state"])
    _step(case, StepKind.SUBMITTED, at=at, by=by, unit_id=case.owner_id)
    audit.record("cases.draft.submitted", on=draft, by=by, at=at, unit_id=case.owner_id)
    return draft


@transaction.atomic
def return_draft(*, case: Case, because: str, by: Viewer, at: datetime) -> Draft:
    """Give the answer back to its author with a reason. Raises NotYourCase, NothingToApprove, EmptyAnswer."""
    case = _mine(case, by, Permission.CASES_APPROVE, at)
    if not because.strip():
        raise EmptyAnswer("Say what should be changed.")
    draft = _draft_in(case, DraftState.SUBMITTED)
    draft.state, draft.returned_because = DraftState.RETURNED.value, clean(because)[:300]
    draft.save(update_fields=["state", "returned_because"])
    case.state = State.DRAFTED.value
    case.save(update_fields=["state"])
    _step(case, StepKind.RETURNED, at=at, by=by, unit_id=case.owner_id, note=clean(because))
    audit.record("cases.draft.returned", on=draft, by=by, at=at, unit_id=case.owner_id)
    return draft


@transaction.atomic
def approve_answer(*, case: Case, by: Viewer, at: datetime) -> Draft:
    """Approve the submitted answer; the case is answered. Raises NotYourCase, AlreadyAnswered, NothingToApprove, TwoPersons."""
    case = _mine(case, by, Permission.CASES_APPROVE, at)
    _refuse_answered(case)
    draft = _draft_in(case, DraftState.SUBMITTED)
    if draft.author_id == by.account_id:
        raise TwoPersons("Who wrote the answer cannot approve it; ask a colleague.")
    draft.state, draft.approved_by_id = DraftState.APPROVED.value, by.account_id
    draft.save(update_fields=["state", "approved_by"])
    _check_arrow(case, State.ANSWERED)
    case.state, case.answered_at = State.ANSWERED.value, at
    case.save(update_fields=["state", "answered_at"])
    hops.end_all(case, outcome=Outcome.ANSWERED, at=at)
    agency_links.close_links_of(case=case, at=at)
    _step(case, StepKind.ANSWERED, at=at, by=by, unit_id=case.owner_id)
    audit.record(
        "cases.answer.approved",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"author": draft.author_id},
    )
    return draft


@transaction.atomic
def close_case(*, case: Case, reason: str, by: Viewer, at: datetime) -> Case:
    """End a case that needs no (further) answer, saying why. Raises NotYourCase, NotNow, EmptyAnswer."""
    case = _mine(case, by, Permission.CASES_REFER, at)
    if not reason.strip():
        raise EmptyAnswer("Say why the case is closed.")
    joining.check_may_end(case)
    _check_arrow(case, State.CLOSED)
    before = case.state
    case.state, case.closed_at = State.CLOSED.value, at
    case.save(update_fields=["state", "closed_at"])
    hops.end_all(case, outcome=Outcome.CLOSED, at=at)
    agency_links.close_links_of(case=case, at=at)
    _step(case, StepKind.CLOSED, at=at, by=by, unit_id=case.owner_id, note=clean(reason))
    audit.record(
        "cases.case.closed", on=case, by=by, at=at, unit_id=case.owner_id, before={"state": before}
    )
    return case


@transaction.atomic
def reopen_case(*, case: Case, by: Viewer, at: datetime) -> Case:
    """Take up a finished case once more, once. Raises NotYourCase, NotNow."""
    return _reopen(_mine(case, by, Permission.CASES_REFER, at), by=by, at=at, reason="")


@transaction.atomic
def reopen_by_asker(*, case: Case, reason: str, at: datetime) -> Case:
    """The asker is not content and says why: the case is taken up once more, once. The door has checked number and code.

    Raises EmptyAnswer (no reason), NotNow (not finished, or taken up before)
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if not reason.strip():
        raise EmptyAnswer("Say what the answer leaves open.")
    case = _reopen(case, by=None, at=at, reason=clean(reason)[:MAX_TEXT])
    reminders.tell_owner(case=case, kind=ReminderKind.REPLIED, referral=None, at=at)
    return case


def _reopen(case: Case, *, by: Viewer | None, at: datetime, reason: str) -> Case:
    if case.reopened_at is not None:
        raise NotNow("The case was reopened before; open a new one.")
    joining.leave(case)
    _check_arrow(case, State.OPEN)
    before = case.state
    case.state, case.reopened_at = State.OPEN.value, at
    case.answered_at = case.closed_at = None
    case.forwarded_at = case.accepted_at = case.waits_until = None
    case.deadline_code, case.due_at = clockwork.first_due(kind=Kind(case.kind), at=at)
    case.save(update_fields=REOPENED)
    _step(case, StepKind.REOPENED, at=at, by=by, unit_id=case.owner_id, note=reason)
    told = {"state": before, "by_asker": by is None}
    audit.record("cases.case.reopened", on=case, by=by, at=at, unit_id=case.owner_id, before=told)
    return case


@transaction.atomic
def reveal_contact(*, case: Case, by: Viewer, at: datetime) -> str:
    """Return the asker's phone or address; that it was looked at is recorded. Raises NotYourCase."""
    case = _mine(case, by, Permission.CASES_DRAFT, at)
    audit.record("cases.contact.revealed", on=case, by=by, at=at, unit_id=case.owner_id)
    if not case.sealed_contact:
        return ""
    return keyring.load().open(case.sealed_contact, context=f"case:{case.pk}")


def _refuse_answered(case: Case) -> None:
    if case.state in {State.ANSWERED, State.CLOSED}:
        raise AlreadyAnswered("Somebody else answered this case meanwhile.")


def _draft_in(case: Case, *states: DraftState) -> Draft:
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .filter(case=case, state__in=[s.value for s in states])
        .first()
    )
    if draft is None:
        raise NothingToApprove("There is no answer in that state.")
    return draft
