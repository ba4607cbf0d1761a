"""The connector ``web_form``."""

from caunoi.connectors.local import LocalDoor


class WebForm(LocalDoor):
    """The unit's own form on the public site."""

    key = "web_form"
