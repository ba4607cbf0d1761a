"""What closing units hold, told to the reform wizard: one ``register`` a sort of thing. Later rooms add theirs at the end."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _

from caunoi.cases import successions as cases
from caunoi.channels import numbers
from caunoi.channels import successions as channels
from caunoi.channels.models import Channel
from caunoi.custody import actions as custody
from caunoi.custody import queries as custody_queries
from caunoi.documents import actions as documents
from caunoi.documents import queries as document_queries
from caunoi.fediverse import actions as fediverse
from caunoi.fediverse import queries as fediverse_queries
from caunoi.journeys.last_words import last_words, say, takers
from caunoi.notices import successions as notices
from caunoi.reform import rules
from caunoi.reform.bundles import ALL, bundles, heirs_by_unit
from caunoi.reform.registry import register
from caunoi.reform.terms import Deed, Holder, Item, Outcome
from caunoi.staff import successions as staff
from caunoi.subscriptions import successions as followers
from caunoi.units import queries as units


def _pages(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = channels.held_by(unit_ids=unit_ids)
    return [Item(c.unit_id, str(c.pk), c.name, c.connector_key) for c in found]


def _doors(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = channels.held_by(unit_ids=unit_ids, doors=True)
    return [Item(c.unit_id, str(c.pk), c.name, c.connector_key) for c in found]


def _carry_channels(deeds: Sequence[Deed]) -> None:
    """Let successors hold channels; kept they bear their names, others say where to go, are retired, and still lead on."""
    by_ref = {UUID(deed.ref): deed for deed in deeds}
    into = takers(by_ref)
    say(by_ref, into)
    held = {c.pk: c.name for c in Channel.objects.filter(pk__in=list(by_ref)).only("name")}
    names = _names(deeds)
    new_names = {pk: _name_after(by_ref[pk], held[pk], names) for pk in held}
    channels.pass_channels(
        [
            channels.Passing(
                pk, by_ref[pk].to_unit_id, name, retire=by_ref[pk].outcome != Outcome.KEPT
            )
            for pk, name in new_names.items()
        ],
        at=deeds[0].at,
    )
    numbers.pass_lists(into, at=deeds[0].at)
    entries = custody_queries.of_channels(channel_ids=new_names)
    _pass_assets(
        [(by_ref[pk], a.pk, new_names[pk]) for a in entries if (pk := a.channel_id) is not None],
        {a.pk: into[pk].pk for a in entries if (pk := a.channel_id) in into},
    )


def _names(deeds: Sequence[Deed]) -> dict[UUID, str]:
    both = {d.unit_id for d in deeds} | {d.to_unit_id for d in deeds}
    return units.names_of(unit_ids=both, on=deeds[0].on)


def _name_after(deed: Deed, name: str, names: Mapping[UUID, str]) -> str:
    """Return the name the channel bears afterwards; empty where it stays as it was."""
    if deed.new_name or deed.outcome != Outcome.KEPT:
        return deed.new_name
    old, new = names.get(deed.unit_id, ""), names.get(deed.to_unit_id, "")
    return rules.renamed(name, old=old, new=new)


def _assets(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = custody_queries.held_by(unit_ids=unit_ids, with_channel=False)
    return [Item(a.unit_id, str(a.pk), a.name, a.kind) for a in found]


def _carry_assets(deeds: Sequence[Deed]) -> None:
    _pass_assets([(deed, UUID(deed.ref), deed.new_name) for deed in deeds])


def _pass_assets(
    passed: Sequence[tuple[Deed, UUID, str]], into: Mapping[UUID, UUID] | None = None
) -> None:
    """The register follows: what does not go on ends there on the day, and the look-up still says where to go."""
    if not passed:
        return
    custody.pass_assets(
        [
            custody.Passing(
                asset_id,
                deed.to_unit_id,
                name,
                ended_on=None if deed.outcome == Outcome.KEPT else deed.on,
                into_channel_id=(into or {}).get(asset_id),
            )
            for deed, asset_id, name in passed
        ],
        at=passed[0][0].at,
    )


def _notices(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = notices.held_by(unit_ids=unit_ids)
    return [Item(n.unit_id, str(n.pk), n.title, n.state) for n in found]


def _kept(deeds: Sequence[Deed], outcome: Outcome) -> dict[str, UUID | None]:
    """Return by item the successor where the outcome is that one, else None."""
    return {d.ref: d.to_unit_id if d.outcome == outcome else None for d in deeds}


def _carry_notices(deeds: Sequence[Deed]) -> None:
    heirs = {UUID(ref): to for ref, to in _kept(deeds, Outcome.KEPT).items()}
    notices.pass_notices(heirs, at=deeds[0].at)


def _roles(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = staff.held_in(unit_ids=unit_ids, on=on)
    return [Item(g.unit_id, str(g.pk), g.account.full_name, g.role) for g in found]


def _carry_roles(deeds: Sequence[Deed]) -> None:
    heirs = {int(ref): to for ref, to in _kept(deeds, Outcome.KEPT).items()}
    staff.carry_over(heirs, on=deeds[0].on, at=deeds[0].at)


def _cases(unit_ids: Collection[UUID], on: date) -> list[Item]:
    """One bundle for every unit, an empty one too: sealed cases are not counted, and one may be opened on the last day."""
    found = cases.open_counts(unit_ids=unit_ids)
    return [Item(unit_id, ALL, OPEN, count=found.get(unit_id, 0)) for unit_id in unit_ids]


def _carry_cases(deeds: Sequence[Deed]) -> None:
    cases.pass_all({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _carry_followers(deeds: Sequence[Deed]) -> None:
    heirs = heirs_by_unit(deeds, Outcome.MERGED)
    followers.pass_followers(heirs, at=deeds[0].at)
    for unit_id in fediverse_queries.counts(unit_ids=list(heirs)):
        fediverse.move_followers(unit_id=unit_id, to_unit_id=heirs[unit_id], at=deeds[0].at)


def _follower_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Those who gave an address here, and those who follow from another server."""
    here = followers.counts(unit_ids=unit_ids)
    elsewhere = fediverse_queries.counts(unit_ids=unit_ids)
    return {u: here.get(u, 0) + elsewhere.get(u, 0) for u in {*here, *elsewhere}}


def _carry_papers(deeds: Sequence[Deed]) -> None:
    keepers = {d.unit_id: d.to_unit_id for d in deeds}
    documents.keep_papers(keepers, since=deeds[0].on, at=deeds[0].at)


K, M, A, C = Outcome.KEPT, Outcome.MERGED, Outcome.ARCHIVED, Outcome.CLOSED
OPEN, FOLLOWERS, PAPERS = _("Open cases"), _("Followers"), _("Register of papers")

register(
    Holder(
        "channels",
        _("Pages, accounts and groups"),
        (K, M, A, C),
        K,
        _pages,
        _carry_channels,
        last_words,
    )
)
register(
    Holder("assets", _("SIM cards, domains and other entries"), (K, C), K, _assets, _carry_assets)
)
register(Holder("notices", _("Notices not yet published"), (K, C), K, _notices, _carry_notices))
register(
    Holder(
        "doors",
        _("Doors of this house"),
        (K,),
        K,
        _doors,
        _carry_channels,
        rule=_("They bear the successor's name from the day on, and are opened as before."),
    )
)
register(
    Holder(
        "cases",
        OPEN,
        (K,),
        K,
        _cases,
        _carry_cases,
        rule=_(
            "Each goes on with the successor, with its number and its deadline; sealed ones too."
        ),
    )
)
register(Holder("roles", _("People and their roles"), (K, C), C, _roles, _carry_roles))
register(
    Holder(
        "followers", FOLLOWERS, (M, C), M, bundles(_follower_counts, FOLLOWERS), _carry_followers
    )
)
register(
    Holder(
        "papers",
        PAPERS,
        (A,),
        A,
        bundles(document_queries.paper_counts, PAPERS),
        _carry_papers,
        rule=_(
            "Papers and their numbers stay as they are, for the successor to read; its own numbers go on beside them."
        ),
    )
)
