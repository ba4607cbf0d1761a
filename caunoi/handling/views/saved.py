"""Saved views: keep, rename, forget."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.handling import actions, forms, queries
from caunoi.handling.models import SavedView
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.units import queries as units


@access("cases.view")
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """List the viewer's saved views."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    kept = queries.saved_views(viewer)
    on = clock.local_date(clock.now())
    names = units.names_of(unit_ids=[v.unit_id for v in kept if v.unit_id], on=on)
    return render(request, "handling/views.html", {"views": kept, "names": names})


@access("cases.view")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the view the form was sent from."""
    form = forms.ViewForm(request.POST)
    form.is_valid()
    query = form.cleaned_data.get("query", "")
    back = f"{reverse('handling:inbox')}?{query}"
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return redirect(back)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    fields = form.cleaned_data
    try:
        actions.save_view(name=fields["name"], query=query, unit_id=fields["unit"], by=by, at=at)
        messages.success(request, _("The view is kept; it stands among the views now."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect(back)


@access("cases.view")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or forget one view."""
    view = _own(request, pk)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        if "remove" in request.POST:
            actions.remove_view(view=view, by=by, at=at)
            messages.success(request, _("The view is gone; its cases stay where they are."))
        elif name := request.POST.get("name", "").strip():
            actions.rename_view(view=view, name=name, by=by, at=at)
            messages.success(request, _("Renamed."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("handling:views")


def _own(request: HttpRequest, pk: int) -> SavedView:
    kept = queries.saved_views(request.staff)  # type: ignore[attr-defined]
    found = next((v for v in kept if v.pk == pk), None)
    if found is None:
        raise Http404
    return found
