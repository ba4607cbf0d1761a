"""The tree of units names no person."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("units.unit", ("slug",), why="a place"),
    Free(
        "units.unitversion", ("level", "type", "code", "name", "full_name", "path"), why="a place"
    ),
    Free("units.unitevent", ("kind", "legal_reference", "note"), why="decisions about places"),
    Free("units.succession", ("share",), why="whole or part"),
)
