"""Reads of the register: for those in charge, and the public question whether a page is official."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.custody import rules
from caunoi.custody.models import Asset, BrandRule, Keeper, Report
from caunoi.custody.terms import Answer, AssetKind, AssetState, Brand, Standing
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level

BELONGS = ~Q(url="") | Q(connector_key__in=list(rules.OF_CONNECTOR))
"""Channels that stand in the register: those of its kinds, with an address or without, and others that have one."""
UNCONFIRMED = Q(state=AssetState.REGISTERED, channel__isnull=False, approved_by=None)
"""What was connected without a request and waits for a second person."""
HOLDS = Q(keepers__until=None, keepers__account__is_active=True)
FOUND_AT_MOST = 50


def visible_assets(viewer: Viewer, *, on: date) -> QuerySet:
    """Return the things of the units below the viewer, by name, with how many active people hold each (``holding``)."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CHANNELS_VIEW), on=on)
    found = Asset.objects.filter(unit_id__in=reach)
    return found.annotate(holding=Count("keepers", filter=HOLDS)).order_by("sort_key", "pk")


def assets(
    viewer: Viewer,
    *,
    on: date,
    text: str = "",
    kind: str = "",
    state: str = "",
    orphans: bool = False,
    unconfirmed: bool = False,
) -> QuerySet:
    """Return the register narrowed.

    orphans      registered things that fewer than two active people hold
    unconfirmed  channels connected without a request that no second person has confirmed
    state        a state, or "open" for what was asked for and is not decided
    """
    found = visible_assets(viewer, on=on).select_related("channel")
    if text:
        found = found.filter(Q(folded__contains=fold(text)) | _numbered(text))
    if kind:
        found = found.filter(kind=kind)
    if state == "open":
        found = found.filter(state__in=[AssetState.ASKED, AssetState.CHECKED, AssetState.APPROVED])
    elif state:
        found = found.filter(state=state)
    if unconfirmed:
        found = found.filter(UNCONFIRMED)
    if orphans:
        found = found.filter(state=AssetState.REGISTERED, holding__lt=rules.FEWEST)
    return found


def asset(viewer: Viewer, *, pk: UUID, on: date) -> Asset | None:
    """Return one thing of a unit below the viewer, or None."""
    found = visible_assets(viewer, on=on).filter(pk=pk)
    return found.select_related("channel", "asked_by", "checked_by", "approved_by").first()


@system("the asset was loaded for its viewer")
def keepers_of(*, asset: Asset) -> list[Keeper]:
    """Return who holds it and who held it, running ones first."""
    found = Keeper.objects.filter(asset=asset).select_related("account", "minutes")
    return sorted(found, key=lambda k: (k.until is not None, k.since, k.pk))


@system("rules of a province are no secret")
def brand_for(*, unit_id: UUID, on: date) -> Brand:
    """Return the rules that hold for the unit: its own, or the nearest ones above; empty ones when there are none."""
    chain = [*(u.id for u in units.ancestors(unit_id=unit_id, on=on)), unit_id]
    known = BrandRule.objects.in_bulk(chain)
    return rules.brand_of([_brand(known[u]) for u in chain if u in known])


@system("rules of a province are no secret")
def brand_above(*, unit_id: UUID, on: date) -> Brand:
    """Return what units above have ruled: it binds, whatever the unit itself says."""
    chain = [u.id for u in units.ancestors(unit_id=unit_id, on=on)]
    known = BrandRule.objects.in_bulk(chain)
    return rules.brand_of([_brand(known[u]) for u in chain if u in known])


@system("rules of a province are no secret")
def own_brand(*, unit_id: UUID) -> Brand:
    """Return what the unit itself has ruled."""
    rule = BrandRule.objects.filter(pk=unit_id).first()
    return _brand(rule) if rule else Brand()


def _brand(rule: BrandRule) -> Brand:
    return Brand(rule.pattern, rule.must_link, tuple(rule.may_link.split()))


@system("names of units are no secret")
def places_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Return what each unit is called; a village with its commune, as many bear one name."""
    ids = list(unit_ids)
    found = units.names_of(unit_ids=ids, on=on)
    for unit_id, line in units.lineages_of(unit_ids=ids, on=on).items():
        if line[-1].level == Level.VILLAGE:
            found[unit_id] = f"{line[-1].full_name}, {line[-2].full_name}"
    return found


@system("the things were loaded for their viewer")
def problems_of(*, assets: Iterable[Asset], on: date) -> dict[UUID, list[str]]:
    """Return what of each does not follow the rules that hold for its unit, in four queries whatever their number."""
    assets = list(assets)
    unit_ids = {a.unit_id for a in assets}
    lines = units.lineages_of(unit_ids=unit_ids, on=on)
    ruled = {r.pk: _brand(r) for r in BrandRule.objects.all()}
    slugs = units.slugs_of(unit_ids=unit_ids)
    brands = {
        unit_id: rules.brand_of([ruled[u.id] for u in line if u.id in ruled])
        for unit_id, line in lines.items()
    }
    return {
        a.pk: rules.brand_problems(
            kind=AssetKind(a.kind),
            name=a.name,
            url=a.url,
            links=a.links,
            unit_name=lines[a.unit_id][-1].full_name if a.unit_id in lines else "",
            slug=slugs.get(a.unit_id, ""),
            brand=brands.get(a.unit_id, Brand()),
            looked_good=a.look_ok,
        )
        for a in assets
    }


def waiting(viewer: Viewer, *, on: date) -> dict[str, int]:
    """Return what waits for whoever looks after channels: open requests, things to confirm, reports of impostors; nothing for zero."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CHANNELS_MANAGE), on=on)
    mine = Asset.objects.filter(unit_id__in=reach)
    asked = [AssetState.ASKED, AssetState.CHECKED, AssetState.APPROVED]
    counts = mine.aggregate(
        asked=Count("pk", filter=Q(state__in=asked)),
        unconfirmed=Count("pk", filter=UNCONFIRMED & ~Q(asked_by_id=viewer.account_id)),
    )
    counts["reports"] = Report.objects.filter(unit_id__in=reach, settled_at=None).count()
    return {name: n for name, n in counts.items() if n}


def reports(viewer: Viewer, *, on: date, open_only: bool = True) -> QuerySet[Report]:
    """Return the reports of impostors to the offices in which the viewer looks after channels, newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CHANNELS_MANAGE), on=on)
    found = Report.objects.filter(unit_id__in=reach).order_by("-at", "-pk")
    return found.filter(settled_at=None) if open_only else found


@system("anybody may ask whether a page is official")
def look_up(*, text: str) -> list[Answer]:
    """Return what the register says of an address or a name: official ones first; nothing means not known.

    An address is compared as a whole, so that one letter more is another page; a name may be a part.
    """
    text = text.strip()
    key = rules.address_key(text)
    known = Asset.objects.filter(state__in=[AssetState.REGISTERED, AssetState.ENDED])
    if key:
        found = known.filter(address_key=key)
    elif len(fold(text)) >= rules.SHORTEST_NAME:
        found = known.filter(Q(folded__contains=fold(text)) | _numbered(text))
    else:
        return []
    hits = found.select_related("into").order_by("sort_key", "pk")[:FOUND_AT_MOST]
    answers = sorted(map(_answer, hits), key=lambda a: a.standing != Standing.OFFICIAL)
    return answers + [_just_connected(c) for c in _without_entry() if _is_meant(c, key, text)]


def _numbered(text: str) -> Q:
    """A subscriber number however it is written, or exactly what was typed."""
    return Q(number=rules.number_key(text) or text.strip())


def _without_entry() -> list[Channel]:
    """Return the channels that were connected since the register was last brought up to date: a handful."""
    entered = Asset.objects.filter(channel=OuterRef("pk"))
    fresh = Channel.objects.filter(BELONGS).exclude(state=ChannelState.RETIRED)
    return list(fresh.exclude(Exists(entered)).order_by("name", "pk")[:FOUND_AT_MOST])


def _is_meant(channel: Channel, key: str, text: str) -> bool:
    if key:
        return rules.address_key(channel.url) == key
    if number := rules.number_key(text):
        return rules.number_key(channel.external_id) == number
    return fold(text) in fold(channel.name)


def _just_connected(channel: Channel) -> Answer:
    kind = rules.kind_of(channel.connector_key)
    return Answer(None, channel.name, channel.url, kind.value, channel.unit_id, Standing.OFFICIAL)


def _answer(asset: Asset) -> Answer:
    official = asset.state == AssetState.REGISTERED
    leads_on = not official and asset.into and asset.into.state != ChannelState.RETIRED
    return Answer(
        asset_id=asset.pk,
        name=asset.name,
        url=asset.url if official else "",
        kind=asset.kind,
        unit_id=asset.unit_id,
        standing=Standing.OFFICIAL if official else Standing.ENDED,
        on=asset.ended_on,
        into_name=asset.into.name if leads_on and asset.into else "",
        into_url=asset.into.url if leads_on and asset.into else "",
    )


@system("a QR code on a poster asks about one channel")
def public_asset(*, pk: UUID) -> Answer | None:
    """Return what the register says of one thing; None while it is only asked for, or was refused."""
    known = Asset.objects.filter(state__in=[AssetState.REGISTERED, AssetState.ENDED])
    found = known.select_related("into").filter(pk=pk).first()
    return _answer(found) if found else None


@system("the alarm looks at everything in the register")
def orphaned() -> list[Asset]:
    """Return the registered things, with a channel or without, that fewer than two active people hold."""
    found = Asset.objects.filter(state=AssetState.REGISTERED)
    counted = found.annotate(holding=Count("keepers", filter=HOLDS))
    few = counted.filter(holding__lt=rules.FEWEST).select_related("channel")
    return list(few.order_by("sort_key", "pk"))


@system("a reform is carried out by the worker, as two persons signed it")
def of_channels(*, channel_ids: Collection[UUID]) -> list[Asset]:
    """Return the entries of these channels that have not ended."""
    found = Asset.objects.filter(channel_id__in=list(channel_ids))
    return list(found.exclude(state__in=[AssetState.ENDED, AssetState.REFUSED]).order_by("pk"))


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID], with_channel: bool | None = None) -> list[Asset]:
    """Return what these units hold that has not ended, by name; with or without a channel of ours when that is asked."""
    found = Asset.objects.filter(unit_id__in=unit_ids).exclude(
        state__in=[AssetState.ENDED, AssetState.REFUSED]
    )
    if with_channel is not None:
        found = found.filter(channel__isnull=not with_channel)
    return list(found.order_by("sort_key", "pk"))
