"""One's own account."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock
from caunoi.kit.access import signed_in
from caunoi.staff import account_actions, words
from caunoi.units import queries as units


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: roles, address, password, second factor, sessions."""
    viewer = request.staff
    on = clock.local_date(clock.now())
    names = units.names_of(unit_ids=[g.unit_id for g in viewer.grants], on=on)
    shown = {
        "roles": [(words.role_word(g.role), names.get(g.unit_id, "")) for g in viewer.grants],
        "factors": viewer.has_second_factor,
        "sessions": UserSession.objects.filter(user_id=viewer.account_id).count(),
    }
    return render(request, "staff/account.html", shown)


@signed_in
@require_safe
def email(request: HttpRequest) -> HttpResponse:
    """Say which address is hers and who can change it. Stands in the place of the library's page: nobody changes her own."""
    return render(request, "staff/email.html")


@signed_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of one's own devices."""
    by = request.staff
    if account_actions.end_session(session_pk=pk, by=by, at=clock.now()):
        messages.success(request, _("Signed out there."))
    return redirect("staff:account")
