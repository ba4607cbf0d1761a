"""Writes about what a case is: changing its kind, handing it over to police or rescue."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from caunoi.cases import agency_links, clockwork, hops, joining, rules
from caunoi.cases.ground import add_step, home_of, lock_for, ring_for
from caunoi.cases.models import Case, Referral
from caunoi.cases.terms import Kind, NeedsReason, NotNow, Outcome, Part, SameKind, State, StepKind
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission


@transaction.atomic
def change_kind(
    *, case: Case, kind: Kind, reason: str, by: Viewer, at: datetime, is_public: bool = False
) -> Case:
    """Let the case be of another kind, with a reason: its route, its deadline and who may read it follow.

    is_public  may it be public now? ignored for kinds that never are
    A case that becomes sealed leaves every list at once; handing-on units lose sight of it, its assignee too.
    Raises NotYourCase, SameKind, NeedsReason
    Not done here  the published answer, the public thread, the call for a person (see journeys.kinds)
    """
    case = lock_for(case, by, Permission.CASES_DRAFT, at)
    reason = clean(reason).strip()[:1000]
    if kind == case.kind:
        raise SameKind("The case is of that kind already.")
    if not reason:
        raise NeedsReason("Say why; the reason stands on the case.")
    before = {"kind": case.kind, "is_public": case.is_public, "due_at": case.due_at}
    case.kind, case.sensitive = kind.value, rules.sensitive_of(kind).value
    case.is_public = is_public and kind not in rules.NEVER_PUBLIC
    case.accepted_at = None
    case.deadline_code, _ = clockwork.first_due(kind=kind, at=at)
    case.due_at = clockwork.recount(case)
    if rules.is_sealed(kind):
        case.assignee = None
        case.owner_id = home_of(unit_id=case.owner_id, kind=kind, at=at)
        case.readers.all().delete()
        _call_back(case, at)
    case.save(
        update_fields=[
            "kind",
            "sensitive",
            "is_public",
            "accepted_at",
            "deadline_code",
            "due_at",
            "assignee",
            "owner",
        ]
    )
    if kind in rules.NEVER_PUBLIC and joining.release(case, at=at, by=by):
        case.refresh_from_db(fields=["state", "closed_at"])
    ring_for(case, at=at)
    add_step(case, StepKind.KIND_CHANGED, at=at, by=by, note=reason)
    audit.record(
        "cases.kind.changed",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        before=before,
        after={"kind": case.kind, "is_public": case.is_public, "due_at": case.due_at},
    )
    return case


def _call_back(case: Case, at: datetime) -> None:
    """Nobody outside the owning unit is asked any more: agencies' links end, co-units are not waited for."""
    asked = Referral.objects.filter(Q(to_body__isnull=False) | Q(part=Part.CO.value))
    for hop in asked.filter(case=case, done_at=None):
        hops.end(hop, outcome=Outcome.RECALLED, at=at)
        agency_links.revoke_links(referral=hop, at=at)


@transaction.atomic
def hand_over_case(*, case: Case, to: str, document: str, by: Viewer, at: datetime) -> Case:
    """Close the case because police, border guard or rescue took it over; the receipt's number stands on the case.

    to        who took it over, in words ("Công an xã Bích Hào, trực ban")
    document  number and date of the receipt, or who confirmed it by phone and when
    Raises NotYourCase, NotNow, NeedsReason
    """
    case = lock_for(case, by, Permission.CASES_REFER, at)
    to, document = clean(to).strip()[:200], clean(document).strip()[:300]
    if not to or not document:
        raise NeedsReason("Say who took it over and by which receipt.")
    if not rules.may_become(State(case.state), State.CLOSED):
        raise NotNow("The case is in a state in which this cannot be done.")
    joining.release(case, at=at, by=by)
    before = case.state
    case.state, case.closed_at = State.CLOSED.value, at
    case.save(update_fields=["state", "closed_at"])
    add_step(case, StepKind.HANDED_OVER, at=at, by=by, note=f"{to}. {document}")
    audit.record(
        "cases.case.handed_over",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        before={"state": before},
        after={"to": to},
    )
    return case
