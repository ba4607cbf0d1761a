"""Reads about personal data. Nothing here finds a person, or two cases of one: everything starts from one case."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import Count, Q, QuerySet, When

from caunoi.cases import queries as cases
from caunoi.cases.models import Case
from caunoi.kit.viewing import Viewer, system
from caunoi.privacy.models import (
    ConsentText,
    DoorLink,
    Erasure,
    Hold,
    Incident,
    Request,
    RetentionRule,
    Sweep,
)
from caunoi.privacy.terms import IncidentState, RequestState
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


def requests(viewer: Viewer, *, state: str, on: date) -> QuerySet[Request]:
    """Return the requests about cases in the viewer's units, the open ones by deadline; sealed cases only for their readers."""
    plain = cases.visible_cases(viewer, on=on, permission=Permission.PRIVACY_VIEW)
    reach = Case.objects.filter(pk__in=plain.values("pk")) | Case.objects.filter(
        pk__in=cases.sealed_cases(viewer).values("pk")
    )
    found = Request.objects.filter(case__in=reach).select_related("case", "decided_by")
    if state == RequestState.OPEN:
        return found.filter(state=state).order_by("due_at", "pk")
    return found.exclude(state=RequestState.OPEN).order_by("-decided_at", "pk")


def request(viewer: Viewer, *, pk: UUID, on: date) -> Request | None:
    """Return one request the viewer may read, else None."""
    for state in (RequestState.OPEN, ""):
        found = requests(viewer, state=state, on=on).filter(pk=pk).first()
        if found is not None:
            return found
    return None


@system("shown to the asker who has shown her code")
def requests_of(*, case: Case) -> list[Request]:
    """Return what the asker asked about this case's data, newest first."""
    return list(Request.objects.filter(case=case).order_by("-received_at")[:20])


@system("shown to the asker who has shown her code")
def erasure_of(*, case: Case) -> Erasure | None:
    """Return that and when the case was erased, or None."""
    return Erasure.objects.filter(case=case).first()


@system("a link sent into the chat is opened")
def link(*, pk: str) -> DoorLink | None:
    """Return the one-time link with its case, or None."""
    return DoorLink.objects.filter(pk=pk).select_related("case").first()


@system("the chat is not flooded with links")
def link_since(*, case: Case, since: datetime) -> bool:
    """True when a link was sent since then."""
    return DoorLink.objects.filter(case=case, made_at__gte=since).exists()


@system("the table of retention is public")
def rules() -> list[RetentionRule]:
    """Return the table."""
    return list(RetentionRule.objects.select_related("changed_by").order_by("code"))


def holds(viewer: Viewer, *, on: date) -> QuerySet[Hold]:
    """Return the cases of the viewer's units that must be kept, newest first; sealed ones only for their readers."""
    plain = cases.visible_cases(viewer, on=on, permission=Permission.PRIVACY_VIEW)
    sealed = cases.sealed_cases(viewer)
    found = Hold.objects.filter(Q(case__in=plain.values("pk")) | Q(case__in=sealed.values("pk")))
    return found.select_related("case", "by").order_by("-at", "pk")


def case_to_hold(viewer: Viewer, *, number: str, on: date) -> Case | None:
    """Return the case with that number when the viewer decides about its data, else None."""
    plain = cases.visible_cases(viewer, on=on, permission=Permission.PRIVACY_DECIDE)
    return (
        plain.filter(number=number).first()
        or cases.sealed_cases(viewer).filter(number=number).first()
    )


def sweeps(viewer: Viewer, *, on: date) -> QuerySet[Sweep]:
    """Return what the nights erased in the viewer's units, newest first; numbers only."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PRIVACY_VIEW), on=on)
    found = Sweep.objects.filter(Q(unit_id__in=reach) | Q(unit=None))
    return found.order_by("-day", "kind", "pk")


def tonight(viewer: Viewer, *, over: QuerySet[Case], on: date) -> list[tuple[UUID, int]]:
    """Return how many of these cases lie in each unit below the viewer, most first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PRIVACY_VIEW), on=on)
    found = over.filter(owner_id__in=reach).order_by().values_list("owner_id")
    return list(found.annotate(n=Count("pk")).order_by("-n")[:200])


def texts(viewer: Viewer, *, on: date) -> list[ConsentText]:
    """Return everything the viewer's units told people, newest first, and what holds for everybody."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PRIVACY_MANAGE), on=on)
    found = ConsentText.objects.filter(Q(unit_id__in=reach) | Q(unit=None))
    return list(found.select_related("by").order_by("-at", "-pk")[:100])


def incidents(viewer: Viewer, *, on: date) -> QuerySet[Incident]:
    """Return the incidents of the viewer's units: those nobody was told of first, by deadline, then the newest."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.INCIDENTS_VIEW), on=on)
    found = Incident.objects.filter(unit_id__in=reach).select_related("entered_by", "paper")
    waits = Choose(When(state=IncidentState.OPEN, then=0), default=1)
    return found.order_by(waits, "-found_at", "pk")
