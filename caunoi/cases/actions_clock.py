"""Writes about a case's clock: acceptance, another row of the table, waiting for the asker, more time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from caunoi.cases import clockwork, routes, rules
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.models import Case, Extension, Pause
from caunoi.cases.terms import (
    NeedsReason,
    NoAcceptance,
    NoExtension,
    NotNow,
    State,
    StepKind,
    TooLong,
)
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

LONGEST_WAIT_DAYS = 30
NAMES = {"deadline": "deadline_code", "due_at": "due_at"}


@transaction.atomic
def accept_case(*, case: Case, by: Viewer, at: datetime, document: str = "") -> Case:
    """Accept a complaint or denunciation formally (thụ lý): the time to decide is counted from now.

    document  number of the notice of acceptance, may be empty
    Raises NotYourCase, NotNow, NoAcceptance
    """
    case = _running(case, by, at)
    if not routes.needs_acceptance(case.kind) or case.accepted_at is not None:
        raise NoAcceptance("This case needs no acceptance, or is accepted already.")
    before = {"deadline": case.deadline_code, "due_at": case.due_at}
    case.accepted_at = at
    case.deadline_code = routes.deadline_choices(kind=case.kind, accepted=True)[0]
    _recount(case, "accepted_at", "deadline_code")
    add_step(case, StepKind.ACCEPTED, at=at, by=by, note=clean(document)[:200])
    _record("cases.case.accepted", case, by, at, before)
    return case


@transaction.atomic
def choose_deadline(*, case: Case, code: str, reason: str, by: Viewer, at: datetime) -> Case:
    """Follow another row of the table that fits the kind (complex, remote, second time …). Raises NotYourCase, NotNow, NeedsReason."""
    case = _running(case, by, at)
    reason = _said(reason)
    choices = routes.deadline_choices(kind=case.kind, accepted=case.accepted_at is not None)
    if code not in choices or code == case.deadline_code:
        raise NotNow("This deadline does not fit the case, or it is the one that runs.")
    before = {"deadline": case.deadline_code, "due_at": case.due_at}
    case.deadline_code = code
    _recount(case, "deadline_code")
    label = clockwork.term_of(case).label
    add_step(case, StepKind.DEADLINE, at=at, by=by, note=f"{label}: {reason}")
    _record("cases.deadline.chosen", case, by, at, before)
    return case


@transaction.atomic
def wait_for_asker(*, case: Case, text: str, days: int, by: Viewer, at: datetime) -> Pause:
    """Ask the asker for something and let the clock stand still, at most ``days`` days; then it runs again by itself.

    Raises NotYourCase, NotNow (it stands still already), NeedsReason (say what is asked), TooLong
    Not done here  sending the question to the asker
    """
    case = _running(case, by, at)
    text = _said(text)
    if not 1 <= days <= LONGEST_WAIT_DAYS:
        raise TooLong("The clock may stand still between 1 and 30 days.")
    if case.pauses.filter(ended_at=None, until_at__gt=at).exists():
        raise NotNow("The clock stands still already.")
    if case.due_at < at:
        raise NotNow("The deadline is over; waiting cannot stop its clock any more.")
    case.pauses.filter(ended_at=None).update(ended_at=F("until_at"))
    pause = Pause.objects.create(
        case=case, began_at=at, until_at=at + timedelta(days=days), by_id=by.account_id
    )
    before = {"due_at": case.due_at}
    case.waits_until = pause.until_at
    _recount(case, "waits_until")
    add_step(case, StepKind.ASKED, at=at, by=by, note=text)
    _record("cases.clock.stopped", case, by, at, before)
    return pause


@transaction.atomic
def resume_case(*, case: Case, at: datetime, by: Viewer | None = None) -> Case:
    """Let the clock run again: the asker answered, or an officer says so. Does nothing when it runs. Raises NotYourCase."""
    if by is not None:
        lock_for(case, by, Permission.CASES_DRAFT, at)
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    pause = case.pauses.filter(ended_at=None, until_at__gt=at).first()
    if pause is None:
        return case
    pause.ended_at = at
    pause.save(update_fields=["ended_at"])
    before = {"due_at": case.due_at}
    case.waits_until = None
    _recount(case, "waits_until")
    add_step(case, StepKind.RESUMED, at=at, by=by)
    _record("cases.clock.resumed", case, by, at, before)
    return case


@transaction.atomic
def extend_case(*, case: Case, amount: int, reason: str, by: Viewer, at: datetime) -> Extension:
    """Take more time, as often and as much as the table allows, before the deadline is over; the asker reads the reason.

    Raises NotYourCase, NotNow (too late), NoExtension, TooLong, NeedsReason
    """
    case = _running(case, by, at)
    reason = _said(reason)
    term = clockwork.term_of(case)
    if case.extensions.filter(code=case.deadline_code).count() >= term.extensions:
        raise NoExtension("The table of deadlines allows no (further) extension for this case.")
    if not 1 <= amount <= term.extension_amount:
        raise TooLong("This is longer than the table of deadlines allows.")
    if case.due_at < at:
        raise NotNow("The deadline is over; an extension must be given before.")
    before = {"due_at": case.due_at}
    extension = Extension.objects.create(
        case=case,
        at=at,
        code=case.deadline_code,
        amount=amount,
        reason=reason,
        by_id=by.account_id,
        due_before=case.due_at,
        due_after=case.due_at,
    )
    _recount(case)
    extension.due_after = case.due_at
    extension.save(update_fields=["due_after"])
    add_step(case, StepKind.EXTENDED, at=at, by=by, note=reason)
    _record("cases.deadline.extended", case, by, at, before)
    return extension


def _said(reason: str) -> str:
    reason = clean(reason).strip()
    if not reason:
        raise NeedsReason("Say why; the reason stands on the case.")
    return reason[:1000]


def _running(case: Case, by: Viewer, at: datetime) -> Case:
    case = lock_for(case, by, Permission.CASES_DRAFT, at)
    if State(case.state) not in rules.UNFINISHED:
        raise NotNow("The case is finished; its clock does not run any more.")
    return case


def _recount(case: Case, *fields: str) -> None:
    case.due_at = clockwork.recount(case)
    case.save(update_fields=[*fields, "due_at"])


def _record(event: str, case: Case, by: Viewer | None, at: datetime, before: dict) -> None:
    after = {name: getattr(case, NAMES[name]) for name in before}
    audit.record(event, on=case, by=by, at=at, unit_id=case.owner_id, before=before, after=after)
