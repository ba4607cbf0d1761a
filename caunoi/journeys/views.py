"""The case page of the desk: read, write, approve, refer; each button is one call into the house."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import actions as cases
from caunoi.cases import on_behalf
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import ReasonForm
from caunoi.cases.models import Case
from caunoi.handling import actions as handling
from caunoi.handling import actions_writing as writing
from caunoi.journeys import recalling
from caunoi.journeys.case_page import load, show
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission


@access("cases.view")
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its conversation, its answer and what happened; a sealed one has a page of its own."""
    viewer = request.staff  # type: ignore[attr-defined]
    if case_queries.sealed_case(viewer, number=number) is not None:
        return redirect("journeys:sealed_case", number=number)
    found = load(request, number)
    answer = show(request, found)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    handling.mark_read(case=found, by=by, at=at)
    writing.see_mentions(case=found, by=by, at=at)
    return answer


def _do(
    request: HttpRequest, number: str, permission: str, act: Callable[[Case], None], said: str
) -> HttpResponse:
    """Do one thing to the case; an error we foresee is said, and the page comes back."""
    found = load(request, number, permission)
    try:
        act(found)
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.refer")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End a case without an answer, saying why."""
    form = ReasonForm(request.POST, prefix="close")
    found = load(request, number, Permission.CASES_REFER)
    if not form.is_valid():
        return show(request, found, status=422, close_form=form)
    by, reason = request.staff, form.cleaned_data["reason"]  # type: ignore[attr-defined]

    try:
        recalling.close_and_remember(case=found, reason=reason, by=by, at=clock.now())
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.refer")
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Take a finished case up again."""
    by = request.staff  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.reopen_case(case=found, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_REFER, act, _("Taken up again."))


@access("cases.draft")
@require_POST
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show the asker's contact once; that it was looked at is on record."""
    found = load(request, number, Permission.CASES_DRAFT)
    by = request.staff  # type: ignore[attr-defined]
    shown = cases.reveal_contact(case=found, by=by, at=clock.now())
    helped = on_behalf.opened_contact(found)
    return show(request, found, revealed=shown or "–", revealed_helped=helped)
