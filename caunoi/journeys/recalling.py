"""An approval that can be taken back: it is tried out at once, waits some seconds, and only then is anything published or sent."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from caunoi.answers.redaction import fingerprint
from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case
from caunoi.cases.terms import State
from caunoi.handling import actions_recall, queries_recall
from caunoi.handling.models import Recall
from caunoi.handling.terms import NotDecided
from caunoi.journeys import approving, ask_and_answer
from caunoi.kit import clock
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.staff import queries as staff

JOB = "journeys.carry_out_approval"


@transaction.atomic
def approve_soon(
    *,
    case: Case,
    prints: str | None,
    hidden: Collection[str],
    more: str,
    by: Viewer,
    at: datetime,
) -> Recall:
    """Approve the answer in some seconds, by the worker; until then it can be taken back and nobody outside sees anything of it.

    prints  the mark of the words the approver saw; None when the page showed nothing to be hidden
    Raises whatever carrying it out now would raise, and WaitsAlready
    """
    draft = case_queries.open_draft(case=case)
    params = {
        "prints": prints,
        "hidden": list(hidden),
        "more": more,
        "draft": fingerprint(draft.text) if draft else "",
    }
    with transaction.atomic():
        _approve(case, params, by, at)
        transaction.set_rollback(True)
    recall = actions_recall.hold_approval(case=case, params=params, by=by, at=at)
    app.configure_task(JOB, schedule_at=recall.until).defer(recall_id=str(recall.pk))
    return recall


def _approve(case: Case, params: dict, by: Viewer, at: datetime) -> None:
    draft = case_queries.open_draft(case=case)
    if draft is not None and fingerprint(draft.text) != params["draft"]:
        raise NotDecided("The words changed meanwhile; look again at what will be hidden.")
    if params["prints"] is None:
        ask_and_answer.answer_and_publish(case=case, approver=by, at=at)
        return
    approving.approve_reviewed(
        case=case,
        prints=params["prints"],
        hidden=params["hidden"],
        more=params["more"],
        by=by,
        at=at,
    )


@transaction.atomic
def carry_out(*, recall_id: UUID, at: datetime) -> bool:
    """Carry out an approval whose moment has come, with the rights its approver holds now. True when the answer is on its way.

    Done again, or taken back meanwhile, nothing happens. What is not possible any more is noted on the case, with the reason.
    """
    recall = actions_recall.lock_due(recall_id=recall_id, at=at)
    if recall is None:
        return False
    on, account = clock.local_date(at), recall.account
    by = staff.viewer_for(account=account, on=on, has_second_factor=account.is_active)
    try:
        with transaction.atomic():
            _approve(recall.case, recall.params, by, at)
    except Foreseen as error:
        actions_recall.settle(recall=recall, at=at, why=str(error) or type(error).__name__)
        return False
    actions_recall.settle(recall=recall, at=at)
    return True


def carry_out_due(*, at: datetime) -> int:
    """Carry out every approval whose moment has come. -> how many answers are on their way."""
    return sum(carry_out(recall_id=pk, at=at) for pk in queries_recall.due_recalls(at=at))


@transaction.atomic
def close_and_remember(*, case: Case, reason: str, by: Viewer, at: datetime) -> Recall:
    """Close the case and remember how it stood, so that it can be taken back. Raises as cases.close_case."""
    before = State(Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk).state)
    closed = cases.close_case(case=case, reason=reason, by=by, at=at)
    return actions_recall.remember_closing(case=closed, before=before, by=by, at=at)
