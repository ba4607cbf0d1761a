"""What a cadre does with her phone: take the words, post them in the village group, say so; or say why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import actions, board, forms, handing, queries
from caunoi.receipts.terms import ReceiptError
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE = 10


@access("notices.declare")
@require_safe
def to_post(request: HttpRequest) -> HttpResponse:
    """List what waits to be posted by hand in the viewer's units, each with its words and two buttons; what was said lately below."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    text = request.GET.get("q", "").strip()[:80]
    found = queries.handed(viewer, on=on, text=text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    actions.give_links(sends=page.object_list)
    done = queries.answered_lately(viewer, at=at, on=on)
    shown = {
        "page": page,
        "items": handing.items(list(page), on=on),
        "done": handing.items(done, on=on),
        "fresh": queries.lately_for(viewer, at=at, on=on),
        "text": text,
        "now": at,
        "aired_now": _local(at),
    }
    return render(request, "receipts/to_post.html", shown)


def _local(at: datetime) -> str:
    return timezone.localtime(at).strftime(forms.DAY_AND_TIME)


def _load(request: HttpRequest, pk: UUID) -> OutboundMessage:
    on = clock.local_date(clock.now())
    found = queries.handed_item(request.staff, pk=pk, on=on)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    if request.method == "GET":
        actions.give_links(sends=[found])
    return found


@access("notices.declare")
@require_safe
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one thing to post: words, pictures, link, and what may be said about it."""
    return _page(request, _load(request, pk))


def _page(
    request: HttpRequest, send: OutboundMessage, *, status: int = 200, **more: Any
) -> HttpResponse:
    at = clock.now()
    shown = {
        "item": handing.items([send], on=clock.local_date(at))[0],
        "posted": forms.PostedForm(),
        "aired": forms.AiredForm(initial={"aired_at": at}),
        "not_posted": forms.NotPostedForm(),
        "now": at,
    } | more
    return render(request, "receipts/item.html", shown, status=status)


@access("notices.declare")
@require_http_methods(["GET", "POST"])
def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """She posted it, or aired it; the address alone, opened again, leads to the item."""
    send, at = _load(request, pk), clock.now()
    if request.method == "GET":
        return redirect("receipts:item", pk=pk)
    form = forms.PostedForm(request.POST)
    aired = forms.AiredForm(request.POST) if "aired_at" in request.POST else None
    if not form.is_valid() or (aired and not aired.is_valid()):
        return _page(request, send, status=422, posted=form, **({"aired": aired} if aired else {}))
    try:
        actions.declare_posted(
            send=send,
            by=request.staff,  # type: ignore[attr-defined]
            at=at,
            permalink=form.cleaned_data["permalink"],
            aired_at=aired.cleaned_data["aired_at"] if aired else None,
        )
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("Thank you. It is kept under your name."))
    return redirect("receipts:to_post")


@access("notices.declare")
@require_http_methods(["GET", "POST"])
def not_posted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """She cannot post it, and says why."""
    send, form = _load(request, pk), forms.NotPostedForm(request.POST)
    if request.method == "GET":
        return redirect("receipts:item", pk=pk)
    if not form.is_valid():
        return _page(request, send, status=422, not_posted=form)
    try:
        actions.declare_not_posted(
            send=send,
            by=request.staff,  # type: ignore[attr-defined]
            at=clock.now(),
            **form.cleaned_data,
        )
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("Thank you for saying so. The commune sees the reason."))
    return redirect("receipts:to_post")


@access("notices.declare")
def tell(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a notice was read out, aired or put on the board in one of the viewer's units."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    notice = queries.notice_out(viewer, number=number, on=on)
    places = queries.places_to_tell(viewer, notice=notice, on=on) if notice else []
    if notice is None or not places:
        raise Http404
    form = forms.ReadingForm(request.POST or None, units=places, now=at)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        unit_id = UUID(fields.pop("unit"))
        try:
            actions.tell_reading(notice=notice, unit_id=unit_id, by=viewer, at=at, **fields)
        except ReceiptError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Thank you. It is kept under your name."))
            return redirect("receipts:to_post")
    day = board.day_of(notice, at=at)
    told = [
        r
        for pk, _name in places[:1]
        for unit in [units.as_of(unit_id=UUID(pk), on=day)]
        if unit and viewer.may(Permission.NOTICES_DECLARE, unit.path)
        for r in queries.readings_of(viewer, notice=notice, unit=unit)
    ]
    shown = {"notice": notice, "form": form, "told": told}
    return render(request, "receipts/tell.html", shown, status=422 if form.errors else 200)
