"""Reads about what can be taken back, and about a colleague's own habits."""

from datetime import datetime
from uuid import UUID

from caunoi.cases.models import Case
from caunoi.handling.models import Habit, Recall
from caunoi.handling.terms import RecallState
from caunoi.kit.viewing import Viewer, system


def recall_of(viewer: Viewer, *, pk: UUID) -> Recall | None:
    """Return what the viewer did herself, with its case."""
    found = Recall.objects.filter(pk=pk, account_id=viewer.account_id)
    return found.select_related("case").first()


@system("shown on a page whose case was loaded for the viewer; taken back by whoever did it only")
def latest_recall(*, case: Case, at: datetime) -> Recall | None:
    """Return the newest that is not over: waiting, still to be undone, or failed and nothing since."""
    newest = Recall.objects.filter(case=case).select_related("account").order_by("-made_at").first()
    if newest is None or newest.state == RecallState.UNDONE:
        return None
    if newest.state == RecallState.DONE and at > newest.until:
        return None
    return newest


@system("the worker carries out what is due")
def due_recalls(*, at: datetime) -> list[UUID]:
    """Return the approvals whose moment has come, the oldest first."""
    found = Recall.objects.filter(state=RecallState.WAITING, until__lte=at).order_by("until")
    return list(found.values_list("pk", flat=True)[:200])


def habits_of(viewer: Viewer) -> Habit:
    """Return how the viewer likes to work; what she never chose is as it comes."""
    found = Habit.objects.filter(account_id=viewer.account_id).first()
    return found or Habit(account_id=viewer.account_id)
