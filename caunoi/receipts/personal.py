"""Receipts hold nothing of residents: links only count. Colleagues are named to those above them."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import TASK, End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "receipts.reading",
        ("note",),
        what=_("What a colleague wrote beside a notice that was read out"),
        purpose=_("so that those above know how many households heard it"),
        basis=TASK,
        kept=_("as long as the notice"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free(
        "receipts.seencount", ("connector_key",), why="a kind of channel; what is kept are totals"
    ),
    Free("receipts.reading", ("kind",), why="a code"),
    Free(
        "receipts.shortlink",
        ("code", "connector_key"),
        why="a random code and a kind of channel; opening is only counted",
    ),
)
