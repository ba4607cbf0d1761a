"""Other systems are told a number and an address, never a person or a text."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("webhooks.endpoint", ("name", "url", "events", "state", "trouble"), why="another system"),
    Free("webhooks.secret", ("sealed",), why="a sealed secret"),
    Free("webhooks.event", ("type", "number", "path"), why="a public number and an address"),
    Free("webhooks.delivery", ("state",), why="a code"),
    Free("webhooks.attempt", ("answer", "trouble"), why="what another system's server said"),
)
