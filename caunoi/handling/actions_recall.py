"""Ten seconds to take back: an approval waits before it is carried out; a closing can be undone for ten minutes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from caunoi.cases import actions_desk
from caunoi.cases.models import Case
from caunoi.cases.terms import State
from caunoi.handling import rules
from caunoi.handling.models import Habit, Recall
from caunoi.handling.terms import RECALL_SECONDS, Deed, RecallState, TooLate, WaitsAlready
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer


@transaction.atomic
def hold_approval(*, case: Case, params: dict[str, Any], by: Viewer, at: datetime) -> Recall:
    """Let an approval wait for as long as its approver likes; nothing of it has happened yet.

    params  how it is carried out
    -> the waiting recall. Raises WaitsAlready
    Not done here  whether it may be approved at all, and carrying it out
    """
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if Recall.objects.filter(case=case, state=RecallState.WAITING).exists():
        raise WaitsAlready("The answer is approved already and leaves in a moment.")
    seconds = _seconds_of(by)
    recall = Recall.objects.create(
        case=case,
        account_id=by.account_id,
        deed=Deed.APPROVE.value,
        params=params,
        made_at=at,
        until=at + timedelta(seconds=seconds),
    )
    _record("handling.approval.given", recall, by, at, {"seconds": seconds})
    return recall


def _seconds_of(by: Viewer) -> int:
    chosen = Habit.objects.filter(account_id=by.account_id).values_list("recall_seconds", flat=True)
    return chosen.first() or RECALL_SECONDS[0]


def remember_closing(*, case: Case, before: State, by: Viewer, at: datetime) -> Recall:
    """Remember in which state the case was closed, so that it can be taken back. Called in the closing's transaction."""
    return Recall.objects.create(
        case=case,
        account_id=by.account_id,
        deed=Deed.CLOSE.value,
        params={"state": before.value},
        state=RecallState.DONE.value,
        made_at=at,
        until=at + rules.UNDO_WITHIN,
        ended_at=at,
    )


@transaction.atomic
def take_back(*, recall: Recall, by: Viewer, at: datetime) -> Recall:
    """Take it back: of an approval nothing has been sent or published, and the answer waits for approval as before.

    Raises TooLate (it was carried out, or its moment is over), and as actions_desk.undo_closing
    """
    recall = Recall.objects.select_for_update(of=("self",)).get(pk=recall.pk)
    approval = recall.deed == Deed.APPROVE
    open_state = RecallState.WAITING if approval else RecallState.DONE
    if recall.state != open_state or at > recall.until:
        raise TooLate("It was done too long ago to be undone here.")
    if not approval:
        state = State(recall.params["state"])
        actions_desk.undo_closing(case=recall.case, state=state, by=by, at=at)
    _end(recall, RecallState.UNDONE, at=at)
    if approval:
        _record("handling.approval.taken_back", recall, by, at, {})
    return recall


def lock_due(*, recall_id: UUID, at: datetime) -> Recall | None:
    """Return the waiting approval under a lock when its moment has come, else None: taken back, carried out, or too early."""
    found = Recall.objects.select_for_update(of=("self",)).filter(
        pk=recall_id, state=RecallState.WAITING, until__lte=at
    )
    return found.select_related("case", "account").first()


def settle(*, recall: Recall, at: datetime, why: str = "") -> None:
    """Note that the approval was carried out, or (``why``) why it could not be."""
    _end(recall, RecallState.FAILED if why else RecallState.DONE, at=at, why=why)


def _end(recall: Recall, state: RecallState, *, at: datetime, why: str = "") -> None:
    recall.state, recall.ended_at, recall.why = state.value, at, why[:200]
    if recall.deed == Deed.APPROVE:
        recall.params = {}
    recall.save(update_fields=["state", "ended_at", "why", "params"])


def _record(event: str, recall: Recall, by: Viewer, at: datetime, after: dict[str, Any]) -> None:
    unit_id = recall.case.owner_id
    audit.record(event, on=recall.case, by=by, at=at, unit_id=unit_id, after=after)


@transaction.atomic
def set_habits(*, single_keys: bool, recall_seconds: int, by: Viewer, at: datetime) -> Habit:
    """Keep how the colleague likes to work; hers alone, so not on record.

    recall_seconds  one of RECALL_SECONDS; anything else counts as the first
    """
    del at
    chosen = recall_seconds if recall_seconds in RECALL_SECONDS else RECALL_SECONDS[0]
    habit, _new = Habit.objects.update_or_create(
        account_id=by.account_id,
        defaults={"single_keys": single_keys, "recall_seconds": chosen},
    )
    return habit
