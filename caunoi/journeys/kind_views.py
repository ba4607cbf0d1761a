"""What a case is and by when it is due: the page of an open case's kind and clock, and what can be done there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import queries as case_queries
from caunoi.journeys import deeds
from caunoi.journeys.case_page import load
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission


@access("cases.draft")
@require_safe
def kind(request: HttpRequest, number: str) -> HttpResponse:
    """Show the kind, the deadline with its source, waits and extensions, and the forms to change them."""
    found = load(request, number, Permission.CASES_DRAFT)
    return render(request, "journeys/kind/page.html", deeds.page_of(found, at=clock.now()))


@access("cases.draft")
@require_POST
def deed(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """Do one of these things; what was typed comes back with what is wrong."""
    found, chosen = load(request, number, Permission.CASES_DRAFT), deeds.DEEDS.get(deed)
    if chosen is None:
        raise Http404
    at, by = clock.now(), request.staff  # type: ignore[attr-defined]
    form = chosen.form(request.POST, case=found)
    if form.is_valid():
        try:
            chosen.act(found, form.cleaned_data, by, at)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    if form.errors:
        shown = deeds.page_of(found, at=at, bound={deed: form})
        return render(request, "journeys/kind/page.html", shown, status=422)
    messages.success(request, _(chosen.said))
    on = clock.local_date(at)
    if case_queries.case_by_number(by, number=number, on=on) is None:
        messages.info(request, _("The case is sealed now; you do not see it any more."))
        return redirect("handling:inbox")
    return redirect("journeys:case_kind", number=number)
