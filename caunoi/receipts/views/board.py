"""The proof board of one notice: by place, by kind of channel, who read it, who is silent; reminding and sending again."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.notices import followers
from caunoi.notices.models import Notice
from caunoi.receipts import actions, board, drawing, queries, rules, words
from caunoi.receipts.models import Acknowledgement
from caunoi.receipts.terms import (
    SILENT_AFTER,
    Group,
    NoOtherChannel,
    ReceiptError,
    Standing,
    Tally,
)
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

PAGE = 50
SHEET_AT_MOST = 20_000
TABS = (
    ("receipts:board", gettext_noop("By place")),
    ("receipts:kinds", gettext_noop("By channel")),
    ("receipts:readers", gettext_noop("Who read it")),
    ("receipts:silent", gettext_noop("Silent")),
)


class _Asked:
    """What every page of the board begins with; 404 for whoever has no part in it."""

    def __init__(self, request: HttpRequest, number: str) -> None:
        self.at = clock.now()
        self.on = clock.local_date(self.at)
        self.viewer = request.staff  # type: ignore[attr-defined]
        found = queries.notice_out(self.viewer, number=number, on=self.on)
        if found is None:
            raise Http404
        self.notice: Notice = found
        slug = (request.POST or request.GET).get("don-vi", "")[:140]
        root = queries.root_of(self.viewer, notice=found, slug=slug, at=self.at)
        if root is None:
            raise Http404
        self.root: UnitNow = root
        # a unit that ended since is looked after by whoever took over
        there = heirs.places_of(unit_ids=[root.id], on=clock.local_date(self.at)).get(root.id)
        self.may_write = self.viewer.may(Permission.NOTICES_WRITE, there[0] if there else root.path)

    def address(self, name: str, unit: UnitNow | None = None) -> str:
        return f"{reverse(name, args=[self.notice.number])}?don-vi={(unit or self.root).slug}"

    def shown(self, here: str) -> dict[str, Any]:
        """Return what every tab needs: the notice, its place in the tree, the tabs."""
        tabs = [
            {"label": _(label), "href": self.address(name), "current": name == here, "count": None}
            for name, label in TABS
        ]
        day = board.day_of(self.notice, at=self.at)
        above = units.ancestors(unit_id=self.root.id, on=day)
        mine = {i.hex for i in queries.held_then(self.viewer, day=day)}
        roots = queries.roots_of(self.viewer, notice=self.notice, day=day)
        return {
            "notice": self.notice,
            "root": self.root,
            "tabs": tabs,
            "above": [u for u in above if mine & set(u.path.split("."))],
            "beside": [u for u in roots if u.id.hex not in self.root.path.split(".")],
            "address": reverse(here, args=[self.notice.number]),
            "now": self.at,
            "may_write": self.may_write,
        }


@access("notices.view")
@require_safe
def place(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show where every unit below one stands; ``?xlsx`` gives all of them as a file."""
    asked = _Asked(request, number)
    found = queries.board_of(asked.viewer, notice=asked.notice, root=asked.root, at=asked.at)
    if sheets.wanted(request):
        return _sheet(request, asked, found)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    kinds = drawing.kinds_of(found.total)
    own = asked.root.level == Level.VILLAGE or len(found.rows) == 1
    shown = asked.shown("receipts:board") | {
        "page": page,
        "rows": [drawing.line(row, kinds) for row in page],
        "kinds": [drawing.kind_name(k) for k in kinds],
        "total": drawing.total(found.total, asked=asked.notice.must_acknowledge),
        "paper": rules.paper_saved(units=found.total.reached),
        "prices": {
            "page": rules.PAGE_VND,
            "envelope": rules.ENVELOPE_VND,
            "stamp": rules.STAMP_VND,
        },
        "unit": _of_unit(asked) if own or (found.rows and found.rows[0].own) else None,
        "quiet_until": (asked.notice.published_at or asked.at) + SILENT_AFTER,
    }
    return render(request, "receipts/board.html", shown)


def _of_unit(asked: _Asked) -> dict[str, Any]:
    """What happened in the root itself: its sends, readings and when it was reminded."""
    viewer, notice, unit = asked.viewer, asked.notice, asked.root
    sends = queries.sends_of(viewer, notice=notice, unit=unit)
    reminded = queries.last_reminders(viewer, notice=notice, unit_ids=[unit.id])
    tells = viewer.may(Permission.NOTICES_DECLARE, unit.path)
    return {
        "sends": [drawing.send(s) for s in sends],
        "lists": [
            drawing.listed(told) for told in queries.lists_of(viewer, notice=notice, unit=unit)
        ],
        "readings": queries.readings_of(viewer, notice=notice, unit=unit),
        "reminded": reminded.get(unit.id),
        "others": queries.other_channels(viewer, notice=notice, unit=unit)
        if asked.may_write
        else [],
        "may_tell": tells,
    }


def _sheet(request: HttpRequest, asked: _Asked, found: queries.Board) -> HttpResponseBase:
    kinds = drawing.kinds_of(found.total)
    header = [
        _("Unit"),
        _("Units in all"),
        *(_(words.STANDING[s][0]) for s in Standing),
        _("Silent"),
        _("Posted again"),
        _("Links opened"),
        *(f"{drawing.kind_name(k)}: {_(words.GROUP[g][0])}" for k, g in kinds_and_groups(kinds)),
    ]
    names = [
        f"{r.unit.full_name} ({r.former})" if r.former else r.unit.full_name for r in found.rows
    ]
    rows = [drawing.cells(name, r.tally, kinds) for name, r in zip(names, found.rows, strict=True)]
    rows.append(drawing.cells(_("All together"), found.total, kinds))
    name = f"ket-qua-{asked.notice.number}-{asked.root.slug}"
    return sheets.as_asked(request, name, header, rows, heading=asked.notice.title)


def kinds_and_groups(kinds: Iterable[str]) -> Iterable[tuple[str, Any]]:
    """Return the columns of the sheet that belong to kinds of channels."""
    return ((k, g) for k in kinds for g in words.WORST_FIRST)


@access("notices.view")
@require_safe
def kinds(request: HttpRequest, number: str) -> HttpResponse:
    """Show the sends of each kind of channel and how often its links were opened: totals."""
    asked = _Asked(request, number)
    found = queries.board_of(asked.viewer, notice=asked.notice, root=asked.root, at=asked.at)
    opened = queries.opened_by_kind(asked.viewer, notice=asked.notice)
    seen = queries.seen_by_kind(asked.viewer, notice=asked.notice)
    total = found.total + _followed(asked)
    shown = asked.shown("receipts:kinds") | {
        "rows": [drawing.kind_line(k, total, opened, seen) for k in drawing.kinds_of(total)],
        "groups": [_(words.GROUP[g][0]) for g in words.WORST_FIRST],
    }
    return render(request, "receipts/kinds.html", shown)


def _followed(asked: _Asked) -> Tally:
    """Return what became of it at those who follow by themselves, at the place from where it came: they belong to no unit below."""
    if asked.root.id != asked.notice.unit_id:
        return Tally()
    found = followers.told(asked.viewer, number=asked.notice.number, on=asked.on)
    return Tally(
        sends={
            (kind, group): n
            for kind, told in found.items()
            for group, n in (
                (Group.POSTED, told.accepted),
                (Group.WAITING, told.waiting),
                (Group.FAILED, told.failed),
            )
            if n
        }
    )


@access("notices.view")
@require_safe
def readers(request: HttpRequest, number: str) -> HttpResponseBase:
    """List by name who opened and who acknowledged, for those above only; ``?xlsx`` gives the list."""
    asked = _Asked(request, number)
    found = queries.acknowledgements(
        asked.viewer, notice=asked.notice, root=asked.root, on=asked.on
    )
    if text := request.GET.get("q", "").strip()[:80]:
        found = queries.named_like(asked.viewer, found=found, text=text)
    if sheets.wanted(request):
        return _names_sheet(request, asked, list(found[:SHEET_AT_MOST]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = asked.shown("receipts:readers") | {
        "page": page,
        "names": units.names_of(unit_ids=[a.unit_id for a in page], on=asked.on),
        "text": text,
        "may_read": queries.may_read_names(asked.viewer, unit=asked.root)
        or any(queries.may_read_names(asked.viewer, unit=u) for u in _below(asked)),
    }
    return render(request, "receipts/readers.html", shown)


def _below(asked: _Asked) -> list[UnitNow]:
    return units.children(unit_id=asked.root.id, on=board.day_of(asked.notice, at=asked.at))[:1]


def _names_sheet(
    request: HttpRequest, asked: _Asked, found: list[Acknowledgement]
) -> HttpResponseBase:
    names = units.names_of(unit_ids=[a.unit_id for a in found], on=asked.on)
    rows = (
        [names.get(a.unit_id, ""), a.account.full_name, a.seen_at, a.acknowledged_at] for a in found
    )
    header = [_("Unit"), _("Officer"), _("Opened at"), _("Acknowledged at")]
    name = f"ai-da-doc-{asked.notice.number}"
    return sheets.as_asked(request, name, header, rows, heading=asked.notice.title)


@access("notices.view")
@require_safe
def silent(request: HttpRequest, number: str) -> HttpResponseBase:
    """List the units from which nothing was heard for 48 hours; ``?xlsx`` gives all of them."""
    asked = _Asked(request, number)
    whole = sheets.wanted(request)
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    found, how_many = queries.silent_units(
        asked.viewer,
        notice=asked.notice,
        root=asked.root,
        at=asked.at,
        limit=SHEET_AT_MOST if whole else PAGE,
        offset=0 if whole else (min(page, 400) - 1) * PAGE,
    )
    ids = [s.unit_id for s in found]
    reminded = queries.last_reminders(asked.viewer, notice=asked.notice, unit_ids=ids)
    if whole:
        header = [_("Unit"), _("Above it"), _("Where it stands"), _("Reminded last")]
        rows = (
            [
                f"{s.name} ({s.former})" if s.former else s.name,
                s.above,
                _(words.STANDING[s.standing][0]),
                reminded.get(s.unit_id),
            ]
            for s in found
        )
        name = f"im-lang-{asked.notice.number}"
        return sheets.as_asked(request, name, header, rows, heading=asked.notice.title)
    shown = asked.shown("receipts:silent") | {
        "rows": [(s, words.STANDING[s.standing], reminded.get(s.unit_id)) for s in found],
        "how_many": how_many,
        "page_number": page,
        "has_next": page * PAGE < how_many,
        "quiet_until": (asked.notice.published_at or asked.at) + SILENT_AFTER,
    }
    return render(request, "receipts/silent.html", shown)


@access("notices.write")
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Remind one unit, or every silent one below the unit of the page, once a day each."""
    asked = _Asked(request, number)
    wanted = request.POST.get("unit", "")
    if wanted:
        ids = [u for u in [_uuid(wanted)] if u]
    else:
        ids = _to_remind(asked)
    try:
        done = actions.remind(notice=asked.notice, unit_ids=ids, by=asked.viewer, at=asked.at)
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        _say_reminded(request, done)
    back = "receipts:silent" if request.POST.get("back") == "silent" else "receipts:board"
    return redirect(asked.address(back))


def _to_remind(asked: _Asked) -> list[UUID]:
    found, _n = queries.silent_units(
        asked.viewer, notice=asked.notice, root=asked.root, at=asked.at, limit=SHEET_AT_MOST
    )
    return [s.unit_id for s in found]


def _say_reminded(request: HttpRequest, done: actions.Reminded) -> None:
    if done.now:
        said = ngettext("%(n)d unit is reminded.", "%(n)d units are reminded.", done.now)
        messages.success(request, said % {"n": done.now})
    if done.before:
        said = ngettext(
            "%(n)d unit was reminded today already; once a day is enough.",
            "%(n)d units were reminded today already; once a day is enough.",
            done.before,
        )
        messages.warning(request, said % {"n": done.before})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@access("notices.write")
@require_POST
def resend(request: HttpRequest, number: str) -> HttpResponse:
    """Let the notice go out through another channel of the unit of the page."""
    asked = _Asked(request, number)
    chosen = _uuid(request.POST.get("channel", ""))
    try:
        if chosen is None:
            raise NoOtherChannel("The unit has no other channel that did not get this notice yet.")
        channel = actions.resend(
            notice=asked.notice,
            unit_id=asked.root.id,
            channel_pk=chosen,
            by=asked.viewer,
            at=asked.at,
        )
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(
            request, _("It goes out through %(channel)s too.") % {"channel": channel.name}
        )
    return redirect(asked.address("receipts:board"))


@access("notices.write")
@require_POST
def decide(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Somebody looked at the channel: the uncertain send of the unit of the page is there, or it is not."""
    asked = _Asked(request, number)
    arrived = request.POST.get("arrived") == "yes"
    try:
        actions.decide(
            notice=asked.notice,
            unit_id=asked.root.id,
            send_pk=pk,
            arrived=arrived,
            by=asked.viewer,
            at=asked.at,
        )
    except ReceiptError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("Noted as arrived.") if arrived else _("It is sent again."))
    return redirect(asked.address("receipts:board"))
