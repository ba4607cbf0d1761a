"""People: the list, one person, and what whoever manages people may do there."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.staff import account_actions, actions, forms, queries, words
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Role, StaffError
from caunoi.units import queries as units

SHEET_ROWS = 10_000
HEADER = ["Họ và tên", "Thư điện tử", "Điện thoại", "Vai trò", "Hoạt động", "Đăng nhập gần nhất"]


@access("people.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people below the viewer, by given name; narrow by name, role and unit; ``?xlsx`` gives it as a file."""
    on = clock.local_date(clock.now())
    viewer = request.staff
    asked = {
        name: request.GET.get(name, "")[:140].strip() for name in ("q", "role", "unit", "active")
    }
    role = asked["role"] if asked["role"] in list(Role) else ""
    fitting = units.named(text=asked["unit"], on=on) if asked["unit"] else []
    unit = fitting[0].unit if len(fitting) == 1 else None
    found = queries.people(
        viewer,
        on=on,
        text=asked["q"],
        role=role,
        unit_id=unit.id if unit else None,
        active=asked["active"] if asked["active"] in {"yes", "no"} else "",
    )
    if asked["unit"] and unit is None:
        found = found.none()
    if "xlsx" in request.GET:
        return sheets.answer("nguoi", HEADER, _rows(viewer, found, on))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "roles": _roles(viewer, list(page), on),
        "asked": asked,
        "unit": unit,
        "fitting": fitting if unit is None else [],
        "choices": words.CHOICES,
        "invitations": queries.open_invitations(viewer, on=on)[:20],
        "manage": viewer.may("people.manage"),
    }
    return render(request, "staff/people.html", shown)


def _roles(viewer: Viewer, accounts: list[Account], on: date) -> dict[int, list[str]]:
    """Return each person's roles in words ("Approver – Xã Bích Hào"), in two queries."""
    held = queries.roles_of(viewer, accounts=accounts, on=on)
    names = units.names_of(unit_ids=[g.unit_id for gs in held.values() for g in gs], on=on)
    return {
        pk: [f"{words.role_word(g.role)} – {names.get(g.unit_id, '')}" for g in grants]
        for pk, grants in held.items()
    }


def _rows(viewer: Viewer, found: QuerySet[Account], on: date) -> Iterator[list[Any]]:
    accounts = list(found[:SHEET_ROWS])
    roles = _roles(viewer, accounts, on)
    for p in accounts:
        held = "; ".join(roles.get(p.pk, []))
        yield [p.full_name, p.email, p.phone, held, "có" if p.is_active else "không", p.last_login]


def _load(request: HttpRequest, pk: int) -> Account:
    """Return a person the viewer may see; anybody else is 404."""
    on = clock.local_date(clock.now())
    return get_object_or_404(queries.visible_people(request.staff, on=on), pk=pk)


@access("people.view")
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one colleague: roles with their days, and what was done to the account."""
    return _person(request, _load(request, pk))


def _person(request: HttpRequest, found: Account, **forms_with_errors: Any) -> HttpResponse:
    on = clock.local_date(clock.now())
    viewer = request.staff
    grants = queries.grants_of(viewer, account=found, on=on)
    names = units.names_of(unit_ids=[g.unit_id for g in grants], on=on)
    written = {name: getattr(found, name) for name in ("full_name", "email", "phone")}
    shown = {
        "person": found,
        "grants": [
            (g, words.role_word(g.role), names.get(g.unit_id, ""), _when(g, on)) for g in grants
        ],
        "grant_form": forms.GrantForm(on=on, prefix="grant", initial={"start": on}),
        "correct_form": forms.CorrectForm(prefix="correct", initial=written),
        "history": [
            {"title": words.event_words(e), "by": e.actor_name, "at": e.at, "tone": ""}
            for e in queries.history_of(viewer, account=found, on=on)
        ],
        "second_factor": queries.has_second_factor(found),
        "own": found.pk == viewer.account_id,
        "on": on,
        "manage": viewer.may("people.manage"),
    } | forms_with_errors
    return render(request, "staff/person.html", shown, status=422 if forms_with_errors else 200)


def _when(grant: RoleGrant, on: date) -> str:
    """Return "now", "later" or "over"."""
    if grant.valid.lower > on:
        return "later"
    return "over" if grant.valid.upper and grant.valid.upper <= on else "now"


def _do(request: HttpRequest, pk: int, act: Callable[[Account], object], said: str) -> HttpResponse:
    """Do one thing to the account; an error we foresee is said, and the page comes back."""
    found = _load(request, pk)
    try:
        act(found)
        messages.success(request, said)
    except StaffError as error:
        messages.error(request, _(str(error)))
    on = clock.local_date(clock.now())
    still = queries.visible_people(request.staff, on=on).filter(pk=pk).exists()
    return redirect("staff:person", pk=pk) if still else redirect("staff:people")


@access("people.manage")
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role; what is wrong is said in the form, with every word kept."""
    at = clock.now()
    found = _load(request, pk)
    form = forms.GrantForm(request.POST, on=clock.local_date(at), prefix="grant")
    if form.is_valid():
        fields = form.cleaned_data
        try:
            actions.grant_role(
                account=found,
                unit_id=fields["unit"].id,
                role=Role(fields["role"]),
                start=fields["start"],
                end=fields["end"],
                by=request.staff,
                at=at,
            )
            messages.success(request, _("Recorded."))
            return redirect("staff:person", pk=pk)
        except StaffError as error:
            form.add_error(None, _(str(error)))
    return _person(request, found, grant_form=form)


@access("people.manage")
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct name, address or phone."""
    found = _load(request, pk)
    form = forms.CorrectForm(request.POST, prefix="correct")
    if form.is_valid():
        by, at = request.staff, clock.now()
        try:
            account_actions.correct_account(account=found, by=by, at=at, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return redirect("staff:person", pk=pk)
        except StaffError as error:
            form.add_error("email", _(str(error)))
    return _person(request, found, correct_form=form)


@access("people.manage")
@require_POST
def end_grant(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """End a role today; one that has not begun is taken back."""
    held = get_object_or_404(RoleGrant, pk=grant_pk, account=_load(request, pk))
    by, at = request.staff, clock.now()

    def act(_found: Account) -> None:
        actions.end_role(grant=held, on=clock.local_date(at), by=by, at=at)

    return _do(request, pk, act, _("Recorded."))


@access("people.manage")
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or open an account."""
    active, by = request.POST.get("active") == "yes", request.staff

    def act(found: Account) -> None:
        account_actions.set_active(account=found, active=active, by=by, at=clock.now())

    return _do(request, pk, act, _("Recorded."))


@access("people.manage")
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of a colleague whose phone is lost."""
    by = request.staff

    def act(found: Account) -> None:
        account_actions.sign_out_everywhere(account=found, by=by, at=clock.now())

    return _do(request, pk, act, _("Signed out on every device."))


@access("people.manage")
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor, so that the next sign-in sets up another."""
    by = request.staff

    def act(found: Account) -> None:
        account_actions.reset_second_factor(account=found, by=by, at=clock.now())

    return _do(request, pk, act, _("Removed. The next sign-in asks to set up a new one."))
