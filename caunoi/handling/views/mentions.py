"""Where colleagues named somebody in a note."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.handling import queries_writing
from caunoi.kit import clock
from caunoi.kit.access import access


@access("cases.view")
@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """List the notes that name the viewer, those she has not seen first."""
    at = clock.now()
    found = queries_writing.mentions(request.staff, on=clock.local_date(at))  # type: ignore[attr-defined]
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "handling/mentions.html", {"page": page, "now": at})
