"""Endpoints of a unit: who is told what, every try with its answer, sent again by hand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.webhooks import actions, queries
from caunoi.webhooks.forms import EVENT_NAMES, EndpointForm
from caunoi.webhooks.models import Endpoint
from caunoi.webhooks.terms import DeliveryState

PAGE, SHEET_ROWS = 30, 10_000
NAMES: dict[str, Any] = {e.value: name for e, name in EVENT_NAMES.items()}


@access("webhooks.manage")
@require_safe
def endpoints(request: HttpRequest) -> HttpResponse:
    """List the endpoints of the viewer's units."""
    on = clock.local_date(clock.now())
    found = queries.endpoints(request.staff, on=on)
    text = request.GET.get("q", "")[:80].strip()
    if text:
        found = found.filter(name__icontains=text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[e.unit_id for e in page], on=on)
    shown = {"page": page, "names": names, "text": text}
    return render(request, "webhooks/endpoints.html", shown)


@access("webhooks.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; its secret is shown once."""
    form = EndpointForm(request.POST or None, units=_own(request))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        unit_id = fields.pop("unit")
        by, at = request.staff, clock.now()
        try:
            made, secret = actions.add_endpoint(unit_id=unit_id, by=by, at=at, **fields)
            return _show_secret(request, made, secret)
        except Foreseen as error:
            form.add_error("url", _(str(error)))
    status = 422 if form.errors else 200
    shown = {"form": form, "endpoint": None}
    return render(request, "webhooks/edit.html", shown, status=status)


@access("webhooks.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change name, address and what is told."""
    found = _load(request, pk)
    at = clock.now()
    own = [(found.unit_id, units.name_of(unit_id=found.unit_id, on=clock.local_date(at)))]
    initial = {"name": found.name, "url": found.url, "events": found.events, "unit": found.unit_id}
    form = EndpointForm(request.POST or None, units=own, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        fields.pop("unit")
        try:
            actions.change_endpoint(endpoint=found, by=request.staff, at=at, **fields)
            messages.success(request, _("Kept."))
            return redirect("webhooks:endpoint", pk=found.pk)
        except Foreseen as error:
            form.add_error("url", _(str(error)))
    status = 422 if form.errors else 200
    shown = {"form": form, "endpoint": found}
    return render(request, "webhooks/edit.html", shown, status=status)


def _own(request: HttpRequest) -> list[tuple[UUID, str]]:
    on = clock.local_date(clock.now())
    ids = request.staff.unit_ids(Permission.WEBHOOKS_MANAGE)
    return list(units.names_of(unit_ids=ids, on=on).items())


def _load(request: HttpRequest, pk: UUID) -> Endpoint:
    on = clock.local_date(clock.now())
    found = queries.endpoint(request.staff, pk=pk, on=on)
    if found is None:
        raise Http404
    return found


def _show_secret(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    shown = {"endpoint": endpoint, "secret": secret}
    answer = render(request, "webhooks/secret.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@access("webhooks.manage")
@require_safe
def endpoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an endpoint and what it was told; ``?xlsx`` gives that as a file."""
    found = _load(request, pk)
    at = clock.now()
    on = clock.local_date(at)
    state = request.GET.get("xem", "")
    state = state if state in set(DeliveryState) else ""
    text = request.GET.get("q", "")[:20]
    told = queries.deliveries(request.staff, endpoint=found, on=on, state=state, text=text)
    if "xlsx" in request.GET:
        return _as_sheet(told)
    shown = {
        "endpoint": found,
        "page": Paginator(told, PAGE).get_page(request.GET.get("page")),
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "secrets": queries.secrets_of(endpoint=found, at=at),
        "event_names": NAMES,
        "tabs": _tabs(request, state),
        "text": text,
        "state": state,
        "now": at,
    }
    return render(request, "webhooks/endpoint.html", shown)


def _tabs(request: HttpRequest, state: str) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        DeliveryState.WAITING.value: _("Waiting"),
        DeliveryState.DONE.value: _("Taken"),
        DeliveryState.DEAD.value: _("Given up"),
    }
    return [
        {
            "href": f"{request.path}?xem={name}" if name else request.path,
            "label": label,
            "count": None,
            "current": name == state,
        }
        for name, label in labels.items()
    ]


def _as_sheet(told: Any) -> HttpResponse:
    header = ["Sự kiện", "Số", "Lúc", "Trạng thái", "Số lần gọi", "Mã trả lời cuối", "Ghi chú"]
    rows = []
    for d in told[:SHEET_ROWS]:
        last = next(iter(d.attempts.all()), None)
        status, trouble = (last.status, last.trouble) if last else (None, "")
        rows.append([d.event.type, d.event.number, d.event.at, d.state, d.tries, status, trouble])
    return sheets.answer("webhook", header, rows)


def _do(request: HttpRequest, pk: UUID, act: Callable[[Endpoint], str]) -> HttpResponse:
    """Do one thing to the endpoint and say what was done; an error we foresee is said, and the page comes back."""
    found = _load(request, pk)
    try:
        messages.success(request, act(found))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("webhooks:endpoint", pk=pk)


@access("webhooks.manage")
@require_POST
def switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin or stop calling the address."""
    on = request.POST.get("on") == "yes"

    def act(found: Endpoint) -> str:
        actions.switch_endpoint(endpoint=found, on=on, by=request.staff, at=clock.now())
        return _("Switched on.") if on else _("Switched off; nothing is sent there any more.")

    return _do(request, pk, act)


@access("webhooks.manage")
@require_POST
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a test event."""

    def act(found: Endpoint) -> str:
        actions.send_test(endpoint=found, by=request.staff, at=clock.now())
        return _("The test is on its way; its answer stands below in a moment.")

    return _do(request, pk, act)


@access("webhooks.manage")
@require_POST
def replay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send one delivery again, or everything that was given up."""
    chosen = request.POST.get("delivery", "")
    only = [int(chosen)] if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 else None

    def act(found: Endpoint) -> str:
        n = actions.replay(endpoint=found, deliveries=only, by=request.staff, at=clock.now())
        return ngettext("%(n)d is sent again.", "%(n)d are sent again.", n) % {"n": n}

    return _do(request, pk, act)


@access("webhooks.manage")
@require_POST
def rotate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a new secret and show it once."""
    found = _load(request, pk)
    secret = actions.rotate_secret(endpoint=found, by=request.staff, at=clock.now())
    return _show_secret(request, found, secret)
