"""The desk's pages of notices: the list, one notice and what is done with it, versions, the calendar, cancelling many."""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, paging, sheets
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.notices import (
    actions,
    actions_again,
    actions_repeating,
    forms,
    looking,
    queries,
    queries_look,
    rules,
    successions,
    words,
)
from caunoi.notices.faces import again_in, row_of
from caunoi.notices.models import Notice
from caunoi.notices.queries import Wanted
from caunoi.notices.terms import (
    Audience,
    Line,
    NoticeError,
    NoticeKind,
    NoticeState,
    Reach,
    Verdict,
)
from caunoi.notices.views import changes, compose, repeated
from caunoi.notices.views.loading import load
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

S = NoticeState
SHEET_ROWS = 20_000
FORMER = "cu"
"""What ended units left on the desk of whoever stands for them; shown where there is any."""
VIEWS = {
    "": gettext_lazy("All"),
    "duyet": gettext_lazy("For me to approve"),
    "toi": gettext_lazy("Mine"),
    S.DRAFT.value: gettext_lazy("Drafts"),
    S.REVIEW.value: gettext_lazy("In review"),
    S.SCHEDULED.value: gettext_lazy("Scheduled"),
    S.DONE.value: gettext_lazy("Notices sent"),
    "lap": gettext_lazy("Again and again"),
    FORMER: gettext_lazy("Of units that have ended"),
}


@access("notices.view")
@require_safe
def notices(request: HttpRequest) -> HttpResponseBase:
    """List notices; ``?xlsx`` and ``?csv`` give the list as a file."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    on = clock.local_date(at)
    view = request.GET.get("xem", "")
    view = view if view in VIEWS or view in words.STATES else ""
    found = _found(request, viewer, view, on)
    if sheets.wanted(request):
        return _as_sheet(request, found, on)
    page = paging.cut(found, page=request.GET.get("page"))
    shown = {
        "page": page,
        "rows": _rows(page.rows, on),
        "tabs": [
            {"href": f"?xem={k}" if k else "?", "label": label, "count": None, "current": k == view}
            for k, label in VIEWS.items()
            if k != FORMER or view == FORMER or queries.has_former(viewer, on=on)
        ],
        "view": view,
        "text": request.GET.get("q", "")[:150],
        "kind": request.GET.get("loai", ""),
        "kinds": words.KINDS.items(),
        "may_write": viewer.may(Permission.NOTICES_PROPOSE),
        "may_name": viewer.may(Permission.NOTICES_WRITE),
        "now": at,
    }
    return render(request, "notices/notices.html", shown)


def _found(request: HttpRequest, viewer: Viewer, view: str, on: date) -> Any:
    if view == "duyet":
        return queries.waiting_for(viewer, on=on)
    wanted = Wanted(
        text=request.GET.get("q", "")[:150],
        kind=request.GET.get("loai", "") if request.GET.get("loai") in words.KINDS else "",
        state=view if view in words.STATES else "",
        mine=view == "toi",
        repeated=view == "lap",
        former=view == FORMER,
    )
    return queries.notices(viewer, on=on, wanted=wanted)


def _rows(found: list[Notice], on: date) -> list[dict[str, Any]]:
    names = units.names_of(unit_ids=[n.unit_id for n in found], on=on)
    return [row_of(n, names.get(n.unit_id, "")) for n in found]


def _as_sheet(request: HttpRequest, found: Any, on: date) -> HttpResponseBase:
    header = [
        "Số",
        "Tiêu đề",
        "Loại",
        "Trạng thái",
        "Đơn vị",
        "Người sửa cuối",
        "Sửa lúc",
        "Hẹn gửi",
        "Đăng lúc",
        "Hiệu lực đến",
        "Phiên bản",
    ]
    listed = list(found[:SHEET_ROWS])
    names = units.names_of(unit_ids={n.unit_id for n in listed}, on=on)
    rows = (
        [
            n.number,
            n.title,
            str(words.KINDS[n.kind]),
            str(words.STATES[n.state]),
            names.get(n.unit_id, ""),
            n.edited_by.full_name,
            n.edited_at,
            n.publish_at,
            n.published_at,
            n.valid_until,
            n.version,
        ]
        for n in listed
    )
    return sheets.as_asked(request, "thong-bao", header, rows)


@access("notices.view")
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One notice: the composer while it is a draft of hers, else what it says, who decided, and what can be done."""
    found = load(request, pk)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    if found.state == S.DRAFT and queries.may_edit(viewer, notice=found, on=on):
        return compose.edit(request, found)
    if request.method == "POST":
        messages.error(
            request, _("The notice stands where this cannot be done any more; look at it again.")
        )
        return redirect("notices:notice", pk=pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Notice, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    on = clock.local_date(at)
    lines = [
        Line(x.unit_id, Reach(x.reach), tuple(x.levels), tuple(x.connector_keys))
        for x in queries.lines_of(notice=found)
    ]
    reached = looking.reached(
        lines,
        on=on,
        speaker=found.unit_id if found.audience == Audience.PUBLIC else None,
        warns=found.kind == NoticeKind.WARNING,
    )
    address = f"{settings.PUBLIC_URL}{reverse('notices:public', args=[found.number])}"
    draft = queries_look.whole_draft(notice=found, at=at)
    approvals = queries.approvals_of(notice=found)
    decides = queries.may(viewer, Permission.NOTICES_APPROVE, notice=found, on=on)
    wrote = viewer.account_id in queries.writers_of(notice=found)
    shown = {
        "row": row_of(found, units.name_of(unit_id=found.unit_id, on=on)),
        "notice": found,
        "cards": looking.cards(draft, address=address),
        "findings": looking.said(rules.checks(draft, at)) if found.state in rules.WAITING else [],
        "reached": reached,
        "pictures": found.pictures.defer("body", "preview"),
        "attachments": found.attachments.defer("body"),
        "decisions": queries.decisions_of(notice=found),
        "approvals": approvals,
        "needed": queries.approvals_needed(notice=found, on=on),
        "may_decide": decides
        and found.state == S.REVIEW
        and not wrote
        and viewer.account_id not in {d.by_id for d in approvals},
        "wrote": wrote and decides and found.state == S.REVIEW,
        "deeds": _deeds(viewer, found, decides, on),
        "series": (series := repeated.shown(found, at=at)),
        "may_stop": bool(series and series["running"])
        and (decides or queries.may_edit(viewer, notice=found, on=on)),
        "public_url": address
        if rules.is_readable(audience=found.audience, state=found.state)
        else "",
        "moment_form": forms.MomentForm(initial={"publish_at": found.publish_at}),
        "now": at,
        "last_change": changes.last_change(found, on=on),
    } | more
    return render(request, "notices/notice.html", shown, status=status)


def _deeds(viewer: Viewer, found: Notice, decides: bool, on: date) -> set[str]:
    """Return what the viewer may do with the notice as it stands."""
    edits = queries.may_edit(viewer, notice=found, on=on) or decides
    can = set()
    if queries.may_take_over(viewer, notice=found, on=on):
        can.add("take_over")
    if found.state in {S.REVIEW, S.APPROVED, S.SCHEDULED} and edits:
        can |= {"withdraw", "cancel"}
    if found.state in {S.APPROVED, S.SCHEDULED} and decides:
        can.add("schedule")
    if rules.may_follow(found.state, S.RECALLED) and decides:
        can.add("recall")
    if viewer.may(Permission.NOTICES_PROPOSE):
        can.add("duplicate")
        own = actions_again.speaker_of(found, clock.now()) in viewer.unit_ids(
            Permission.NOTICES_PROPOSE
        )
        if edits and found.published_at:
            can.add("correct")
        if (
            found.published_at
            and found.audience == "public"
            and not own
            and _above(viewer, found, on)
        ):
            can.add("adopt")
    return can


def _above(viewer: Viewer, found: Notice, on: date) -> UUID | None:
    """Return the viewer's unit that stands above the notice's, or None."""
    held = viewer.unit_ids(Permission.NOTICES_PROPOSE)
    speaks = actions_again.speaker_of(found, clock.start_of(on))
    above = {u.id for u in units.ancestors(unit_id=speaks, on=on)}
    return next((i for i in held if i in above), None)


@access("notices.approve")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve the version that was read, or give it back with a reason."""
    found, by, at = load(request, pk), request.staff, clock.now()  # type: ignore[attr-defined]
    seen = request.POST.get("seen", "0")
    reason = request.POST.get("reason", "").strip()
    approve = request.POST.get("verdict") == Verdict.APPROVE
    if not approve and not reason:
        return _page(request, found, status=422, reason_missing=True)
    try:
        if approve:
            version = int(seen) if seen.isdigit() and len(seen) < 9 else 0
            handed = _moment_of(request.POST.get("handed", ""))
            after = actions.approve_notice(
                notice=found, seen_version=version, seen_handed_in=handed, by=by, at=at
            )
            messages.success(request, _said_of(after.state))
        else:
            actions.return_notice(notice=found, reason=reason, by=by, at=at)
            messages.success(request, _("Given back to its writer."))
    except NoticeError as error:
        messages.error(request, _(str(error)))
    return redirect("notices:notice", pk=pk)


def _moment_of(word: str) -> datetime | None:
    try:
        return parse_datetime(word[:40])
    except ValueError:
        return None


def _said_of(state: str) -> str:
    if state == S.REVIEW:
        return _("Approved. A second person must approve it too.")
    if state == S.SCHEDULED:
        return _("Approved. It goes out at its time.")
    return _("Approved. It goes out now.")


@access("notices.propose")
@require_POST
def deed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back, cancel, put off, recall; repeat, put right, take up."""
    found, by, at = load(request, pk), request.staff, clock.now()  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    if do not in DEEDS:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if do in {"recall"} and not reason:
        return _page(request, found, status=422, recall_reason_missing=True)
    try:
        after = DEEDS[do](request, found, by, at)
    except NoticeError as error:
        messages.error(request, _(str(error)))
        return redirect("notices:notice", pk=pk)
    return redirect("notices:notice", pk=after.pk)


def _stop(request: HttpRequest, found: Notice, by: Viewer, at: datetime) -> Notice:
    actions_repeating.stop_repeating(notice=found, by=by, at=at)
    messages.success(request, _("It goes out no more. What is out stays."))
    return found


def _schedule(request: HttpRequest, found: Notice, by: Viewer, at: datetime) -> Notice:
    form = forms.MomentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say on which day and at what hour."))
        return found
    return actions.schedule_notice(
        notice=found, publish_at=form.cleaned_data["publish_at"], by=by, at=at
    )


def _adopt(request: HttpRequest, found: Notice, by: Viewer, at: datetime) -> Notice:
    unit_id = _above(by, found, clock.local_date(at)) or found.unit_id
    return actions_again.adopt_notice(notice=found, unit_id=unit_id, by=by, at=at)


def _duplicate(request: HttpRequest, found: Notice, by: Viewer, at: datetime) -> Notice:
    on = clock.local_date(at)
    own = queries.may(by, Permission.NOTICES_PROPOSE, notice=found, on=on)
    held = list(by.unit_ids(Permission.NOTICES_PROPOSE))
    unit_id = actions_again.speaker_of(found, at) if own else held[0]
    return actions_again.duplicate_notice(notice=found, unit_id=unit_id, by=by, at=at)


def _with_reason(request: HttpRequest, found: Notice, by: Viewer, at: datetime) -> dict[str, Any]:
    return {"notice": found, "reason": request.POST.get("reason", ""), "by": by, "at": at}


DEEDS: dict[str, Callable[[HttpRequest, Notice, Viewer, datetime], Notice]] = {
    "withdraw": lambda r, n, by, at: actions.withdraw(notice=n, by=by, at=at),
    "cancel": lambda r, n, by, at: actions.cancel_notice(**_with_reason(r, n, by, at)),
    "schedule": _schedule,
    "recall": lambda r, n, by, at: actions.mark_recalled(**_with_reason(r, n, by, at)),
    "stop": lambda r, n, by, at: _stop(r, n, by, at),
    "take_over": lambda r, n, by, at: successions.take_over(notice=n, by=by, at=at),
    "duplicate": _duplicate,
    "correct": lambda r, n, by, at: actions_again.correct_notice(notice=n, by=by, at=at),
    "adopt": _adopt,
}


@access("notices.view")
@require_safe
def versions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every version with what changed since the one before."""
    found = load(request, pk)
    kept = list(queries.versions_of(notice=found)[:100])
    shown = [
        {"version": v, "changes": changes.of_version(v, kept[i + 1] if i + 1 < len(kept) else None)}
        for i, v in enumerate(kept)
    ]
    context = {"notice": found, "versions": shown, "decisions": queries.decisions_of(notice=found)}
    return render(request, "notices/versions.html", context)


AGAIN = {"state": gettext_lazy("goes out again"), "tone": "info", "state_icon": "calendar-clock"}


@access("notices.view")
@require_safe
def month(request: HttpRequest) -> HttpResponseBase:
    """What goes out, or went out, on which day of a month; ``?xlsx`` and ``?csv`` give it as a file."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    today = clock.local_date(clock.now())
    first = _month_of(request.GET.get("thang", ""), today)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    found = queries.of_days(
        viewer,
        since=clock.start_of(first),
        until=clock.start_of(last + timedelta(days=1)),
        on=today,
    )
    again = again_in(viewer, first=first, last=last, at=clock.now())
    names = units.names_of(
        unit_ids={n.unit_id for n in [*found, *(n for _day, n, _times in again)]}, on=today
    )
    days: dict[date, list[dict[str, Any]]] = {}
    for n in found:
        day = clock.local_date(n.published_at or n.publish_at or n.edited_at)
        days.setdefault(day, []).append(row_of(n, names.get(n.unit_id, "")))
    for day, n, times in again:
        row = row_of(n, names.get(n.unit_id, "")) | AGAIN | {"times": times}
        days.setdefault(day, []).append(row)
    if sheets.wanted(request):
        rows = _month_rows(sorted(days.items()))
        return sheets.as_asked(request, f"thong-bao-{first:%Y-%m}", MONTH, rows)
    shown = {
        "first": first,
        "days": sorted(days.items()),
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (last + timedelta(days=1)).strftime("%Y-%m"),
        "today": today,
        "now": clock.now(),
    }
    return render(request, "notices/month.html", shown)


MONTH = ("Ngày", "Giờ", "Số", "Tiêu đề", "Loại", "Trạng thái", "Đơn vị")


def _month_rows(days: list[tuple[date, list[dict[str, Any]]]]) -> Iterator[list[Any]]:
    """Return one row a moment, in the order of the page."""
    for day, rows in days:
        for row in rows:
            n = row["notice"]
            at = n.published_at or n.publish_at
            moments = row.get("times") or [clock.local(at).time() if at else None]
            for moment in moments:
                what = (n.number, n.title, str(row["kind"]), str(row["state"]), row["unit_name"])
                yield [day, f"{moment:%H:%M}" if moment else "", *what]


def _month_of(word: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{word[:7]}-01")
    except ValueError:
        return today.replace(day=1)


@access("notices.propose")
@require_POST
def cancel_many(request: HttpRequest) -> HttpResponse:
    """Look at what would be cancelled; with ``sure`` it is."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    on = clock.local_date(at)
    pks = [pk for word in request.POST.getlist("pk")[:200] if (pk := compose.uuid_of(word))]
    found = list(queries.notices(viewer, on=on).filter(pk__in=pks))
    can = [
        n
        for n in found
        if rules.may_follow(n.state, S.CANCELLED) and queries.may_edit(viewer, notice=n, on=on)
    ]
    reason = request.POST.get("reason", "").strip()
    if "sure" in request.POST and reason:
        done = 0
        for n in can:
            try:
                actions.cancel_notice(notice=n, reason=reason, by=viewer, at=at)
                done += 1
            except NoticeError:
                continue
        said = ngettext("%(n)d notice is cancelled.", "%(n)d notices are cancelled.", done)
        messages.success(request, said % {"n": done})
        return redirect("notices:notices")
    shown = {
        "rows": _rows(can, on),
        "left_out": _rows([n for n in found if n not in can], on),
        "reason_missing": "sure" in request.POST,
        "now": at,
    }
    status = 422 if shown["reason_missing"] else 200
    return render(request, "notices/cancel_many.html", shown, status=status)
