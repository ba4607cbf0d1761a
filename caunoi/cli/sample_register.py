"""The register of channels as after some months: nearly all is confirmed and held by two; one group waits, one list is held by one."""

from datetime import datetime
from typing import Any

WAITS, ONE_HOLDS = "zalo_group", "sms"
"""Kinds left as they are, so that the alarm and the second person have something to look at."""


def load_register(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Take up what is connected, let the province confirm it, and name who holds it."""
    from caunoi.custody import actions, actions_register, queries
    from caunoi.kit import clock
    from caunoi.staff.models import Account
    from caunoi.units import queries as units

    actions_register.adopt_channels(at=at)
    on = clock.local_date(at)
    assets = list(queries.assets(people["chi"], on=on, state="registered"))
    ids = [a.pk for a in assets if a.channel and a.channel.connector_key != WAITS]
    actions_register.confirm(asset_ids=ids, by=people["chi"], at=at)
    accounts = Account.objects.in_bulk(
        [people[w].account_id for w in ("an", "binh", "chi", "hanh")]
    )
    below = set(units.subtree_ids(unit_id=places["bich_hao"].id, on=on))
    for asset in assets:
        pair = ("an", "binh") if asset.unit_id in below else ("chi", "hanh")
        few = 1 if asset.channel and asset.channel.connector_key == ONE_HOLDS else 2
        for word in pair[:few]:
            account = accounts[people[word].account_id]
            actions.add_keeper(asset=asset, account=account, since=on, by=people["chi"], at=at)
