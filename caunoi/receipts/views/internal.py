"""Notices for officers: read, and say that one read them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.notices import queries as notices
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeState
from caunoi.receipts import actions, queries
from caunoi.receipts.terms import ReceiptError
from caunoi.units import queries as units

PAGE = 30


@access("notices.view")
@require_safe
def internal(request: HttpRequest) -> HttpResponse:
    """List the notices for officers of the viewer's units, what waits for her word first."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "").strip()[:80]
    found = queries.to_acknowledge(request.staff, on=on, text=text)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[n.unit_id for n in page], on=on)
    shown = {"page": page, "names": names, "text": text, "today": on}
    return render(request, "receipts/internal.html", shown)


def _load(request: HttpRequest, number: str) -> Notice:
    found = queries.notice_to_read(request.staff, number=number, at=clock.now())  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("notices.view")
@require_safe
def internal_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of them; that a colleague opened it is kept."""
    notice, at = _load(request, number), clock.now()
    if request.method == "GET":
        actions.note_seen(notice=notice, by=request.staff, at=at)  # type: ignore[attr-defined]
    shown = {
        "notice": notice,
        "text": notices.whole_of(notice=notice),
        "pictures": [] if notice.state == NoticeState.RECALLED else notice.pictures.all(),
        "attachments": [] if notice.state == NoticeState.RECALLED else notice.attachments.all(),
        "asked": queries.units_asked(request.staff, notice=notice, on=clock.local_date(at)),  # type: ignore[attr-defined]
        "unit_name": units.name_of(unit_id=notice.unit_id, on=clock.local_date(at)),
        "now": at,
    }
    return render(request, "receipts/internal_notice.html", shown)


@access("notices.view")
@require_safe
def internal_file(request: HttpRequest, number: str, file_pk: UUID) -> HttpResponse:
    """A PDF beside a notice for officers; a notice that was taken back shows none."""
    notice = _load(request, number)
    kept = notice.attachments.filter(pk=file_pk).first()
    if kept is None or notice.state == NoticeState.RECALLED:
        raise Http404
    response = HttpResponse(bytes(kept.body), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="noi-bo-{notice.number}.pdf"'
    return response


@access("notices.view")
@require_POST
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """She read it."""
    notice = _load(request, number)
    try:
        actions.acknowledge(notice=notice, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("Thank you. Those above you see that you read it."))
    return redirect("receipts:internal")
