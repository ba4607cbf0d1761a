"""Channels belong to units; their secrets are sealed."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("channels.providerapp", ("connector_key", "app_id", "sealed_secrets"), why="an application"),
    Free(
        "channels.channel",
        ("connector_key", "external_id", "name", "url", "state", "trouble", "sealed_secrets"),
        why="an official page or account",
    ),
    Free("channels.alert", ("kind",), why="a code"),
    Free("channels.quotause", ("kind",), why="a code"),
)  # fmt: skip
