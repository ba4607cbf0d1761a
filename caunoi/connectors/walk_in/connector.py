"""The connector ``walk_in``."""

from caunoi.connectors.local import LocalDoor


class WalkIn(LocalDoor):
    """Typed in by an officer or village cadre for somebody without a phone."""

    key = "walk_in"
