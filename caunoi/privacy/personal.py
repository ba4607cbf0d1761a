"""What the asking about personal data itself holds."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import SECURITY, TASK, End, Free, Holding, Piece, Subject, Whose
from caunoi.privacy.models import Request

HOLDINGS = (
    Holding(
        "privacy.request",
        ("words", "sealed_wanted", "reason"),
        what=_("That you asked for a correction or deletion, and why it was decided so"),
        purpose=_("so that you get an answer in time, and can complain about it"),
        basis=TASK,
        kept=_("your words until it is decided; the decision as long as the case"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "privacy.incident",
        ("what", "data_kinds", "measures", "notified_to", "outcome"),
        what=_("When personal data got out: what happened and what was done, without names"),
        purpose=_("so that the authority is told within 72 hours, and it does not happen again"),
        basis=SECURITY,
        kept=_("five years; it cannot be changed"),
        whose=Whose.ASKER,
        end=End.KEPT,
    ),
)
FREE = (
    Free("privacy.incident", ("state",), why="a code"),
    Free("privacy.request", ("wish", "state"), why="codes"),
    Free("privacy.retentionrule", ("code", "source", "does"), why="codes and laws"),
    Free("privacy.hold", ("reason",), why="an officer's reason"),
    Free("privacy.sweep", ("kind",), why="numbers"),
    Free("privacy.consenttext", ("channel", "text"), why="words told to everybody"),
    Free("privacy.erasure", ("why", "kept"), why="a code, and numbers of official papers"),
)


def pieces(about: Subject) -> list[Piece]:
    """Return what was asked about the data before."""
    asked = Request.objects.filter(case_id=about.case_id).order_by("received_at")
    return [
        Piece("privacy.request", _("You asked us"), r.words, r.received_at)
        for r in asked
        if r.words
    ]


def forget(about: Subject, *, at: datetime) -> int:
    """Erase the asker's own words about it; the decision stays."""
    del at
    asked = Request.objects.filter(case_id=about.case_id)
    return asked.update(words="", sealed_wanted=None)
