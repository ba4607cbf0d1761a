"""The clock of a case: which row of the table it follows, when it began, when it stood still, how it was extended."""

from datetime import datetime

from caunoi.cases.models import Case
from caunoi.cases.routes import ROUTES, deadline_choices
from caunoi.cases.terms import Kind
from caunoi.deadlines import queries as deadlines
from caunoi.deadlines.terms import Standstill, Term
from caunoi.kit import clock


def first_due(*, kind: Kind, at: datetime) -> tuple[str, datetime]:
    """Return the row of the table that a new case of that kind follows, and when it is due."""
    code = ROUTES[kind].deadline
    return code, deadlines.due_at(code=code, start_at=at)


def began_at(case: Case, term: Term) -> datetime:
    """Return from when the case's present deadline is counted: acceptance, the first forwarding, or (again) receipt."""
    received = case.reopened_at or case.opened_at
    if term.counted_from == "accepted":
        return case.accepted_at or received
    if term.counted_from == "forwarded":
        return case.forwarded_at or received
    return received


def term_of(case: Case) -> Term:
    """Return the row the case follows, as it held when the case's clock began."""
    received = case.reopened_at or case.opened_at
    term = deadlines.term(code=case.deadline_code, on=clock.local_date(received))
    began = began_at(case, term)
    return deadlines.term(code=case.deadline_code, on=clock.local_date(began))


def recount(case: Case) -> datetime:
    """Return when the case is due by everything that happened; a running wait counts up to its limit. Not saved here."""
    term = term_of(case)
    stood_still = [
        Standstill(p.began_at, p.ended_at or p.until_at) for p in case.pauses.order_by("began_at")
    ]
    given = case.extensions.filter(code=term.code).order_by("at")
    return deadlines.due_at(
        code=term.code,
        start_at=began_at(case, term),
        stood_still=stood_still,
        extensions=list(given.values_list("amount", flat=True)),
    )


def note_forwarding(case: Case, *, at: datetime) -> None:
    """The case is handed to the competent unit for the first time: its answer is counted from here. Saved here.

    Forwarding late buys no time: the count begins at the latest when forwarding was due.
    """
    limit = ROUTES[Kind(case.kind)].forward
    if not limit or case.forwarded_at is not None:
        return
    received = case.reopened_at or case.opened_at
    case.forwarded_at = min(at, deadlines.due_at(code=limit, start_at=received))
    case.due_at = recount(case)
    case.save(update_fields=["forwarded_at", "due_at"])


def choices_for(case: Case, *, at: datetime) -> list[tuple[str, str]]:
    """Return the rows of the table an officer may choose for the case, with their names."""
    on = clock.local_date(at)
    codes = deadline_choices(kind=case.kind, accepted=case.accepted_at is not None)
    return [(code, deadlines.term(code=code, on=on).label) for code in codes]
