"""Keys belong to machines; an answer kept for a repeated request may quote a case and is forgotten with it."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.api.models import KeptAnswer
from caunoi.kit.holding import TASK, End, Free, Holding, Subject, Whose

HOLDINGS = (
    Holding(
        "api.keptanswer",
        ("body",),
        what=_("What another official system was answered about your question"),
        purpose=_("so that a request sent twice changes nothing twice"),
        basis=TASK,
        kept=_("some days, or until your question is erased"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("api.apikey", ("prefix", "hashed", "name", "scopes"), why="a machine's key, hashed"),
    Free("api.keyuse", ("operation",), why="counts"),
    Free("api.keptanswer", ("given", "request_print", "headers"), why="keys and hashes"),
)


def forget(about: Subject, *, at: datetime) -> int:
    """Delete kept answers that speak of the case."""
    del at
    return KeptAnswer.objects.filter(body__contains=about.number).delete()[0]
