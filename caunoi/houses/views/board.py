"""The desk's board of a programme, its list of households, and naming or bringing in households."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.houses import actions, forms, labels, queries, rules, sheet
from caunoi.houses.models import Programme
from caunoi.houses.terms import HouseError, HouseState, NameTaken
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PAGE = 50
MOST_CHOICES = 400
SHEET = (
    *("Mã hộ", "Chủ hộ", "Thôn, bản", "Số người", "Loại nhà", "Làm mới hay sửa", "Trạng thái"),
    *(
        "Giai đoạn xong",
        "Hạn giai đoạn tới",
        "Tin gần nhất",
        "Bàn giao ngày",
        "Dự toán",
        "Thực chi",
    ),
    *("Đồng ý nêu tên", "Chậm vì"),
)
BOARD_SHEET = (
    *("Đơn vị", "Cần làm", "Chờ bình xét", "Đã duyệt, chưa khởi công", "Đang làm", "Đã bàn giao"),
    *("Chậm", "Trong đó làm mới"),
)


def today() -> date:
    """Return the day."""
    return clock.local_date(clock.now())


def load(request: HttpRequest, pk: UUID) -> Programme:
    """Return the programme, or 404."""
    found = queries.programme(request.staff, pk=pk, on=today())  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("houses.view")
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes that hold here; one alone is opened at once."""
    on = today()
    found = list(queries.programmes(request.staff, on=on))  # type: ignore[attr-defined]
    names = units.names_of(unit_ids=[p.unit_id for p in found], on=on)
    shown = {"programmes": found, "names": names, "may_begin": _may_begin(request)}
    return render(request, "houses/programmes.html", shown)


def _may_begin(request: HttpRequest) -> bool:
    return request.staff.may(Permission.HOUSES_APPROVE)  # type: ignore[attr-defined, no-any-return]


@access("houses.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a programme of the viewer's first unit."""
    at = clock.now()
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    unit_id = next(iter(viewer.unit_ids(Permission.HOUSES_APPROVE)))
    first = {
        "year": clock.local_date(at).year,
        "new_support": _dots(rules.NEW_SUPPORT),
        "repair_support": _dots(rules.REPAIR_SUPPORT),
        "posting_days": rules.POSTING_DAYS,
        "silent_days": rules.SILENT_DAYS,
    }
    form = forms.ProgrammeForm(request.POST or None, initial=first, funds=_funds(unit_id))
    if request.method == "POST" and form.is_valid():
        try:
            programme = actions.begin(unit_id=unit_id, fields=form.cleaned_data, by=viewer, at=at)
        except NameTaken as error:
            form.add_error("name", _(str(error)))
        else:
            messages.success(request, _("The programme has begun. Now the households."))
            return redirect("houses:board", pk=programme.pk)
    name = units.name_of(unit_id=unit_id, on=clock.local_date(at))
    shown = {"form": form, "unit_name": name, "programme": None}
    return render(request, "houses/programme.html", shown, status=422 if form.errors else 200)


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _funds(unit_id: UUID) -> list[tuple[str, str]]:
    return [(str(f.pk), f.name) for f in queries.funds_of(unit_id=unit_id)]


def _may_set(viewer: Viewer, programme: Programme) -> bool:
    """True for whoever approves in the unit that begun it; those below it read it only."""
    path = units.paths_of(unit_ids=[programme.unit_id], on=today()).get(programme.unit_id, "none")
    return viewer.may(Permission.HOUSES_APPROVE, path)


@access("houses.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a programme gives and the days that count."""
    programme, viewer = load(request, pk), request.staff  # type: ignore[attr-defined]
    if not _may_set(viewer, programme):
        raise Http404
    names = ("name", "year", "source", "posting_days", "silent_days")
    first: dict[str, Any] = {n: getattr(programme, n) for n in names}
    first |= {n: _dots(getattr(programme, n)) for n in ("new_support", "repair_support")}
    first["fund_id"] = str(programme.fund_id or "")
    form = forms.ProgrammeForm(request.POST or None, initial=first, funds=_funds(programme.unit_id))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        fields["fund_id"] = fields["fund_id"] or programme.fund_id
        actions.change_programme(programme=programme, fields=fields, by=viewer, at=clock.now())
        messages.success(request, _("Kept."))
        return redirect("houses:board", pk=pk)
    name = units.name_of(unit_id=programme.unit_id, on=today())
    shown = {"form": form, "unit_name": name, "programme": programme}
    return render(request, "houses/programme.html", shown, status=422 if form.errors else 200)


# -- the board -----------------------------------------------------------------


def _root(request: HttpRequest, programme: Programme, on: date) -> UnitNow:
    """Return the unit whose board is shown: the one asked for, the viewer's own within the programme, or the programme's. 404 outside her units."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    word = request.GET.get("don-vi", "")[:140]
    if word:
        found = units.by_slug(slug=word, on=on)
    else:
        own = viewer.unit_ids(Permission.HOUSES_VIEW)
        home = next(iter(sorted(own, key=str)), programme.unit_id) if own else programme.unit_id
        inside = units.within(unit_id=home, root_id=programme.unit_id, on=on)
        found = units.as_of(unit_id=home if inside else programme.unit_id, on=on)
    if found is None or not viewer.may(Permission.HOUSES_VIEW, found.path):
        raise Http404
    return found


@access("houses.view")
@require_safe
def board(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show how many houses are needed, being built, done and late, unit by unit."""
    on = today()
    programme = load(request, pk)
    root = _root(request, programme, on)
    rows = queries.board(programme=programme, root_id=root.id, on=on)
    total = queries.in_total(rows)
    if sheets.wanted(request):
        return sheets.as_asked(
            request,
            "bang-xoa-nha-tam",
            BOARD_SHEET,
            _board_rows(rows, total),
            heading=programme.name,
        )
    shown = {
        "programme": programme,
        "root": root,
        "rows": rows,
        "total": total,
        "slugs": units.slugs_of(
            unit_ids=[t.unit_id for t in rows if t.unit_id and t.unit_id != root.id]
        ),
        "above": _above(request, root, on),
        "waits": queries.villages_to_review(request.staff, programme=programme, on=on),  # type: ignore[attr-defined]
        "may_set": _may_set(request.staff, programme),  # type: ignore[attr-defined]
        "may_keep": request.staff.may(Permission.HOUSES_KEEP, root.path),  # type: ignore[attr-defined]
        "on": on,
    }
    return render(request, "houses/board.html", shown)


def _above(request: HttpRequest, root: UnitNow, on: date) -> list[UnitNow]:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    above = units.ancestors(unit_id=root.id, on=on)
    return [u for u in above if viewer.may(Permission.HOUSES_VIEW, u.path)]


def _board_rows(rows: list[Any], total: Any) -> Iterator[list[Any]]:
    for name, t in [*((t.name, t) for t in rows), ("Cộng", total)]:
        yield [name, t.needed, t.waiting, t.registered, t.building, t.done, t.late, t.new]


# -- the list --------------------------------------------------------------------


@access("houses.view")
@require_safe
def households(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """List the households, narrowed; that their names were read is on record."""
    on, programme, viewer = today(), load(request, pk), request.staff  # type: ignore[attr-defined]
    words = {n: request.GET.get(n, "")[:60] for n in ("text", "state", "stage", "grade", "work")}
    root = _root(request, programme, on) if request.GET.get("don-vi") else None
    chosen = queries.Filters(
        **words, late=request.GET.get("late") == "1", under=root.id if root else None
    )
    found = queries.households(viewer, programme=programme, on=on, filters=chosen)
    if sheets.wanted(request):
        rows = list(found)
        actions.note_list_opened(
            programme=programme, names=len(rows), by=viewer, at=clock.now(), how="file"
        )
        return sheets.as_asked(
            request, "danh-sach-ho", SHEET, _sheet_rows(rows, programme, on), heading=programme.name
        )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown_here = list(page)
    actions.note_list_opened(programme=programme, names=len(shown_here), by=viewer, at=clock.now())
    shown = {
        "programme": programme,
        "page": page,
        "root": root,
        "names": units.names_of(unit_ids=[h.village_id for h in shown_here], on=on),
        "late": queries.late_of(shown_here, programme=programme, on=on),
        "chosen": chosen,
        "states": labels.STATES.items(),
        "stages": labels.STAGES.items(),
        "grades": labels.GRADES.items(),
        "works": labels.WORKS.items(),
    }
    return render(request, "houses/households.html", shown)


def _sheet_rows(rows: list[Any], programme: Programme, on: date) -> Iterator[list[Any]]:
    names = units.names_of(unit_ids=[h.village_id for h in rows], on=on)
    late = queries.late_of(rows, programme=programme, on=on)
    for h in rows:
        yield [
            *(h.code, h.head, names.get(h.village_id, ""), h.people, str(labels.GRADES[h.grade])),
            *(str(labels.WORKS[h.work]), str(labels.STATES[h.state])),
            *(str(labels.STAGES[h.stage]) if h.stage else "", h.due_on, h.news_on, h.done_on),
            *(h.estimate, h.actual, "x" if h.name_public else ""),
            ", ".join(str(labels.LATE[w]) for w in late[h.pk]),
        ]


# -- naming ------------------------------------------------------------------------


def _villages(request: HttpRequest, on: date) -> list[tuple[str, str]]:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    word = request.GET.get("don-vi", "")[:140]
    unit = units.by_slug(slug=word, on=on) if word else None
    found = queries.villages_for(viewer, on=on, under=unit.path if unit else "")
    return [(str(unit_id), name) for unit_id, name, _code in found[:MOST_CHOICES]]


@access("houses.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def name_household(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write one household down."""
    on, programme = today(), load(request, pk)
    villages = _villages(request, on)
    first = {"village": villages[0][0]} if len(villages) == 1 else {}
    form = forms.HouseholdForm(request.POST or None, villages=villages, initial=first)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        village_id = UUID(fields.pop("village"))
        try:
            made = actions.name_household(
                programme=programme,
                village_id=village_id,
                fields=fields,
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        except HouseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The household is written down; it waits for the village's review.")
            )
            return redirect("houses:household", pk=made.pk)
    shown = {"programme": programme, "form": form, "household": None}
    return render(request, "houses/household_form.html", shown, status=422 if form.errors else 200)


@access("houses.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at a sheet of households first; ``keep`` writes them down, all or none."""
    programme = load(request, pk)
    if request.method == "POST" and "keep" in request.POST:
        return _keep(request, programme)
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _look(request, programme, form.cleaned_data["file"].read())
        except HouseError as error:
            form.add_error("file", str(error))
    shown = {"programme": programme, "form": form}
    return render(request, "houses/bring_in.html", shown, status=422 if form.errors else 200)


def _look(request: HttpRequest, programme: Programme, body: bytes) -> HttpResponse:
    on, viewer = today(), request.staff  # type: ignore[attr-defined]
    places = queries.places_by_word(viewer, on=on)
    rows = sheet.judged(
        sheet.rows_of(body), places=places, known=queries.codes_of(programme=programme)
    )
    bad = [r for r in rows if r.problems]
    packed = json.dumps(sheet.packed(rows), ensure_ascii=False) if rows and not bad else ""
    shown = {
        "programme": programme,
        "form": forms.SheetForm(),
        "rows": bad or rows,
        "bad": len(bad),
        "total": len(rows),
        "packed": packed,
        "labels": {"grades": labels.GRADES, "works": labels.WORKS},
    }
    return render(request, "houses/look.html", shown, status=422 if bad or not rows else 200)


def _keep(request: HttpRequest, programme: Programme) -> HttpResponse:
    try:
        rows = sheet.unpacked(json.loads(request.POST.get("rows", "")))
        made = actions.bring_in(programme=programme, rows=rows, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    except HouseError as error:
        messages.error(request, str(error))
        return redirect("houses:bring_in", pk=programme.pk)
    except ValueError:
        messages.error(
            request, _("Choose the file again; what was looked at did not come back whole.")
        )
        return redirect("houses:bring_in", pk=programme.pk)
    n = len(made)
    said = ngettext("%(n)d household is written down.", "%(n)d households are written down.", n)
    messages.success(request, said % {"n": n})
    return redirect(
        f"{reverse('houses:households', args=[programme.pk])}?state={HouseState.PROPOSED}"
    )


@access("houses.keep")
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    """Give the empty sheet."""
    response = HttpResponse(sheet.pattern(), content_type=sheets.KIND)
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-ho.xlsx"'
    return response
