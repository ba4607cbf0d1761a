"""Channels belong to units; their secrets are sealed."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, End, Free, Holding, Subject, Whose

HOLDINGS = (
    Holding(
        "channels.listednumber",
        ("sealed_number", "number_hash", "ending", "code_hash"),
        what=_("The phone number of who asked a unit for text messages, sealed"),
        purpose=_("so that the unit's notices reach you by text message"),
        basis=CONSENT,
        kept=_("until you tell the unit to stop"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
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


def forget(about: Subject, *, at: datetime) -> int:
    """Nothing hangs on a question: who asked a unit for text messages tells the unit to stop, and the number is erased there."""
    del about, at
    return 0
