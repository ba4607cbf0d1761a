"""One thing done to many cases: choose, plan, run, take back. Every case is its own transaction with its own audit row."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from procrastinate.contrib.django import app as jobs

from caunoi.cases import actions as cases
from caunoi.cases import actions_desk as desk
from caunoi.cases import proposals
from caunoi.cases.models import Case
from caunoi.cases.terms import State
from caunoi.handling import queries, rules
from caunoi.handling.models import BulkItem, BulkRun, CannedAnswer
from caunoi.handling.terms import (
    Do,
    ItemState,
    LeftOut,
    NothingChosen,
    RunIsOver,
    RunState,
    TooLate,
)
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account

BATCH = 50
JOB = "handling.run"


@transaction.atomic
def choose_cases(
    *, do: Do, case_ids: Iterable[UUID], query: str, by: Viewer, at: datetime
) -> BulkRun:
    """Begin a run with these cases; nothing is changed yet. Raises NothingChosen."""
    ids = list(dict.fromkeys(case_ids))[: rules.AT_MOST]
    if not ids:
        raise NothingChosen("Choose cases first.")
    run = BulkRun.objects.create(
        account_id=by.account_id, do=do.value, query=query[:500], made_at=at
    )
    BulkItem.objects.bulk_create([BulkItem(run=run, case_id=i) for i in ids], batch_size=1000)
    return run


@transaction.atomic
def plan_run(*, run: BulkRun, params: Mapping[str, Any], by: Viewer, at: datetime) -> BulkRun:
    """Say with what the run is done, and find out which cases it will leave alone and why. Raises RunIsOver."""
    run = _locked(run, by)
    if run.state not in {RunState.CHOSEN, RunState.PLANNED}:
        raise RunIsOver("This was done already.")
    do = Do(run.do)
    reasons: dict[LeftOut, list[UUID]] = {}
    facts = queries.facts_of(by, run=run, params=params, at=at)
    for case_id, fact in facts.items():
        if why := rules.left_out(do, params, fact):
            reasons.setdefault(why, []).append(case_id)
    run.items.update(state=ItemState.TODO.value, why="")
    for why, ids in reasons.items():
        run.items.filter(case_id__in=ids).update(state=ItemState.LEFT_OUT.value, why=why.value)
    run.params, run.state = dict(params), RunState.PLANNED.value
    run.save(update_fields=["params", "state"])
    return run


@transaction.atomic
def start_run(*, run: BulkRun, by: Viewer, at: datetime) -> BulkRun:
    """Let the planned run begin; from now on it cannot be started again. More than AT_ONCE cases are left to the worker.

    -> the run; ``work_on`` does the cases of a small one. Raises RunIsOver
    """
    run = _locked(run, by)
    if run.state != RunState.PLANNED:
        raise RunIsOver("This was done already.")
    run.state, run.started_at = RunState.RUNNING.value, at
    run.save(update_fields=["state", "started_at"])
    if run.items.filter(state=ItemState.TODO.value).count() > rules.AT_ONCE:
        jobs.configure_task(JOB).defer(run_id=str(run.pk))
    return run


def start_and_work(*, run: BulkRun, by: Viewer, at: datetime) -> BulkRun:
    """Let the planned run begin: a few cases are done now, many in the background. Raises RunIsOver."""
    run = start_run(run=run, by=by, at=at)
    many = queries.progress_of(run=run).get(ItemState.TODO, 0) > rules.AT_ONCE
    while not many and work_on(run=run, by=by, at=at):
        pass
    return run


def work_on(*, run: BulkRun, by: Viewer, at: datetime, limit: int = BATCH) -> int:
    """Do the next cases of a running run, each in its own transaction; finishes the run when none is left.

    -> how many cases were taken in hand. Doing it again repeats nothing: a case that is done stays done.
    """
    waiting = run.items.filter(state=ItemState.TODO.value).order_by("pk")
    taken = list(waiting.values_list("pk", flat=True)[:limit])
    for pk in taken:
        _do_one(pk, by, at)
    if not waiting.exists():
        BulkRun.objects.filter(pk=run.pk, state=RunState.RUNNING.value).update(
            state=RunState.DONE.value, finished_at=at
        )
    return len(taken)


def _do_one(item_pk: int, by: Viewer, at: datetime) -> None:
    try:
        with transaction.atomic():
            items = BulkItem.objects.select_for_update(of=("self",)).select_related("run")
            item = items.filter(pk=item_pk, state=ItemState.TODO.value).first()
            if item is None:
                return
            case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=item.case_id)
            item.before = {
                "assignee": case.assignee_id,
                "topic": case.topic,
                "snoozed_until": case.snoozed_until.isoformat() if case.snoozed_until else "",
                "state": case.state,
            }
            _DO[Do(item.run.do)](case, item.run.params, by, at)
            item.state = ItemState.DONE.value
            item.save(update_fields=["state", "before"])
    except Foreseen as error:
        BulkItem.objects.filter(pk=item_pk).update(
            state=ItemState.FAILED.value, why=str(error)[:200]
        )


def _assign(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    account = params.get("account")
    to = Account.objects.filter(pk=account, is_active=True).first() if account else None
    cases.assign_case(case=case, to=to, by=by, at=at)


def _refer(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    cases.refer_case(
        case=case, to_unit_id=UUID(params["unit"]), reason=params["reason"], by=by, at=at
    )


def _topic(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    proposals.set_topic(case=case, topic=params["topic"], by=by, at=at)


def _snooze(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    until = parse_datetime(params["until"]) if params.get("until") else None
    desk.snooze_case(case=case, until=until, by=by, at=at)


def _close(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    cases.close_case(case=case, reason=params["reason"], by=by, at=at)


def _answer(case: Case, params: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    canned = CannedAnswer.objects.get(pk=params["canned"])
    text = queries.filled(text=canned.text, case=case, at=at)
    cases.save_draft(case=case, text=text, by=by, at=at)
    cases.submit_draft(case=case, by=by, at=at)


_DO: dict[Do, Callable[[Case, Mapping[str, Any], Viewer, datetime], None]] = {
    Do.ASSIGN: _assign,
    Do.REFER: _refer,
    Do.TOPIC: _topic,
    Do.SNOOZE: _snooze,
    Do.CLOSE: _close,
    Do.ANSWER: _answer,
}


def undo_run(*, run: BulkRun, by: Viewer, at: datetime) -> BulkRun:
    """Take a run of the last ten minutes back, case by case; what somebody changed meanwhile is kept as it is.

    Raises TooLate (also for what cannot be taken back at all)
    """
    with transaction.atomic():
        run = _locked(run, by)
        if run.state != RunState.DONE or not rules.may_undo(
            do=Do(run.do), finished_at=run.finished_at, at=at
        ):
            raise TooLate("It was done too long ago to be undone here.")
        run.state = RunState.UNDONE.value
        run.save(update_fields=["state"])
    for item in run.items.filter(state=ItemState.DONE.value).select_related("case"):
        _undo_one(item, run, by, at)
    return run


def _undo_one(item: BulkItem, run: BulkRun, by: Viewer, at: datetime) -> None:
    try:
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=item.case_id)
            if not _UNCHANGED[Do(run.do)](case, run.params):
                _settle(item, ItemState.KEPT, LeftOut.CHANGED.value)
                return
            _UNDO[Do(run.do)](case, item.before, by, at)
            _settle(item, ItemState.UNDONE, "")
    except Foreseen as error:
        _settle(item, ItemState.KEPT, str(error))


def _settle(item: BulkItem, state: ItemState, why: str) -> None:
    item.state, item.why = state.value, why[:200]
    item.save(update_fields=["state", "why"])


_UNCHANGED: dict[Do, Callable[[Case, Mapping[str, Any]], bool]] = {
    Do.ASSIGN: lambda case, params: case.assignee_id == params.get("account"),
    Do.TOPIC: lambda case, params: case.topic == params["topic"],
    Do.SNOOZE: lambda case, params: (
        (case.snoozed_until.isoformat() if case.snoozed_until else "") == params.get("until", "")
    ),
    Do.CLOSE: lambda case, params: case.state == State.CLOSED,
}
_UNDO: dict[Do, Callable[[Case, Mapping[str, Any], Viewer, datetime], Any]] = {
    Do.ASSIGN: lambda case, before, by, at: _assign(case, {"account": before["assignee"]}, by, at),
    Do.TOPIC: lambda case, before, by, at: proposals.set_topic(
        case=case, topic=before["topic"], by=by, at=at
    ),
    Do.SNOOZE: lambda case, before, by, at: _snooze(
        case, {"until": _still_to_come(before["snoozed_until"], at)}, by, at
    ),
    Do.CLOSE: lambda case, before, by, at: desk.undo_closing(
        case=case, state=State(before["state"]), by=by, at=at
    ),
}


def _still_to_come(moment: str, at: datetime) -> str:
    """Return the moment when it is still to come: a day that has passed meanwhile lays nothing aside."""
    until = parse_datetime(moment) if moment else None
    return moment if until is not None and until > at else ""


def _locked(run: BulkRun, by: Viewer) -> BulkRun:
    return BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk, account_id=by.account_id)
