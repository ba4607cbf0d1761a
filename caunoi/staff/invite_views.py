"""Invitations: one person, a list, taking them back, and the door behind the link."""

import base64
import secrets
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.kit.limits import INVITATION, limited
from caunoi.staff import actions, forms, mail, people_import, queries, words
from caunoi.staff.models import Invitation
from caunoi.staff.terms import InvitationSpent, Role, StaffError

KEPT_SECONDS = 3600
LIST_SALT = "caunoi.staff.invited-list"
PREVIEW_ROWS = 100


@access("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite one person; the link is mailed, and shown to be sent by Zalo."""
    at = clock.now()
    form = forms.InviteForm(request.POST or None, on=clock.local_date(at))
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        unit, role = fields.pop("unit"), Role(fields.pop("role"))
        try:
            made = actions.invite(unit_id=unit.id, role=role, by=request.staff, at=at, **fields)
        except StaffError as error:
            form.add_error(None, _(str(error)))
        else:
            return _invited(request, [made])
    wrong = request.method == "POST"
    return render(request, "staff/invite.html", {"form": form}, status=422 if wrong else 200)


def _invited(request: HttpRequest, made: list[Invitation]) -> HttpResponse:
    shown = {
        "links": [(i, mail.link_of(i)) for i in made],
        "signed": signing.dumps([str(i.pk) for i in made], salt=LIST_SALT, compress=True),
    }
    return render(request, "staff/invited.html", shown)


@access("people.manage")
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Close an invitation that was not used."""
    return _withdraw(request, {str(pk)})


@access("people.manage")
@require_POST
def withdraw_list(request: HttpRequest) -> HttpResponse:
    """Take back a whole list that was invited a moment ago."""
    try:
        wanted = signing.loads(request.POST.get("list", ""), salt=LIST_SALT, max_age=86400)
    except signing.BadSignature as error:
        raise Http404 from error
    return _withdraw(request, set(wanted))


def _withdraw(request: HttpRequest, wanted: set[str]) -> HttpResponse:
    at = clock.now()
    reachable = queries.invitations_by_pk(request.staff, pks=wanted, on=clock.local_date(at))
    if reachable:
        try:
            closed = actions.withdraw_invitations(invitations=reachable, by=request.staff, at=at)
            said = ngettext(
                "%(n)d invitation is withdrawn.", "%(n)d invitations are withdrawn.", closed
            )
            messages.success(request, said % {"n": closed})
        except StaffError as error:
            messages.error(request, _(str(error)))
    return redirect("staff:people")


@access("people.manage")
def import_people(request: HttpRequest) -> HttpResponse:
    """Invite a list: template, upload, look at it, confirm; what is wrong is said row by row, and as a file."""
    if "template" in request.GET:
        example = [["Nguyễn Thị An", "an@xa.example", "0912345678", "Xã Bích Hào", "cán bộ"]]
        return sheets.answer("mau-danh-sach", people_import.HEADER, example)
    form = forms.ImportForm()
    if request.method != "POST":
        return _list_page(request, form)
    key = request.POST.get("kept", "")[:40]
    if key:
        content = _kept(request, key)
        if content is None:
            messages.error(request, _("That was more than an hour ago. Choose the file again."))
            return redirect("staff:import_people")
    else:
        form = forms.ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return _list_page(request, form)
        content = form.cleaned_data["file"].read()
        key = _keep(request, content)
    return _listed(request, form, content, key)


def _listed(request: HttpRequest, form: Any, content: bytes, key: str) -> HttpResponse:
    at = clock.now()
    if "confirm" in request.POST:
        outcome = people_import.import_people(content=content, by=request.staff, at=at)
        if not outcome.errors:
            cache.delete(_cache_key(request, key))
            return _invited(request, outcome.invitations)
    else:
        outcome = people_import.read_people(content=content, by=request.staff, at=at)
    if "errors" in request.POST:
        rows = ([e.row, e.column, e.remedy] for e in outcome.errors)
        return sheets.answer("loi-danh-sach", ["Dòng", "Cột", "Cần sửa"], rows)
    return _list_page(request, form, outcome=outcome, kept=key)


def _list_page(request: HttpRequest, form: Any, **found: Any) -> HttpResponse:
    outcome = found.get("outcome")
    if outcome is not None:
        found["people"] = [(p, words.role_word(p.role)) for p in outcome.people[:PREVIEW_ROWS]]
        found["more"] = max(0, len(outcome.people) - PREVIEW_ROWS)
    wrong = (form.is_bound and not form.is_valid()) or bool(outcome and outcome.errors)
    shown = {"form": form, "header": people_import.HEADER, **found}
    return render(request, "staff/import.html", shown, status=422 if wrong else 200)


def _cache_key(request: HttpRequest, key: str) -> str:
    return f"people-list:{request.staff.account_id}:{key}"


def _keep(request: HttpRequest, content: bytes) -> str:
    """Keep the file for an hour, for this person only, so that it need not be chosen twice."""
    key = secrets.token_urlsafe(16)
    cache.set(_cache_key(request, key), base64.b64encode(content).decode(), KEPT_SECONDS)
    return key


def _kept(request: HttpRequest, key: str) -> bytes | None:
    text = cache.get(_cache_key(request, key))
    return base64.b64decode(text) if text else None


@public("the link of an invitation is the key")
@limited(INVITATION, methods=("GET", "POST"))
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make an account from an invitation."""
    at = clock.now()
    try:
        invitation = actions.invitation_for(token=token, at=at)
    except InvitationSpent as error:
        return render(request, "staff/spent.html", {"reason": _(str(error))}, status=410)
    form = forms.AcceptForm(
        request.POST or None, invitation=invitation, initial={"full_name": invitation.full_name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(token=token, at=at, **form.cleaned_data)
        except StaffError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Your account is ready. Sign in."))
            return redirect("account_login")
    shown = {"form": form, "invitation": invitation}
    wrong = request.method == "POST"
    return render(request, "staff/accept.html", shown, status=422 if wrong else 200)
