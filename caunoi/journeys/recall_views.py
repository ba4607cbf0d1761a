"""Taking back what one did a moment ago; marking a case for oneself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caunoi.cases import actions_desk, rules
from caunoi.handling import actions_recall, queries_recall
from caunoi.handling.terms import Deed
from caunoi.journeys.case_page import load
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen


@access("cases.view")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back one's own approval or closing."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    recall = queries_recall.recall_of(by, pk=pk)
    if recall is None:
        raise Http404
    try:
        actions_recall.take_back(recall=recall, by=by, at=at)
        approval = recall.deed == Deed.APPROVE
        said = (
            _("Taken back: nothing was sent or published. The answer waits for approval again.")
            if approval
            else _("Taken back: the case is open again, with whoever held it.")
        )
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    page = "sealed_case" if rules.is_sealed(recall.case.kind) else "case"
    return redirect(f"journeys:{page}", number=recall.case.number)


@access("cases.view")
@require_POST
def star(request: HttpRequest, number: str) -> HttpResponse:
    """Mark the case for oneself, or take the mark away."""
    found = load(request, number)
    wanted = request.POST.get("star") == "on"
    actions_desk.star_case(case=found, on=wanted, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    said = _("Starred; it stands among your starred cases.") if wanted else _("No longer starred.")
    messages.success(request, said)
    return redirect("journeys:case", number=number)
