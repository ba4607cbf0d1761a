"""What to do first today, in order and with the reason; the number of queries is the same however much waits."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.cases import coming_back
from caunoi.cases import queries as cases
from caunoi.cases.models import Case
from caunoi.cases.queries import Filters
from caunoi.channels import queries as channels
from caunoi.channels.terms import ChannelState
from caunoi.custody import queries as custody
from caunoi.desk import board
from caunoi.duty import queries as duty
from caunoi.handling import queries as handling
from caunoi.handling import queries_writing
from caunoi.handling.models import Mention
from caunoi.kit.viewing import Viewer
from caunoi.notices import queries as notices
from caunoi.notices.models import Notice
from caunoi.outbox import queries as outbox
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

SHOWN = 5
NEED_HELP = 5
GROUPS: tuple[tuple[str, str, str, Filters, str], ...] = (
    (
        "overdue",
        gettext_noop("Overdue"),
        gettext_noop("Their deadline is over; each day more is on record."),
        Filters(view="overdue"),
        "bad",
    ),
    (
        "today",
        gettext_noop("Due today"),
        gettext_noop("Their deadline ends tonight."),
        Filters(view="todo", due="today"),
        "warn",
    ),
    (
        "approval",
        gettext_noop("Waiting for my approval"),
        gettext_noop("A colleague has written; the asker waits for your word only."),
        Filters(view="approval"),
        "warn",
    ),
    (
        "back",
        gettext_noop("Came back"),
        gettext_noop("Given back, answered by an agency, asked again, or woken up."),
        Filters(view="back"),
        "info",
    ),
    (
        "unassigned",
        gettext_noop("Nobody has it yet"),
        gettext_noop("Take it, or give it to a colleague."),
        Filters(view="unassigned"),
        "idle",
    ),
)
REGISTER: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "reports",
        gettext_noop("False pages reported"),
        gettext_noop("Look at each; warn people with a notice when it is false."),
        "bad",
        "custody:reports",
        "",
    ),
    (
        "asked",
        gettext_noop("Requests for channels"),
        gettext_noop("A unit asks for a page, an account, a group, a SIM card or a domain."),
        "warn",
        "custody:assets",
        "?state=open",
    ),
    (
        "unconfirmed",
        gettext_noop("Channels connected without a request"),
        gettext_noop("A second person looks whether they really are the unit's own."),
        "warn",
        "custody:assets",
        "?unconfirmed=1",
    ),
)
AFTER_MENTIONS = {"back", "unassigned"}
WORDS_BACK = {
    coming_back.Back.RETURNED: gettext_noop("your draft was given back"),
    coming_back.Back.REPLIED: gettext_noop("the agency answered"),
    coming_back.Back.DECLINED: gettext_noop("the agency says: not ours"),
    coming_back.Back.REOPENED: gettext_noop("the asker is not content"),
    coming_back.Back.WOKE: gettext_noop("its day has come"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a group, with what makes it stand there."""

    case: Case
    place: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Some of what waits: how much (``more``: at least so much), the first of it, and where the rest is."""

    name: str
    title: str
    reason: str
    tone: str
    count: int
    href: str
    more: bool = False
    lines: list[Line] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Today:
    """The page: groups in the order in which to work, and who below needs help."""

    groups: list[Group]
    units: list[board.UnitRow]
    root: Any
    uncertain: int
    lost_channels: int

    @property
    def nothing_waits(self) -> bool:
        return not self.groups


def today(viewer: Viewer, *, at: datetime, on: date) -> Today:
    """Return what the viewer does first; a group in which nothing waits is left out."""
    root = board.home_of(viewer, on=on)
    lost = channels.visible_channels(viewer, on=on).filter(state=ChannelState.RECONNECT_NEEDED)
    return Today(
        groups=_in_order(viewer, at, on),
        units=_who_needs_help(viewer, root, at, on),
        root=root,
        uncertain=outbox.waiting_for_a_person(viewer, on=on) if viewer.may("outbox.view") else 0,
        lost_channels=lost.count(),
    )


def _in_order(viewer: Viewer, at: datetime, on: date) -> list[Group]:
    """What rings and what is sealed, what is late or due, what waits for her word, who names her, what came back, what nobody has."""
    groups = [*_guarded(viewer, at), *_groups(viewer, at, on)]
    place = next((n for n, g in enumerate(groups) if g.name in AFTER_MENTIONS), len(groups))
    after = [*_notices(viewer, on), *_mentions(viewer, on), *_register(viewer, on)]
    return [*groups[:place], *after, *groups[place:]]


def _notices(viewer: Viewer, on: date) -> list[Group]:
    """Notices that wait for her approval, and those that could not go out and wait for somebody to decide."""
    address = reverse("notices:notices")
    found = []
    if viewer.may(Permission.NOTICES_APPROVE):
        found.append(
            _notice_group(
                "notices",
                _("Notices waiting for my approval"),
                _("Nothing goes out before somebody who did not write it has read it."),
                notices.waiting_for(viewer, on=on),
                f"{address}?xem=duyet",
            )
        )
    if viewer.may(Permission.NOTICES_WRITE):
        found.append(
            _notice_group(
                "notices-back",
                _("Notices that could not go out"),
                _("Their unit, or those they were for, have ended. Decide what becomes of them."),
                notices.came_back(viewer, on=on),
                f"{address}?xem=draft",
            )
        )
    return [group for group in found if group.count]


def _register(viewer: Viewer, on: date) -> list[Group]:
    """What waits in the register of channels: false pages reported, requests, what was connected without one; numbers only."""
    if not viewer.may(Permission.CHANNELS_MANAGE):
        return []
    waiting = custody.waiting(viewer, on=on)
    return [
        Group(f"register-{name}", _(title), _(reason), tone, waiting[name], reverse(door) + narrow)
        for name, title, reason, tone, door, narrow in REGISTER
        if name in waiting
    ]


def _notice_group(
    name: str, title: str, reason: str, waiting: QuerySet[Notice], href: str
) -> Group:
    first = list(waiting[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else waiting.count()
    return Group(name, title, reason, "warn", count, href, notices=first[:SHOWN])


def _mentions(viewer: Viewer, on: date) -> list[Group]:
    waiting = queries_writing.mentions(viewer, on=on).filter(seen_at=None)
    found = list(waiting[:SHOWN])
    if not found:
        return []
    group = Group(
        "mentions",
        _("Colleagues name me"),
        _("They wrote a note and wait for a word from you."),
        "info",
        waiting.count(),
        reverse("handling:mentions"),
        mentions=found,
    )
    return [group]


def _guarded(viewer: Viewer, at: datetime) -> list[Group]:
    """What rings, and how many sealed ones wait: a number only."""
    found = []
    if viewer.may(Permission.DUTY_TAKE) and (n := len(duty.ringing(viewer, at=at))):
        found.append(
            Group(
                "ringing",
                _("An alarm rings"),
                _("Somebody may be in danger: take it now."),
                "bad",
                n,
                reverse("duty:board"),
            )
        )
    if viewer.may(Permission.CASES_SEALED) and (n := cases.sealed_queue(viewer).count()):
        found.append(
            Group(
                "sealed",
                _("Sealed cases wait"),
                _("Only you and whoever else may open them see more than the number."),
                "warn",
                n,
                reverse("journeys:sealed_queue"),
            )
        )
    return found


def _groups(viewer: Viewer, at: datetime, on: date) -> list[Group]:
    wanted = [g for g in GROUPS if g[0] != "approval" or viewer.may(Permission.CASES_APPROVE)]
    within = cases.reach(viewer, on=on)
    heads = handling.heads_of(
        viewer, filters=[g[3] for g in wanted], at=at, on=on, within=within, show=SHOWN
    )
    lists = [found for _n, found in heads]
    names = units.names_of(unit_ids={c.owner_id for found in lists for c in found}, on=on)
    back = next((found for g, found in zip(wanted, lists, strict=True) if g[0] == "back"), [])
    why = coming_back.reasons(viewer, cases=back, at=at)
    return [
        Group(
            name,
            _(title),
            _(reason),
            tone,
            n,
            _address(filters),
            n >= handling.COUNT_UP_TO,
            [_line(c, name, names, why) for c in found],
        )
        for (name, title, reason, filters, tone), (n, found) in zip(wanted, heads, strict=True)
        if n
    ]


def _line(case: Case, group: str, names: dict, why: dict) -> Line:
    words = _(WORDS_BACK[why[case.pk]]) if group == "back" else ""
    return Line(case, names.get(case.owner_id, ""), words)


def _address(filters: Filters) -> str:
    words = f"view={filters.view}" + (f"&due={filters.due}" if filters.due else "")
    return f"{reverse('handling:inbox')}?{words}"


def _who_needs_help(viewer: Viewer, root: Any, at: datetime, on: date) -> list[board.UnitRow]:
    """Return the units right below which are behind, those with most overdue first; for whoever looks over several."""
    if root is None:
        return []
    return board.behind(viewer, root=root, at=at, on=on, limit=NEED_HELP)
