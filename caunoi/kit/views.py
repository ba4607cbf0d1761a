"""The kit's one page: its own specimen."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.kit import clock, specimen
from caunoi.kit.access import public


@public("the design system on one page, in demo mode only")
@require_safe
def show_specimen(request: HttpRequest) -> HttpResponse:
    """Show every component in every state. Raises Http404 outside demo mode."""
    if not settings.DEMO:
        raise Http404
    return render(request, "kit/specimen.html", specimen.shown(clock.now()))
