"""Many cases at once: choose, look at what will happen, let it run, take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caunoi.cases import queries as cases
from caunoi.handling import actions_bulk, forms, forms_bulk, labels, queries, rules
from caunoi.handling.models import BulkRun
from caunoi.handling.terms import CAN_BE_UNDONE, Do, ItemState, RunState
from caunoi.kit import clock, paging, swap
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer

PARTS = ("run",)
TO_ME, TO_NOBODY = "take", "free"


@access("cases.view")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Begin with the chosen cases, or with all of the view; taking a few is done at once."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    words = [w for w in request.POST.getlist("do") if w]
    word = TO_ME if TO_ME in words else next(iter(words), "")
    query = forms.address_of(forms.words_of(request.POST.get("query", "")))
    back = f"{reverse('handling:inbox')}?{query}"
    if word not in {*Do, TO_ME, TO_NOBODY}:
        messages.warning(request, _("Choose what to do."))
        return redirect(back)
    do = Do.ASSIGN if word in {TO_ME, TO_NOBODY} else Do(word)
    try:
        run = actions_bulk.choose_cases(
            do=do, case_ids=_chosen(request, viewer, at), query=query, by=viewer, at=at
        )
    except Foreseen as error:
        messages.warning(request, _(str(error)))
        return redirect(back)
    if word == Do.ASSIGN or do != Do.ASSIGN:
        return redirect("handling:run", pk=run.pk)
    params = {"account": viewer.account_id if word == TO_ME else None}
    actions_bulk.plan_run(run=run, params=params, by=viewer, at=at)
    if queries.progress_of(run=run).get(ItemState.TODO, 0) > paging.SIZE:
        return redirect("handling:run", pk=run.pk)
    actions_bulk.start_and_work(run=run, by=viewer, at=at)
    return redirect(f"{back}&lam={run.pk}")


def _chosen(request: HttpRequest, viewer: Viewer, at: datetime) -> list[UUID]:
    """Return the cases whose boxes were ticked, or all of the view the form was sent from."""
    on = clock.local_date(at)
    if request.POST.get("all"):
        filters = forms.filters_of(forms.words_of(request.POST.get("query", "")), on=on)
        found = cases.inbox(viewer, filters=filters, at=at, on=on)
        return list(found.values_list("pk", flat=True)[: rules.AT_MOST])
    numbers = request.POST.getlist("case")[: rules.AT_MOST]
    visible = cases.visible_cases(viewer, on=on)
    return list(visible.filter(number__in=numbers).order_by("due_at").values_list("pk", flat=True))


@access("cases.view")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what the run needs to know, show what it will do and what it leaves out, later how far it is."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    found = _own(viewer, pk)
    if request.method == "POST":
        form = forms_bulk.params_form(found, viewer, at, request.POST)
        if form.is_valid():
            try:
                actions_bulk.plan_run(run=found, params=form.params(), by=viewer, at=at)
            except Foreseen as error:
                messages.error(request, _(str(error)))
            return redirect("handling:run", pk=pk)
        return _page(request, found, form, at, status=422)
    return _page(request, found, forms_bulk.params_form(found, viewer, at), at)


def _page(
    request: HttpRequest, run: BulkRun, form: forms_bulk.ParamsForm, at: datetime, status: int = 200
) -> HttpResponse:
    counted = queries.progress_of(run=run)
    shown = {
        "run": run,
        "form": form,
        "what": labels.DO[Do(run.do)],
        "said": form.said(run.params) if run.params else "",
        "total": sum(counted.values()),
        "todo": counted.get(ItemState.TODO, 0),
        "done": counted.get(ItemState.DONE, 0),
        "undone": counted.get(ItemState.UNDONE, 0),
        "handled": sum(n for state, n in counted.items() if state != ItemState.TODO),
        "first": queries.first_of(run=run, state=ItemState.TODO),
        "left_out": _reasons(run, ItemState.LEFT_OUT),
        "failed": _reasons(run, ItemState.FAILED),
        "kept": _reasons(run, ItemState.KEPT),
        "may_undo": may_undo(run, at),
        "can_be_undone": run.do in CAN_BE_UNDONE,
        "at_most": rules.AT_MOST,
        "back": f"{reverse('handling:inbox')}?{run.query}",
    }
    return swap.render(request, "handling/run.html", shown, parts=PARTS, status=status)


def _reasons(run: BulkRun, state: ItemState) -> list[dict[str, Any]]:
    return [
        {"why": labels.WHY.get(why) or _(why), "n": n, "cases": found, "more": n - len(found)}
        for why, n, found in queries.reasons_of(run=run, state=state)
    ]


def may_undo(run: BulkRun, at: datetime) -> bool:
    """True while the run can be taken back."""
    over = run.state == RunState.DONE
    return over and rules.may_undo(do=Do(run.do), finished_at=run.finished_at, at=at)


@access("cases.view")
@require_POST
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the planned run begin."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    found = _own(viewer, pk)
    try:
        actions_bulk.start_and_work(run=found, by=viewer, at=at)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("handling:run", pk=pk)


@access("cases.view")
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the run back."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    found = _own(viewer, pk)
    try:
        actions_bulk.undo_run(run=found, by=viewer, at=at)
        messages.success(request, _("Taken back."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("handling:run", pk=pk)


def _own(viewer: Viewer, pk: UUID) -> BulkRun:
    found = queries.run_of(viewer, pk=pk)
    if found is None:
        raise Http404
    return found


def done_lately(viewer: Viewer, pk: str, at: datetime) -> dict[str, Any]:
    """Return what the inbox says about a run that was just done from it, with its undo."""
    try:
        found = queries.run_of(viewer, pk=UUID(pk)) if pk else None
    except ValueError:
        found = None
    if found is None:
        return {}
    counted = queries.progress_of(run=found)
    done = counted.get(ItemState.DONE, 0)
    return {
        "lately": found,
        "lately_done": done,
        "lately_not": sum(counted.values()) - done,
        "lately_undo": may_undo(found, at),
    }
