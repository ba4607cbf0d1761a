"""The register of units: browse and search it as of any day, and find where an old place is now."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access, public
from caunoi.kit.limits import LOOK_UP, limited
from caunoi.units import queries, rules
from caunoi.units.models import UnitVersion
from caunoi.units.terms import Found, Level, Successor, UnitNow

SHEET_ROWS = 20_000
LEVEL_NAMES = {
    Level.PROVINCE: gettext_lazy("Provinces"),
    Level.DISTRICT: gettext_lazy("Districts"),
    Level.COMMUNE: gettext_lazy("Communes"),
    Level.VILLAGE: gettext_lazy("Villages"),
}
HEADER = ["Mã", "Tên đầy đủ", "Cấp", "Thuộc", "Từ ngày", "Đến ngày"]
SHARE_WORDS = {"whole": "toàn bộ", "part": "một phần"}


@access("units.view")
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """List the units of a level as of a day, everywhere or below one unit; search; export."""
    today = clock.local_date(clock.now())
    on = rules.day_or(request.GET.get("ngay", ""), otherwise=today)
    text = request.GET.get("q", "")[:100].strip()
    root = queries.by_slug(slug=request.GET.get("trong", "")[:140], on=on)
    under = root.id if root else None
    level = request.GET.get("cap", "")
    wanted = Level(level) if level in list(Level) else (None if text or root else Level.PROVINCE)
    if text:
        return _searched(request, text=text, wanted=wanted, root=root, on=on, today=today)
    listed = queries.list_as_of(on=on, level=wanted, under=under)
    if "xlsx" in request.GET:
        return sheets.answer(f"don-vi-{on}", HEADER, _rows(listed, on))
    shown = {
        "on": on,
        "today": today,
        "text": text,
        "page": Paginator(listed, 50).get_page(request.GET.get("page")),
        "tabs": _tabs(queries.counts(on=on, under=under), wanted, on, root),
        "level": wanted or "",
        "root": root,
    }
    return render(request, "units/tree.html", shown)


def _tabs(
    counts: dict[Level, int], wanted: Level | None, on: date, root: UnitNow | None
) -> list[dict[str, Any]]:
    inside = f"&trong={root.slug}" if root else ""
    return [
        {
            "href": f"?cap={level}&ngay={on}{inside}",
            "label": str(name),
            "count": counts.get(level, 0),
            "current": level == wanted,
        }
        for level, name in LEVEL_NAMES.items()
        if counts.get(level) or not root
    ]


def _rows(listed: QuerySet[UnitVersion], on: date) -> Iterator[list[Any]]:
    versions = list(listed[:SHEET_ROWS])
    parents = {v.parent_id for v in versions if v.parent_id}
    names = queries.names_of(unit_ids=parents, on=on)
    for v in versions:
        above = names.get(v.parent_id, "") if v.parent_id else ""
        yield [v.code, v.full_name, _level(v.level), above, v.valid.lower, v.valid.upper]


def _level(level: str) -> str:
    return str(LEVEL_NAMES[Level(level)])


def _searched(request: HttpRequest, *, text: str, wanted: Level | None, **at: Any) -> HttpResponse:
    """Show what bears or bore that name or code; whoever is gone with its successors."""
    on, root = at["on"], at["root"]
    found = queries.search(
        text=text, on=on, limit=50, level=wanted, under=root.id if root else None
    )
    heirs = queries.successors_of_many(unit_ids=[f.unit.id for f in found if not f.alive], on=on)
    pairs = [(f, heirs.get(f.unit.id, [])) for f in found]
    if "xlsx" in request.GET:
        return sheets.answer("tim-don-vi", [*HEADER, "Nay là"], map(_hit, pairs))
    shown = at | {"text": text, "level": wanted or "", "found": pairs, "levels": LEVEL_NAMES}
    return render(request, "units/search.html", shown)


def _hit(pair: tuple[Found, list[Successor]]) -> list[Any]:
    found, heirs = pair
    unit = found.unit
    words = [f"{h.unit.full_name} ({SHARE_WORDS[h.share]})" if h.unit else "chưa rõ" for h in heirs]
    row = [unit.code, unit.full_name, _level(unit.level), found.within]
    return [*row, unit.valid_from, unit.valid_to, "; ".join(words)]


@public("where is my old commune now?")
@limited(LOOK_UP, methods=("GET",))
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Lead from any old or new name or code to where the place is today."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:100]
    hits = queries.search(text=text, on=on, limit=12) if text else []
    heirs = queries.successors_of_many(unit_ids=[f.unit.id for f in hits], on=on)
    found = [{"old": f, "successors": heirs[f.unit.id]} for f in hits]
    return render(request, "units/lookup.html", {"text": text, "found": found})
