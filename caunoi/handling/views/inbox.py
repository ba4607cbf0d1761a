"""The shared inbox: one view of the cases, narrowed by what stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caunoi.cases import queries as cases
from caunoi.cases.filtering import ME, NEWEST_FIRST, NOBODY
from caunoi.cases.models import Case
from caunoi.channels import queries as channels
from caunoi.handling import forms, labels, queries
from caunoi.handling.views.bulk import done_lately
from caunoi.kit import clock, sheets, swap
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PARTS = ("inbox-list",)
SHEET_ROWS = 20_000
OFFERED_UNITS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the list shows it."""

    case: Case
    unread: bool
    channel_key: str
    place: str
    topic_name: str


@access("cases.view")
@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Show one view of the viewer's cases, narrowed; ``?xlsx`` and ``?csv`` give it as a file."""
    at = clock.now()
    on = clock.local_date(at)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    form = forms.FilterForm(request.GET)
    chosen = form.chosen()
    filters = forms.filters_of(chosen, on=on)
    within = cases.reach(viewer, on=on)
    if sheets.wanted(request):
        found = cases.inbox(viewer, filters=filters, at=at, on=on, within=within)
        return as_sheet(request, found.select_related("assignee"), on)
    wanted = request.GET.get("page")
    page = cases.inbox_page(viewer, filters=filters, at=at, on=on, page=wanted, within=within)
    shown = {
        "page": page,
        "rows": _rows(viewer, page.rows, on),
        "filters": filters,
        "query": forms.address_of(chosen),
        "order": labels.SORTS[
            filters.sort or ("newest" if filters.view in NEWEST_FIRST else "due")
        ],
        "now": at,
        "reading": request.GET.get("vu", "")[:20],
        **_views(viewer, chosen, at, within),
        **done_lately(viewer, request.GET.get("lam", ""), at),
        **_narrowing(viewer, form, chosen, on),
    }
    return swap.render(request, "handling/inbox.html", shown, parts=PARTS)


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


def _topics() -> dict[str, str]:
    return {t.code: t.name for t in routing.topics(all_of_them=True)}


def _rows(viewer: Viewer, found: list[Case], on: date) -> list[Row]:
    names = units.names_of(unit_ids=[c.owner_id for c in found], on=on)
    keys = channels.connector_keys(channel_ids=[c.channel_id for c in found if c.channel_id])
    unread = queries.unread(viewer, cases=found)
    own = set(viewer.unit_ids(Permission.CASES_VIEW))
    topics = _topics()
    return [
        Row(
            case=c,
            unread=c.pk in unread,
            channel_key=keys.get(c.channel_id, "") if c.channel_id else "",
            place=c.place or ("" if c.owner_id in own else names.get(c.owner_id, "")),
            topic_name=topics.get(c.topic, c.topic),
        )
        for c in found
    ]


def _views(viewer: Viewer, chosen: Mapping[str, str], at: datetime, within: Q) -> dict[str, Any]:
    """Return the built-in and the saved views with their counts, and what the current one is called."""
    on, address = clock.local_date(at), forms.address_of(chosen)
    counted = cases.counts(viewer, at=at, on=on, within=within)
    built_in = [
        _view_link(label, "" if v == "todo" else f"view={v}", counted.get(v), address)
        for v, label in labels.VIEWS.items()
    ]
    kept = queries.saved_views(viewer)
    filters = [forms.filters_of(forms.words_of(v.query), on=on) for v in kept]
    counts = queries.counts_of(viewer, filters=filters, at=at, on=on, within=within)
    own = [
        _view_link(v.name, v.query, n, address) | {"shared": v.unit_id is not None}
        for v, n in zip(kept, counts, strict=True)
    ]
    name = labels.VIEWS[chosen.get("view", "todo")]
    return {
        "views": built_in,
        "own_views": own,
        "view_name": next((v["label"] for v in own if v["current"]), name),
        "is_saved": any(v["current"] for v in own),
        "shared_units": _unit_choices(viewer, on),
    }


def _view_link(label: Any, query: str, count: int | None, address: str) -> dict[str, Any]:
    base = reverse("handling:inbox")
    return {
        "label": label,
        "href": f"{base}?{query}" if query else base,
        "count": count,
        "more": count is not None and count >= queries.COUNT_UP_TO,
        "current": query == address,
    }


def _unit_choices(viewer: Viewer, on: date) -> list[tuple[UUID, str]]:
    """Return the units in which the viewer may share a view."""
    names = units.names_of(unit_ids=viewer.unit_ids(Permission.CASES_REFER), on=on)
    return sorted(names.items(), key=lambda pair: pair[1])


def _narrowing(
    viewer: Viewer, form: forms.FilterForm, chosen: Mapping[str, str], on: date
) -> dict[str, Any]:
    """Return the filter form with what can be chosen, and a chip for everything chosen."""
    own = list(viewer.unit_ids(Permission.CASES_VIEW))
    people = staff.colleagues(viewer, unit_path_ids=own, on=on, permission=Permission.CASES_DRAFT)
    colleagues = [(str(a.pk), a.full_name) for a in people]
    form.offer("assignee", [(ME, _("me")), (NOBODY, _("nobody")), *colleagues])
    form.offer("topic", _topics().items())
    offered = units.with_children(unit_ids=own, on=on)[:OFFERED_UNITS]
    form.offer("unit", [(u.slug, u.full_name) for u in offered])
    return {"form": form, "chips": _chips(form, chosen)}


def _chips(form: forms.FilterForm, chosen: Mapping[str, str]) -> list[dict[str, str]]:
    base = reverse("handling:inbox")
    chips = []
    for name, word in chosen.items():
        if name not in labels.FILTERS:
            continue
        rest = forms.address_of({k: v for k, v in chosen.items() if k != name})
        choices = dict(getattr(form.fields[name].widget, "choices", ()))
        chips.append(
            {
                "label": str(labels.FILTERS[name]),
                "value": str(choices.get(word, word)),
                "href": f"{base}?{rest}" if rest else base,
            }
        )
    return chips


def as_sheet(request: HttpRequest, found: Any, on: date) -> HttpResponseBase:
    """Answer with the view as a table, in words and not in codes."""
    rows = list(found[:SHEET_ROWS])
    names = units.names_of(unit_ids={c.owner_id for c in rows}, on=on)
    keys = channels.connector_keys(channel_ids={c.channel_id for c in rows if c.channel_id})
    header = [
        _("Number"),
        _("Question"),
        _("Kind"),
        _("Topic"),
        _("Place"),
        _("Unit"),
        _("State"),
        _("How it came"),
        _("Channel"),
        _("Given to"),
        _("Received"),
        _("Due"),
        _("Answered"),
        _("Public"),
    ]
    topics = _topics()
    lines = (_sheet_row(c, names, keys, topics) for c in rows)
    place = request.staff.place  # type: ignore[attr-defined]
    return sheets.as_asked(request, "hop-thu", header, lines, heading=f"Hộp thư – {place}")


def _sheet_row(
    c: Case, names: Mapping[UUID, str], keys: Mapping[UUID, str], topics: Mapping[str, str]
) -> list[Any]:
    key = keys.get(c.channel_id, "") if c.channel_id else ""
    return [
        c.number,
        c.title,
        str(labels.KINDS.get(c.kind, c.kind)),
        topics.get(c.topic, c.topic),
        c.place,
        names.get(c.owner_id, ""),
        str(labels.STATES[c.state]),
        str(labels.ORIGINS[c.origin]),
        str(labels.CHANNELS.get(key, key)),
        str(c.assignee or ""),
        c.opened_at,
        c.due_at,
        c.answered_at,
        _("yes") if c.is_public else _("no"),
    ]
