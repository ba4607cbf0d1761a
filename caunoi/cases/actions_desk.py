"""Writes of the desk about a case: its topic, laying it aside, taking back what was done by mistake."""

from datetime import datetime, timedelta

from django.db import transaction

from caunoi.cases import agency_links, hops
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.models import Case, Star
from caunoi.cases.terms import NotNow, State, StepKind
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

CLOSING_UNDONE_WITHIN = timedelta(minutes=15)


@transaction.atomic
def set_topic(*, case: Case, topic: str, by: Viewer, at: datetime, name: str = "") -> Case:
    """Say what the case is about (a code of routing.Topic; its name stands on the timeline). Raises NotYourCase."""
    case = lock_for(case, by, Permission.CASES_DRAFT, at)
    before = case.topic
    if before == topic:
        return case
    case.topic = topic[:40]
    case.save(update_fields=["topic"])
    add_step(case, StepKind.TOPIC, at=at, by=by, note=clean(name or topic))
    _record("cases.case.topic_set", case, by, at, {"topic": before}, {"topic": case.topic})
    return case


@transaction.atomic
def snooze_case(*, case: Case, until: datetime | None, by: Viewer, at: datetime) -> Case:
    """Lay the case aside until then, or (None) take it up again; its deadline keeps running.

    Raises NotYourCase, NotNow (finished, or a moment that has passed)
    """
    case = lock_for(case, by, Permission.CASES_DRAFT, at)
    if case.state in {State.ANSWERED, State.CLOSED}:
        raise NotNow("A finished case need not be laid aside.")
    if until is not None and until <= at:
        raise NotNow("Choose a day that is still to come.")
    before = case.snoozed_until
    if before == until:
        return case
    case.snoozed_until = until
    case.save(update_fields=["snoozed_until"])
    add_step(case, StepKind.SNOOZED, at=at, by=by, note=until.isoformat() if until else "")
    _record("cases.case.snoozed", case, by, at, {"until": before}, {"until": until})
    return case


@transaction.atomic
def undo_closing(*, case: Case, state: State, by: Viewer, at: datetime) -> Case:
    """Take back a closing of the last minutes: the case is again in ``state``, its clock and the asker's own re-opening untouched.

    Whoever held it holds it again: the hops that the closing ended are open, and an agency's one-time link opens as before.

    Raises NotYourCase, NotNow (not closed, or closed too long ago)
    """
    case = lock_for(case, by, Permission.CASES_REFER, at)
    if case.state != State.CLOSED or case.closed_at is None:
        raise NotNow("The case is not closed any more.")
    if at - case.closed_at > CLOSING_UNDONE_WITHIN:
        raise NotNow("It was closed too long ago to be undone; take it up again on its page.")
    agency_links.open_again(case=case, closed_at=case.closed_at)
    hops.open_again(case, closed_at=case.closed_at)
    case.state, case.closed_at = state.value, None
    case.save(update_fields=["state", "closed_at"])
    add_step(case, StepKind.REOPENED, at=at, by=by)
    _record("cases.case.closing_undone", case, by, at, {"state": "closed"}, {"state": state.value})
    return case


@transaction.atomic
def star_case(*, case: Case, on: bool, by: Viewer, at: datetime) -> None:
    """Mark the case for oneself, or take the mark away; seen by nobody else, so not on record. Idempotent.

    case  loaded for ``by``: whoever may read a case may mark it
    """
    if on:
        Star.objects.get_or_create(case=case, account_id=by.account_id, defaults={"at": at})
    else:
        Star.objects.filter(case=case, account_id=by.account_id).delete()


def _record(event: str, case: Case, by: Viewer, at: datetime, before: dict, after: dict) -> None:
    audit.record(event, on=case, by=by, at=at, unit_id=case.owner_id, before=before, after=after)
