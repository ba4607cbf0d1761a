"""The door for providers, and the page for what could not be read."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.channels import queries as channels
from caunoi.channels import registry
from caunoi.channels.terms import UnknownConnector
from caunoi.inbox import actions, intake, queries
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
    found = queries.deliveries(request.staff, state=state)  # type: ignore[attr-defined]
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    refused = queries.refusals(request.staff, since=clock.now() - timedelta(days=7))  # type: ignore[attr-defined]
    return render(
        request, "inbox/deliveries.html", {"page": page, "state": state, "refused": refused}
    )


@access("channels.manage")
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a failed delivery once more."""
    delivery = get_object_or_404(queries.deliveries(request.staff), pk=pk)  # type: ignore[attr-defined]
    actions.replay_delivery(delivery=delivery, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    return redirect("inbox:deliveries")
