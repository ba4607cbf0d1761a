"""The shared inbox: one view of the cases, narrowed by what stands in the address."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from caunoi.cases import queries as cases
from caunoi.cases.filtering import NEWEST_FIRST
from caunoi.cases.models import Case
from caunoi.channels import queries as channels
from caunoi.handling import drawing, forms, labels, queries, tables
from caunoi.handling.views import narrowing
from caunoi.handling.views.bulk import done_lately
from caunoi.kit import clock, sheets, swap
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PARTS = ("inbox-list", "inbox-filter", "inbox-counts")
FILTER, COUNT = "loc", "dem"
"""Words of the address that draw the filters open and count the views; htmx asks for both as parts of their own."""


@access("cases.view")
@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Show one view of the viewer's cases, narrowed; ``?xlsx`` and ``?csv`` give it as a file."""
    at = clock.now()
    on = clock.local_date(at)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    form = forms.FilterForm(request.GET)
    chosen = form.chosen()
    part = swap.wanted_part(request, PARTS)
    if part == "inbox-filter":
        shown: dict[str, Any] = {"form": narrowing.offered(viewer, form, on)}
    elif part == "inbox-counts":
        shown = {**views_of(viewer, chosen, at, counted=True), "swapped": True}
    elif sheets.wanted(request):
        found = cases.inbox(viewer, filters=forms.filters_of(chosen, on=on), at=at, on=on)
        return as_sheet(request, found.select_related("assignee"), on)
    else:
        shown = _whole(request, form, chosen, at)
    return swap.render(request, "handling/inbox.html", shown, parts=PARTS)


def _whole(
    request: HttpRequest, form: forms.FilterForm, chosen: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """Return what the page shows; filters and counts only when they were asked for."""
    on = clock.local_date(at)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    filters = forms.filters_of(chosen, on=on)
    within = cases.reach(viewer, on=on)
    wanted = request.GET.get("page")
    page = cases.inbox_page(viewer, filters=filters, at=at, on=on, page=wanted, within=within)
    topics = tables.topics()
    views = views_of(viewer, chosen, at, within=within, counted=COUNT in request.GET)
    may_keep = bool(chosen.keys() & labels.FILTERS.keys()) and not views["is_saved"]
    return {
        "page": page,
        "rows": _rows(viewer, page.rows, topics, at),
        "filters": filters,
        "query": forms.address_of(chosen),
        "order": labels.SORTS[
            filters.sort or ("newest" if filters.view in NEWEST_FIRST else "due")
        ],
        "now": at,
        "reading": request.GET.get("vu", "")[:20],
        **views,
        **done_lately(viewer, request.GET.get("lam", ""), at),
        "form": narrowing.offered(viewer, form, on) if FILTER in request.GET else None,
        "chips": narrowing.chips(viewer, chosen, topics, on),
        "may_keep": may_keep,
        "shared_units": narrowing.shared_units(viewer, on) if may_keep else [],
    }


@access("cases.view")
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Say how many cases of the view have news since the page was made; asked again every half minute."""
    at = clock.now()
    on = clock.local_date(at)
    chosen = forms.FilterForm(request.GET).chosen()
    since = _moment(request.GET.get("since", ""), at)
    filters = forms.filters_of(chosen, on=on)
    new = queries.arrived(request.staff, filters=filters, since=since, at=at, on=on)  # type: ignore[attr-defined]
    shown = {"query": forms.address_of(chosen), "since": since, "new": new}
    return render(request, "handling/arrivals.html", shown)


def _moment(text: str, at: datetime) -> datetime:
    """Return the moment written in the address, at most a day ago."""
    try:
        given = parse_datetime(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        return at
    return min(max(given, at - timedelta(days=1)), at)


def _rows(
    viewer: Viewer, found: list[Case], topics: Mapping[str, str], at: datetime
) -> list[drawing.Row]:
    """Return the cases as rows; the unit is named where it is not one of the viewer's own."""
    own = set(viewer.unit_ids(Permission.CASES_VIEW))
    foreign = {c.owner_id for c in found if not c.place} - own
    return drawing.rows(
        found,
        now=at,
        unread=queries.unread(viewer, cases=found),
        channels=channels.connector_keys(channel_ids=[c.channel_id for c in found if c.channel_id]),
        topics=topics,
        places=units.names_of(unit_ids=foreign, on=clock.local_date(at)),
    )


def views_of(
    viewer: Viewer,
    chosen: Mapping[str, str],
    at: datetime,
    *,
    counted: bool,
    within: Q | None = None,
) -> dict[str, Any]:
    """Return the built-in and the saved views, with their counts when ``counted``, and what the current one is called."""
    on, address = clock.local_date(at), forms.address_of(chosen)
    kept = queries.saved_views(viewer)
    counts: Mapping[str, int] = {}
    own_counts: list[int | None] = [None] * len(kept)
    if counted:
        within = within or cases.reach(viewer, on=on)
        counts = cases.counts(viewer, at=at, on=on, within=within)
        filters = [forms.filters_of(forms.words_of(v.query), on=on) for v in kept]
        own_counts = list(queries.counts_of(viewer, filters=filters, at=at, on=on, within=within))
    built_in = [
        _view_link(v, label, "" if v == "todo" else f"view={v}", counts.get(v), address)
        for v, label in labels.VIEWS.items()
    ]
    own = [
        _view_link(f"own-{v.pk}", v.name, v.query, n, address) | {"shared": v.unit_id is not None}
        for v, n in zip(kept, own_counts, strict=True)
    ]
    name = labels.VIEWS[chosen.get("view", "todo")]
    return {
        "views": built_in,
        "own_views": own,
        "view_name": next((v["label"] for v in own if v["current"]), name),
        "is_saved": any(v["current"] for v in own),
        "counted": counted,
        "query": address,
    }


def _view_link(
    word: str, label: Any, query: str, count: int | None, address: str
) -> dict[str, Any]:
    base = reverse("handling:inbox")
    return {
        "label": label,
        "word": word,
        "href": f"{base}?{query}" if query else base,
        "count": count,
        "more": count is not None and count >= queries.COUNT_UP_TO,
        "current": query == address,
    }


def as_sheet(request: HttpRequest, found: Any, on: date) -> HttpResponseBase:
    """Answer with the view as a table, in words and not in codes."""
    header, lines = tables.of_cases(list(found[: tables.ROWS]), on=on)
    place = request.staff.place  # type: ignore[attr-defined]
    return sheets.as_asked(request, "hop-thu", header, lines, heading=f"Hộp thư – {place}")
