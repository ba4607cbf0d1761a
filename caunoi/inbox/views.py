"""The door for providers, and the page for what could not be read."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.terms import UnknownConnector
from caunoi.inbox import actions, intake, queries
from caunoi.inbox.models import RawDelivery
from caunoi.inbox.terms import DeliveryState
from caunoi.kit import clock
from caunoi.kit.access import access, public


@csrf_exempt
@public("providers deliver here; the signature decides")
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, connector_key: str, app_id: str) -> HttpResponse:
    """Answer the provider's question who we are, or take a delivery."""
    if request.method == "POST":
        headers = {name.lower(): value for name, value in request.headers.items()}
        taken = intake.receive(
            connector_key=connector_key,
            app_id=app_id,
            headers=headers,
            body=request.body,
            at=clock.now(),
        )
        return HttpResponse(status=taken.status, content_type="text/plain")
    app = channels.app_secrets(connector_key=connector_key, app_id=app_id)
    try:
        said = (
            registry.connector_for(connector_key).challenge(request.GET.dict(), app)
            if app
            else None
        )
    except UnknownConnector:
        said = None
    if said is None:
        return HttpResponse(status=403, content_type="text/plain")
    return HttpResponse(said, content_type="text/plain")


@access("health.view")
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show what came in and could not be read, and what was turned away."""
    state = request.GET.get("state", DeliveryState.FAILED.value)
    state = state if state in list(DeliveryState) else DeliveryState.FAILED.value
    found = queries.deliveries(request.staff, state=state)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "state": state,
        "refused": queries.refusals(request.staff, since=clock.now() - timedelta(days=7)),
        "manage": request.staff.may("channels.manage"),
    }
    return render(request, "inbox/deliveries.html", shown)


@access("channels.manage")
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a failed delivery once more."""
    found = queries.deliveries(request.staff).filter(pk=pk)
    if not found.exists():
        raise Http404
    _replay(request, found)
    return redirect("inbox:deliveries")


@access("channels.manage")
@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    """Read every failed delivery once more; what they said before is not said twice."""
    _replay(request, queries.deliveries(request.staff))
    return redirect("inbox:deliveries")


def _replay(request: HttpRequest, found: QuerySet[RawDelivery]) -> None:
    count = actions.replay_deliveries(deliveries=found, by=request.staff, at=clock.now())
    messages.success(
        request,
        ngettext("%(n)d delivery is read again.", "%(n)d deliveries are read again.", count)
        % {"n": count},
    )


@access("channels.view")
@require_safe
def posts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a page posted, under which people ask, and how often they did."""
    on = clock.local_date(clock.now())
    channel = get_object_or_404(channels.visible_channels(request.staff, on=on), pk=pk)
    shown = {"channel": channel, "posts": queries.posts_of(request.staff, channel=channel)}
    template = "inbox/posts.html#posts" if request.htmx else "inbox/posts.html"
    return render(request, template, shown)
