"""The connector ``loudspeaker``."""

from caunoi.channels.contract import Capability
from caunoi.connectors.local import LocalDoor


class Loudspeaker(LocalDoor):
    """A village's loudspeaker: whoever looks after it reads the script aloud and says when."""

    key = "loudspeaker"
    capabilities = frozenset({Capability.LOCAL, Capability.BY_HAND})
    written_as = "loudspeaker"
