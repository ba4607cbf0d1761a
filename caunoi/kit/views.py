"""The kit's own doors: its specimen page, and the service worker all rooms share."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.kit import clock, specimen, worker
from caunoi.kit.access import public


@public("the design system on one page, in demo mode only")
@require_safe
def show_specimen(request: HttpRequest) -> HttpResponse:
    """Show every component in every state. Raises Http404 outside demo mode."""
    if not settings.DEMO:
        raise Http404
    return render(request, "kit/specimen.html", specimen.shown(clock.now()))


@public("every browser fetches it")
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The one service worker; a browser asks for it again each time, so that a new version arrives at once."""
    response = HttpResponse(worker.script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
