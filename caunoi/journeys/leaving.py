"""Somebody follows an account, or ceased to; who answers STOP to a text message is erased from the list, and written down nowhere."""

from collections.abc import Sequence

from caunoi.channels import numbers, registry
from caunoi.channels.contract import Capability, Follow
from caunoi.channels.models import Channel
from caunoi.inbox import actions as inbox


def meant(channel: Channel) -> list[Channel]:
    """Return the channels a receipt may be about: a carrier names the sender only, which may have several lists."""
    if registry.can(channel.connector_key, Capability.LISTED_NUMBERS):
        return numbers.same_sender(channel=channel)
    return [channel]


def keep_follows(said: Sequence[tuple[Channel, Follow]]) -> None:
    """Note who follows accounts; of a list of numbers nothing is noted, the number goes."""
    listed = registry.kinds_that(Capability.LISTED_NUMBERS)
    inbox.keep_follows([(c, f) for c, f in said if c.connector_key not in listed])
    for channel, follow in said:
        if channel.connector_key in listed and not follow.following:
            numbers.take_off(channel=channel, number=follow.sender_ref, at=follow.at)
