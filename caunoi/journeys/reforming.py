"""What closing units hold, told to the reform wizard: one ``register`` a sort of thing. Later rooms add theirs at the end."""

from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _

from caunoi.cases import successions as cases
from caunoi.channels import successions as channels
from caunoi.channels.models import Channel
from caunoi.custody import actions as custody
from caunoi.custody import queries as custody_queries
from caunoi.documents import actions as documents
from caunoi.documents import queries as document_queries
from caunoi.fediverse import actions as fediverse
from caunoi.fediverse import queries as fediverse_queries
from caunoi.notices import successions as notices
from caunoi.reform import rules
from caunoi.reform.registry import register
from caunoi.reform.terms import Deed, Holder, Item, Outcome
from caunoi.staff import successions as staff
from caunoi.subscriptions import successions as followers
from caunoi.units import queries as units

ALL = "all"
"""What a bundle is called: everything of its sort that the unit holds at the moment it is carried over."""
Counted = Callable[..., dict[UUID, int]]


def bundles(counts: Counted, label: str) -> Callable[[Collection[UUID], date], list[Item]]:
    """Return a survey that gives one item a unit, from a count query by units."""

    def survey(unit_ids: Collection[UUID], on: date) -> list[Item]:
        found = counts(unit_ids=unit_ids)
        return [Item(unit_id, ALL, label, count=n) for unit_id, n in found.items()]

    return survey


def _pages(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = channels.held_by(unit_ids=unit_ids)
    return [Item(c.unit_id, str(c.pk), c.name, c.connector_key) for c in found]


def _doors(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = channels.held_by(unit_ids=unit_ids, doors=True)
    return [Item(c.unit_id, str(c.pk), c.name, c.connector_key) for c in found]


def _carry_channel(deed: Deed) -> None:
    """Let the successor hold the channel; kept it bears its name, archived or closed it is retired and still leads on."""
    channel = Channel.objects.get(pk=deed.ref)
    kept = deed.outcome == Outcome.KEPT
    old = units.name_of(unit_id=deed.unit_id, on=deed.on)
    new = units.name_of(unit_id=deed.to_unit_id, on=deed.on)
    name = deed.new_name or (rules.renamed(channel.name, old=old, new=new) if kept else "")
    channels.pass_channel(
        channel_id=channel.pk, to_unit_id=deed.to_unit_id, name=name, retire=not kept, at=deed.at
    )
    for asset in custody_queries.held_by(unit_ids=[deed.unit_id], with_channel=True):
        if asset.channel_id == channel.pk:
            _pass_asset(deed, asset.pk, name)


def _assets(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = custody_queries.held_by(unit_ids=unit_ids, with_channel=False)
    return [Item(a.unit_id, str(a.pk), a.name, a.kind) for a in found]


def _carry_asset(deed: Deed) -> None:
    _pass_asset(deed, UUID(deed.ref), deed.new_name)


def _pass_asset(deed: Deed, asset_id: UUID, name: str) -> None:
    """The register follows: what does not go on ends there on the day, and the look-up still says where to go."""
    ended_on = None if deed.outcome == Outcome.KEPT else deed.on
    custody.pass_asset(
        asset_id=asset_id, to_unit_id=deed.to_unit_id, name=name, ended_on=ended_on, at=deed.at
    )


def _notices(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = notices.held_by(unit_ids=unit_ids)
    return [Item(n.unit_id, str(n.pk), n.title, n.state) for n in found]


def _carry_notice(deed: Deed) -> None:
    to = deed.to_unit_id if deed.outcome == Outcome.KEPT else None
    notices.pass_notice(notice_id=UUID(deed.ref), to_unit_id=to, at=deed.at)


def _roles(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = staff.held_in(unit_ids=unit_ids, on=on)
    return [Item(g.unit_id, str(g.pk), g.account.full_name, g.role) for g in found]


def _carry_role(deed: Deed) -> None:
    to = deed.to_unit_id if deed.outcome == Outcome.KEPT else None
    staff.carry_over(grant_pk=int(deed.ref), to_unit_id=to, on=deed.on, at=deed.at)


def _cases(unit_ids: Collection[UUID], on: date) -> list[Item]:
    """One bundle for every unit, an empty one too: sealed cases are not counted, and one may be opened on the last day."""
    found = cases.open_counts(unit_ids=unit_ids)
    return [Item(unit_id, ALL, OPEN, count=found.get(unit_id, 0)) for unit_id in unit_ids]


def _carry_cases(deed: Deed) -> None:
    cases.pass_all(unit_id=deed.unit_id, to_unit_id=deed.to_unit_id, at=deed.at)


def _carry_followers(deed: Deed) -> None:
    to = deed.to_unit_id if deed.outcome == Outcome.MERGED else None
    followers.pass_followers(unit_id=deed.unit_id, to_unit_id=to, at=deed.at)
    fediverse.move_followers(unit_id=deed.unit_id, to_unit_id=to, at=deed.at)


def _follower_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Those who gave an address here, and those who follow from another server."""
    here = followers.counts(unit_ids=unit_ids)
    elsewhere = fediverse_queries.counts(unit_ids=unit_ids)
    return {u: here.get(u, 0) + elsewhere.get(u, 0) for u in {*here, *elsewhere}}


def _carry_papers(deed: Deed) -> None:
    documents.keep_papers(
        unit_id=deed.unit_id, by_unit_id=deed.to_unit_id, since=deed.on, at=deed.at
    )


K, M, A, C = Outcome.KEPT, Outcome.MERGED, Outcome.ARCHIVED, Outcome.CLOSED
OPEN, FOLLOWERS, PAPERS = _("Open cases"), _("Followers"), _("Register of papers")

register(
    Holder("channels", _("Pages, accounts and groups"), (K, M, A, C), K, _pages, _carry_channel)
)
register(
    Holder("assets", _("SIM cards, domains and other entries"), (K, C), K, _assets, _carry_asset)
)
register(Holder("notices", _("Notices not yet published"), (K, C), K, _notices, _carry_notice))
register(Holder("doors", _("Doors of this house"), (K,), K, _doors, _carry_channel))
register(Holder("cases", OPEN, (K,), K, _cases, _carry_cases))
register(Holder("roles", _("People and their roles"), (K, C), C, _roles, _carry_role))
register(
    Holder(
        "followers", FOLLOWERS, (M, C), M, bundles(_follower_counts, FOLLOWERS), _carry_followers
    )
)
register(
    Holder("papers", PAPERS, (A,), A, bundles(document_queries.paper_counts, PAPERS), _carry_papers)
)
