"""The table of deadlines, its days off, and "received on … → due …"."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from caunoi.deadlines import actions, calendar, forms, queries, rules
from caunoi.deadlines.models import DayException
from caunoi.deadlines.terms import DayKind, DeadlineError, Span, Term, UnknownDeadline
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.text import fold

FROM_WORDS = {
    "received": gettext_noop("from receipt"),
    "forwarded": gettext_noop("from forwarding"),
    "accepted": gettext_noop("from acceptance"),
    "due": gettext_noop("from the deadline before"),
    "asked": gettext_noop("from asking"),
    "session_open": gettext_noop("before or after the opening of the session"),
    "session_close": gettext_noop("from the close of the session"),
    "meeting": gettext_noop("before the meeting"),
    "signed": gettext_noop("from signing"),
    "document_date": gettext_noop("from the date of the document"),
    "posted": gettext_noop("from posting"),
    "first_air": gettext_noop("from the first broadcast"),
    "launch": gettext_noop("from the launch"),
    "reception_end": gettext_noop("from the end of reception"),
    "distribution_end": gettext_noop("from the end of distribution"),
    "campaign_end": gettext_noop("from the end of the campaign"),
    "detected": gettext_noop("from detection"),
}
MORNING = time(9, 0)
LONGEST_SHOWN = 12


@access("desk.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """List every deadline with its source, and answer "received on … → due …"."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:100]
    rows = [v for v in queries.table(on=on) if _speaks_of(v, text)]
    if "xlsx" in request.GET:
        return _as_sheet(rows)
    shown = {
        "rows": rows,
        "all": queries.table(on=on),
        "text": text,
        "words": _from_words(),
        "may_change": actions.may_change(request.staff),  # type: ignore[attr-defined]
        "tried": _tried(request, on),
    }
    return render(request, "deadlines/table.html", shown)


def _speaks_of(version: Any, text: str) -> bool:
    said = fold(f"{version.deadline_id} {version.deadline.label_vi} {version.source}")
    return all(word in said for word in fold(text).split())


def _from_words() -> dict[str, str]:
    return {word: _(said) for word, said in FROM_WORDS.items()}


def _as_sheet(rows: list) -> HttpResponse:
    header = ["Mã", "Việc", "Số", "Tính bằng", "Tính từ", "Căn cứ", "Gia hạn", "Áp dụng từ"]
    spans, words = {s: str(n) for s, n in forms.SPANS}, _from_words()
    lines = (
        [
            v.deadline_id,
            v.deadline.label_vi,
            v.amount,
            spans[v.unit],
            words.get(v.deadline.counted_from, v.deadline.counted_from),
            v.source,
            f"{v.extensions} × {v.extension_amount}" if v.extensions else "",
            v.valid_from,
        ]
        for v in rows
    )
    return sheets.answer("thoi-han", header, lines)


def _tried(request: HttpRequest, on: date) -> dict[str, Any]:
    """Return the answer to "received on …", and the days on the way that do not count."""
    asked = {"code": request.GET.get("code", ""), "received": request.GET.get("received", "")}
    form = forms.TryForm(request.GET if asked["code"] else None, initial={"received": on})
    if not form.is_bound or not form.is_valid():
        return {"form": form, "code": asked["code"] or "feedback.answer", "received": on}
    received, code = form.cleaned_data["received"], form.cleaned_data["code"]
    start = datetime.combine(received, MORNING, rules.HERE)
    answer = {"form": form, "code": code, "received": received}
    try:
        term = queries.term(code=code, on=received)
        due = queries.due_at(code=code, start_at=start)
    except UnknownDeadline:
        form.add_error("code", _("The table of deadlines has no such row."))
        return answer
    return answer | {"term": term, "due": due, "skipped": _skipped(received, due.date(), term)}


def _skipped(first: date, last: date, term: Term) -> list[tuple[date, str]]:
    """Return the first days between that are no working days for a reason worth saying (weekends are known)."""
    if term.span == Span.HOURS or last < first:
        return []
    years = range(first.year, min(last.year, first.year + 3) + 1)
    names = {d: n for y in years for d, n in calendar.public_holidays(y).items()}
    names |= {e.day: e.name for y in years for e in queries.exceptions_of(year=y)}
    days = (first + timedelta(days=n) for n in range(1, min((last - first).days, 400) + 1))
    return [(d, names[d]) for d in days if d in names][:LONGEST_SHOWN]


@access("deadlines.manage")
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Show one deadline with its versions and history; enter other values with their legal source."""
    deadline = queries.deadline(code=code)
    if deadline is None:
        raise Http404
    at = clock.now()
    versions = queries.versions_of(code=code)
    form = forms.ChangeForm(request.POST or None, initial=_values(versions, clock.local_date(at)))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        fields["span"] = Span(fields["span"])
        try:
            actions.change_deadline(deadline=deadline, by=request.staff, at=at, **fields)  # type: ignore[attr-defined]
        except DeadlineError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Kept. It holds from the day you named."))
            return redirect("deadlines:change", code=code)
    shown = {
        "deadline": deadline,
        "versions": versions,
        "form": form,
        "words": _from_words(),
        "history": queries.history_of(code=code),
        "may_change": actions.may_change(request.staff),  # type: ignore[attr-defined]
    }
    return render(request, "deadlines/change.html", shown, status=422 if form.errors else 200)


def _values(versions: list, on: date) -> dict[str, Any]:
    held = next((v for v in versions if v.valid_from <= on), versions[0] if versions else None)
    if held is None:
        return {"valid_from": on}
    names = ("amount", "source", "extensions", "extension_amount", "soon_days")
    return {n: getattr(held, n) for n in names} | {"span": held.unit, "valid_from": on}


@access("desk.view")
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Show a year's days off: by law, swapped by the government, and our own exceptions."""
    return render(request, "deadlines/days.html", _days_page(request, forms.DayForm()))


def _days_page(request: HttpRequest, form: forms.DayForm) -> dict[str, Any]:
    this = clock.local_date(clock.now()).year
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and 2015 <= int(asked) <= 2050 else this
    rows = [{"day": d, "name": n, "kind": "off"} for d, n in calendar.public_holidays(year).items()]
    rows += [{"day": d, "name": "", "kind": "work"} for d in calendar.swapped_days(year)]
    rows += [
        {"day": e.day, "name": e.name, "kind": e.kind, "source": e.source, "own": True}
        for e in queries.exceptions_of(year=year)
    ]
    return {
        "year": year,
        "years": [year - 1, year, year + 1],
        "rows": sorted(rows, key=lambda r: (r["day"], bool(r.get("own")))),
        "form": form,
        "may_change": actions.may_change(request.staff),  # type: ignore[attr-defined]
    }


@access("deadlines.manage")
@require_POST
def add_day(request: HttpRequest) -> HttpResponse:
    """Enter a day off or a made-up working day."""
    form = forms.DayForm(request.POST)
    if form.is_valid():
        fields = form.cleaned_data
        fields["kind"] = DayKind(fields["kind"])
        try:
            actions.add_day(by=request.staff, at=clock.now(), **fields)  # type: ignore[attr-defined]
        except DeadlineError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Kept. Deadlines counted from now on know this day."))
            return redirect("deadlines:days")
    return render(request, "deadlines/days.html", _days_page(request, form), status=422)


@access("deadlines.manage")
@require_POST
def remove_day(request: HttpRequest, day: date) -> HttpResponse:
    """Take an exception back."""
    exception = get_object_or_404(DayException, pk=day)
    try:
        actions.remove_day(exception=exception, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("Removed."))
    except DeadlineError as error:
        messages.error(request, _(str(error)))
    return redirect("deadlines:days")
