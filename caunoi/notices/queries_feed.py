"""What feeds and calendars tell of a unit: what holds, and what changed since it came out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from caunoi.kit import clock
from caunoi.kit.viewing import system
from caunoi.notices import queries
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience, NoticeKind, NoticeState
from caunoi.units import heirs
from caunoi.units import queries as units

PUBLIC = "what a unit tells everybody"
OUT = [NoticeState.SENDING, NoticeState.DONE, NoticeState.EXPIRED]
TOLD_BACK = timedelta(days=30)
"""How long a feed tells that a notice was taken back."""


@system(PUBLIC)
def feed_items(*, unit: UUID, at: datetime) -> QuerySet[Notice]:
    """Return what a feed tells of a unit: its public notices that hold, and those taken back within a month; changed last first.

    Each has ``put_right_at`` (when what corrects it came out, or None) and ``changed_at``.
    """
    right = _corrections().order_by("-published_at")
    holds = Q(state__in=[NoticeState.SENDING, NoticeState.DONE])
    holds &= Q(valid_until=None) | Q(valid_until__gt=at)
    taken_back = Q(state=NoticeState.RECALLED, ended_at__gte=at - TOLD_BACK)
    said_by = heirs.stood_for(unit_id=unit, on=clock.local_date(at))
    found = Notice.objects.filter(
        holds | taken_back, unit_id__in=said_by, audience=Audience.PUBLIC, published_at__lte=at
    )
    found = found.annotate(put_right_at=Subquery(right.values("published_at")[:1]))
    changed = Greatest("published_at", "put_right_at", "ended_at")
    return found.annotate(changed_at=changed).order_by("-changed_at", "pk")


@system(PUBLIC)
def calendar_items(*, unit: UUID, at: datetime) -> QuerySet[Notice]:
    """Return the calendar notices of a unit and those above it, for iCalendar; those that are over stay for a year.

    What was put right is not among them: what it said stands there as it is right, and no day stands twice.
    """
    on = clock.local_date(at)
    above = [u.id for u in units.ancestors(unit_id=unit, on=on)]
    found = Notice.objects.filter(
        kind=NoticeKind.CALENDAR,
        audience=Audience.PUBLIC,
        state__in=OUT,
        unit_id__in=[*heirs.stood_for(unit_id=unit, on=on), *above],
        published_at__lte=at,
    )
    return found.exclude(Exists(_corrections())).order_by("-published_at")[:500]


@system(PUBLIC)
def on_board(*, unit: UUID, at: datetime) -> QuerySet[Notice]:
    """Return what is put up on paper: what holds, newest first, without what was put right since."""
    return queries.public_notices(unit=unit, at=at).exclude(Exists(_corrections()))


def _corrections() -> QuerySet[Notice]:
    """The public notices that put another one right, asked from it."""
    return Notice.objects.filter(
        corrects_id=OuterRef("pk"), audience=Audience.PUBLIC, state__in=OUT
    )
