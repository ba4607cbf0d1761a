"""The first pages of the desk."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.campaigns import queries as campaigns
from caunoi.cases import passport, successions
from caunoi.channels import queries as channels
from caunoi.desk import events, figures, queries
from caunoi.desk import today as first_things
from caunoi.kit import audit, clock, sheets
from caunoi.kit.access import access, signed_in
from caunoi.outbox import queries as outbox
from caunoi.receipts import queries as receipts
from caunoi.routing import queries as routing


@access("desk.view")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Say what to do first."""
    at = clock.now()
    found = first_things.today(request.staff, at=at, on=clock.local_date(at))  # type: ignore[attr-defined]
    reminded = passport.reminders(request.staff, at=at, on=clock.local_date(at))  # type: ignore[attr-defined]
    bodies = routing.bodies_of_member(
        account_id=request.staff.account_id,  # type: ignore[attr-defined]
        on=clock.local_date(at),
    )
    waiting = successions.waiting_count(request.staff, at=at)  # type: ignore[attr-defined]
    shown = {
        "today": found,
        "now": at,
        "reminders": reminded,
        "bodies": bodies,
        "orphans": waiting,
        "to_post": receipts.waiting_to_post(request.staff, on=clock.local_date(at)),  # type: ignore[attr-defined]
        "campaigns": campaigns.waiting(request.staff, on=clock.local_date(at)),  # type: ignore[attr-defined]
        "unread": receipts.unread(request.staff, on=clock.local_date(at)),  # type: ignore[attr-defined]
    }
    return render(request, "desk/today.html", shown)


@signed_in
@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """List every door, for thumbs."""
    at = clock.now()
    held = queries.held(request.staff, at=at, on=clock.local_date(at))  # type: ignore[attr-defined]
    return render(request, "desk/more.html", {"counts": held.by_door})


@signed_in
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the desk and its keys."""
    return render(request, "desk/help.html")


@access("desk.view")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a case or a unit."""
    text = request.GET.get("q", "")[:100]
    found = queries.search(request.staff, text=text, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    return render(request, "desk/search.html", {"text": text, **found})


@access("health.view")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show whether everything works, and what to do where it does not."""
    at = clock.now()
    on = clock.local_date(at)
    disk = shutil.disk_usage(settings.CAUNOI_HOME)
    mark = Path(settings.CAUNOI_HOME) / "last_backup"
    lost = channels.visible_channels(request.staff, on=on).exclude(state="active")  # type: ignore[attr-defined]
    shown = {
        "lag_seconds": int(figures.queue_lag(at=at).total_seconds()),
        "sends": outbox.counts(request.staff, on=on),  # type: ignore[attr-defined]
        "spared": outbox.spared_channels(request.staff, on=on),  # type: ignore[attr-defined]
        "lost": lost,
        "watch": queries.watch(request.staff, at=at, on=on),
        "held": queries.held(request.staff, at=at, on=on),
        "verdict": audit.verify(),
        "disk_free_pct": round(100 * disk.free / disk.total),
        "last_backup": datetime.fromisoformat(mark.read_text()) if mark.is_file() else None,
        "now": at,
    }
    return render(request, "desk/health.html", shown)


@access("audit.view")
@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """Show the record of actions; ``?xlsx`` gives it as a file."""
    text, event = request.GET.get("q", "")[:100], request.GET.get("event", "")[:80]
    on = clock.local_date(clock.now())
    found = queries.audit_entries(request.staff, on=on, text=text, event=event)  # type: ignore[attr-defined]
    if "xlsx" in request.GET:
        rows = (
            [
                *(e.seq, e.at, events.in_words(e.event), e.event),
                *(e.actor_name, e.object_type, e.object_id),
            ]
            for e in found[:50_000]
        )
        header = ["STT", "Lúc", "Việc", "Tên máy", "Người", "Đối tượng", "Mã"]
        return sheets.answer("nhat-ky", header, rows)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    for entry in page:
        entry.words = events.in_words(entry.event)
    return render(request, "desk/audit.html", {"page": page, "text": text, "event": event})
