"""The table of deadlines names who changed it and nobody else."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import SECURITY, End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "deadlines.deadlineversion",
        ("entered_by",),
        what=_("Which officer changed a deadline"),
        purpose=_("so that a change has a name"),
        basis=SECURITY,
        kept=_("for good"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free("deadlines.deadline", ("code", "label_vi", "counted_from"), why="words of the law"),
    Free("deadlines.deadlineversion", ("unit", "source", "status"), why="words of the law"),
    Free("deadlines.dayexception", ("kind", "name", "source"), why="days"),
)
