"""The register of units: browse it as of any day, and find where an old place is now."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.kit.limits import LOOK_UP, limited
from caunoi.units import actions, queries
from caunoi.units.terms import Level, UnitError


def _day(request: HttpRequest) -> date:
    """Return the day asked for (``?ngay=``), today when none or nonsense."""
    try:
        return date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return clock.local_date(clock.now())


@access("units.view")
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """List the units of a level as of a day, search, export."""
    on = _day(request)
    text = request.GET.get("q", "")[:100]
    level = request.GET.get("cap", "")
    wanted = Level(level) if level in list(Level) else (None if text else Level.PROVINCE)
    found = queries.search(text=text, on=on, limit=50, level=wanted) if text else []
    listed = queries.list_as_of(on=on, level=wanted)
    if "xlsx" in request.GET:
        rows = (
            [v.code, v.full_name, v.level, v.valid.lower, v.valid.upper] for v in listed[:20_000]
        )
        return sheets.answer("don-vi", ["Mã", "Tên", "Cấp", "Từ ngày", "Đến ngày"], rows)
    page = Paginator(listed, 50).get_page(request.GET.get("page"))
    counts = queries.counts(on=on)
    tabs = [
        {
            "href": f"?cap={lv}&ngay={on}",
            "label": str(name),
            "count": counts.get(lv, 0),
            "current": lv == wanted,
        }
        for lv, name in LEVEL_NAMES.items()
    ]
    shown = {
        "on": on,
        "text": text,
        "found": found,
        "page": page,
        "tabs": tabs,
        "level": wanted or "",
    }
    return render(request, "units/tree.html", shown)


LEVEL_NAMES = {
    Level.PROVINCE: gettext_lazy("Provinces"),
    Level.DISTRICT: gettext_lazy("Districts"),
    Level.COMMUNE: gettext_lazy("Communes"),
    Level.VILLAGE: gettext_lazy("Villages"),
}


class SuccessorForm(forms.Form):
    """Who took over, by which document."""

    successor = forms.CharField(
        label=gettext_lazy("Address word of the successor, like xa-bich-hao"), max_length=140
    )
    legal_reference = forms.CharField(label=gettext_lazy("Legal reference"), max_length=200)


class RenameForm(forms.Form):
    """A new name from a day on."""

    full_name = forms.CharField(label=gettext_lazy("New full name"), max_length=120)
    on = forms.DateField(label=gettext_lazy("From which day"))
    legal_reference = forms.CharField(label=gettext_lazy("Legal reference"), max_length=200)


@access("units.view")
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that was true of one unit; whoever manages units may rename it or name an unknown successor."""
    on = _day(request)
    here = queries.by_slug(slug=slug, on=on)
    if here is None:
        raise Http404
    viewer = request.staff  # type: ignore[attr-defined]
    manage = viewer.may("units.manage", here.path)
    rename, successor = RenameForm(prefix="rename"), SuccessorForm(prefix="successor")
    if request.method == "POST":
        if not manage:
            raise Http404
        rename, successor, done = _change(request, here.id, rename, successor)
        if done:
            return redirect("units:unit", slug=slug)
    shown = {
        "unit": here,
        "on": on,
        "versions": queries.versions_of(unit_id=here.id),
        "ancestors": queries.ancestors(unit_id=here.id, on=on),
        "children": queries.children(unit_id=here.id, on=on)[:500],
        "successors": queries.successors(unit_id=here.id, on=on)
        if here.valid_to and here.valid_to <= on
        else [],
        "predecessors": queries.predecessors(unit_id=here.id),
        "manage": manage,
        "rename": rename,
        "successor_form": successor,
    }
    return render(request, "units/unit.html", shown)


def _change(request: HttpRequest, unit_id, rename, successor):  # noqa: ANN001, ANN202
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        if "rename-full_name" in request.POST:
            rename = RenameForm(request.POST, prefix="rename")
            if rename.is_valid():
                actions.rename_unit(unit_id=unit_id, by=by, at=at, **rename.cleaned_data)
                messages.success(request, _("Recorded."))
                return rename, successor, True
        else:
            successor = SuccessorForm(request.POST, prefix="successor")
            if successor.is_valid():
                heir = queries.by_slug(
                    slug=successor.cleaned_data["successor"], on=clock.local_date(at)
                )
                if heir is None:
                    successor.add_error("successor", _("No unit with this address word."))
                else:
                    law = successor.cleaned_data["legal_reference"]
                    actions.record_successor(
                        unit_id=unit_id, successor_id=heir.id, legal_reference=law, by=by, at=at
                    )
                    messages.success(request, _("Recorded."))
                    return rename, successor, True
    except UnitError as error:
        messages.error(request, _(str(error)))
    return rename, successor, False


@public("where is my old commune now?")
@limited(LOOK_UP, methods=("GET",))
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Lead from any old or new name or code to where the place is today."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:100]
    found = [
        {"old": f, "successors": queries.successors(unit_id=f.unit.id, on=on)}
        for f in (queries.search(text=text, on=on, limit=12) if text else [])
    ]
    return render(request, "units/lookup.html", {"text": text, "found": found})
