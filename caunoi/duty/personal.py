"""Who is on duty stands here as accounts; an alarm knows its case by number only."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("duty.alarm", ("number", "kind"), why="number and kind of a case"),
    Free("duty.page", ("state", "trouble"), why="a state and kinds of errors"),
)
