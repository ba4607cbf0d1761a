"""A whole file taken back by two persons; from which day on an account takes money for one campaign only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, paging
from caunoi.kit.access import access
from caunoi.statements import actions, actions_undoing, forms, queries
from caunoi.statements.models import BankAccount
from caunoi.statements.terms import StatementError
from caunoi.statements.views import keeping


@access("funds.keep")
@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that a whole file is taken back."""
    found, form = keeping.load(request, pk), forms.ReasonForm(request.POST)
    if not form.is_valid():
        return keeping.file_page(request, found, reason_form=form, status=422)
    try:
        reason = form.cleaned_data["reason"]
        asked = actions_undoing.ask(file=found, reason=reason, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        done = asked.done_at is not None
        messages.success(request, _("The file is taken back.") if done else _("Asked. Somebody who approves for the fund has to agree."))  # fmt: skip
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:file", pk=pk)


@access("funds.approve")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree that a whole file is taken back, or refuse."""
    found, agree = keeping.load(request, pk), request.POST.get("agree") == "1"
    try:
        actions_undoing.decide(file=found, agree=agree, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("Agreed: the file is taken back.") if agree else _("Refused: the file stays."))  # fmt: skip
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:file", pk=pk)


@access("funds.view")
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts, and which take money for one campaign only."""
    return _page(request)


def _page(
    request: HttpRequest, *, form: Any = None, of: int = 0, status: int = 200
) -> HttpResponse:
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    rows = queries.accounts(viewer, on=on).prefetch_related("sole_changes__by")
    page = paging.cut(rows, page=request.GET.get("page"), size=30)
    for one in page.rows:
        one.now = queries.is_sole(account=one, on=on)
        one.form = form if one.pk == of and form else _form(None, one)
    keeps = queries.campaigns(viewer, on=on, keep=True).exists()
    return render(
        request, "statements/accounts.html", {"page": page, "may_keep": keeps}, status=status
    )


def _form(data: Any, account: BankAccount) -> forms.SoleForm:
    return forms.SoleForm(data, auto_id=f"id_{account.pk}_%s")


@access("funds.keep")
@require_POST
def sole(request: HttpRequest, pk: int) -> HttpResponse:
    """Say from which day on an account takes money for its campaign only, or no longer."""
    on = clock.local_date(clock.now())
    account = queries.accounts(request.staff, on=on).filter(pk=pk).first()  # type: ignore[attr-defined]
    if account is None:
        raise Http404
    form = _form(request.POST, account)
    if not form.is_valid():
        return _page(request, form=form, of=pk, status=422)
    said = form.cleaned_data
    try:
        actions.change_sole(
            account=account,
            sole=said["sole"] == "1",
            since=said["since"],
            reason=said["reason"],
            by=request.staff,  # type: ignore[attr-defined]
            at=clock.now(),
        )
        messages.success(request, _("Noted. Lines that were written before stay as they are."))
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:accounts")
