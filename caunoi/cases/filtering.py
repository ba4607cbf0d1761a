"""The inbox's views, filters and orders as conditions on cases. Each narrows a list that already starts from what the viewer may see."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from caunoi.cases import coming_back, finding, rules
from caunoi.cases.models import Reader, Referral, Star
from caunoi.cases.terms import State
from caunoi.channels.models import Channel
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

UNFINISHED = [s.value for s in rules.UNFINISHED]
FINISHED = [s.value for s in State if s not in rules.UNFINISHED]
ANSWERED_DAYS = 7
DUE = ("late", "today", "week", "later")
SORTS = ("due", "newest", "oldest")
ME, NOBODY = "me", "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody chose on the inbox page; everything may be empty.

    assignee  "me", "none" or the number of an account
    channel   the kind of channel (connector key)
    due       one of DUE; sort one of SORTS, empty = as the view wants it
    """

    view: str = "todo"
    text: str = ""
    state: str = ""
    kind: str = ""
    topic: str = ""
    origin: str = ""
    channel: str = ""
    unit_id: UUID | None = None
    assignee: str = ""
    due: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        """True when anything beside view and order was chosen."""
        plain = Filters(view=self.view, sort=self.sort)
        return any(getattr(self, f.name) != getattr(plain, f.name) for f in fields(self))


def awake(at: datetime) -> Q:
    """Cases that nobody laid aside, or whose day has come."""
    return Q(snoozed_until=None) | Q(snoozed_until__lte=at)


def handed_on(viewer: Viewer) -> Q:
    """Cases that the viewer's own units handed on and still keep sight of."""
    seen = Reader.objects.filter(
        case_id=OuterRef("pk"), unit_id__in=list(viewer.unit_ids(Permission.CASES_VIEW))
    )
    return Q(Exists(seen))


def _with_agencies() -> QuerySet:
    """Return the cases of which an agency outside is asked, for its answer or its opinion."""
    return Referral.objects.filter(done_at=None, to_body__isnull=False).values("case_id")


def _starred(viewer: Viewer) -> QuerySet:
    return Star.objects.filter(account_id=viewer.account_id).values("case_id")


_View = Callable[[Viewer, datetime], Q]
_VIEWS: dict[str, _View] = {
    "todo": lambda viewer, at: Q(state__in=UNFINISHED) & awake(at),
    "mine": lambda viewer, at: Q(state__in=UNFINISHED, assignee_id=viewer.account_id) & awake(at),
    "unassigned": lambda viewer, at: Q(state__in=UNFINISHED, assignee=None) & awake(at),
    "overdue": lambda viewer, at: Q(state__in=UNFINISHED, due_at__lt=at),
    "approval": lambda viewer, at: Q(state=State.SUBMITTED),
    "referred": lambda viewer, at: Q(state=State.REFERRED) & awake(at),
    "away": lambda viewer, at: Q(state__in=UNFINISHED),
    "agency": lambda viewer, at: Q(state__in=UNFINISHED, pk__in=_with_agencies()),
    "back": lambda viewer, at: coming_back.in_view(viewer, at) & awake(at),
    "starred": lambda viewer, at: Q(pk__in=_starred(viewer)),
    "snoozed": lambda viewer, at: Q(state__in=UNFINISHED, snoozed_until__gt=at),
    "answered": lambda viewer, at: Q(
        state__in=FINISHED, answered_at__gte=at - timedelta(days=ANSWERED_DAYS)
    ),
    "all": lambda viewer, at: Q(),
}
VIEWS = tuple(_VIEWS)
AWAY = "away"
"""The one view of cases that belong to others: handed on by the viewer's units."""
NEWEST_FIRST = frozenset({"answered", "all", "starred"})


def in_view(view: str, *, viewer: Viewer, at: datetime) -> Q:
    """Return the condition of one of VIEWS."""
    return _VIEWS[view](viewer, at)


def is_unfinished(filters: Filters) -> bool:
    """True when everything that can be in the list waits for an answer."""
    return filters.view not in NEWEST_FIRST or bool(filters.due)


def narrowing(filters: Filters, *, viewer: Viewer, at: datetime) -> Q:
    """Return the condition for everything that was chosen beside view and unit."""
    chosen = Q()
    if filters.text:
        chosen &= finding.matching(filters.text)
    for name in ("state", "kind", "topic", "origin"):
        if value := getattr(filters, name):
            chosen &= Q(**{name: value})
    if filters.channel:
        of_kind = Channel.objects.filter(connector_key=filters.channel)
        chosen &= Q(channel_id__in=of_kind.values("pk"))
    if filters.assignee:
        chosen &= _assigned(filters.assignee, viewer)
    return chosen & _due(filters.due, at) if filters.due else chosen


def in_unit(filters: Filters, *, on: date) -> Q:
    """Return the condition that a case belongs to the chosen unit or one below it."""
    if filters.unit_id is None:
        return Q()
    paths = units.paths_of(unit_ids=[filters.unit_id], on=on).values()
    return finding.owned_below(paths=paths, on=on)


def _assigned(whom: str, viewer: Viewer) -> Q:
    if whom == NOBODY:
        return Q(assignee=None)
    return Q(assignee_id=viewer.account_id if whom == ME else int(whom))


def _due(when: str, at: datetime) -> Q:
    tonight = end_of_day(at)
    week = tonight + timedelta(days=6)
    bounds: dict[str, Q] = {
        "late": Q(due_at__lt=at),
        "today": Q(due_at__gte=at, due_at__lt=tonight),
        "week": Q(due_at__gte=at, due_at__lt=week),
        "later": Q(due_at__gte=week),
    }
    return bounds[when] & Q(state__in=UNFINISHED)


def end_of_day(at: datetime) -> datetime:
    """Return the coming midnight in Việt Nam."""
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time(0)))


def ordering(filters: Filters) -> Collection[str]:
    """Return the order asked for: the most urgent first, or in finished views the newest."""
    orders = {
        "due": ("due_at", "pk"),
        "newest": ("-opened_at", "pk"),
        "oldest": ("opened_at", "pk"),
    }
    return orders[filters.sort or ("newest" if filters.view in NEWEST_FIRST else "due")]
