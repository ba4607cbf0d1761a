"""What a closed page says of where to go: posted where the provider takes it from us, else given to a person to pin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import queries as sends
from caunoi.reform import rules
from caunoi.reform.terms import Deed, LastWords, Outcome
from caunoi.units import queries as units

ENDING = frozenset({Outcome.CLOSED, Outcome.MERGED})
"""What is archived is only read; nobody is sent away from it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the units of some deeds are called on the day, and the old ones' short addresses."""

    full: Mapping[UUID, str]
    slugs: Mapping[UUID, str]


def takers(deeds: Mapping[UUID, Deed]) -> dict[UUID, Channel]:
    """Return by merged channel which of the successor's takes it in: the one that was chosen, or its only one of that kind."""
    merged = {pk: d for pk, d in deeds.items() if d.outcome == Outcome.MERGED}
    kinds = dict(Channel.objects.filter(pk__in=list(merged)).values_list("pk", "connector_key"))
    there = Channel.objects.filter(
        unit_id__in={d.to_unit_id for d in merged.values()},
        connector_key__in=set(kinds.values()),
        state=ChannelState.ACTIVE,
    ).exclude(pk__in=list(deeds.keys() & merged.keys()))
    own: dict[tuple[UUID, str], list[Channel]] = {}
    for channel in there.order_by("pk"):
        own.setdefault((channel.unit_id, channel.connector_key), []).append(channel)
    chosen = Channel.objects.in_bulk([UUID(d.into) for d in merged.values() if d.into])
    found = {}
    for pk, deed in merged.items():
        same = own.get((deed.to_unit_id, kinds.get(pk, "")), [])
        taker = chosen.get(UUID(deed.into)) if deed.into else None
        if taker or len(same) == 1:
            found[pk] = taker or same[0]
    return found


def last_words(deeds: Sequence[Deed]) -> dict[str, LastWords]:
    """Return by channel what is to be pinned, and how the post stands where we post it ourselves."""
    by_pk = {UUID(d.ref): d for d in deeds if d.outcome in ENDING}
    if not by_pk:
        return {}
    names, into = _names(by_pk), takers(by_pk)
    sent = sends.last_words_of(reference=_reference(deeds[0]))
    found = {}
    for channel in Channel.objects.filter(pk__in=list(by_pk)):
        row = sent.get(channel.pk)
        found[str(channel.pk)] = LastWords(
            text=_text(by_pk[channel.pk], names, into.get(channel.pk)),
            address=channel.url,
            posts=_posts(channel),
            sent=row.state if row else "",
            link=row.permalink if row else "",
        )
    return found


def say(deeds: Mapping[UUID, Deed], into: Mapping[UUID, Channel]) -> None:
    """Queue the last words of every channel that ends and can still say them, before it is retired."""
    ending = {pk: d for pk, d in deeds.items() if d.outcome in ENDING}
    speaking = Channel.objects.filter(pk__in=list(ending), state=ChannelState.ACTIVE)
    able = [c for c in speaking.order_by("pk") if _posts(c)]
    if not able:
        return
    names = _names(ending)
    words = []
    for channel in able:
        deed = ending[channel.pk]
        title = f"{names.full.get(deed.to_unit_id, '')} tiếp nhận công việc của {names.full.get(deed.unit_id, '')}"
        text = _text(deed, names, into.get(channel.pk))
        words.append(outbox.LastWords(channel, title, text, _address(deed, names)))
    first = next(iter(ending.values()))
    outbox.queue_last_words(words, reference=_reference(first), at=first.at)


def _posts(channel: Channel) -> bool:
    """True where many read a page of the unit; a list of people is no place to pin anything."""
    can = registry.connector_for(channel.connector_key).capabilities
    return Capability.PUBLISH in can and Capability.LISTED_NUMBERS not in can


def _reference(deed: Deed) -> str:
    return f"reform:{deed.plan_id}"


def _names(deeds: Mapping[UUID, Deed]) -> Names:
    some = list(deeds.values())
    old = {d.unit_id for d in some}
    full = units.names_of(unit_ids=old | {d.to_unit_id for d in some}, on=some[0].on)
    return Names(full, units.slugs_of(unit_ids=old))


def _address(deed: Deed, names: Names) -> str:
    return f"{settings.PUBLIC_URL}/xa/{names.slugs.get(deed.unit_id, '')}/"


def _text(deed: Deed, names: Names, taker: Channel | None) -> str:
    return rules.moved_words(
        old=names.full.get(deed.unit_id, ""),
        new=names.full.get(deed.to_unit_id, ""),
        on=deed.on,
        legal_reference=deed.legal_reference,
        address=_address(deed, names),
        taker=taker.name if taker else "",
        taker_address=taker.url if taker else "",
    )
