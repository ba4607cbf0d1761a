"""The queue of requests about personal data, and their decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caunoi.cases import personal
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.privacy import actions, forms, holdings, queries
from caunoi.privacy.models import Request
from caunoi.privacy.terms import RequestState, Wish
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE, SHEET_ROWS = 50, 20_000
SHEET_HEAD = ("Số vụ việc", "Đề nghị", "Nhận lúc", "Hạn", "Trạng thái", "Quyết định lúc", "Người quyết định", "Lý do")  # fmt: skip
WISHES = {Wish.CORRECT: "sửa", Wish.ERASE: "xoá"}
STATES = {"open": "chờ quyết định", "granted": "đã làm theo", "refused": "không làm theo"}


@access("privacy.view")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List open requests by deadline, or the decided ones; ``?xlsx`` gives the list as a file."""
    on = clock.local_date(clock.now())
    state = RequestState.OPEN if request.GET.get("xem") != "xong" else ""
    found = queries.requests(request.staff, state=state, on=on)  # type: ignore[attr-defined]
    if "xlsx" in request.GET:
        return sheets.answer("du-lieu-ca-nhan", SHEET_HEAD, map(_row, found[:SHEET_ROWS]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[r.case.owner_id for r in page], on=on)
    may_manage = request.staff.may(Permission.PRIVACY_MANAGE)  # type: ignore[attr-defined]
    shown = {"page": page, "names": names, "state": state, "now": clock.now()}
    shown["may_manage"] = may_manage
    return render(request, "privacy/requests.html", shown)


def _row(r: Request) -> list[Any]:
    by = r.decided_by.full_name if r.decided_by else ""
    return [r.case.number, WISHES[Wish(r.wish)], r.received_at, r.due_at, STATES[r.state], r.decided_at, by, r.reason]  # fmt: skip


@access("privacy.view")
def request_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request with what would be erased or written; who may decide decides here."""
    at = clock.now()
    viewer, on = request.staff, clock.local_date(at)  # type: ignore[attr-defined]
    found = queries.request(viewer, pk=pk, on=on)
    if found is None:
        raise Http404
    path = units.paths_of(unit_ids=[found.case.owner_id], on=on).get(found.case.owner_id)
    may = bool(path) and viewer.may(Permission.PRIVACY_DECIDE, path)
    form = forms.DecideForm(request.POST or None)
    if request.method == "POST" and may and form.is_valid():
        decide = actions.grant if form.cleaned_data["decision"] == "grant" else actions.refuse
        try:
            decide(request=found, reason=form.cleaned_data["reason"], by=viewer, at=at)
            messages.success(request, _("Decided. The asker reads it on her page."))
            return redirect("privacy:requests")
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    shown = {
        "request_row": found,
        "wanted": actions.wanted(found) if may else {},
        "kept": holdings.kept_by_law(personal.subject_of(case=found.case)),
        "may": may and found.state == RequestState.OPEN,
        "form": form,
        "unit_name": units.name_of(unit_id=found.case.owner_id, on=on),
        "now": at,
    }
    return render(request, "privacy/request.html", shown, status=422 if form.errors else 200)
