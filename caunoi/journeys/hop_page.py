"""What the case page shows of the way of a case: who holds it, the proposal, co-units, links, replies, papers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from caunoi.cases import agency_links, passport, reminders
from caunoi.cases.models import AgencyLink, AgencyReply, Case, Referral
from caunoi.cases.terms import Part, ReplyKind, Way
from caunoi.documents import queries as documents
from caunoi.journeys.hop_forms import CameForm, OpinionForm, TopicForm
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission

Places = dict[UUID, tuple[str, str]]
"""Path (empty: gone) and name of units."""


def hop_parts(
    viewer: Viewer, case: Case, hops: list[Referral], places: Places, at: datetime
) -> dict[str, Any]:
    """Return the keys that the templates journeys/case/way_*.html read.

    hops, places  every hop of the case; path and name of the units they go between
    """
    on = clock.local_date(at)
    holding = next((h for h in hops if h.part == Part.LEAD and h.done_at is None), None)
    went_out = any(h.to_body_id for h in hops)
    links = passport.links_of(case=case) if went_out else {}
    replies = passport.replies_of(case=case) if hops else []
    wrote = [r for r in replies if r.kind in {ReplyKind.ANSWER, ReplyKind.LATE}]
    proposal = getattr(case, "proposal", None)
    papers = documents.papers_of(viewer, reference=f"case:{case.pk}", on=on)
    shown = [_hop(h, links.get(h.pk), replies, at) for h in hops]
    return {
        "hops": shown,
        "holding": holding,
        "waits_outside": [h for h in shown if h["hop"].to_body_id and h["hop"].done_at is None],
        "to_receive": holding is not None
        and holding.to_unit_id == case.owner_id
        and holding.received_at is None,
        "came_from": _came_from(holding, case, places),
        "replies": wrote,
        "movable": passport.waiting_for_same(viewer, case=case, replies=wrote, on=on),
        "came_form": CameForm(initial={"came_on": on}),
        "came_forms": {},
        "opinions": [h for h in hops if h.opinion],
        "asked_for_opinion": _asked_units(viewer, hops, places),
        "opinion_form": OpinionForm(),
        "proposal": proposal,
        "proposed": passport.is_proposed(proposal),
        "may_urge": _may_urge(viewer, case, holding, places, at),
        "papers": papers,
        "may_issue": _may_issue(viewer, hops, {p.addressee for p in papers}, places),
        **_topic(case),
    }


def _hop(
    hop: Referral, link: AgencyLink | None, replies: list[AgencyReply], at: datetime
) -> dict[str, Any]:
    return {
        "hop": hop,
        "link": link,
        "link_open": link is not None and agency_links.is_open(link, at=at),
        "late": hop.due_at is not None and (hop.done_at or at) > hop.due_at,
        "days": ((hop.done_at or at).date() - hop.sent_at.date()).days,
        "promise": (hop.due_at.date() - hop.sent_at.date()).days if hop.due_at else None,
        "replies": [r for r in replies if r.referral_id == hop.pk],
    }


def _may_urge(
    viewer: Viewer, case: Case, holding: Referral | None, places: Places, at: datetime
) -> bool:
    path = _path(places, case.owner_id, "")
    unit = reminders.unit_that_may_urge(case, holding, by=viewer, at=at, path=path)
    return unit is not None


def _path(places: Places, unit_id: UUID | None, unknown: str = "none") -> str:
    """Return where the unit stands today, or ``unknown`` when it is gone."""
    path, _name = places.get(unit_id, ("", "")) if unit_id else ("", "")
    return path or unknown


def _came_from(holding: Referral | None, case: Case, places: Places) -> str:
    """Return who handed the case here, when it can be given back there."""
    if holding is None or holding.to_unit_id != case.owner_id:
        return ""
    if holding.from_unit_id == case.owner_id:
        return ""
    return places.get(holding.from_unit_id, ("", ""))[1]


def _asked_units(viewer: Viewer, hops: list[Referral], places: Places) -> list[Referral]:
    """Return the co-unit hops that the viewer may still write an opinion for."""
    asked = [h for h in hops if h.part == Part.CO and h.to_unit_id and h.outcome != "closed"]
    return [h for h in asked if viewer.may(Permission.CASES_NOTE, _path(places, h.to_unit_id))]


def _may_issue(
    viewer: Viewer, hops: list[Referral], written_to: set[str], places: Places
) -> set[int]:
    """Return the hops for which the viewer may issue papers: begun in a unit of hers, open or without any paper yet."""
    return {
        h.pk
        for h in hops
        if h.way != Way.BACK
        and (h.done_at is None or h.to_name not in written_to)
        and viewer.may(Permission.DOCUMENTS_ISSUE, _path(places, h.from_unit_id))
    }


def _topic(case: Case) -> dict[str, Any]:
    offered = routing.topics()
    topics = [(t.pk, t.name) for t in offered]
    guesses = [] if case.topic else routing.guess_topics(text=case.text, among=offered)
    initial = case.topic or (guesses[0].code if guesses else "")
    return {
        "topic_name": dict(topics).get(case.topic, case.topic),
        "topic_guesses": guesses,
        "topic_form": TopicForm(topics=topics, initial={"topic": initial}),
    }
