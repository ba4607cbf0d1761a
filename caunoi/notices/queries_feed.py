"""What a feed tells of a unit: what holds, and what changed since it came out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from caunoi.kit.viewing import system
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience, NoticeState

PUBLIC = "what a unit tells everybody"
TOLD_BACK = timedelta(days=30)
"""How long a feed tells that a notice was taken back."""


@system(PUBLIC)
def feed_items(*, unit: UUID, at: datetime) -> QuerySet[Notice]:
    """Return what a feed tells of a unit: its public notices that hold, and those taken back within a month; changed last first.

    Each has ``put_right_at`` (when what corrects it came out, or None) and ``changed_at``.
    """
    right = Notice.objects.filter(
        corrects_id=OuterRef("pk"),
        audience=Audience.PUBLIC,
        state__in=[NoticeState.SENDING, NoticeState.DONE, NoticeState.EXPIRED],
    ).order_by("-published_at")
    holds = Q(state__in=[NoticeState.SENDING, NoticeState.DONE])
    holds &= Q(valid_until=None) | Q(valid_until__gt=at)
    taken_back = Q(state=NoticeState.RECALLED, ended_at__gte=at - TOLD_BACK)
    found = Notice.objects.filter(
        holds | taken_back, unit_id=unit, audience=Audience.PUBLIC, published_at__lte=at
    )
    found = found.annotate(put_right_at=Subquery(right.values("published_at")[:1]))
    changed = Greatest("published_at", "put_right_at", "ended_at")
    return found.annotate(changed_at=changed).order_by("-changed_at", "pk")
