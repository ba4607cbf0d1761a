"""The shared inbox."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import actions, forms, queries
from caunoi.cases.terms import CaseError, Origin
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.staff.models import Account
from caunoi.units import queries as units

VIEW_NAMES = {
    "todo": gettext_noop("To answer"),
    "mine": gettext_noop("Mine"),
    "unassigned": gettext_noop("Nobody's"),
    "overdue": gettext_noop("Overdue"),
    "approval": gettext_noop("For approval"),
    "referred": gettext_noop("Referred here"),
    "answered": gettext_noop("Answered in 7 days"),
    "all": gettext_noop("All"),
}
PAGE = 50


@access("cases.view")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one view of the viewer's cases, filtered; ``?xlsx`` gives it as a file."""
    at = clock.now()
    on = clock.local_date(at)
    viewer = request.staff  # type: ignore[attr-defined]
    filters = _filters(request)
    found = queries.inbox(viewer, filters=filters, at=at, on=on).select_related("assignee")
    if "xlsx" in request.GET:
        return _as_sheet(found, on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counted = queries.counts(viewer, at=at, on=on)
    tabs = [
        {
            "href": f"{reverse('cases:inbox')}?view={v}",
            "label": _(n),
            "count": counted.get(v),
            "current": v == filters.view,
        }
        for v, n in VIEW_NAMES.items()
    ]
    names = units.names_of(unit_ids=[c.owner_id for c in page], on=on)
    shown = {
        "page": page,
        "tabs": tabs,
        "names": names,
        "filters": filters,
        "now": at,
        "origins": list(Origin),
    }
    return render(request, "cases/inbox.html", shown)


def _filters(request: HttpRequest) -> queries.Filters:
    form = forms.FilterForm(request.GET)
    form.is_valid()
    view = form.cleaned_data.get("view") or "todo"
    origin = form.cleaned_data.get("origin") or ""
    return queries.Filters(
        view=view if view in queries.VIEWS else "todo",
        text=form.cleaned_data.get("q") or "",
        origin=origin if origin in list(Origin) else "",
    )


def _as_sheet(found, on) -> HttpResponse:  # noqa: ANN001
    cases = list(found[:10_000])
    names = units.names_of(unit_ids=[c.owner_id for c in cases], on=on)
    header = [
        "Số",
        "Câu hỏi",
        "Đơn vị",
        "Trạng thái",
        "Nhận lúc",
        "Hạn",
        "Trả lời lúc",
        "Người xử lý",
    ]
    rows = (
        [
            c.number,
            c.title,
            names.get(c.owner_id, ""),
            c.state,
            c.opened_at,
            c.due_at,
            c.answered_at,
            str(c.assignee or ""),
        ]
        for c in cases
    )
    return sheets.answer("hop-thu", header, rows)


@access("cases.draft")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases to oneself, or to nobody; each is checked on its own."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    numbers = request.POST.getlist("case")[:PAGE]
    to = Account.objects.get(pk=viewer.account_id) if request.POST.get("do") == "take" else None
    done = 0
    for case in queries.visible_cases(viewer, on=on, permission="cases.draft").filter(
        number__in=numbers
    ):
        try:
            actions.assign_case(case=case, to=to, by=viewer, at=at)
            done += 1
        except CaseError as error:
            messages.error(request, f"{case.number}: {_(str(error))}")
    if done:
        messages.success(
            request,
            ngettext("%(n)d case changed hands.", "%(n)d cases changed hands.", done) % {"n": done},
        )
    elif not numbers:
        messages.warning(request, _("Choose cases first."))
    return redirect(f"{reverse('cases:inbox')}?view={request.POST.get('view', 'todo')}")
