"""Who may open which door. A view that does not say is closed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from caunoi.kit import clock
from caunoi.kit.access import Access
from caunoi.staff import queries

OPEN_NAMES = {
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_reset_password": "a forgotten password",
    "account_reset_password_done": "a forgotten password",
    "account_reset_password_from_key": "a forgotten password",
    "account_reset_password_from_key_done": "a forgotten password",
    "account_inactive": "says that the account is closed",
    "account_signup": "says that accounts come by invitation",
    "account_email_verification_sent": "part of signing in",
    "account_confirm_email": "part of signing in",
    "mfa_authenticate": "the second factor",
    "mfa_login_webauthn": "a passkey",
    "openid_connect_login": "signing in elsewhere",
    "openid_connect_callback": "signing in elsewhere",
    "socialaccount_login_cancelled": "signing in elsewhere",
    "socialaccount_login_error": "signing in elsewhere",
    "socialaccount_signup": "says that accounts come by invitation",
}
"""Doors of the sign-in library that need no account; its other doors need one."""
LIBRARY_PREFIXES = ("account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_")


class AccessMiddleware:
    """Put the viewer on the request and keep closed what was not declared open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        needed = _needed(request, view)
        if needed is None:
            raise Http404
        self._recognise(request)
        staff = request.staff  # type: ignore[attr-defined]
        if needed.public:
            return None
        if staff is None:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if staff.must_add_second_factor and not _is_library(request):
            return redirect("mfa_activate_totp")
        if needed.permission is not None and not staff.may(needed.permission):
            raise Http404
        return None

    def _recognise(self, request: HttpRequest) -> None:
        account = request.user
        if not account.is_authenticated:
            return
        if not account.is_active:
            logout(request)
            return
        request.staff = queries.viewer_for(  # type: ignore[attr-defined]
            account=account,  # type: ignore[arg-type]
            on=clock.local_date(clock.now()),
            has_second_factor=queries.has_second_factor(account),  # type: ignore[arg-type]
        )


def _is_library(request: HttpRequest) -> bool:
    name = request.resolver_match.url_name if request.resolver_match else None
    return bool(name) and name.startswith(LIBRARY_PREFIXES)  # type: ignore[union-attr]


def _needed(request: HttpRequest, view: Any) -> Access | None:
    declared = getattr(view, "access", None) or getattr(
        getattr(view, "view_class", None), "access", None
    )
    if declared is not None:
        return declared
    if _is_library(request):
        name = request.resolver_match.url_name  # type: ignore[union-attr]
        reason = OPEN_NAMES.get(name)  # type: ignore[arg-type]
        return Access(public=True, reason=reason) if reason else Access()
    return None
