"""What goes out, and what a person must decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.sentences import said
from caunoi.outbox import actions, queries, rules
from caunoi.outbox.forms import SendFilter
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import OutboxError

STATE_NAMES = {
    "": gettext_noop("All"),
    "person": gettext_noop("Need you"),
    "queued": gettext_noop("Wait to be sent"),
    "handed": gettext_noop("Waits at a person"),
    "uncertain": gettext_noop("Uncertain"),
    "failed": gettext_noop("Refused"),
    "dead": gettext_noop("Given up"),
    "unconfirmed": gettext_noop("Not confirmed"),
    "sent": gettext_noop("Sent"),
    "confirmed": gettext_noop("Arrived"),
    "cancelled": gettext_noop("Put aside"),
}
SHEET = [
    gettext_noop("Queued at"),
    gettext_noop("Channel"),
    gettext_noop("State"),
    gettext_noop("Attempts"),
    gettext_noop("Reason"),
    gettext_noop("Sent at"),
    gettext_noop("Text"),
]
ASK_ABOVE = 20
"""From how many sends on "all of them" is asked back."""


@access("outbox.view")
@require_safe
def sends(request: HttpRequest) -> HttpResponse:
    """List the sends of the viewer's units; ``?xlsx`` gives the filtered list as a file."""
    viewer, on = request.staff, clock.local_date(clock.now())
    form = _filter(request, request.GET)
    wanted = form.wanted()
    found = queries.sends(viewer, on=on, wanted=wanted)
    if "xlsx" in request.GET:
        return sheets.answer("tin-gui-di", [_(t) for t in SHEET], map(_as_row, found[:20_000]))
    page = Paginator(found.prefetch_related("tries"), 50).get_page(request.GET.get("page"))
    mine = queries.manageable_sends(viewer, on=on).filter(pk__in=[s.pk for s in page])
    shown = {
        "page": page,
        "form": form,
        "tabs": _tabs(request, wanted.state),
        "wanted": wanted,
        "narrowed": bool(wanted.channel_id or wanted.since or wanted.until),
        "may_decide": set(mine.values_list("pk", flat=True)),
        "pick": wanted.state in {*rules.GIVEN_UP, queries.PERSON},
        "again": _given_up(request, wanted).count(),
    }
    return render(request, "outbox/sends.html", shown)


def _filter(request: HttpRequest, words: Any) -> SendFilter:
    on = clock.local_date(clock.now())
    return SendFilter(words, channels=queries.channels_with_sends(request.staff, on=on))


def _tabs(request: HttpRequest, state: str) -> list[dict[str, Any]]:
    on = clock.local_date(clock.now())
    counted = queries.counts(request.staff, on=on)
    counted[queries.PERSON] = queries.waiting_for_a_person(request.staff, on=on)
    kept = request.GET.copy()
    for word in ("page", "state", "xlsx"):
        kept.pop(word, None)
    more = f"&{kept.urlencode()}" if kept else ""
    return [
        {
            "href": f"{reverse('outbox:sends')}?state={name}{more}",
            "label": _(label),
            "count": counted.get(name, 0) if name else None,
            "current": name == state,
        }
        for name, label in STATE_NAMES.items()
        if not name or counted.get(name) or name == state
    ]


def _as_row(send: OutboundMessage) -> list[Any]:
    return [
        send.created_at,
        send.channel.name,
        _(STATE_NAMES.get(send.shown_state, gettext_noop("Being sent"))),
        send.attempts,
        said(send.trouble),
        send.sent_at,
        "" if send.is_confidential else send.shown_text,
    ]


@access("outbox.manage")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person looked whether an uncertain send arrived."""
    message = _one(request, pk)
    arrived = request.POST.get("arrived") == "yes"
    try:
        actions.decide_uncertain(message=message, arrived=arrived, by=request.staff, at=clock.now())
        messages.success(request, _("Noted as arrived.") if arrived else _("It is sent again."))
    except OutboxError as error:
        messages.error(request, _(str(error)))
    return _back(request)


@access("outbox.manage")
@require_POST
def replay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a failed send again."""
    message = _one(request, pk)
    try:
        actions.replay(message=message, by=request.staff, at=clock.now())
        messages.success(request, _("It is tried again."))
    except OutboxError as error:
        messages.error(request, _(str(error)))
    return _back(request)


def _one(request: HttpRequest, pk: UUID) -> OutboundMessage:
    on = clock.local_date(clock.now())
    return get_object_or_404(queries.manageable_sends(request.staff, on=on), pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the list with the filters it had."""
    query = request.POST.get("back", "")[:500]
    return redirect(f"{reverse('outbox:sends')}?{query}" if query else "outbox:sends")


@access("outbox.manage")
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Try the chosen dead letters again, or all that the filters show; or put them aside."""
    form = _filter(request, request.POST)
    found = _given_up(request, form.wanted())
    do, everything = request.POST.get("do", ""), request.POST.get("which") == "all"
    if not everything:
        found = found.filter(pk__in=_chosen(request))
    count = found.count()
    if everything and count > ASK_ABOVE and "sure" not in request.POST:
        shown = {"count": count, "do": do, "form": form, "back": request.POST.get("back", "")}
        return render(request, "outbox/sure.html", shown)
    if not count:
        messages.warning(request, _("Choose at least one message first."))
    elif do == "aside":
        _put_aside(request, found)
    else:
        _replay(request, found)
    return _back(request)


def _given_up(request: HttpRequest, wanted: queries.Wanted) -> QuerySet[OutboundMessage]:
    """Return the dead letters among what is shown about which the viewer may decide."""
    on = clock.local_date(clock.now())
    mine = wanted.narrow(queries.manageable_sends(request.staff, on=on))
    return mine.filter(state__in=rules.GIVEN_UP).order_by()


def _chosen(request: HttpRequest) -> list[UUID]:
    chosen = []
    for word in request.POST.getlist("send")[:1_000]:
        try:
            chosen.append(UUID(word))
        except ValueError:
            continue
    return chosen


def _replay(request: HttpRequest, found: QuerySet[OutboundMessage]) -> None:
    done = actions.replay_many(messages=found, by=request.staff, at=clock.now())
    if done.count:
        messages.success(
            request,
            ngettext("%(n)d message is tried again.", "%(n)d messages are tried again.", done.count)
            % {"n": done.count},
        )
    if done.closed:
        messages.warning(
            request,
            ngettext(
                "%(n)d message stays: the time to answer that person is over.",
                "%(n)d messages stay: the time to answer those people is over.",
                done.closed,
            )
            % {"n": done.closed},
        )


def _put_aside(request: HttpRequest, found: QuerySet[OutboundMessage]) -> None:
    count = actions.put_aside(messages=found, by=request.staff, at=clock.now())
    messages.success(
        request,
        ngettext("%(n)d message put aside.", "%(n)d messages put aside.", count) % {"n": count},
    )
