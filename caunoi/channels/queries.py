"""Reads about channels."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from caunoi.channels import registry, rules
from caunoi.channels.contract import AppSecrets, Capability
from caunoi.channels.models import Alert, Channel, ProviderApp
from caunoi.channels.terms import AlertKind, ChannelState
from caunoi.kit import keyring
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SECRETS_KEPT_SECONDS = 30.0
_opened: dict[tuple[str, str], tuple[float, AppSecrets | None]] = {}


@system("a webhook arrives")
def app_secrets(*, connector_key: str, app_id: str) -> AppSecrets | None:
    """Return the signing secrets of our application, kept in memory for thirty seconds; None when there is none."""
    known = _opened.get((connector_key, app_id))
    if known and time.monotonic() - known[0] < SECRETS_KEPT_SECONDS:
        return known[1]
    app = ProviderApp.objects.filter(connector_key=connector_key, app_id=app_id).first()
    secrets = open_app(app) if app else None
    if secrets is not None:
        _opened[connector_key, app_id] = (time.monotonic(), secrets)
    return secrets


@system("part of opening a channel's secrets")
def open_app(app: ProviderApp) -> AppSecrets:
    """Return the application's secrets, opened."""
    opened = keyring.load().open(app.sealed_secrets, context=f"app:{app.pk}")
    return AppSecrets(app.app_id, json.loads(opened))


@system("a change of secrets must be seen at once in this process")
def forget_opened() -> None:
    """Drop the secrets kept in memory."""
    _opened.clear()


@system("a group speaks with the tokens of the account it belongs to")
def holder_of(*, channel: Channel) -> Channel | None:
    """Return the channel whose tokens this one uses: itself, or its account; None when that is not registered."""
    kind = registry.connector_for(channel.connector_key).uses_tokens_of
    if not kind:
        return channel
    account = channel.external_id.partition("/")[0]
    held = Channel.objects.filter(connector_key=kind, external_id=account)
    return held.exclude(state=ChannelState.RETIRED).select_related("app").first()


@system("an account that was connected again wakes its groups")
def held_by(*, channel: Channel) -> QuerySet[Channel]:
    """Return the channels that use this one's tokens."""
    kinds = [
        key
        for key, connector in registry.all_connectors().items()
        if connector.uses_tokens_of == channel.connector_key
    ]
    return Channel.objects.filter(
        connector_key__in=kinds, external_id__startswith=f"{channel.external_id}/"
    )


@system("a delivery names the page it belongs to")
def channel_for(*, connector_key: str, external_id: str) -> Channel | None:
    """Return the channel with that id at the provider; a retired one too, so that nothing is lost."""
    return Channel.objects.filter(connector_key=connector_key, external_id=external_id).first()


@system("a batch of deliveries names the pages it belongs to")
def channels_for(*, refs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Channel]:
    """Return the same for many pairs of kind and id at the provider, in one query."""
    asked = set(refs)
    found = Channel.objects.filter(
        connector_key__in={key for key, _ in asked}, external_id__in={ref for _, ref in asked}
    )
    named = {(c.connector_key, c.external_id): c for c in found}
    return named | _lists_of_senders(asked - set(named))


def _lists_of_senders(refs: set[tuple[str, str]]) -> dict[tuple[str, str], Channel]:
    """Return the oldest list of each sender that only its name names: ``MTTQ BHAO`` of ``MTTQ BHAO/xom-4``."""
    listed = registry.kinds_that(Capability.LISTED_NUMBERS)
    found = {}
    for key, ref in refs:
        if key in listed and ref:
            own = Channel.objects.filter(connector_key=key, external_id__startswith=f"{ref}/")
            if first := own.order_by("registered_at", "pk").first():
                found[key, ref] = first
    return found


@system("forms and walk-ins belong to a unit's own local channel")
def channel_of_kind(*, unit_id: UUID, connector_key: str) -> Channel | None:
    """Return the unit's channel of that kind, the oldest when there are several."""
    return (
        Channel.objects.filter(unit_id=unit_id, connector_key=connector_key)
        .exclude(state=ChannelState.RETIRED)
        .order_by("registered_at")
        .first()
    )


@system("lists show by which kind of channel something came")
def connector_keys(*, channel_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the kind of each of these channels."""
    found = Channel.objects.filter(pk__in=set(channel_ids))
    return dict(found.values_list("pk", "connector_key"))


@system("public register of official channels")
def official_channels(*, unit_id: UUID | None = None) -> QuerySet[Channel]:
    """Return the channels people may trust: those with an outside address, not retired."""
    found = Channel.objects.exclude(state=ChannelState.RETIRED).exclude(url="").order_by("name")
    return found.filter(unit_id=unit_id) if unit_id else found


def visible_channels(viewer: Viewer, *, on: date) -> QuerySet[Channel]:
    """Return the channels of the units below the viewer."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CHANNELS_VIEW), on=on)
    return Channel.objects.filter(unit_id__in=reach)


@system("the token keeper looks after every channel")
def channels_to_refresh(*, at: datetime) -> QuerySet[Channel]:
    """Return the channels whose token must be traded now; paused ones too, as a token dies of rest as well."""
    kept = Channel.objects.filter(
        connector_key__in=registry.kinds_that(Capability.TOKEN_REFRESH),
        state__in=[ChannelState.ACTIVE, ChannelState.PAUSED],
    )
    due = (
        Q(token_expires_at=None)
        | Q(token_expires_at__lte=at + rules.REFRESH_BEFORE)
        | Q(token_refreshed_at__lte=at - rules.REFRESH_AT_LEAST_EVERY)
        | Q(refresh_started_at__isnull=False)
    )
    return kept.filter(due).order_by(F("token_expires_at").asc(nulls_first=True))


@system("the daily look at every channel")
def channels_to_check(*, at: datetime) -> QuerySet[Channel]:
    """Return the channels of outside kinds that nobody looked at for a day, the longest first."""
    due = Q(checked_at=None) | Q(checked_at__lte=at - rules.CHECK_EVERY)
    used = Channel.objects.filter(
        due, state__in=[ChannelState.ACTIVE, ChannelState.RECONNECT_NEEDED]
    )
    outside = used.exclude(connector_key__in=registry.kinds_that(Capability.LOCAL))
    return outside.order_by(F("checked_at").asc(nulls_first=True))


@system("gaps are closed on every channel")
def channels_to_catch_up(*, at: datetime) -> QuerySet[Channel]:
    """Return the working channels that were not asked for a while what was said on them, the longest first."""
    due = Q(catch_up_due_at=None) | Q(catch_up_due_at__lte=at)
    used = Channel.objects.filter(
        due,
        state=ChannelState.ACTIVE,
        connector_key__in=registry.kinds_that(Capability.CATCH_UP),
    )
    return used.order_by(F("catch_up_due_at").asc(nulls_first=True))


@system("the watch looks at every channel")
def ending_tokens(*, at: datetime) -> QuerySet[Channel]:
    """Return the channels whose token ends within a week and is not renewed by itself."""
    soon = at + timedelta(days=rules.TOKEN_WARNING_DAYS)
    return Channel.objects.filter(state=ChannelState.ACTIVE, token_expires_at__lte=soon).exclude(
        connector_key__in=registry.kinds_that(Capability.TOKEN_REFRESH)
    )


@system("the watch looks at every channel")
def silent_pages(*, at: datetime) -> QuerySet[Channel]:
    """Return the pages that have not posted anything for a month."""
    pages = Channel.objects.filter(
        state=ChannelState.ACTIVE, connector_key__in=registry.kinds_that(Capability.OWN_POSTS)
    )
    last = Coalesce("last_posted_at", "registered_at")
    return pages.annotate(quiet_since=last).filter(quiet_since__lte=at - rules.SILENT_AFTER)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watch over channels finds now, among those the viewer sees."""

    lost: list[Channel]
    ending: list[Channel]
    silent: list[Channel]
    deaf: list[Alert]


def watch(viewer: Viewer, *, at: datetime, on: date) -> Watch:
    """Return the channels that need a person: lost, about to be lost, silent, or not told of what is said on them."""
    mine = visible_channels(viewer, on=on)
    today = rules.alert_slot(kind=AlertKind.DEAF, at=at)
    deaf = Alert.objects.filter(channel__in=mine, kind=AlertKind.DEAF, slot=today)
    return Watch(
        lost=list(mine.filter(state=ChannelState.RECONNECT_NEEDED).order_by("name")),
        ending=list(ending_tokens(at=at).filter(pk__in=mine).order_by("token_expires_at")),
        silent=list(silent_pages(at=at).filter(pk__in=mine).order_by("name")),
        deaf=list(deaf.select_related("channel").order_by("channel__name")),
    )


def alerts(viewer: Viewer, *, on: date, since: datetime) -> QuerySet[Alert]:
    """Return what those in charge were told since then, newest first."""
    mine = visible_channels(viewer, on=on)
    found = Alert.objects.filter(channel__in=mine, raised_at__gte=since)
    return found.select_related("channel").order_by("-raised_at", "-pk")


@system("a word to those in charge is mailed once")
def unmailed_alerts(*, since: datetime) -> list[Alert]:
    """Return the alerts nobody was written to about, not older than ``since``."""
    found = Alert.objects.filter(mailed_at=None, raised_at__gte=since)
    return list(found.select_related("channel").order_by("raised_at")[:500])
