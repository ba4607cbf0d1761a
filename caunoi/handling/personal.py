"""What colleagues keep while they work on cases: it goes with the case."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.handling.models import BulkItem, Mention, Presence, Reading, Recall, Scratch
from caunoi.handling.terms import RecallState
from caunoi.kit.holding import TASK, End, Free, Holding, Piece, Subject, Whose

HOLDINGS = (
    Holding(
        "handling.scratch",
        ("text",),
        what=_("What an officer is typing about it"),
        purpose=_("so that no word is lost before it is kept"),
        basis=TASK,
        kept=_("until the answer is kept, or the question is erased"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "handling.recall",
        ("params",),
        what=_("An answer in the ten seconds before it is sent"),
        purpose=_("so that it can be undone"),
        basis=TASK,
        kept=_("until the answer is kept, or the question is erased"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "handling.bulkrun",
        ("params", "query"),
        what=_("Words an officer used for many questions at once"),
        purpose=_("so that it can be undone"),
        basis=TASK,
        kept=_("until the answer is kept, or the question is erased"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
    Holding(
        "handling.savedview",
        ("name", "query"),
        what=_("The lists an officer put together for herself"),
        purpose=_("so that she finds her work again"),
        basis=TASK,
        kept=_("until she removes it"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free("handling.bulkrun", ("do", "state"), why="codes"),
    Free("handling.recall", ("deed", "state", "why"), why="codes and reasons of the machine"),
    Free("handling.bulkitem", ("state", "why", "before"), why="codes and ids"),
    Free("handling.cannedanswer", ("title", "shortcut", "text", "topic"), why="words for everybody"),
    Free("handling.scratch", ("field", "agency"), why="a code and an agency"),
    Free("handling.presence", ("doing",), why="a code"),
    Free(
        "handling.redaction",
        ("question_print", "question_marks", "answer_print", "answer_marks"),
        why="where something is hidden and of what kind, never the words; keyed to a text that is gone",
    ),
)  # fmt: skip


def pieces(about: Subject) -> list[Piece]:
    """Return that something is being typed; the words are the officer's until she keeps them."""
    typed = Scratch.objects.filter(case_id=about.case_id).count()
    return [Piece("handling.scratch", _("Answers being typed"), str(typed))] if typed else []


def forget(about: Subject, *, at: datetime) -> int:
    """Delete what was being typed, and who had the case open."""
    del at
    changed, _found = Scratch.objects.filter(case_id=about.case_id).delete()
    for model in (Presence, Reading, Mention):
        model.objects.filter(case_id=about.case_id).delete()
    recalls = Recall.objects.filter(case_id=about.case_id)
    recalls.filter(state=RecallState.WAITING).delete()
    recalls.update(params={})
    return changed + BulkItem.objects.filter(case_id=about.case_id).update(before={})
