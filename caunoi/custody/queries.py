"""Reads of the register: for those in charge, and the public question whether a page is official."""

from collections.abc import Collection
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
) -> QuerySet:
    """Return the register narrowed; ``orphans`` are registered things that fewer than two active people hold."""
    found = visible_assets(viewer, on=on).select_related("channel")
    if text:
        found = found.filter(Q(folded__contains=fold(text)) | Q(number=text.strip()))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
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
    chain = [unit_id, *(u.id for u in reversed(units.ancestors(unit_id=unit_id, on=on)))]
    known = BrandRule.objects.in_bulk(chain)
    rule = next((known[u] for u in chain if u in known), None)
    if rule is None:
        return Brand()
    return Brand(rule.pattern, rule.must_link, tuple(rule.may_link.split()))


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
        found = known.filter(Q(folded__contains=fold(text)) | Q(number=text))
    else:
        return []
    hits = found.select_related("into").order_by("sort_key", "pk")[:FOUND_AT_MOST]
    answers = sorted(map(_answer, hits), key=lambda a: a.standing != Standing.OFFICIAL)
    return answers + [_just_connected(c) for c in _without_entry() if _is_meant(c, key, text)]


def _without_entry() -> list[Channel]:
    """Return the channels that were connected since the register was last brought up to date: a handful."""
    entered = Asset.objects.filter(channel=OuterRef("pk"))
    fresh = Channel.objects.exclude(url="").exclude(state=ChannelState.RETIRED)
    return list(fresh.exclude(Exists(entered)).order_by("name", "pk")[:FOUND_AT_MOST])


def _is_meant(channel: Channel, key: str, text: str) -> bool:
    if key:
        return rules.address_key(channel.url) == key
    return fold(text) in fold(channel.name)


def _just_connected(channel: Channel) -> Answer:
    kind = rules.OF_CONNECTOR.get(channel.connector_key, AssetKind.GROUP)
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
