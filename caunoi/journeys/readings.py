"""What claimed deliveries say: read once, told apart by what can be done for many at once and whose conversation is in whose hand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.contract import (
    Follow,
    Inbound,
    MessageEdited,
    MessageReceived,
    MessageRemoved,
    OwnMessage,
    OwnPost,
    RawDelivery,
    Receipt,
    Unknown,
)
from caunoi.channels.models import Channel
from caunoi.inbox import models as inbox_models

TOGETHER = (MessageReceived, OwnMessage, Receipt, Follow)
Key = tuple[str, str, str]
"""A conversation, or a message of one: kind of channel, account, the provider's id."""


@dataclass
class Reading:
    """One claimed delivery and what it says; ``said`` is None when it cannot be read (then it fails by itself)."""

    delivery: inbox_models.RawDelivery
    said: Sequence[Inbound] | None
    channels: dict[str, Channel] = field(default_factory=dict)

    @property
    def keys(self) -> set[Key]:
        """What this delivery has in common with others of the same conversations."""
        kind = self.delivery.connector_key
        return {(kind, s.account_ref or "", ref) for s in self.said or () for ref in _refs(s)}


def _refs(said: Inbound) -> Iterable[str]:
    if isinstance(said, MessageReceived):
        return filter(None, (said.thread_ref, said.external_id, said.parent_ref))
    if isinstance(said, OwnMessage):
        return filter(None, (said.thread_ref, said.parent_ref))
    if isinstance(said, MessageEdited | MessageRemoved | OwnPost):
        return (said.external_id,)
    return ()


def read(delivery: inbox_models.RawDelivery) -> Reading:
    """Return what a delivery says; never raises, whatever its bytes."""
    try:
        connector = registry.connector_for(delivery.connector_key)
        raw = RawDelivery(delivery.headers, bytes(delivery.body), delivery.received_at)
        said = [s for s in connector.read(raw) if not isinstance(s, Unknown)]
    except Exception:  # noqa: BLE001  what it was is told when the delivery is done by itself
        return Reading(delivery, None)
    return Reading(delivery, said)


def texts_in(delivery: inbox_models.RawDelivery) -> list[str]:
    """Return what residents wrote or changed in it."""
    said = read(delivery).said or ()
    return [s.text for s in said if isinstance(s, MessageReceived | MessageEdited)]


def without(
    mine: Sequence[Reading], others: Sequence[Reading]
) -> tuple[list[Reading], list[Reading]]:
    """Part the readings into those whose conversations nobody else has in hand, and the rest with all that follows them."""
    busy: set[Key] = set().union(*(r.keys for r in others))
    free, waiting = [], []
    for one in mine:
        if busy & one.keys:
            busy |= one.keys
            waiting.append(one)
        else:
            free.append(one)
    return free, waiting


def sorted_out(claimed: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Part the readings into those done together and those done one by one, each in its order.

    Alone goes what cannot be read, what nobody registered, edits, removals and posts, and whatever shares a conversation with one.
    """
    known = channels.channels_for(
        refs={
            (r.delivery.connector_key, s.account_ref or "") for r in claimed for s in r.said or ()
        }
    )
    alone = {r.delivery.pk for r in claimed if not _fits(r, known)}
    while True:
        shared: set[Key] = set().union(*(r.keys for r in claimed if r.delivery.pk in alone))
        more = {r.delivery.pk for r in claimed if r.keys & shared} - alone
        if not more:
            break
        alone |= more
    together = [r for r in claimed if r.delivery.pk not in alone]
    return together, [r for r in claimed if r.delivery.pk in alone]


def portions(together: Sequence[Reading], *, parts: int) -> Iterator[list[Reading]]:
    """Cut into runs that say about ``parts`` things each: one delivery may say a thousand."""
    run: list[Reading] = []
    for one in together:
        run.append(one)
        if sum(len(r.said or ()) for r in run) >= parts:
            yield run
            run = []
    if run:
        yield run


def _fits(reading: Reading, known: dict[tuple[str, str], Channel]) -> bool:
    """True when everything said can be done together; then the reading knows its channels."""
    if reading.said is None:
        return False
    for said in reading.said:
        channel = known.get((reading.delivery.connector_key, said.account_ref or ""))
        if channel is None or not isinstance(said, TOGETHER):
            return False
        reading.channels[said.account_ref or ""] = channel
    return True
