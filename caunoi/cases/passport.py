"""Reads of the way of a case: holders, promises and deeds; what a body holds; reminders; proposals; faces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from caunoi.cases import rules
from caunoi.cases.models import (
    AgencyLink,
    AgencyReply,
    Case,
    Referral,
    Reminder,
    RouteProposal,
    Satisfaction,
)
from caunoi.cases.terms import Face, Part, ProposalState
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

FEWEST = 5
OFFERED = 20
"""Never fewer people in a cell that is shown."""
REMINDER_DAYS = 7


@system("shown on a page whose case was loaded for the viewer or the asker")
def hops_of(*, case: Case) -> list[Referral]:
    """Return every hop of the case, oldest first, co-units among them."""
    return list(Referral.objects.filter(case=case).order_by("sent_at", "pk"))


@system("asked by a door that has loaded the case for its viewer")
def hop_of(*, case: Case, pk: int) -> Referral | None:
    """Return that hop when it belongs to that case."""
    return Referral.objects.filter(pk=pk, case=case).select_related("case", "to_body").first()


@system("asked by a door that has loaded the case for its viewer")
def reply_of(*, case: Case, pk: int) -> AgencyReply | None:
    """Return that reply when it was written about that case."""
    found = AgencyReply.objects.filter(pk=pk, referral__case=case)
    return found.select_related("referral", "moved_to", "by").first()


@system("shown on a page whose case was loaded for the viewer or the asker")
def holding(*, case: Case) -> Referral | None:
    """Return the leading hop that is open: who holds the case now."""
    return (
        Referral.objects.filter(case=case, part=Part.LEAD, done_at=None)
        .select_related("to_body")
        .first()
    )


@system("shown on a page whose case was loaded for the viewer")
def links_of(*, case: Case) -> dict[int, AgencyLink]:
    """Return the newest link of each hop of the case, by the hop's key."""
    found = AgencyLink.objects.filter(referral__case=case).order_by("made_at")
    return {link.referral_id: link for link in found}


@system("shown on a page whose case was loaded for the viewer")
def replies_of(*, case: Case) -> list[AgencyReply]:
    """Return what agencies wrote about the case, oldest first."""
    found = AgencyReply.objects.filter(referral__case=case)
    found = found.select_related("referral", "moved_to", "by")
    return list(found.order_by("at", "pk"))


@system("shown on a page whose case was loaded for the viewer")
def proposal_of(*, case: Case) -> RouteProposal | None:
    """Return who the rules name for the case, in whatever state the proposal is."""
    return RouteProposal.objects.filter(case=case).select_related("decided_by").first()


@system("shown on a page whose case was loaded for the viewer")
def is_proposed(proposal: RouteProposal | None) -> bool:
    """True when a person still has to decide."""
    return proposal is not None and proposal.state == ProposalState.PROPOSED


@system("members see what their own body was asked")
def asked_of_bodies(*, body_ids: Sequence[UUID], done: bool) -> QuerySet[Referral]:
    """Return what these bodies are asked, most urgent first; ``done``: what they finished, newest first."""
    found = Referral.objects.filter(to_body_id__in=body_ids).select_related("case", "to_body")
    if done:
        return found.exclude(done_at=None).order_by("-done_at")
    return found.filter(done_at=None).order_by("due_at", "pk")


@system("the door checks that the account is a member of the body")
def referral(*, pk: int) -> Referral | None:
    """Return one hop with its case and body."""
    return Referral.objects.filter(pk=pk).select_related("case", "to_body").first()


def reminders(viewer: Viewer, *, at: datetime, on: date, limit: int = 20) -> list[Reminder]:
    """Return the last week's reminders of the viewer's units whose cases are unfinished, one a case, newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_DRAFT), on=on)
    sealed = [k.value for k in rules.SEALED_KINDS]
    found = (
        Reminder.objects.filter(
            unit_id__in=reach,
            at__gte=at - timedelta(days=REMINDER_DAYS),
            case__state__in=[s.value for s in rules.UNFINISHED],
        )
        .exclude(case__kind__in=sealed)
        .select_related("case", "referral", "by_unit")
        .order_by("-at", "-pk")
    )
    newest: dict[UUID, Reminder] = {}
    for reminder in found[: limit * 5]:
        newest.setdefault(reminder.case_id, reminder)
    return list(newest.values())[:limit]


def waiting_for_same(
    viewer: Viewer, *, case: Case, replies: Sequence[AgencyReply], on: date
) -> dict[int, list[Case]]:
    """Return by reply the viewer's other cases that wait for the agency which wrote it, the oldest asking first; in two queries."""
    bodies = {r.referral.to_body_id for r in replies if r.referral.to_body_id}
    if not bodies:
        return {}
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_REFER), on=on)
    asked = Referral.objects.filter(done_at=None, to_body__in=bodies, case__owner_id__in=reach)
    asked = asked.exclude(case=case).exclude(case__kind__in=sorted(rules.SEALED_KINDS))
    by_body: dict[Any, list[Case]] = {}
    for hop in asked.select_related("case").order_by("sent_at", "pk")[: OFFERED * len(bodies)]:
        by_body.setdefault(hop.to_body_id, []).append(hop.case)
    return {r.pk: by_body.get(r.referral.to_body_id, [])[:OFFERED] for r in replies}


@dataclass(frozen=True, slots=True)
class Contentment:
    """How content askers were: counts, or None where fewer than five people would stand in a cell."""

    total: int
    good: int | None
    soso: int | None
    bad: int | None

    @property
    def is_shown(self) -> bool:
        return self.total >= FEWEST


def contentment_by_unit(viewer: Viewer, *, on: date) -> dict[UUID, Contentment]:
    """Return the faces of each unit below the viewer that has five or more, by unit; small cells are hidden."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_VIEW), on=on)
    counted: Any = (
        Satisfaction.objects.filter(unit_id__in=reach)
        .order_by()
        .values("unit_id")
        .annotate(**_FACES, total=Count("pk"))
        .filter(total__gte=FEWEST)
    )
    return {
        row["unit_id"]: Contentment(
            row["total"], *shown_cells([row["good"], row["soso"], row["bad"]])
        )
        for row in counted
    }


_FACES = {face.value: Count("pk", filter=Q(face=face)) for face in Face}


@system("public figure; cells below five people are not shown")
def contentment(*, under: UUID, on: date, since: date | None = None) -> Contentment:
    """Return the faces given for answers of a unit and everything below it; small cells are hidden, and so is what would reveal them."""
    inside = units.subtree_filter(paths=units.paths_of(unit_ids=[under], on=on).values(), on=on)
    found = Satisfaction.objects.filter(unit_id__in=inside)
    if since:
        found = found.filter(month__gte=since)
    counts = found.aggregate(**_FACES)
    total = sum(counts.values())
    shown = shown_cells([counts["good"], counts["soso"], counts["bad"]])
    return Contentment(total if total >= FEWEST else 0, *shown)


def shown_cells(cells: Sequence[int]) -> list[int | None]:
    """Return the cells with those below five hidden; when only one is hidden, the smallest other goes too, or a sum would tell."""
    hidden = {n for n, c in enumerate(cells) if 0 < c < FEWEST}
    if sum(cells) < FEWEST:
        return [None] * len(cells)
    if len(hidden) == 1:
        rest = [n for n in range(len(cells)) if n not in hidden]
        hidden.add(min(rest, key=lambda n: cells[n]))
    return [None if n in hidden else c for n, c in enumerate(cells)]


shown_cells.reads_for_system = "pure"  # type: ignore[attr-defined]


def words_of_askers(viewer: Viewer, *, on: date, limit: int = 50) -> list[Satisfaction]:
    """Return what askers wrote beside their face, for units of the viewer with five faces or more in that month; no case, no name."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CASES_VIEW), on=on)
    enough = (
        Satisfaction.objects.filter(unit_id__in=reach)
        .values("unit_id", "month")
        .annotate(n=Count("pk"))
        .filter(n__gte=FEWEST)
        .values_list("unit_id", "month")
    )
    pairs = list(enough.order_by("-month")[:24])
    if not pairs:
        return []
    wanted = Q()
    for unit_id, month in pairs:
        wanted |= Q(unit_id=unit_id, month=month)
    found = Satisfaction.objects.filter(wanted).exclude(text="")
    return list(found.order_by("-month", "key")[:limit])
