"""Cases as a table: the words of the inbox, for a page, a file or a program."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from caunoi.cases.models import Case
from caunoi.channels import queries as channels
from caunoi.handling import labels
from caunoi.routing import queries as routing
from caunoi.units import queries as units

ROWS = 20_000


def topics() -> dict[str, str]:
    """Return the topics' names by their words."""
    return {t.code: t.name for t in routing.topics(all_of_them=True)}


def of_cases(found: Collection[Case], *, on: date) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the names of the columns and the rows of these cases, in words and not in codes; three queries however many there are.

    found  cases loaded for whoever gets the table, with their assignee
    """
    names = units.names_of(unit_ids={c.owner_id for c in found}, on=on)
    keys = channels.connector_keys(channel_ids={c.channel_id for c in found if c.channel_id})
    header = [
        _("Number"),
        _("Question"),
        _("Kind"),
        _("Topic"),
        _("Place"),
        _("Unit"),
        _("State"),
        _("How it came"),
        _("Channel"),
        _("Given to"),
        _("Received"),
        _("Due"),
        _("Answered"),
        _("Public"),
    ]
    known = topics()
    return header, (_row(c, names, keys, known) for c in found)


def _row(
    c: Case, names: Mapping[UUID, str], keys: Mapping[UUID, str], known: Mapping[str, str]
) -> list[Any]:
    key = keys.get(c.channel_id, "") if c.channel_id else ""
    return [
        c.number,
        c.title,
        str(labels.KINDS.get(c.kind, c.kind)),
        known.get(c.topic, c.topic),
        c.place,
        names.get(c.owner_id, ""),
        str(labels.STATES[c.state]),
        str(labels.ORIGINS[c.origin]),
        str(labels.CHANNELS.get(key, key)),
        str(c.assignee or ""),
        c.opened_at,
        c.due_at,
        c.answered_at,
        _("yes") if c.is_public else _("no"),
    ]
