"""The board of workload and deadlines: down the tree, narrowed and sorted by what stands in the address, as a sheet, on paper."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from caunoi.desk import board
from caunoi.figures import queries as counted
from caunoi.handling import labels
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.templatetags import kit
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("overdue", gettext_noop("Overdue"), "view=overdue"),
    ("today", gettext_noop("Today"), "view=all&due=today"),
    ("week", gettext_noop("Next 7 days"), "view=all&due=week"),
    ("waiting", gettext_noop("To answer"), "view=todo"),
    ("approval", gettext_noop("For approval"), "view=approval"),
    ("oldest", gettext_noop("Longest wait"), ""),
    ("reopened", gettext_noop("Asked again"), ""),
    ("answered", gettext_noop("Answered"), ""),
    ("median_short", gettext_noop("Median, 30 days"), ""),
    ("median_long", gettext_noop("Median, 91 days"), ""),
)
"""Word, title, and the inbox view that shows exactly these cases."""
WAITING = COLUMNS[:7]
"""What is known of a single kind or topic: answers are counted in the night, for all of them together."""
WORK = tuple(
    c for c in COLUMNS if c[0] in {"overdue", "today", "week", "waiting", "approval", "oldest"}
)
BY_NAME = "ten"
EMPTY = '<td class="right board-none" data-label="{}"><span class="quiet">–</span></td>'
CELL = '<td class="right {}" data-label="{}">{}</td>'
WAY = '<a href="{}?{}{}">{}</a>'


class BoardForm(forms.Form):
    """What the table is narrowed to."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        every = [("", gettext_lazy("any"))]
        self.fields["kind"].choices = [*every, *labels.KINDS.items()]  # type: ignore[attr-defined]
        known = [(t.code, t.name) for t in routing.topics()]
        self.fields["topic"].choices = [*every, *known]  # type: ignore[attr-defined]

    def narrowed(self) -> board.Narrowed:
        """Return what was chosen; what makes no sense is left out."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        return board.Narrowed(chosen.get("kind", ""), chosen.get("topic", ""))


@access("cases.view")
@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """Show what each unit below and each colleague has to do; ``?xlsx`` gives the units as a file."""
    at = clock.now()
    on = clock.local_date(at)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    root = _root(viewer, request.GET.get("don-vi", ""), at)
    form = BoardForm(request.GET)
    narrowed = form.narrowed()
    sort = request.GET.get("xep", BY_NAME)
    found = board.tables(viewer, root=root, at=at, on=on, narrowed=narrowed)
    rows = _sorted(found.units, sort)
    if "xlsx" in request.GET:
        return _sheet(rows, at)
    above = [u for u in units.ancestors(unit_id=root.id, on=on) if board.may_read(viewer, unit=u)]
    kept = urlencode(narrowed.words)
    columns = WAITING if narrowed else COLUMNS
    pen, work_pen = _Pen(columns, at), _Pen(WORK, at)
    shown = {
        "root": root,
        "above": above,
        "columns": [_column(name, title, sort, request) for name, title, _view in columns],
        "work_columns": [_(title) for _name, title, _view in WORK],
        "rows": [
            (r, pen.cells(r.figures, _unit_words(r, kept))) for r in rows if not r.figures.nothing
        ],
        "idle": [r.unit for r in rows if r.figures.nothing and not r.own],
        "people": [
            (r, work_pen.cells(r.figures, _officer_words(r, root, kept))) for r in found.officers
        ],
        "form": form,
        "sort": sort,
        "kept": kept,
        "now": at,
        "counted_on": None if narrowed else counted.counted_on(),
    }
    return render(request, "desk/board.html", shown)


def _root(viewer: Viewer, slug: str, at: datetime) -> UnitNow:
    on = clock.local_date(at)
    found = units.by_slug(slug=slug[:140], on=on) if slug else board.home_of(viewer, on=on)
    if found is None or not board.may_read(viewer, unit=found):
        raise Http404
    return found


def _sorted(rows: list[board.UnitRow], sort: str) -> list[board.UnitRow]:
    """Most first; the oldest question first; by name as they come. The unit's own cases stay last."""
    if sort not in {name for name, _title, _view in COLUMNS}:
        return rows
    key: Callable[[board.UnitRow], Any] = lambda r: -(getattr(r.figures, sort) or 0)  # noqa: E731
    if sort == "oldest":
        key = lambda r: r.figures.oldest.timestamp() if r.figures.oldest else float("inf")  # noqa: E731
    return sorted(rows, key=lambda r: (r.own, key(r)))


def _column(name: str, title: str, sort: str, request: HttpRequest) -> dict[str, Any]:
    words = request.GET.copy()
    words["xep"] = name
    words.pop("xlsx", None)
    return {"title": _(title), "href": f"?{words.urlencode()}", "current": sort == name}


def _unit_words(row: board.UnitRow, kept: str) -> str:
    """Return the words that narrow the inbox to the row; the inbox shows a unit with all below it, so its own cases have none."""
    return "" if row.own else f"&unit={row.unit.slug}" + (f"&{kept}" if kept else "")


def _officer_words(row: board.OfficerRow, root: UnitNow, kept: str) -> str:
    whom = row.account.pk if row.account else "none"
    return f"&assignee={whom}&unit={root.slug}" + (f"&{kept}" if kept else "")


class _Pen:
    """Draws the cells of a row, each with the way to its cases: a province has more than a thousand of them.

    What a column has in common stands in its patterns already, so that a cell is its number put in.
    """

    def __init__(self, columns: tuple[tuple[str, str, str], ...], at: datetime) -> None:
        self.at = at
        self.names = [name for name, _title, _view in columns]
        self.days = escape(_("%(n)s days"))
        inbox = reverse("handling:inbox")
        self.empty, self.plain, self.linked = {}, {}, {}
        for name, title, view in columns:
            tone = "board-bad" if name == "overdue" else ""
            self.empty[name] = format_html(EMPTY, _(title))
            self.plain[name] = format_html(CELL, tone, _(title), "{}")
            way = format_html(WAY, inbox, view, "{}", "{}")
            self.linked[name] = format_html(CELL, tone, _(title), way) if view else ""

    def cells(self, figures: board.Figures, words: str) -> SafeString:
        """Return the cells; ``words`` narrow the inbox to the row, empty = no way there."""
        escaped = escape(words)
        # the patterns are escaped, so are the words; what else is put in are numbers
        return SafeString(
            "".join(self._cell(name, getattr(figures, name), escaped) for name in self.names)
        )

    def _cell(self, name: str, value: Any, words: str) -> str:
        if not value:
            return self.empty[name]
        if words and self.linked[name]:
            return self.linked[name].format(words, self._said(name, value))
        return self.plain[name].format(self._said(name, value))

    def _said(self, name: str, value: Any) -> str:
        if name == "oldest":
            return self.days % {"n": kit.vi_number((self.at - value).days)}
        return number_format(value, 1) if isinstance(value, float) else kit.vi_number(value)


def _sheet(rows: list[board.UnitRow], at: datetime) -> HttpResponse:
    header = [_("Unit"), _("Code"), *(_(title) for _name, title, _view in COLUMNS)]
    table = (
        [
            _("%(unit)s, its own cases") % {"unit": r.unit.full_name}
            if r.own
            else r.unit.full_name,
            r.unit.code,
            *(_value(r.figures, name) for name, _title, _view in COLUMNS),
        ]
        for r in rows
    )
    return sheets.answer(f"tien-do-{at:%Y%m%d}", header, table)


def _value(figures: board.Figures, name: str) -> Any:
    value = getattr(figures, name)
    return round(value, 1) if isinstance(value, float) else value
