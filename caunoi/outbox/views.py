"""What goes out, and what a person must decide."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.outbox import actions, queries
from caunoi.outbox.terms import OutboxError, SendState

STATE_NAMES = {
    "": gettext_noop("All"),
    "queued": gettext_noop("Wait to be sent"),
    "uncertain": gettext_noop("Uncertain"),
    "failed": gettext_noop("Refused"),
    "dead": gettext_noop("Given up"),
    "sent": gettext_noop("Sent"),
    "confirmed": gettext_noop("Arrived"),
}


@access("outbox.view")
@require_safe
def sends(request: HttpRequest) -> HttpResponse:
    """List the sends of the viewer's units."""
    on = clock.local_date(clock.now())
    viewer = request.staff  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    state = state if state in list(SendState) else ""
    counted = queries.counts(viewer, on=on)
    tabs = [
        {
            "href": f"{reverse('outbox:sends')}?state={s}",
            "label": _(n),
            "count": counted.get(s) if s else None,
            "current": s == state,
        }
        for s, n in STATE_NAMES.items()
    ]
    page = Paginator(queries.sends(viewer, on=on, state=state), 50).get_page(
        request.GET.get("page")
    )
    shown = {"page": page, "tabs": tabs, "state": state, "manage": viewer.may("outbox.manage")}
    return render(request, "outbox/sends.html", shown)


@access("outbox.manage")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person looked whether an uncertain send arrived."""
    on = clock.local_date(clock.now())
    message = get_object_or_404(queries.visible_sends(request.staff, on=on), pk=pk)  # type: ignore[attr-defined]
    arrived = request.POST.get("arrived") == "yes"
    try:
        actions.decide_uncertain(message=message, arrived=arrived, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("Noted as arrived.") if arrived else _("It is sent again."))
    except OutboxError as error:
        messages.error(request, _(str(error)))
    return redirect("outbox:sends")


@access("outbox.manage")
@require_POST
def replay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a failed send again."""
    on = clock.local_date(clock.now())
    message = get_object_or_404(queries.visible_sends(request.staff, on=on), pk=pk)  # type: ignore[attr-defined]
    try:
        actions.replay(message=message, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("It is tried again."))
    except OutboxError as error:
        messages.error(request, _(str(error)))
    return redirect("outbox:sends")
