"""Plans name the colleagues whose roles go on or end."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import TASK, End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "reform.step",
        ("label",),
        what=_("Names of colleagues whose role goes on or ends in a reform, and names of channels"),
        purpose=_("so that whoever signs sees what becomes of each role"),
        basis=TASK,
        kept=_("as long as the plan, which is an official record"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free(
        "reform.plan",
        ("legal_reference", "state", "rehearsal"),
        why="the number of a resolution, a word of ours, counts and names of units",
    ),
    Free(
        "reform.closing",
        ("name", "short_name", "level", "folded", "sort_key", "way", "reason"),
        why="names of units, and why a unit takes over",
    ),
    Free(
        "reform.step",
        ("holder", "ref", "kind", "outcome", "new_name", "into", "state", "trouble"),
        why="words of ours, the name of a channel, the reason of a failure",
    ),
)
