"""The installed connectors, found through the entry-point group ``caunoi.connectors``; nobody imports them."""

import logging
from functools import cache
from importlib.metadata import entry_points

from caunoi.channels.contract import Capability, Connector
from caunoi.channels.terms import UnknownConnector

GROUP = "caunoi.connectors"
log = logging.getLogger("caunoi.channels")


@cache
def _installed() -> dict[str, Connector]:
    """One that cannot be loaded is left out: its channels wait, all others work."""
    found = {}
    for point in entry_points(group=GROUP):
        try:
            found[point.name] = point.load()()
        except (ImportError, AttributeError):
            log.exception("connector %s is installed and cannot be loaded", point.name)
    return found


def connector_for(key: str) -> Connector:
    """Return the connector of that name. Raises UnknownConnector."""
    try:
        return _installed()[key]
    except KeyError:
        raise UnknownConnector(f"No connector named {key!r} is installed.") from None


def all_connectors() -> dict[str, Connector]:
    """Return every installed connector by name."""
    return dict(sorted(_installed().items()))


def can(key: str, capability: Capability) -> bool:
    """True when that kind of channel can do this."""
    return capability in connector_for(key).capabilities


def kinds_that(capability: Capability) -> list[str]:
    """Return the names of the installed kinds that can do this."""
    return [
        key for key, connector in all_connectors().items() if capability in connector.capabilities
    ]
