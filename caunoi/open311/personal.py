"""What other systems wrote stands with the case; here only under which id of theirs."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (Free("open311.postedupdate", ("external_id",), why="another system's id of an update"),)
