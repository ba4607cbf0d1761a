"""The connector ``web_portal``."""

from caunoi.channels.contract import Capability
from caunoi.connectors.local import LocalDoor


class WebPortal(LocalDoor):
    """The unit's own pages here: a notice stands on them from the moment it is published."""

    key = "web_portal"
    capabilities = frozenset({Capability.LOCAL, Capability.SHOWN_HERE})
