"""Reads about channels."""

import json
import time
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from caunoi.channels.contract import AppSecrets
from caunoi.channels.models import Channel, ProviderApp
from caunoi.channels.terms import ChannelState
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


@system("a delivery names the page it belongs to")
def channel_for(*, connector_key: str, external_id: str) -> Channel | None:
    """Return the channel with that id at the provider; a retired one too, so that nothing is lost."""
    return Channel.objects.filter(connector_key=connector_key, external_id=external_id).first()


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
def channels_to_refresh(
    *, connector_keys: list[str], state: ChannelState = ChannelState.ACTIVE
) -> QuerySet[Channel]:
    """Return the working channels whose kind has tokens that must be traded."""
    return Channel.objects.filter(connector_key__in=connector_keys, state=state.value)
