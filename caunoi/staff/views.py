"""People, invitations and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public, signed_in
from caunoi.kit.limits import INVITATION, limited
from caunoi.staff import actions, forms, people_import, queries
from caunoi.staff.models import Invitation, RoleGrant
from caunoi.staff.terms import InvitationSpent, Role, StaffError
from caunoi.units import queries as units


@access("people.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people below the viewer, by given name."""
    on = clock.local_date(clock.now())
    viewer = request.staff  # type: ignore[attr-defined]
    text, role = request.GET.get("q", "")[:100], request.GET.get("role", "")
    found = queries.people(viewer, on=on, text=text, role=role if role in list(Role) else "")
    if "xlsx" in request.GET:
        rows = (
            [p.full_name, p.email, p.phone, "có" if p.is_active else "không"]
            for p in found[:10_000]
        )
        return sheets.answer("nguoi", ["Họ và tên", "Thư điện tử", "Điện thoại", "Hoạt động"], rows)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    held = RoleGrant.objects.filter(account__in=list(page), valid__contains=on)
    names = units.names_of(unit_ids=[g.unit_id for g in held], on=on)
    roles: dict[int, list[str]] = {}
    for grant in held:
        roles.setdefault(grant.account_id, []).append(
            f"{_role(grant.role)} – {names.get(grant.unit_id, '')}"
        )
    shown = {
        "page": page,
        "roles": roles,
        "text": text,
        "role": role,
        "choices": forms.CHOICES,
        "invitations": queries.open_invitations(viewer, on=on)[:20],
        "manage": viewer.may("people.manage"),
    }
    return render(request, "staff/people.html", shown)


def _role(role: str) -> str:
    return str(forms.ROLE_NAMES[Role(role)]).split(":")[0]


@access("people.view")
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one colleague's roles."""
    on = clock.local_date(clock.now())
    viewer = request.staff  # type: ignore[attr-defined]
    found = get_object_or_404(queries.visible_people(viewer, on=on), pk=pk)
    grants = queries.grants_of(viewer, account=found, on=on)
    names = units.names_of(unit_ids=[g.unit_id for g in grants], on=on)
    rows = [(g, _role(g.role), names.get(g.unit_id, "")) for g in grants]
    shown = {
        "person": found,
        "grants": rows,
        "form": forms.GrantForm(initial={"start": on}),
        "on": on,
    }
    return render(request, "staff/person.html", shown | {"manage": viewer.may("people.manage")})


@access("people.manage")
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    at = clock.now()
    on = clock.local_date(at)
    viewer = request.staff  # type: ignore[attr-defined]
    found = get_object_or_404(queries.visible_people(viewer, on=on), pk=pk)
    form = forms.GrantForm(request.POST)
    if form.is_valid():
        fields = form.cleaned_data
        unit = units.by_slug(slug=fields["unit"], on=on)
        if unit is None:
            messages.error(request, _("No unit with this address word."))
            return redirect("staff:person", pk=pk)
        try:
            actions.grant_role(
                account=found,
                unit_id=unit.id,
                role=Role(fields["role"]),
                start=fields["start"],
                end=fields["end"],
                by=viewer,
                at=at,
            )
            messages.success(request, _("Recorded."))
        except StaffError as error:
            messages.error(request, _(str(error)))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(e) for e in errors))
    return redirect("staff:person", pk=pk)


@access("people.manage")
@require_POST
def end_grant(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """End a role today."""
    at = clock.now()
    on = clock.local_date(at)
    viewer = request.staff  # type: ignore[attr-defined]
    found = get_object_or_404(queries.visible_people(viewer, on=on), pk=pk)
    held = get_object_or_404(RoleGrant, pk=grant_pk, account=found)
    try:
        actions.end_role(grant=held, on=on, by=viewer, at=at)
        messages.success(request, _("Recorded."))
    except StaffError as error:
        messages.error(request, _(str(error)))
    return (
        redirect("staff:person", pk=pk)
        if held.account_id != viewer.account_id
        else redirect("staff:people")
    )


@access("people.manage")
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or open an account."""
    at = clock.now()
    viewer = request.staff  # type: ignore[attr-defined]
    found = get_object_or_404(queries.visible_people(viewer, on=clock.local_date(at)), pk=pk)
    try:
        actions.set_active(
            account=found, active=request.POST.get("active") == "yes", by=viewer, at=at
        )
        messages.success(request, _("Recorded."))
    except StaffError as error:
        messages.error(request, _(str(error)))
    return redirect("staff:person", pk=pk)


@access("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite one person; the link is mailed, and shown to be sent by Zalo."""
    at = clock.now()
    form = forms.InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        unit = units.by_slug(slug=fields.pop("unit"), on=clock.local_date(at))
        if unit is None:
            form.add_error("unit", _("No unit with this address word."))
        else:
            try:
                made = actions.invite(
                    unit_id=unit.id,
                    by=request.staff,
                    at=at,
                    **fields | {"role": Role(fields["role"])},
                )  # type: ignore[attr-defined]
            except StaffError as error:
                form.add_error(None, _(str(error)))
            else:
                return render(request, "staff/invited.html", {"links": [(made, _mail(made))]})
    return render(request, "staff/invite.html", {"form": form})


def _mail(invitation: Invitation) -> str:
    link = settings.PUBLIC_URL + reverse("staff:accept", args=[actions.link_token(invitation)])
    subject = _("Your account in Cầu Nối")
    text = _(
        "Hello %(name)s,\n\nopen this link within seven days to make your account:\n%(link)s\n"
    )
    send_mail(
        subject,
        text % {"name": invitation.full_name, "link": link},
        None,
        [invitation.email],
        fail_silently=True,
    )
    return link


@access("people.manage")
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Close an invitation that was not used."""
    at = clock.now()
    viewer = request.staff  # type: ignore[attr-defined]
    mine = [
        i for i in queries.open_invitations(viewer, on=clock.local_date(at)) if str(i.pk) == str(pk)
    ]
    if mine:
        actions.withdraw_invitation(invitation=mine[0], by=viewer, at=at)
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("staff:people")


@access("people.manage")
def import_people(request: HttpRequest) -> HttpResponse:
    """Invite a list of people: template, upload, errors by row, confirmation by uploading without errors."""
    if "template" in request.GET:
        example = [["Nguyễn Thị An", "an@xa.example", "0912345678", "Xã Bích Hào", "cán bộ"]]
        return sheets.answer("mau-danh-sach", people_import.HEADER, example)
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    shown: dict = {"form": form}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        if "confirm" in request.POST:
            outcome = people_import.import_people(content=content, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
            if not outcome.errors:
                return render(
                    request,
                    "staff/invited.html",
                    {"links": [(i, _mail(i)) for i in outcome.invitations]},
                )
        else:
            outcome = people_import.read_people(content=content, at=clock.now())
        shown["outcome"] = outcome
    return render(request, "staff/import.html", shown)


@public("the link of an invitation is the key")
@limited(INVITATION, methods=("GET", "POST"))
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make an account from an invitation."""
    at = clock.now()
    try:
        invitation = actions.invitation_for(token=token, at=at)
    except InvitationSpent as error:
        return render(request, "staff/spent.html", {"reason": _(str(error))}, status=410)
    form = forms.AcceptForm(request.POST or None, initial={"full_name": invitation.full_name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(token=token, at=at, **form.cleaned_data)
        except StaffError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Your account is ready. Sign in."))
            return redirect("account_login")
    return render(request, "staff/accept.html", {"form": form, "invitation": invitation})


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: roles, password, second factor, sessions."""
    viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    names = units.names_of(unit_ids=[g.unit_id for g in viewer.grants], on=on)
    roles = [(_role(g.role), names.get(g.unit_id, "")) for g in viewer.grants]
    return render(request, "staff/account.html", {"roles": roles})
