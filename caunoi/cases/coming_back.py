"""What came back to an officer: her draft was given back, an agency answered, the asker is not content, a case laid aside woke up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from caunoi.cases import rules
from caunoi.cases.models import Case, Draft, Referral
from caunoi.cases.terms import DraftState, Outcome, State
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

UNFINISHED = [s.value for s in rules.UNFINISHED]
REMEMBERED = timedelta(days=14)
"""How long something counts as having come back; after that it is work like any other."""


class Back(StrEnum):
    """Why a case came back."""

    RETURNED = "returned"
    REPLIED = "replied"
    DECLINED = "declined"
    REOPENED = "reopened"
    WOKE = "woke"


def in_view(viewer: Viewer, at: datetime) -> Q:
    """Return the condition: unfinished cases that are hers, or nobody's in her own units, and came back lately."""
    since, own = at - REMEMBERED, list(viewer.unit_ids(Permission.CASES_DRAFT))
    hers = Q(assignee_id=viewer.account_id) | Q(assignee=None, owner_id__in=own)
    mine = Case.objects.filter(hers).order_by().values_list("pk")
    # Each way back is few cases with an index of its own; one OR over all of them would look at every unfinished case.
    found = mine.filter(snoozed_until__gte=since, snoozed_until__lte=at).union(
        mine.filter(state=State.OPEN, reopened_at__gte=since),
        mine.filter(
            state__in=[State.DRAFTED, State.REFERRED], pk__in=_answered(since).values("case_id")
        ),
        _returned(viewer).order_by().values_list("case_id"),
    )
    return Q(state__in=UNFINISHED, pk__in=found)


def _returned(viewer: Viewer) -> QuerySet[Draft]:
    return Draft.objects.filter(state=DraftState.RETURNED, author_id=viewer.account_id)


def _answered(since: datetime) -> QuerySet[Referral]:
    outcomes = [Outcome.ANSWERED.value, Outcome.RETURNED.value]
    return Referral.objects.filter(
        done_at__gte=since, to_body__isnull=False, outcome__in=outcomes, part="lead"
    )


def reasons(viewer: Viewer, *, cases: Sequence[Case], at: datetime) -> dict[UUID, Back]:
    """Return why each of these cases came back, the strongest reason of each, in two queries."""
    since, ids = at - REMEMBERED, [c.pk for c in cases]
    returned = set(_returned(viewer).filter(case_id__in=ids).values_list("case_id", flat=True))
    hops = _answered(since).filter(case_id__in=ids).order_by("done_at")
    outcomes = dict(hops.values_list("case_id", "outcome"))
    return {c.pk: _reason(c, returned, outcomes.get(c.pk), at) for c in cases}


def _reason(case: Case, returned: set[UUID], outcome: str | None, at: datetime) -> Back:
    if case.pk in returned:
        return Back.RETURNED
    if case.reopened_at and case.state == State.OPEN and at - case.reopened_at <= REMEMBERED:
        return Back.REOPENED
    if outcome is not None:
        return Back.REPLIED if outcome == Outcome.ANSWERED else Back.DECLINED
    return Back.WOKE
