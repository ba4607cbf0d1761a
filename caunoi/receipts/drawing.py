"""How the board's numbers are shown: bars, chips with a word and a picture, cells of the sheet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.channels.afterwards import Totals
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import rules, words
from caunoi.receipts.queries import ListTold, Row
from caunoi.receipts.terms import Group, Standing, Tally

BAR = (
    (Standing.ACKNOWLEDGED, "ok"),
    (Standing.DELIVERED, "info"),
    (Standing.UNCERTAIN, "unknown"),
    (Standing.HANDED, "warn"),
    (Standing.WAITING, "idle"),
    (Standing.FAILED, "bad"),
    (Standing.NOTHING, "none"),
)
KINDS = {
    "facebook_page": "Facebook",
    "zalo_oa": "Zalo",
    "zalo_group": gettext_noop("Zalo group"),
    "hand_posted": gettext_noop("Village group"),
    "loudspeaker": gettext_noop("Loudspeaker"),
    "web_portal": gettext_noop("Own page"),
    "email": gettext_noop("E-mail"),
    "youtube": "YouTube",
    "sms": "SMS",
    "web_push": gettext_noop("Web push to followers"),
}
"""What kinds of channels are called on the board; others by their own name."""


def kind_name(key: str) -> str:
    """Return what a kind of channel is called."""
    return _(KINDS[key]) if key in KINDS else key


def kinds_of(tally: Tally) -> list[str]:
    """Return the kinds of channels with any send, in the order of the board."""
    used = {key for key, _group in tally.sends}
    order = list(KINDS)
    return sorted(used, key=lambda k: (order.index(k) if k in order else len(order), k))


def bar(tally: Tally) -> list[dict[str, str]]:
    """Return the parts of the bar: tone, where each begins and how wide it is, in per cent."""
    parts, begin = [], 0.0
    for standing, tone in BAR:
        width = 100 * tally.of(standing) / tally.units if tally.units else 0
        if width:
            parts.append({"tone": tone, "x": f"{begin:.2f}%", "width": f"{width:.2f}%"})
            begin += width
    return parts


def chips(tally: Tally, key: str) -> list[dict[str, str]]:
    """Return the words for one kind of channel, what needs somebody first: two of them, and how many more there are."""
    found = []
    for group in words.WORST_FIRST:
        if n := tally.sends.get((key, group), 0):
            word, tone, icon = words.GROUP[group]
            label = f"{n} {_(word)}"
            found.append({"label": label, "tone": tone, "icon": icon})
    return found


def line(row: Row, kinds: list[str]) -> dict[str, Any]:
    """Return one row of the board."""
    tally = row.tally
    return {
        "unit": row.unit,
        "own": row.own,
        "former": row.former,
        "tally": tally,
        "bar": bar(tally),
        "only": _only(tally),
        "cells": [{"kind": kind_name(k), "chips": chips(tally, k)} for k in kinds],
    }


def _only(tally: Tally) -> dict[str, str] | None:
    """Where a single unit stands, as a word; None for a branch of several."""
    if tally.units != 1:
        return None
    there = next(s for s, n in tally.standing.items() if n)
    _word, tone, icon = words.STANDING[there]
    return {"standing": there.value, "tone": tone, "icon": icon}


def total(tally: Tally, *, asked: bool) -> dict[str, Any]:
    """Return the sum above the board. ``asked``: the notice asks for acknowledgements, so those are what counts."""
    done = tally.of(Standing.ACKNOWLEDGED) if asked else tally.reached
    legend = [
        {"label": _(words.STANDING[s][0]), "tone": tone, "n": tally.of(s)}
        for s, tone in BAR
        if tally.of(s) or s in {Standing.DELIVERED, Standing.FAILED}
    ]
    return {
        "done": done,
        "units": tally.units,
        "per_cent": round(100 * done / tally.units) if tally.units else 0,
        "bar": bar(tally),
        "legend": legend,
        "silent": tally.silent,
        "reposted": tally.reposted,
        "opened": tally.opened,
        "asked": asked,
    }


def cells(name: str, tally: Tally, kinds: list[str]) -> list[Any]:
    """Return one row of the sheet."""
    return [
        name,
        tally.units,
        *(tally.of(s) for s in Standing),
        tally.silent,
        tally.reposted,
        tally.opened,
        *(tally.sends.get((k, g), 0) for k in kinds for g in words.WORST_FIRST),
    ]


def kind_line(
    key: str, tally: Tally, opened: Mapping[str, int], seen: Mapping[str, Totals]
) -> dict[str, Any]:
    """Return one row of the table by kind of channel."""
    numbers = [tally.sends.get((key, g), 0) for g in words.WORST_FIRST]
    return {
        "name": kind_name(key),
        "numbers": list(
            zip([_(words.GROUP[g][0]) for g in words.WORST_FIRST], numbers, strict=True)
        ),
        "sum": sum(numbers),
        "opened": opened.get(key, 0),
        "seen": seen.get(key),
    }


def send(row: OutboundMessage) -> dict[str, Any]:
    """Return one send of a unit: what it says, where it can be seen, why it failed."""
    group = rules.group_of(row.state, declared=row.declared_by_id is not None)
    word, tone, icon = words.GROUP[group]
    return {
        "row": row,
        "label": _(word),
        "tone": tone,
        "icon": icon,
        "kind": kind_name(row.channel.connector_key),
        "declared": group is Group.DECLARED,
        "needs_person": row.state in {"failed", "dead"},
        "is_uncertain": row.state == "uncertain",
    }


def listed(told: ListTold) -> dict[str, Any]:
    """Return what became of a notice at a list: what phones have, what the carrier took, what did not arrive and why."""
    by_word = {
        "arrived": told.states["confirmed"],
        "taken": told.states["sent"],
        **{
            group.value: sum(n for s, n in told.states.items() if rules.GROUPS[s] is group)
            for group in (Group.WAITING, Group.UNCERTAIN, Group.FAILED, Group.CANCELLED)
        },
    }
    chips = [
        {"label": f"{n} {_(word)}", "tone": tone, "icon": icon}
        for key, n in by_word.items()
        if n
        for word, tone, icon in [words.LISTED.get(key) or words.GROUP[Group(key)]]
    ]
    return {
        "name": told.name,
        "kind": kind_name(told.kind),
        "sum": told.states.total(),
        "chips": chips,
        "troubles": told.troubles.most_common(5),
        "needs_person": bool(told.troubles),
    }
