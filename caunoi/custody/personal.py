"""The register names the colleagues who hold each channel; reports of impostors keep nothing of who sent them."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free(
        "custody.asset",
        (
            *("kind", "name", "url", "address_key", "number", "envelope", "reason"),
            *("links", "state", "folded", "sort_key"),
        ),
        why="names, addresses and numbers of institutions, and where a sealed envelope lies",
    ),
    Free(
        "custody.brandrule",
        ("pattern", "must_link", "may_link"),
        why="how channels are called and where they lead",
    ),
    Free(
        "custody.keeper",
        ("mistake",),
        why="how somebody came to be named who holds nothing; names colleagues at most",
    ),
    Free(
        "custody.report",
        ("address", "words"),
        why="an address on the web and what somebody saw there; contact data is taken out when it is written",
    ),
)
