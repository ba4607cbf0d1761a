"""How content askers are: counts for the units one looks after, never below five, and what they wrote; no case, no name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.cases import passport
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.routing import queries as routing
from caunoi.units import queries as units

HEADER = ["Đơn vị", "Số đánh giá", "Được", "Một phần", "Chưa được"]
SMALL = "<5"


@access("cases.view")
@require_safe
def contentment(request: HttpRequest) -> HttpResponse:
    """Show the faces by unit, most answers first, and the words beside them; ``?xlsx`` gives the table as a file."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    found = passport.contentment_by_unit(viewer, on=on)
    words = passport.words_of_askers(viewer, on=on)
    names = units.names_of(unit_ids=[*found, *(w.unit_id for w in words)], on=on)
    rows = sorted(
        ((names.get(unit_id, ""), faces) for unit_id, faces in found.items()),
        key=lambda row: -row[1].total,
    )
    if "xlsx" in request.GET:
        cells = (
            [name, f.total, *(SMALL if c is None else c for c in (f.good, f.soso, f.bad))]
            for name, f in rows
        )
        return sheets.answer("muc-hai-long", HEADER, cells)
    topics = {t.pk: t.name for t in routing.topics(all_of_them=True)}
    shown = {"rows": rows, "words": words, "names": names, "topics": topics}
    return render(request, "journeys/contentment_page.html", shown)
