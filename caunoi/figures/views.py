"""Who answers how fast: one page a unit, a table of the units below it, and the same as open data."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.figures import queries
from caunoi.figures.terms import LICENCE, LICENCE_URL, Figures, Period
from caunoi.kit import clock, sheets
from caunoi.kit.access import public
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PUBLIC = "public figures of official units"
PERIOD_NAMES = {
    Period.MONTH: gettext_lazy("30 days"),
    Period.QUARTER: gettext_lazy("3 months"),
    Period.YEAR: gettext_lazy("12 months"),
}
ENDINGS = ("csv", "xlsx", "json")
COLUMNS = [
    "ma_don_vi", "don_vi", "so_ngay", "tinh_den_ngay", "cau_hoi_nhan_duoc", "tiep_nhan_trong_2_ngay_lam_viec_pct",
    "tra_loi_dung_han_pct", "da_tra_loi", "so_ngay_lam_viec_trung_vi", "dang_cho", "dang_qua_han", "yeu_cau_xem_lai",
    "hai_long", "hai_long_mot_phan", "chua_hai_long", "giay_phep",
]  # fmt: skip


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how fast a unit answers, and each unit directly below it, in Vietnamese order: nobody is ranked."""
    here = _load(slug)
    if _has_ended(here):
        return redirect("portal:unit", slug=here.slug)
    chosen = _period(request)
    below = units.children(unit_id=here.id, on=clock.local_date(clock.now()))
    found = queries.of_units(unit_ids=[here.id, *(u.id for u in below)], period=chosen)
    shown = {
        "unit": here,
        "figures": found.get(here.id),
        "rows": [(u, found[u.id]) for u in below if u.id in found],
        "silent": [u for u in below if u.id not in found],
        "period": chosen,
        "period_name": PERIOD_NAMES[chosen],
        "tabs": _tabs(chosen),
        "counted_on": queries.counted_on(),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "endings": ENDINGS,
        "unit_name": here.full_name,
        "unit_url": reverse("portal:unit", args=[here.slug]),
    }
    return render(request, "figures/unit.html", shown)


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def numbers(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The same as open data: the unit and those directly below it, for every period."""
    here = _load(slug)
    if ending not in ENDINGS or _has_ended(here):
        raise Http404
    everybody = [here, *units.children(unit_id=here.id, on=clock.local_date(clock.now()))]
    day = queries.counted_on()
    rows = [
        _row(u, period, day, found[u.id])
        for period in Period
        for found in [queries.of_units(unit_ids=[u.id for u in everybody], period=period)]
        for u in everybody
        if u.id in found
    ]
    name = f"tra-loi-{here.slug}"
    if ending == "xlsx":
        return sheets.answer(name, COLUMNS, rows)
    if ending == "json":
        return _as_json(rows, day)
    return _as_csv(name, rows)


def _as_json(rows: list[list[Any]], day: date | None) -> HttpResponse:
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    body = {
        "giay_phep": LICENCE,
        "giay_phep_url": LICENCE_URL,
        "tinh_den_ngay": day,
        "so_lieu": found,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _as_csv(name: str, rows: list[list[Any]]) -> HttpResponse:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _row(u: UnitNow, period: Period, day: date | None, f: Figures) -> list[Any]:
    return [
        u.code, u.full_name, period.days, day.isoformat() if day else "", f.asked, f.acknowledged_pct, f.in_time_pct, f.answered,
        f.median_working_days, f.waiting, f.overdue, f.reopened, f.faces.good, f.faces.soso, f.faces.bad, LICENCE,
    ]  # fmt: skip


def _load(slug: str) -> UnitNow:
    here = units.by_slug(slug=slug, on=clock.local_date(clock.now()))
    if here is None:
        raise Http404
    return here


def _has_ended(here: UnitNow) -> bool:
    """True for a unit that is gone: its figures go on in whoever took over, whom its home page names."""
    return here.valid_to is not None and here.valid_to <= clock.local_date(clock.now())


def _period(request: HttpRequest) -> Period:
    asked = request.GET.get("ky", "")
    return Period(asked) if asked in list(Period) else Period.QUARTER


def _tabs(chosen: Period) -> list[dict[str, Any]]:
    return [
        {"href": f"?ky={p.value}", "label": name, "count": None, "current": p == chosen}
        for p, name in PERIOD_NAMES.items()
    ]
