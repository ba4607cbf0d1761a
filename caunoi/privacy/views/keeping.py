"""How long it is kept: the table, what would be erased tonight, what the nights erased, what must be kept; and the words people are told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.privacy import actions_consent, actions_retention, forms, queries
from caunoi.privacy.models import RetentionRule
from caunoi.privacy.terms import Kept, PrivacyError
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

KINDS = {
    Kept.QUESTION: gettext_lazy("Questions, reports, petitions"),
    Kept.COMPLAINT: gettext_lazy("Complaints"),
    Kept.DENUNCIATION: gettext_lazy("Denunciations and tip-offs"),
    Kept.EMERGENCY: gettext_lazy("Cries for help"),
    Kept.DELIVERY: gettext_lazy("Messages as the provider handed them over"),
}
NIGHTS_SHOWN, SHEET_ROWS = 60, 20_000


@access("privacy.view")
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Show the table, tonight's numbers and the last nights; ``?xlsx`` gives the nights as a file."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    nights = queries.sweeps(viewer, on=on)
    if "xlsx" in request.GET:
        return _as_sheet(nights[:SHEET_ROWS], on)
    found = [
        (KINDS[kept], unit_id, n)
        for kept, over in actions_retention.over(at=at)
        for unit_id, n in queries.tonight(viewer, over=over, on=on)
    ]
    tonight = [{"label": label, "unit_id": unit_id, "n": n} for label, unit_id, n in found]
    shown_nights = list(nights[:NIGHTS_SHOWN])
    ids = {unit_id for _label, unit_id, _n in found} | {
        s.unit_id for s in shown_nights if s.unit_id
    }
    shown = {
        "rules": [{"rule": r, "label": KINDS[Kept(r.code)]} for r in queries.rules()],
        "tonight": tonight,
        "total": sum(n for _label, _unit, n in found),
        "at_most": actions_retention.AT_MOST,
        "nights": [{"row": s, "label": KINDS[Kept(s.kind)]} for s in shown_nights],
        "names": units.names_of(unit_ids=ids, on=on),
        "may_change": actions_retention.may_change(viewer),
        "manage": viewer.may(Permission.PRIVACY_MANAGE),
    }
    return render(request, "privacy/retention.html", shown)


def _as_sheet(nights: Any, on: Any) -> HttpResponse:
    rows = list(nights)
    names = units.names_of(unit_ids={s.unit_id for s in rows if s.unit_id}, on=on)
    head = ("Ngày", "Đơn vị", "Loại", "Đã xoá")
    lines = ([s.day, names.get(s.unit_id, ""), str(KINDS[Kept(s.kind)]), s.erased] for s in rows)
    return sheets.answer("xoa-du-lieu-het-han", head, lines)


@access("privacy.manage")
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change how long one sort is kept."""
    found = RetentionRule.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    viewer = request.staff  # type: ignore[attr-defined]
    values = {"days": found.days, "source": found.source, "does": found.does}
    form = forms.RuleForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        try:
            actions_retention.change_rule(code=code, by=viewer, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("Kept. The next night works by it."))
            return redirect("privacy:retention")
        except PrivacyError as error:
            form.add_error(None, _(str(error)))
    shown = {"rule": found, "label": KINDS[Kept(code)], "form": form}
    shown["may_change"] = actions_retention.may_change(viewer)
    return render(request, "privacy/rule.html", shown, status=422 if form.errors else 200)


@access("privacy.view")
def holds(request: HttpRequest) -> HttpResponse:
    """List what must be kept whatever the table says; who decides adds a case with its reason."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    may = viewer.may(Permission.PRIVACY_DECIDE)
    form = forms.HoldForm(request.POST or None)
    if request.method == "POST" and may and form.is_valid():
        case = queries.case_to_hold(viewer, number=form.cleaned_data["number"], on=on)
        if case is None:
            form.add_error("number", _("There is no such case in your units."))
        else:
            try:
                reason = form.cleaned_data["reason"]
                actions_retention.hold_case(case=case, reason=reason, by=viewer, at=at)
                messages.success(request, _("It is kept until somebody lifts this."))
                return redirect("privacy:holds")
            except PrivacyError as error:
                form.add_error(None, _(str(error)))
    shown = {"rows": queries.holds(viewer, on=on)[:200], "form": form, "may": may}
    shown["manage"] = viewer.may(Permission.PRIVACY_MANAGE)
    return render(request, "privacy/holds.html", shown, status=422 if form.errors else 200)


@access("privacy.decide")
@require_POST
def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the table hold for a case again."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    held = queries.holds(viewer, on=clock.local_date(at)).filter(pk=pk).first()
    if held is None:
        raise Http404
    try:
        actions_retention.lift_hold(case=held.case, by=viewer, at=at)
        messages.success(request, _("The table holds for it again."))
    except PrivacyError as error:
        messages.error(request, _(str(error)))
    return redirect("privacy:holds")


@access("privacy.manage")
def texts(request: HttpRequest) -> HttpResponse:
    """Write what people are told before they give their data, and read what they were told before."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    unit_id = next(iter(viewer.unit_ids(Permission.PRIVACY_MANAGE)))
    form = forms.TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions_consent.publish(unit_id=unit_id, by=viewer, at=at, **form.cleaned_data)
            messages.success(request, _("From now on people are told this."))
            return redirect("privacy:texts")
        except PrivacyError as error:
            form.add_error(None, _(str(error)))
    rows = queries.texts(viewer, on=on)
    shown = {
        "rows": rows,
        "names": units.names_of(unit_ids={t.unit_id for t in rows if t.unit_id}, on=on),
        "channels": dict(forms.CHANNELS),
        "form": form,
        "unit_name": units.name_of(unit_id=unit_id, on=on),
    }
    return render(request, "privacy/texts.html", shown, status=422 if form.errors else 200)
