"""Public works: what everybody sees, and the desk of those who keep them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow
from caunoi.works import actions, actions_forgetting, forms, labels, queries, rules, sheet
from caunoi.works.models import Clearing, Contribution, Project
from caunoi.works.terms import Kind, Land, Row, Sums, Thing

PUBLIC = "what people give to public works is public; names as they wished"
PAGE = 50
MOST_CHOICES = 400
LIST_SHEET = (
    "Công trình",
    "Loại",
    "Đơn vị",
    "Từ ngày",
    "Đến ngày",
    "Dự toán",
    "Tiền (đồng)",
    "Đất (m²)",
    "Ngày công",
)
GIVEN_SHEET = (
    "Hộ, nhóm",
    "Góp gì",
    "Loại đất",
    "Số lượng",
    "Đơn vị tính",
    "Ngày",
    "Ghi chú",
    "Thu hồi vì",
)
SUMS_SHEET = ("Đơn vị", "Công trình", "Tiền (đồng)", "Đất (m²)", "Ngày công", "Thoả thuận (m²)", "Bàn giao (m²)")  # fmt: skip


def _today() -> date:
    return clock.local_date(clock.now())


def _load(request: HttpRequest, pk: UUID) -> Project:
    found = queries.project(request.staff, pk=pk, on=_today())
    if found is None:
        raise Http404
    return found


# -- everybody ---------------------------------------------------------------


@public(PUBLIC)
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """List the works of a unit and those below it, or all."""
    on, word = _today(), request.GET.get("don-vi", "")[:140]
    unit = units.by_slug(slug=word, on=on) if word else None
    text, kind = request.GET.get("q", "")[:60], _kind(request)
    found = queries.public_projects(under=unit.id if unit else None, on=on, text=text, kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = queries.roll_up(root_id=unit.id, on=on) if unit else []
    shown = {
        "page": page,
        "unit": unit,
        "names": units.names_of(unit_ids=[p.unit_id for p in page], on=on),
        "total": queries.in_total(rows) if unit else None,
        "text": text,
        "kind": kind,
        "kinds": labels.KINDS.items(),
        "labels": labels.KINDS,
    }
    return render(request, "works/public_list.html", shown)


def _kind(request: HttpRequest) -> str:
    word = request.GET.get("loai", "")
    return word if word in {k.value for k in Kind} else ""


@public(PUBLIC)
@require_safe
def public_project(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one work: what was given, by whom as they wished, and that it is what the books say."""
    found = queries.public_project(pk=pk)
    if found is None:
        raise Http404
    on = _today()
    given = queries.contributions_of(project=found).filter(reversal=None)
    page = Paginator(given, PAGE).get_page(request.GET.get("page"))
    sums, stands = (
        queries.sums_of(projects=[found.pk], on=on)[found.pk],
        queries.in_books(project=found),
    )
    shown = {
        "project": found,
        "page": page,
        "givers": {c.pk: rules.shown_name(c.giver, initials=c.initials) for c in page},
        "sums": sums,
        "areas": _areas(sums),
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "unit_slug": units.slugs_of(unit_ids=[found.unit_id]).get(found.unit_id, ""),
        "agree": (sums.money, sums.land, sums.labour) == tuple(stands[t] for t in Thing),
        "labels": WORDS,
        "on": on,
    }
    return render(request, "works/public_project.html", shown)


def _areas(sums: Sums) -> list[tuple[Any, int, int]]:
    return [(labels.LANDS[s], *sums.by_land[s]) for s in rules.SORTS if s in sums.by_land]


WORDS = {
    "kinds": labels.KINDS,
    "lands": labels.LANDS,
    "things": labels.THINGS,
    "units": labels.UNIT_WORDS,
}


# -- the desk ------------------------------------------------------------------


@access("works.view")
@require_safe
def projects(request: HttpRequest) -> HttpResponseBase:
    """List the works of the viewer's units, narrowed."""
    on, text, kind = _today(), request.GET.get("q", "")[:60], _kind(request)
    found = queries.projects(request.staff, on=on, text=text, kind=kind)
    if sheets.wanted(request):
        return sheets.as_asked(request, "cong-trinh", LIST_SHEET, _list_rows(found, on))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=[p.unit_id for p in page], on=on),
        "text": text,
        "kind": kind,
        "kinds": labels.KINDS.items(),
        "labels": labels.KINDS,
        "may_keep": request.staff.may(Permission.WORKS_KEEP),
    }
    return render(request, "works/projects.html", shown)


def _list_rows(found: Any, on: date) -> Iterator[list[Any]]:
    rows = list(found)
    names = units.names_of(unit_ids=[p.unit_id for p in rows], on=on)
    for p in rows:
        yield [
            *(
                p.name,
                str(labels.KINDS[Kind(p.kind)]),
                names.get(p.unit_id, ""),
                p.starts_on,
                p.ends_on,
            ),
            *(p.estimate, p.money or 0, p.land or 0, p.labour or 0),
        ]


@access("works.view")
@require_safe
def roll_up(request: HttpRequest) -> HttpResponseBase:
    """Add up by unit, as of a day."""
    on = _day(request)
    root = _root(request, on)
    rows = queries.roll_up(root_id=root.id, on=on)
    total = queries.in_total(rows)
    if sheets.wanted(request):
        table = (
            [name, s.projects, s.money, s.land, s.labour, s.agreed, s.cleared]
            for name, s in [*((s.name, s) for s in rows), ("Cộng", total)]
        )
        return sheets.as_asked(
            request, "tong-hop-cong-trinh", SUMS_SHEET, table, heading=root.full_name
        )
    shown = {
        "root": root,
        "rows": rows,
        "total": total,
        "areas": _areas(total),
        "slugs": units.slugs_of(unit_ids=[s.unit_id for s in rows if s.unit_id]),
        "on": on,
        "today": _today(),
    }
    return render(request, "works/roll_up.html", shown)


def _day(request: HttpRequest) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("ngay", "")), _today())
    except ValueError:
        return _today()


def _root(request: HttpRequest, on: date) -> UnitNow:
    word = request.GET.get("don-vi", "")[:140]
    own = sorted(request.staff.unit_ids(Permission.WORKS_VIEW), key=str)
    found = units.by_slug(slug=word, on=on) if word else units.latest(unit_id=own[0], on=on)
    today = units.paths_of(unit_ids=[found.id], on=_today()) if found else {}
    if found is None or not request.staff.may(
        Permission.WORKS_VIEW, today.get(found.id, found.path)
    ):
        raise Http404
    return found


@access("works.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a work."""
    at = clock.now()
    known = queries.units_to_keep(request.staff, on=clock.local_date(at))[:MOST_CHOICES]
    choices = [(str(u.id), u.full_name) for u in known]
    first = {"starts_on": clock.local_date(at)} | ({"unit": choices[0][0]} if choices else {})
    form = forms.ProjectForm(request.POST or None, units=choices, initial=first)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        unit_id = UUID(fields.pop("unit"))
        try:
            made = actions.begin(unit_id=unit_id, fields=fields, by=request.staff, at=at)
        except Foreseen as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("The work has begun. Now what people give."))
            return redirect("works:project", pk=made.pk)
    shown = {"form": form, "project": None}
    return render(request, "works/project_form.html", shown, status=422 if form.errors else 200)


@access("works.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is said of a work."""
    project = _kept(request, pk)
    names = ("name", "kind", "purpose", "plan", "starts_on", "ends_on", "estimate")
    first = {n: getattr(project, n) for n in names}
    form = forms.ProjectForm(request.POST or None, units=None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.change(project=project, fields=form.cleaned_data, by=request.staff, at=clock.now())
        messages.success(request, _("Kept."))
        return redirect("works:project", pk=pk)
    shown = {"form": form, "project": project}
    return render(request, "works/project_form.html", shown, status=422 if form.errors else 200)


def _kept(request: HttpRequest, pk: UUID) -> Project:
    """Return the work when the viewer keeps it, or 404."""
    found = _load(request, pk)
    if not _keeps(request, found):
        raise Http404
    return found


def _keeps(request: HttpRequest, project: Project) -> bool:
    place = heirs.places_of(unit_ids=[project.unit_id], on=_today())[project.unit_id]
    return bool(request.staff.may(Permission.WORKS_KEEP, place[0]))


@access("works.view")
@require_safe
def project(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show one work with what was given, also what was taken back."""
    found = _load(request, pk)
    if sheets.wanted(request):
        rows = queries.contributions_of(project=found)
        return sheets.as_asked(
            request, "dong-gop", GIVEN_SHEET, _given_rows(rows), heading=found.name
        )
    return _page(request, found)


def _given_rows(rows: Any) -> Iterator[list[Any]]:
    for c in rows:
        thing = Thing(c.thing)
        land = str(labels.LANDS[Land(c.land)]) if c.land else ""
        yield [
            c.giver,
            str(labels.THINGS[thing]),
            land,
            c.amount,
            labels.UNIT_WORDS[thing],
            c.on,
            c.note,
            c.because,
        ]


def _page(request: HttpRequest, found: Project, *, status: int = 200, **bound: Any) -> HttpResponse:
    on, text = _today(), request.GET.get("q", "")[:60]
    given = queries.contributions_of(project=found, text=text)
    sums = queries.sums_of(projects=[found.pk], on=on)[found.pk]
    shown = {
        "project": found,
        "page": Paginator(given, PAGE).get_page(request.GET.get("page")),
        "text": text,
        "sums": sums,
        "areas": _areas(sums),
        "clearings": queries.clearings_of(project=found),
        "unit_name": units.name_of(unit_id=found.unit_id, on=on),
        "keep": _keeps(request, found),
        "labels": WORDS,
        "give_form": forms.GiveForm(initial={"on": on, "key": uuid4()}, auto_id="give_%s"),
        "clear_form": forms.ClearForm(initial={"on": on}, auto_id="clear_%s"),
        "because_form": None,
    }
    return render(request, "works/project.html", shown | bound, status=status)


@access("works.keep")
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what one household or group gave. Links of the page that came back with an error lead to the project again."""
    if request.method != "POST":
        return redirect("works:project", pk=pk)
    found, form = _load(request, pk), forms.GiveForm(request.POST, auto_id="give_%s")
    if form.is_valid():
        words = dict(form.cleaned_data)
        key = words.pop("key")
        try:
            actions.give(
                project=found, rows=[Row(1, **words)], by=request.staff, at=clock.now(), key=key
            )
        except Foreseen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept, and in the books."))
            return redirect("works:project", pk=pk)
    return _page(request, found, status=422, give_form=form)


@access("works.keep")
@require_POST
def clear(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down land agreed to or handed over."""
    found, form = _load(request, pk), forms.ClearForm(request.POST, auto_id="clear_%s")
    if form.is_valid():
        words = dict(form.cleaned_data)
        words["land"] = Land(words["land"])
        try:
            actions.clear(project=found, by=request.staff, at=clock.now(), **words)
        except Foreseen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("works:project", pk=pk)
    return _page(request, found, status=422, clear_form=form)


@access("works.keep")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a contribution (``contribution``, with a reason) or a row about land (``clearing``) back."""
    found, at = _load(request, pk), clock.now()
    try:
        if row := _mine(Clearing, found, request.POST.get("clearing", "")):
            actions.take_clearing_back(row=row, by=request.staff, at=at)
        else:
            contribution = _mine(Contribution, found, request.POST.get("contribution", ""))
            form = forms.BecauseForm(request.POST)
            if contribution is None:
                raise Http404
            if not form.is_valid():
                messages.error(request, _("Write why it is taken back; the books keep both."))
                return redirect("works:project", pk=pk)
            because = form.cleaned_data["because"]
            actions.take_back(contribution=contribution, because=because, by=request.staff, at=at)
        messages.success(request, _("Taken back. Both rows stay, and the sums are right again."))
    except Foreseen as error:
        messages.error(request, str(error))
    return redirect("works:project", pk=pk)


@access("works.keep")
@require_POST
def initials(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a giver (``contribution``) with initials, because she asked for it."""
    found = _load(request, pk)
    row = _mine(Contribution, found, request.POST.get("contribution", ""))
    if row is None:
        raise Http404
    try:
        actions_forgetting.show_initials(contribution=row, by=request.staff, at=clock.now())
        messages.success(request, _("The public list shows initials from now on."))
    except Foreseen as error:
        messages.error(request, str(error))
    return redirect("works:project", pk=pk)


def _mine(table: Any, project: Project, word: str) -> Any:
    try:
        return (
            table.objects.filter(project=project, pk=UUID(word)).select_related("project").first()
        )
    except ValueError:
        return None


@access("works.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at a sheet of contributions first; ``keep`` writes them down, all or none."""
    found = _kept(request, pk)
    if request.method == "POST" and "keep" in request.POST:
        return _keep(request, found)
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"project": found, "form": form, "labels": WORDS}
    if request.method == "POST" and form.is_valid():
        try:
            rows = sheet.rows_of(form.cleaned_data["file"].read(), project=found, today=_today())
            bad = [r for r in rows if r.problems]
            shown |= {"rows": bad or rows, "bad": len(bad), "total": len(rows), "looked": True}
            if rows and not bad:
                shown["packed"] = json.dumps(sheet.packed(rows), ensure_ascii=False)
                return render(request, "works/bring_in.html", shown)
            return render(request, "works/bring_in.html", shown, status=422)
        except Foreseen as error:
            form.add_error("file", str(error))
    return render(request, "works/bring_in.html", shown, status=422 if form.errors else 200)


def _keep(request: HttpRequest, project: Project) -> HttpResponse:
    try:
        rows = sheet.unpacked(json.loads(request.POST.get("rows", "")))
        n = len(actions.give(project=project, rows=rows, by=request.staff, at=clock.now()))
    except Foreseen as error:
        messages.error(request, str(error))
        return redirect("works:bring_in", pk=project.pk)
    except ValueError:
        messages.error(
            request, _("Choose the file again; what was looked at did not come back whole.")
        )
        return redirect("works:bring_in", pk=project.pk)
    said = ngettext(
        "%(n)d contribution is in the books.", "%(n)d contributions are in the books.", n
    )
    messages.success(request, said % {"n": n})
    return redirect("works:project", pk=project.pk)


@access("works.keep")
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    """Give the empty sheet."""
    response = HttpResponse(sheet.pattern(), content_type=sheets.KIND)
    response["Content-Disposition"] = 'attachment; filename="mau-dong-gop.xlsx"'
    return response


@public(PUBLIC)
@require_safe
def board_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the list of contributions as an A4 sheet for the notice board: what the public page says."""
    found = queries.public_project(pk=pk)
    if found is None:
        raise Http404
    on = _today()
    body = sheet.board_sheet(
        found,
        list(queries.contributions_of(project=found).order_by("on", "written_at")),
        queries.sums_of(projects=[pk], on=on)[pk],
        address=f"{settings.PUBLIC_URL}{reverse('works:public', args=[pk])}",
        place=units.name_of(unit_id=found.unit_id, on=on),
        on=on,
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="cong-khai-dong-gop.pdf"'
    return response
