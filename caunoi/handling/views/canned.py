"""Canned answers: the words a unit says often."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.handling import actions_canned, forms_bulk, queries
from caunoi.handling.models import CannedAnswer
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@access("canned.manage")
@require_safe
def canned(request: HttpRequest) -> HttpResponse:
    """List the canned answers of the viewer's units, and what they take over from above."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    page = Paginator(queries.canned_of(viewer, on=on), 50).get_page(request.GET.get("page"))
    own = viewer.unit_ids(Permission.CANNED_MANAGE)
    above = queries.canned_above(viewer, unit_ids=own, on=on)
    shown = {
        "page": page,
        "above": above,
        "names": units.names_of(unit_ids={c.unit_id for c in (*page, *above)}, on=on),
        "topics": {t.code: t.name for t in routing.topics(all_of_them=True)},
    }
    return render(request, "handling/canned.html", shown)


@access("canned.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a new canned answer."""
    return _edit(request, None)


@access("canned.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    on = clock.local_date(clock.now())
    found = get_object_or_404(queries.canned_of(request.staff, on=on), pk=pk)  # type: ignore[attr-defined]
    return _edit(request, found)


def _edit(request: HttpRequest, found: CannedAnswer | None) -> HttpResponse:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    offered = set(viewer.unit_ids(Permission.CANNED_MANAGE)) | ({found.unit_id} if found else set())
    own = units.names_of(unit_ids=offered, on=clock.local_date(at))
    initial = forms_bulk.initial_of(found) if found else None
    form = forms_bulk.CannedForm(request.POST or None, own=own.items(), initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        unit_id = fields.pop("unit")
        try:
            actions_canned.save_canned(canned=found, unit_id=unit_id, by=viewer, at=at, **fields)
            messages.success(request, _("Kept. It is offered while answering from now on."))
            return redirect("handling:canned")
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    status = 422 if form.errors else 200
    return render(
        request, "handling/canned_edit.html", {"form": form, "found": found}, status=status
    )
