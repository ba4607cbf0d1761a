"""Competent bodies are offices; how to reach them is public."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("routing.topic", ("code", "name", "keywords"), why="subjects"),
    Free(
        "routing.body",
        ("kind", "name", "office", "email", "phone", "address"),
        why="an office and how it is reached, in public",
    ),
    Free("routing.rule", ("kind", "to_office", "mode", "legal_source"), why="codes and laws"),
)
