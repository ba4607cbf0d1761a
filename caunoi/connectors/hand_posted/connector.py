"""The connector ``hand_posted``."""

from caunoi.channels.contract import Capability
from caunoi.connectors.local import LocalDoor


class HandPosted(LocalDoor):
    """A group without an API (a village group on Zalo, a Facebook group): somebody of the village posts and says so."""

    key = "hand_posted"
    capabilities = frozenset({Capability.LOCAL, Capability.BY_HAND, Capability.PUBLISH_PICTURES})
    written_as = "group"
